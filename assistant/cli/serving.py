"""The commands that keep running and serve others: ui, serve, mcp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant import memory
from assistant.cli.app import Count, Home, Llm, app
from assistant.cli.console import ERR
from assistant.cli.session import fill_if_empty, open_assistant, say_model


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    auth: Annotated[
        str | None, typer.Option(help="NAME:PASSWORD that visitors must enter.", envvar="ASSISTANT_UI_AUTH")
    ] = None,
    auth_file: Annotated[Path | None, typer.Option(help="File with one NAME:PASSWORD per line.")] = None,
    report: Annotated[Path | None, typer.Option(help="report.json from `python -m eval`, for the Trust tab.")] = None,
    home: Home = None,
    llm: Llm = None,
    k: Count = None,
) -> None:
    """Serve the chat page. An address that other machines can reach requires --auth or --auth-file."""
    from assistant.ui import launch, read_auth

    memory.share_heaps()
    users = read_auth(auth, auth_file)
    with open_assistant(home, llm=llm, k=k) as assistant:
        fill_if_empty(assistant)
        launch(assistant, host=host, port=port, auth=users, report=report)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8010,
    token: Annotated[
        str | None, typer.Option(envvar="ASSISTANT_SERVE_TOKEN", help="Token that clients must send as their API key.")
    ] = None,
    home: Home = None,
    llm: Llm = None,
    k: Count = None,
) -> None:
    """Serve other programs over HTTP: the OpenAI protocol, and what is asked of the whole library; /openapi.json lists all."""
    from assistant.servers.openai import listen, make_server

    memory.share_heaps()
    with open_assistant(home, llm=llm, k=k) as assistant, listen(host, port, token) as listening:
        fill_if_empty(assistant)
        say_model(assistant)
        ERR.print(
            f"Listening on http://{host}:{port}/v1 (model: abstract-assistant). Press Ctrl-C to stop.", soft_wrap=True
        )
        make_server(assistant, token).run(sockets=[listening])


@app.command()
def mcp(
    http: Annotated[bool, typer.Option("--http", help="Use HTTP on this machine instead of stdin and stdout.")] = False,
    port: Annotated[int, typer.Option(help="Port for --http.", min=1, max=65535)] = 8011,
    home: Home = None,
    llm: Llm = None,
    k: Count = None,
) -> None:
    """Serve tools and prompts to MCP clients, for questions, the whole library, checks and papers."""
    from assistant.servers.mcp import make_mcp_server, run_mcp_server

    memory.share_heaps()
    with open_assistant(home, llm=llm, k=k) as assistant:
        server = make_mcp_server(assistant)
        fill_if_empty(assistant)
        if http:
            ERR.print(f"Listening on http://127.0.0.1:{port}/mcp. Press Ctrl-C to stop.", soft_wrap=True)
        run_mcp_server(server, port if http else None)
