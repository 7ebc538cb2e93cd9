"""Computes what an answer cost from a small, dated table of list prices, without discounts and taxes."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from assistant.llm.model_spec import ModelSpec
from assistant.types import Usage

_LONGEST_PROMPT = 272_000
"""Tokens in a prompt above which the newer models have other prices."""
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def cost(spec: ModelSpec | None, usage: Usage) -> float | None:
    """US dollars at list price; None if no model was asked, its price is unknown, or no tokens were reported.

    OpenAI's prices hold only for OpenAI's own servers.
    """
    if spec is None or spec.kind != "openai" or urlsplit(spec.base_url).hostname != "api.openai.com":
        return None
    price = _openai_prices().get(spec.model) or _openai_prices().get(_SNAPSHOT.sub("", spec.model))
    if price is None or not 0 < usage.prompt_tokens <= _LONGEST_PROMPT:
        return None
    return round((usage.prompt_tokens * price[0] + usage.completion_tokens * price[1]) / 1_000_000, 8)


@cache
def _openai_prices() -> dict[str, tuple[float, float]]:
    """The prices of a million tokens, read and written."""
    return dict(json.loads((Path(__file__).parent / "prices.json").read_text(encoding="utf-8"))["openai"])
