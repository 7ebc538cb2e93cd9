"""The assistant for other programs: a server of the OpenAI protocol, over the public names only."""

from assistant.servers.openai.server import listen, make_server

__all__ = ["listen", "make_server"]
