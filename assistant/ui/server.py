"""Serves the page: who may reach it, what the browser may load, and nothing that leaves this machine.

Knows nothing about what is on the page.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import SettingsError

if TYPE_CHECKING:
    import gradio as gr

_HERE = Path(__file__).parent
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
# Gradio needs inline scripts and eval for its own templates; what counts here is that nothing comes from elsewhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class SafeHeaders:
    """ASGI middleware that adds the headers above to every response."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def is_loopback(host: str) -> bool:
    """True when only this machine can reach the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def serve_page(
    page: gr.Blocks, host: str, port: int | None, auth: tuple[str, str] | None, *, open_browser: bool, block: bool
) -> str:
    """Serves the page and returns its address. Raises SettingsError."""
    if not is_loopback(host) and not (auth and all(auth)):
        raise SettingsError(
            f"host {host} can be reached by other machines; give a user name and a password (auth), or use 127.0.0.1"
        )
    # Read by Gradio at run time; without it, it would look for a newer version of itself on the network.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    try:
        _, url, _ = page.launch(
            server_name=host, server_port=port, auth=auth, inbrowser=open_browser, prevent_thread_lock=True, quiet=True,
            **_options(),
        )
    except OSError as error:
        raise SettingsError(f"port {port} on {host} cannot be used ({error}); choose another with --port") from error
    if block:
        print(f"The chat is on {url} (Ctrl-C ends it).", file=sys.stderr, flush=True)
        page.block_thread()
    return url


def _options() -> dict[str, Any]:
    import gradio as gr
    from starlette.middleware import Middleware

    return {
        "theme": gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_SANS, font_mono=_MONO),
        "css_paths": _HERE / "style.css",
        "js": (_HERE / "chips.js").read_text(encoding="utf-8"),
        "app_kwargs": {"middleware": [Middleware(SafeHeaders)]},
        "allowed_paths": [], "max_file_size": 1024, "share": False, "ssr_mode": False, "pwa": False,
        "mcp_server": False, "enable_monitoring": False, "run_history": False, "show_error": False,
        "footer_links": [],
    }
