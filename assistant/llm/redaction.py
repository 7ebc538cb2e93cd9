"""Masks keys in error messages and in the debug logs of the HTTP libraries.

openai, httpx and httpcore log response headers at DEBUG, and some servers repeat the key in them.
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
"""Shorter strings are not keys ("none", "test"), and masking them would damage ordinary words."""
_known: set[str] = set()


def register_secret(key: str) -> None:
    """Masks this key from now on, in `redact` and in the logs."""
    if len(key) >= _SHORTEST and key not in _known:
        _known.add(key)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_FILTER)


def redact(text: str) -> str:
    """The text with every known key masked."""
    for key in _known:
        text = text.replace(key, "***")
    return text


class _MaskKeys(logging.Filter):
    """Masks keys in a record before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Masks the record and lets it pass."""
        text = record.getMessage()
        if (masked := redact(text)) != text:
            record.msg, record.args = masked, ()
        return True


_FILTER = _MaskKeys()
