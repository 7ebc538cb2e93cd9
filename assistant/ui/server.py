"""Serves the page, to other machines only under a password, and without any connection to the outside."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import ServerError, SettingsError
from assistant.settings import is_loopback
from assistant.ui.security import SecurityMiddleware
from assistant.ui.sessions import MOST_HELD

if TYPE_CHECKING:
    import gradio as gr

_HERE = Path(__file__).parent
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
_LARGEST_UPLOAD = "64mb"
_SCRIPTS = ("chips.js", "map.js", "papers.js", "place.js", "connection.js")
_STYLES = ("style.css", "chat.css", "listing.css", "library.css")


def read_auth(pair: str | None, file: Path | None) -> list[tuple[str, str]]:
    """Names and passwords from `name:password` and from the lines of a file; `#` starts a comment line there.

    Raises SettingsError, without repeating a password, for a line without a name or a password.
    """
    lines = [("--auth", pair)] if pair else []
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the password file {file} cannot be read ({error}); check --auth-file") from error
        rows = [(f"{file}, line {i}", row.strip()) for i, row in enumerate(text.splitlines(), 1)]
        lines += [(where, row) for where, row in rows if row and not row.startswith("#")]
        if not lines:
            raise SettingsError(f"the password file {file} is empty; write a line `name:password` for each user")
    pairs = []
    for where, line in lines:
        name, colon, password = line.partition(":")
        if not (name and colon and password):
            raise SettingsError(f"{where}: expected `name:password`, with neither part empty")
        pairs.append((name, password))
    return pairs


def serve(
    page: gr.Blocks,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    auth: Sequence[tuple[str, str]] = (),
    *,
    open_browser: bool = False,
    block: bool = True,
) -> str:
    """Serves a page that `build` made on `port`, or on the first free port from 7860 (None), and returns its address.

    `auth` holds names and passwords. Raises SettingsError for a host that other machines can reach without `auth`, and
    ServerError for a port that is taken.
    """
    if not is_loopback(host) and not (auth and all(name and password for name, password in auth)):
        raise SettingsError(
            f"host {host} can be reached by other machines; give a user name and a password (--auth name:password or "
            "--auth-file FILE), or use 127.0.0.1"
        )
    # Gradio reads this at run time; otherwise it would look for a newer version of itself on the network.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    _ask_no_proxy_for_this_machine()
    try:
        _, url, _ = page.launch(
            server_name=host,
            server_port=port,
            auth=list(auth) or None,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            **_options(),
        )
    except OSError as error:
        # Gradio's own message, which names its settings and not ours, stays the cause.
        raise ServerError(
            f"cannot listen on {host}, port {port or '7860 or higher'}: it is taken, or not an address of this machine; "
            "choose others with --port and --host"
        ) from error
    if block:
        print(f"The chat is on {url} (Ctrl-C ends it).", file=sys.stderr, flush=True)
        try:
            while page.is_running:
                time.sleep(0.1)
        finally:
            page.close(verbose=False)
    return url


def _ask_no_proxy_for_this_machine() -> None:
    """Gradio asks its own server whether it has started, which no proxy of the user's could reach."""
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = ",".join(filter(None, (known, "localhost", "127.0.0.1", "::1")))


def _options() -> dict[str, Any]:
    import gradio as gr
    from starlette.middleware import Middleware

    scripts = ";\n".join(f"({_read(name)})()" for name in _SCRIPTS)
    return {
        "theme": gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_SANS, font_mono=_MONO),
        "css_paths": [_HERE / name for name in _STYLES],
        "js": f"() => {{ {scripts} }}",
        "app_kwargs": {"middleware": [Middleware(SecurityMiddleware)]},
        "allowed_paths": [],
        "state_session_capacity": MOST_HELD,
        "max_file_size": _LARGEST_UPLOAD,
        "share": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "run_history": False,
        "show_error": False,
        "footer_links": [],
    }


def _read(name: str) -> str:
    """A script of this package without its comment lines: one function expression."""
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//")).rstrip(";\n")
