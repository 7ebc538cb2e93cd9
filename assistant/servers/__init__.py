"""Serves other programs over the OpenAI protocol and the Model Context Protocol."""
