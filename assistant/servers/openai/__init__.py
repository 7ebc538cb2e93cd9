"""Serves the assistant over the OpenAI protocol."""

from assistant.servers.openai.server import listen, make_server

__all__ = ["listen", "make_server"]
