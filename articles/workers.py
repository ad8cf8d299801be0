"""Other processes that do the work of bulk commands, while one stores what they made."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from statutes.processes import pool

AHEAD = 3  # batches a process may be ahead of the storing

Batch, Result = TypeVar("Batch"), TypeVar("Result")


class Workers:
    """Processes with Django set up; of one process no other is started."""

    def __init__(self, processes: int):
        self.processes = processes
        self.pool = pool(processes) if processes > 1 else None

    def each(self, work: Callable[[Batch], Result], batches: Iterable[Batch]) -> Iterator:
        """Yield each batch with what `work`, a function of a module, makes of it, in order."""
        if self.pool is None:
            for batch in batches:
                yield batch, work(batch)
            return
        waiting: deque[tuple[Batch, Future]] = deque()
        batches = iter(batches)
        while True:
            while len(waiting) < AHEAD * self.processes and (batch := next(batches, None)):
                waiting.append((batch, self.pool.submit(work, batch)))
            if not waiting:
                return
            batch, future = waiting.popleft()
            yield batch, future.result()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
