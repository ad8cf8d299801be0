"""A pool of processes with Django set up, none of which outlives the one that started it."""

import gc
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django


def pool(processes: int) -> ProcessPoolExecutor:
    context = get_context("spawn")  # a fork would share sockets and the engine's threads
    return ProcessPoolExecutor(processes, context, initializer=_begin, initargs=[os.getpid()])


def is_running(process: int) -> bool:
    """Whether there is a process with this number, of our own user's: it may be another by now."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


ALLOCATIONS = 50_000  # objects more, between two searches for garbage (700 by default)


def collect_seldom() -> None:
    """Search for garbage in circles seldom, as bulk work is best done.

    It makes and keeps many objects: to look through them again and again took a tenth of an import.
    """
    gc.set_threshold(ALLOCATIONS)


def _begin(parent: int) -> None:
    collect_seldom()
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    django.setup()


def _end_with(parent: int) -> None:
    """End when the parent was killed: nobody else would tell a waiting worker."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
