"""Walk over all articles: in batches by key, in parallel, from where the last walk stopped."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

from django.db import transaction

from statutes.processes import pool

from .models import Article, Checkpoint

BATCH = 500  # articles
AHEAD = 3  # batches a process may be ahead of the storing


def walk(
    name: str,
    work: Callable[[list[int]], Any],
    store: Callable[[list[int], Any], None],
    processes: int = 1,
) -> Iterator[int]:
    """Call `work` with the ids of each batch and `store` with what it returned; yield the last id.

    `work` runs in other processes, if more than one is asked for, and so must be a function
    of a module; `store` runs here, one batch one transaction, in which is also noted how far
    the walk named `name` has come. A walk cut short goes on there; one that came to the end
    begins anew.
    """
    checkpoint, _ = Checkpoint.objects.get_or_create(name=name)
    with _Workers(processes) as workers:
        waiting: deque[tuple[list[int], Future | None]] = deque()
        batches = _batches(checkpoint.position)
        while True:
            while len(waiting) < AHEAD * processes and (ids := next(batches, None)):
                waiting.append((ids, workers.submit(work, ids)))
            if not waiting:
                break
            ids, future = waiting.popleft()
            result = future.result() if future else work(ids)
            with transaction.atomic():
                store(ids, result)
                checkpoint.position = ids[-1]
                checkpoint.save()
            yield ids[-1]
    checkpoint.delete()


def _batches(last: int) -> Iterator[list[int]]:
    while True:
        after = Article.objects.filter(pk__gt=last).order_by("pk")
        ids = list(after.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


class _Workers:
    """Processes with Django set up; of one process no other is started."""

    def __init__(self, processes: int):
        self.pool = pool(processes) if processes > 1 else None

    def submit(self, work: Callable, ids: list[int]) -> Future | None:
        return self.pool.submit(work, ids) if self.pool else None

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
