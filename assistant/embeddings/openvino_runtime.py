"""Runs neural networks in OpenVINO: compiles them for this processor, caches them, and computes batches concurrently."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import platformdirs
from filelock import FileLock

from assistant import memory

if TYPE_CHECKING:
    import openvino as ov

_LOG = logging.getLogger(__name__)
_MODEL = "model.xml"
_SHAPE_CACHE, _CACHED_SHAPES = "CPU_RUNTIME_CACHE_CAPACITY", 16
"""Input shapes for which each part of a network caches its kernels. The default of 5,000 takes 50 MB after 150 questions
and is no faster."""
_KERNEL_CACHE, _CACHED_KERNELS = "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "512"
"""Kernels that all networks of the process cache together. Each takes some 50 kB, and new shapes of input would fill the default
of 1,024."""
Arrays = list[npt.NDArray[np.float32]]


class Network:
    """A compiled network. Threads may share it; each batch runs on one core, unless batches are few."""

    def __init__(self, model: ov.Model | Path, *, exact: bool = False, few: bool = False) -> None:
        """Compiles a model, or the one in a file. Raises RuntimeError for a damaged file.

        `exact` forbids bfloat16. With `few`, all cores compute one batch together, which takes 14 MB less and is faster for
        the one or two batches of a question.
        """
        core = openvino().Core()
        hints: dict[str, str | int] = {
            "PERFORMANCE_HINT": "LATENCY" if few else "THROUGHPUT",
            _SHAPE_CACHE: _CACHED_SHAPES,
        }
        if exact:
            hints["INFERENCE_PRECISION_HINT"] = "f32"
        if isinstance(model, Path):
            hints["CACHE_DIR"] = str(model.parent)
        compiled = core.compile_model(model, "CPU", hints)
        self._free: SimpleQueue[Any] = SimpleQueue()
        for _ in range(int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))):
            self._free.put(compiled.create_infer_request())

    def run(self, batches: Iterable[Sequence[npt.NDArray[Any]]], outputs: Sequence[int] = (0,)) -> Iterator[Arrays]:
        """Yields the chosen outputs of each batch of inputs, in order; later batches are prepared while earlier ones run."""
        pending: deque[Any] = deque()
        try:
            for batch in batches:
                request = self._next_free(bool(pending))
                while request is None:  # all are in use, some of them by this call
                    yield self._finish(pending.popleft(), outputs)
                    request = self._next_free(bool(pending))
                request.start_async(dict(enumerate(batch)))
                pending.append(request)
            while pending:
                yield self._finish(pending.popleft(), outputs)
        finally:
            for request in pending:  # the caller stopped early
                request.wait()
                self._free.put(request)

    def _next_free(self, has_own: bool) -> Any:
        """A free request; None if there is none and the caller has pending ones of its own to wait for."""
        try:
            return self._free.get(block=not has_own)
        except Empty:
            return None

    def _finish(self, request: Any, outputs: Sequence[int]) -> Arrays:
        try:
            request.wait()
            return [np.array(request.get_output_tensor(i).data, dtype=np.float32) for i in outputs]
        finally:
            self._free.put(request)


def cached(
    name: str, build: Callable[[Path], ov.Model], check: Callable[[Network, Path], None], *, few: bool = False
) -> Network:
    """Loads the network cached under `name`; the first time it is built, checked and stored.

    `name` must identify everything that the network depends on. `build` may write further files into the folder that it
    is given, where `check` finds them. See `Network` for `few`. An error from `check` is raised, and nothing is stored. Where the cache folder
    cannot be written, the network is built each time.
    """
    home = cache_folder() / name
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(home.parent / f"{name}.lock"):
            if not (home / _MODEL).exists():
                _store(home, build, check)
            try:
                return Network(home / _MODEL, few=few)
            except RuntimeError as error:
                _LOG.warning("%s is damaged (%s) and is built again", home, str(error).splitlines()[0])
                shutil.rmtree(home)
                _store(home, build, check)
                return Network(home / _MODEL, few=few)
    except OSError as error:
        _LOG.info("compiled networks cannot be cached in %s (%s)", home.parent, error)
        with TemporaryDirectory() as work:
            network = Network(build(Path(work)), few=few)
            check(network, Path(work))
        return network


def cache_folder() -> Path:
    """The folder for compiled networks, inside the user's cache folder."""
    return Path(platformdirs.user_cache_dir("abstract-assistant")) / "networks" / f"openvino-{version('openvino')}"


def give_back_memory() -> None:
    """Gives back what the networks and their work have left in memory.

    The compiled networks hold the weights in the order in which they are computed, and map the files that they were made
    from beside them: 22 MB each.
    """
    memory.give_back(cache_folder())


def openvino() -> Any:
    """Imports the library without its telemetry, which would report each import to its makers."""
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None: "cannot be imported"
        os.environ.setdefault(_KERNEL_CACHE, _CACHED_KERNELS)
    import openvino

    return openvino


def _store(home: Path, build: Callable[[Path], ov.Model], check: Callable[[Network, Path], None]) -> None:
    """Stores all of it or nothing: it is checked in a temporary folder first, which is then renamed."""
    with TemporaryDirectory(dir=home.parent, ignore_cleanup_errors=True) as temporary:
        work = Path(temporary)
        openvino().save_model(build(work), work / _MODEL, compress_to_fp16=True)  # half the memory, cosine 1.0000
        check(Network(openvino().Core().read_model(work / _MODEL)), work)
        work.replace(home)
