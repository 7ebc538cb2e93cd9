"""Neural networks run by OpenVINO: compiled for this processor, kept compiled, several batches at a time.

Knows nothing about what a network computes. bfloat16 is used where the processor computes in it.
"""

from __future__ import annotations

import logging
import shutil
import sys
import zlib
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

if TYPE_CHECKING:
    import openvino as ov

_LOG = logging.getLogger(__name__)
_MODEL = "model.xml"
_SHAPES, _SHAPES_KEPT = "CPU_RUNTIME_CACHE_CAPACITY", 16
"""How many prepared shapes each part of a network keeps. By default 5,000: 50 MB after 150 questions, and no faster."""
Arrays = list[npt.NDArray[np.float32]]


class Network:
    """A compiled network; may be shared by threads, each batch runs on one core."""

    def __init__(self, model: ov.Model | Path, *, exact: bool = False) -> None:
        """Compiles a model, or the one in a file; `exact` forbids bfloat16. Raises RuntimeError for a damaged file."""
        core = openvino().Core()
        hints: dict[str, str | int] = {"PERFORMANCE_HINT": "THROUGHPUT", _SHAPES: _SHAPES_KEPT}
        if exact:
            hints["INFERENCE_PRECISION_HINT"] = "f32"
        if isinstance(model, Path):
            hints["CACHE_DIR"] = str(model.parent)
        compiled = core.compile_model(model, "CPU", hints)
        self._at_once = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._free: SimpleQueue[Any] = SimpleQueue()
        for _ in range(self._at_once):
            self._free.put(compiled.create_infer_request())

    def run(self, batches: Iterable[Sequence[npt.NDArray[Any]]], outputs: Sequence[int] = (0,)) -> Iterator[Arrays]:
        """The chosen outputs of each batch of inputs, in order. The next batch is made while earlier ones are computed."""
        flying: deque[Any] = deque()
        try:
            for batch in batches:
                request = self._next_free(bool(flying))
                while request is None:  # all are taken, some of them by this very call
                    yield self._land(flying.popleft(), outputs)
                    request = self._next_free(bool(flying))
                request.start_async(dict(enumerate(batch)))
                flying.append(request)
            while flying:
                yield self._land(flying.popleft(), outputs)
        finally:
            for request in flying:  # the caller went away
                request.wait()
                self._free.put(request)

    def _next_free(self, has_own: bool) -> Any:
        """A free request; None where there is none but the caller has some of its own to wait for."""
        try:
            return self._free.get(block=not has_own)
        except Empty:
            return None

    def _land(self, request: Any, outputs: Sequence[int]) -> Arrays:
        try:
            request.wait()
            return [np.array(request.get_output_tensor(i).data, dtype=np.float32) for i in outputs]
        finally:
            self._free.put(request)


def kept(name: str, make: Callable[[Path], ov.Model], check: Callable[[Network, Path], None]) -> Network:
    """The network kept under `name`, which says all that it depends on; made, checked and kept the first time.

    `make` may put more files into the folder that it is given, and `check` finds them there. What `check` raises is
    passed on, and nothing is kept then. Where nothing can be kept, all is made every time.
    """
    home = folder() / name
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(home.parent / f"{name}.lock"):
            if not (home / _MODEL).exists():
                _keep(home, make, check)
            try:
                return Network(home / _MODEL)
            except RuntimeError as error:
                _LOG.warning("%s is damaged (%s) and is made anew", home, str(error).splitlines()[0])
                shutil.rmtree(home)
                _keep(home, make, check)
                return Network(home / _MODEL)
    except OSError as error:
        _LOG.info("compiled networks cannot be kept in %s (%s)", home.parent, error)
        with TemporaryDirectory() as work:
            network = Network(make(Path(work)))
            check(network, Path(work))
        return network


def shipped(file: Path) -> Network:
    """A network that comes with this package; what is compiled of it is kept. Raises RuntimeError when it is damaged."""
    weights = zlib.crc32(file.with_suffix(".bin").read_bytes())
    return kept(f"{file.stem}-{weights:08x}", lambda _: openvino().Core().read_model(file), lambda *_: None)


def folder() -> Path:
    """Where compiled networks are kept: a part of the user's cache folder."""
    return Path(platformdirs.user_cache_dir("abstract-assistant")) / "networks" / f"openvino-{version('openvino')}"


def openvino() -> Any:
    """The library, without its telemetry: on import it would tell its makers that it is used."""
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None: "cannot be imported"
    import openvino

    return openvino


def _keep(home: Path, make: Callable[[Path], ov.Model], check: Callable[[Network, Path], None]) -> None:
    """Whole or not at all: checked beside its place, then moved there."""
    with TemporaryDirectory(dir=home.parent, ignore_cleanup_errors=True) as made:
        work = Path(made)
        openvino().save_model(make(work), work / _MODEL, compress_to_fp16=True)  # half the memory, cosine 1.0000
        check(Network(openvino().Core().read_model(work / _MODEL)), work)
        work.replace(home)
