"""Files that are there whole or not at all, whatever becomes of the process or of the machine."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LEFT_BEHIND = 3600  # seconds after which an unfinished file is that of a process killed meanwhile


def write(path: Path, content: bytes | memoryview) -> None:
    """Write a file in one step: others see the one before or the whole of this.

    It has reached the disk when this returns, so that what says that it is there may be stored
    afterwards. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.name}.*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_BEHIND:
                left.unlink()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with unfinished.open("wb") as file:
            os.fchmod(file.fileno(), 0o644)  # for the web server to read
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def held(lock: Path, *, waits: bool = True) -> Iterator[None]:
    """Let one process of this machine at a time go on; it lets go when it ends, however it does.

    Others wait, or raise BlockingIOError where `waits` is False.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        yield
