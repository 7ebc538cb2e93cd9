"""Keeps keys out of everything that is written: error texts and the debug logs of the HTTP libraries.

openai, httpx and httpcore log response headers at DEBUG, where some servers repeat the key that they were sent.
"""

from __future__ import annotations

import logging

_LOGGERS = (
    "openai._base_client",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
)
_SHORTEST = 6
"""Shorter ones are no keys ("none", "test") and would tear holes into ordinary words."""
_known: set[str] = set()


def keep_secret(key: str) -> None:
    """From now on this key is masked wherever `redact` or the filters see it."""
    if len(key) >= _SHORTEST and key not in _known:
        _known.add(key)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_FILTER)


def redact(text: str) -> str:
    """The text with every known key masked."""
    for key in _known:
        text = text.replace(key, "***")
    return text


class _Masked(logging.Filter):
    """Masks keys in a record before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True: nothing is suppressed."""
        text = record.getMessage()
        if (masked := redact(text)) != text:
            record.msg, record.args = masked, ()
        return True


_FILTER = _Masked()
