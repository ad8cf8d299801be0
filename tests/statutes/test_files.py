import os
import time
from pathlib import Path

import pytest

from statutes import files


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "a.png"


def test_a_file_and_its_folder_are_written(path):
    files.write(path, b"one")
    files.write(path, memoryview(b"another"))
    assert path.read_bytes() == b"another"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_it_has_reached_the_disk_before_it_takes_the_place_of_the_old_one(path, monkeypatch):
    files.write(path, b"one")
    done = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: done.append(_name(descriptor)))
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda a, b: done.append("replace") or replace(a, b))
    files.write(path, b"another")
    assert done == [f".a.png.{os.getpid()}", "replace", "folder"]


def _name(descriptor):
    return Path(os.readlink(f"/proc/self/fd/{descriptor}")).name.partition("-")[0]


def test_on_a_full_disk_the_old_one_stays_and_nothing_is_left(path, monkeypatch):
    files.write(path, b"one")

    def full(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write(path, b"another")
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b"one"


def test_what_a_killed_process_left_goes_and_what_another_writes_stays(path):
    files.write(path, b"one")
    left, begun = path.with_name(".a.png.1-1"), path.with_name(".a.png.2-1")
    for unfinished in (left, begun):
        unfinished.write_bytes(b"ha")
    long_ago = time.time() - 2 * files.LEFT_BEHIND
    os.utime(left, (long_ago, long_ago))
    files.write(path, b"another")
    assert set(path.parent.iterdir()) == {path, begun}
