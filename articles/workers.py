"""Other processes that do the work of bulk commands, while one stores what they made."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from statutes.processes import pool

AHEAD = 3  # batches a process may be ahead of the storing

Batch, Result = TypeVar("Batch"), TypeVar("Result")


class Workers:
    """Processes that share work, this one among them; others have Django set up."""

    def __init__(self, processes: int):
        self.processes = processes
        self.pool = pool(processes - 1) if processes > 1 else None

    def each(self, work: Callable[[Batch], Result], batches: Iterable[Batch]) -> Iterator:
        """Yield each batch with what `work`, a function of a module, makes of it, in order.

        Who asks for the next one stores the last in between; where it would have to be waited
        for, this process does some of the work that no other has begun.
        """
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
            while not waiting[0][1].done() and _do_one(work, waiting):
                pass
            batch, future = waiting.popleft()
            yield batch, future.result()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.pool:
            self.pool.shutdown(cancel_futures=True)


def _do_one(work: Callable[[Batch], Result], waiting: deque[tuple[Batch, Future]]) -> bool:
    """Do the first batch that no other process has begun, if there is one."""
    for place, (batch, future) in enumerate(waiting):
        if future.cancel():
            done: Future = Future()
            try:
                done.set_result(work(batch))
            except Exception as error:  # raised in its turn
                done.set_exception(error)
            waiting[place] = batch, done
            return True
    return False
