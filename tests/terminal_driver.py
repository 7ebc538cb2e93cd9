"""Runs commands one after another in one process, each with standard streams of its own: python tests/terminal_driver.py.

Reads one job per line from standard input, a JSON object with `arguments`, `encoding` and `streams`, a text of three
words for stdin, stdout and stderr; writes the exit status and the bytes of both outputs, as one JSON object per line.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from typing import IO, Any

from assistant.cli import main

MODES = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)


def install(number: int, kind: str, encoding: str, file: IO[bytes]) -> None:
    """Makes the stream with this number what its kind says, as Python does when it starts."""
    reads, stream = number == 0, None
    os.dup2(file.fileno(), number)
    if kind == "full":
        os.dup2(os.open("/dev/full", MODES[number]), number)
    elif kind == "gone":
        reader, writer = os.pipe()
        os.dup2(writer, number)
        os.close(reader)
        os.close(writer)
    if kind == "closed":  # what Python finds closed is None; `begin` has opened it on the null device by then
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    else:
        raw = io.FileIO(number, "r" if reads else "w", closefd=False)
        buffer = io.BufferedReader(raw) if reads else io.BufferedWriter(raw)
        stream = io.TextIOWrapper(buffer, encoding, "surrogateescape" if encoding == "ascii" else "strict")
    name = ("stdin", "stdout", "stderr")[number]
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """One command, from its arguments to its exit status."""
    files = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115 - the streams outlive this function
    files[0].write(job.get("input", "").encode())
    files[0].seek(0)
    for number, kind in enumerate(job["streams"].split()):
        install(number, kind, job["encoding"], files[number])
    sys.argv = ["assistant", *job["arguments"]]
    status: Any = None
    try:
        main()
    except SystemExit as end:
        status = end.code
    except BaseException:
        import traceback

        files[2].write(traceback.format_exc().encode())
        status = "raised"
    for name in ("stdout", "stderr"):
        getattr(sys, name).flush()
    written = [os.pread(f.fileno(), 10_000_000, 0).decode("latin-1") for f in files[1:]]
    return {"status": status, "out": written[0], "err": written[1]}


if __name__ == "__main__":
    results = os.fdopen(os.dup(1), "w")
    for line in os.fdopen(os.dup(0)):
        print(json.dumps(run(json.loads(line))), file=results, flush=True)
