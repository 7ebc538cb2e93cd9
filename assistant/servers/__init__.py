"""Servers for other programs: the OpenAI protocol and the Model Context Protocol."""
