"""A long-running process gives memory back to the system."""

import mmap
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant import memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is in memory")


def _resident(file: Path) -> int:
    """Kilobytes of the file's mappings that are in memory."""
    inside, found = False, 0
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        name, *values = line.split()
        if not name.endswith(":"):
            inside = bool(values) and values[-1] == str(file)
        elif inside and name == "Rss:":
            found += int(values[0])
    return found


def test_the_pages_of_a_mapped_file_are_given_back_and_read_again(tmp_path: Path) -> None:
    values = np.arange(300_000, dtype=np.int64)
    np.save(tmp_path / "weights.npy", values)
    mapped = np.load(tmp_path / "weights.npy", mmap_mode="r")
    assert mapped.sum() == values.sum()
    before = _resident(tmp_path / "weights.npy")
    memory.give_back(tmp_path)
    assert before > 2_000 > 100 > _resident(tmp_path / "weights.npy")
    assert np.array_equal(mapped, values)


def test_what_was_written_into_a_private_mapping_stays(tmp_path: Path) -> None:
    file = tmp_path / "private.bin"
    file.write_bytes(bytes(mmap.PAGESIZE))
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        mapped[:4] = b"mine"
        memory.give_back(tmp_path)
        assert mapped[:4] == b"mine"


def test_files_elsewhere_stay_in_memory(tmp_path: Path) -> None:
    np.save(tmp_path / "weights.npy", np.ones(300_000))
    mapped = np.load(tmp_path / "weights.npy", mmap_mode="r")
    mapped.sum()
    memory.give_back(tmp_path / "networks")
    assert _resident(tmp_path / "weights.npy") > 2_000
