"""Finds the models that could answer on this machine, without choosing one."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from assistant.errors import SettingsError
from assistant.llm import async_bridge
from assistant.llm.catalogue import TEST_MODEL
from assistant.llm.measured import measured
from assistant.llm.model_spec import ollama_url, pulled
from assistant.reports import AvailableModel
from assistant.settings import Settings

_SECONDS = 0.5
"""A running Ollama answers in a few milliseconds."""
_OPENAI_EXAMPLE = "gpt-4.1-mini"


def available_models(settings: Settings) -> list[AvailableModel]:
    """Quotes, the pulled GGUF files, the models of a running Ollama, OpenAI if a key is set, and the model of the settings."""
    found = [AvailableModel("quotes", "no model: verbatim sentences of the best abstracts")]
    for file in pulled(settings.models_home):
        found.append(
            AvailableModel(f"gguf:{file.stem}", f"runs here, {file.stat().st_size / 1e9:.1f} GB{_weak(file.stem)}")
        )
    found += [AvailableModel(f"ollama:{name}", "served by Ollama") for name in _ollama_models()]
    if os.environ.get("OPENAI_API_KEY"):
        note = "a key is set; questions and abstracts would be sent to OpenAI"
        found.append(AvailableModel(f"openai:{_OPENAI_EXAMPLE}", note))
    if settings.llm != "auto" and settings.llm not in {m.spec for m in found}:
        found.append(AvailableModel(settings.llm, "as set"))
    return found


def _weak(stem: str) -> str:
    if stem == TEST_MODEL:
        return ", for tests: too weak to be of use"
    figures = measured(stem)
    return f"; measured: it {figures.warning}" if figures is not None and figures.warning else ""


def _ollama_models() -> list[str]:
    import httpx

    try:
        return async_bridge.wait_for(_tags(ollama_url()))
    except (httpx.HTTPError, SettingsError, TimeoutError, ValueError):
        return []


async def _tags(root: str) -> list[str]:
    async with asyncio.timeout(_SECONDS):
        response = await async_bridge.client(root).get(f"{root}/api/tags")
    document: Any = response.json() if response.status_code == 200 else {}
    rows = document.get("models") if isinstance(document, dict) else None
    return sorted(str(m["name"]) for m in rows or () if isinstance(m, dict) and "name" in m)
