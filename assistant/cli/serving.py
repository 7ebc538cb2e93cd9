"""Commands that keep running and serve others: ui."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.app import Count, Home, Llm, app
from assistant.cli.session import fill_if_empty, open_assistant


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    home: Home = None, llm: Llm = None, k: Count = None,
) -> None:
    """Open the chat in a browser."""
    from assistant.ui import launch

    with open_assistant(home, llm=llm, k=k) as assistant:
        fill_if_empty(assistant)
        launch(assistant, host=host, port=port)
