"""Walk over all articles: in batches by key, in parallel, from where the last walk stopped."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from .models import Article, Checkpoint
from .workers import Workers

BATCH = 500  # articles


def walk(
    name: str,
    work: Callable[[list[int]], Any],
    store: Callable[[list[int], Any], None],
    processes: int = 1,
) -> Iterator[int]:
    """Call `work` with the ids of each batch and `store` with what it returned; yield the last id.

    `work` runs in other processes as well, if more than one is asked for, and so must be a
    function of a module; `store` runs here, one batch one transaction, in which is also noted
    how far the walk named `name` has come. A walk cut short goes on there; one that came to the
    end begins anew.
    """
    checkpoint, _ = Checkpoint.objects.get_or_create(name=name)
    with Workers(processes) as workers:
        for ids, result in workers.each(work, _batches(checkpoint.position)):
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
