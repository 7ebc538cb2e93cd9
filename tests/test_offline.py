"""With every socket but loopback cut, everything still works: nothing is fetched, nothing is sent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, write_papers

CUT = """
import socket, sys
real = socket.socket.connect
def connect(self, address):
    host = address[0] if isinstance(address, tuple) else "unix"
    if isinstance(address, tuple) and host not in ("127.0.0.1", "::1", "localhost"):
        print("REACHED OUT TO", address, file=sys.stderr); raise OSError("the network is cut")
    return real(self, address)
def lookup(host, *rest, **more):
    if host not in (None, "127.0.0.1", "::1", "localhost", ""):
        print("LOOKED UP", host, file=sys.stderr); raise socket.gaierror("the network is cut")
    return original(host, *rest, **more)
socket.socket.connect = connect
original, socket.getaddrinfo = socket.getaddrinfo, lookup
"""


@pytest.mark.slow
def test_index_ask_and_the_ui_without_a_network(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "p.jsonl")
    code = (
        CUT
        + f"""
from pathlib import Path
from assistant import Assistant, Settings
from assistant.ui import build
with Assistant(Settings(home=Path({str(tmp_path / "home")!r}))) as a:
    assert a.add([{str(source)!r}]).added == 6
    assert a.ask("How much does TideNet lower the speed error?").status == "answered"
    assert a.check("Quill has 1,150 signs.").verdict
    build(a)
"""
    )
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=280,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "REACHED OUT" not in done.stderr
    assert "LOOKED UP" not in done.stderr
