"""Resolves the model that the settings name, `auto` included. It reads files and the environment and sends nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from assistant.errors import MissingPackageError, SettingsError
from assistant.llm.catalogue import MODELS, TEST_MODEL
from assistant.llm.measured import measured
from assistant.settings import Settings, is_loopback

_OPENAI_URL = "https://api.openai.com/v1"
_OLLAMA_PORT = 11434
KNOWN_SPECS = "auto, quotes, gguf:NAME_OR_PATH, ollama:MODEL, openai:MODEL or http://host:port/v1#MODEL"

INSTALL = "run: pip install 'abstract-assistant[local]'"

Kind = Literal["openai", "ollama", "http", "gguf"]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The server of a model, and the model's name there."""

    kind: Kind
    model: str
    """The name by which its server knows it; for a file, the name without its suffix."""
    base_url: str = ""
    """The root of the protocol, without a trailing slash; empty for a file."""
    path: Path = Path()
    """The GGUF file, for `gguf` only."""

    @property
    def name(self) -> str:
        """The label of answers."""
        return f"{self.base_url}#{self.model}" if self.kind == "http" else f"{self.kind}:{self.model}"

    @property
    def is_hosted(self) -> bool:
        """True for a model behind https on another machine, by the OpenAI protocol: such models are large."""
        url = urlsplit(self.base_url)
        return self.kind in ("openai", "http") and url.scheme == "https" and not is_loopback(url.hostname or "")

    @property
    def makes_lists_better(self) -> bool:
        """Whether it may read what the rules leave open without being named for that: as measured for a file, else where it
        is hosted."""
        figures = measured(self.model) if self.kind == "gguf" else None
        return self.is_hosted if figures is None else figures.makes_lists_better


@dataclass(frozen=True, slots=True)
class Choice:
    """The model that answers (None: verbatim quotes), and why it was chosen."""

    spec: ModelSpec | None
    why: str


def choose(settings: Settings) -> Choice:
    """The model that the settings name. Raises SettingsError for a spec that is unknown or whose file is missing.

    `auto` takes the newest downloaded file and never a hosted or running model: a key in the environment, or a server that
    happens to run, does not mean that the user wants to send questions there.
    """
    if settings.llm == "quotes":
        return Choice(None, "verbatim quotes, no model, as asked")
    if settings.llm != "auto":
        return Choice(parse_spec(settings.llm, settings.models_home), "as asked")
    files = [f for f in pulled(settings.models_home) if f.stem != TEST_MODEL]
    if not files:
        return Choice(
            None,
            "verbatim quotes and no model; `assistant models list` shows what can be pulled, or name one with --llm",
        )
    if not has_llama_cpp():
        return Choice(
            None, f"verbatim quotes, no model: {len(files)} pulled, but llama.cpp is not installed; {INSTALL}"
        )
    newest = max(files, key=lambda f: f.stat().st_mtime)
    why = f"the newest of {len(files)} pulled in {newest.parent}"
    figures = measured(newest.stem)
    if figures is not None and figures.warning:
        why += f"; measured: it {figures.warning}, so --llm quotes or a larger model may serve you better"
    return Choice(ModelSpec("gguf", newest.stem, path=newest), why)


def has_llama_cpp() -> bool:
    """True when the package that runs GGUF files is installed."""
    return find_spec("xllamacpp") is not None


def pulled(models_home: Path) -> list[Path]:
    """The downloaded GGUF files, sorted by name."""
    return sorted(models_home.glob("*.gguf"))


def parse_spec(spec: str, models_home: Path) -> ModelSpec:
    """Parses a spec other than `auto` and `quotes`.

    Raises SettingsError for anything else, and MissingPackageError for a file without the package that runs it.
    """
    kind, _, name = spec.partition(":")
    name = name.strip()
    if kind in ("http", "https"):
        return _server(spec)
    if kind == "openai" and name:
        return ModelSpec("openai", name, (os.environ.get("OPENAI_BASE_URL") or _OPENAI_URL).rstrip("/"))
    if kind == "ollama" and name:
        return ModelSpec("ollama", name, ollama_url())
    if kind == "gguf" and name:
        path = _file(name, models_home)
        if not has_llama_cpp():
            raise MissingPackageError(f"gguf:{path.stem} needs llama.cpp; {INSTALL}")
        return ModelSpec("gguf", path.stem, path=path)
    raise SettingsError(f"model {spec!r} is not known; use {KNOWN_SPECS}")


def ollama_url() -> str:
    """The root of Ollama's native API. OLLAMA_HOST means what it means to Ollama itself. Raises SettingsError."""
    host = os.environ.get("OLLAMA_HOST", "").strip() or "127.0.0.1"
    try:
        parts = urlsplit(host if "://" in host else f"http://{host}")
        port = parts.port or (443 if parts.scheme == "https" else _OLLAMA_PORT)
    except ValueError:
        raise SettingsError(f"OLLAMA_HOST is not an address: {host!r}; write it like 127.0.0.1:11434") from None
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0") else parts.hostname  # noqa: S104 - compared, not bound
    return f"{parts.scheme}://{name}:{port}"


def _server(spec: str) -> ModelSpec:
    base, _, model = spec.partition("#")
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname, parts.port  # reading a bad port raises ValueError
    except ValueError:
        host = None
    if not model.strip() or not host:
        raise SettingsError(f"model {spec!r}: write it as http://host:port/v1#MODEL")
    if parts.password or parts.username:
        raise SettingsError("a model's address must not hold a password; put the key into ASSISTANT_LLM_API_KEY")
    return ModelSpec("http", model.strip(), base.rstrip("/"))


def _file(name: str, models_home: Path) -> Path:
    stems = [name, *(m.stem for m in MODELS if m.name == name)]
    for path in (Path(name).expanduser(), models_home / name, *(models_home / f"{stem}.gguf" for stem in stems)):
        if path.is_file():
            return path.resolve()
    known = ", ".join(f.stem for f in pulled(models_home)) or "none"
    raise SettingsError(
        f"no GGUF file {name!r} here or in {models_home} (there: {known}); `assistant models list` shows what can be pulled"
    )
