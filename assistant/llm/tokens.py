"""Counts the tokens of a text with tiktoken: exactly for OpenAI's older models, an estimate for all others."""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_LONGEST = 200_000
"""Characters that are counted exactly; the rest is estimated."""


def count(text: str) -> int:
    """The number of tokens in cl100k, which OpenAI's newer models never exceed by much.

    Runs without whitespace are cut first, because tiktoken is quadratic in their length (tiktoken #195).
    """
    counted = re.sub(r"(\S{200})\S+", r"\1", text[:_LONGEST])
    return len(encoding().encode(counted, disallowed_special=())) + (len(text) - len(counted)) // 3


@cache
def encoding() -> Any:
    """tiktoken's cl100k from tables on disk; nothing is downloaded."""
    # tiktoken downloads its tables unless this names a folder that holds them; llama-index ships one.
    package = find_spec("llama_index.core")
    if package and package.origin:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(Path(package.origin).parent / "_static" / "tiktoken_cache"))
    import tiktoken

    return tiktoken.get_encoding("cl100k_base")
