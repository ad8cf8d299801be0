"""Something that a reader can see has changed: one log, written in the caller's transaction.

Its newest line is the publication stamp, by which the page cache knows that its pages are old;
its lines are the outbox that the search index follows.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime

from django.db import connection

from .compiled import A_NAME, Compiled
from .models import Change

# What the request in hand knows of the newest state of the site: a word that changes with it.
# What a process keeps in memory is kept for that word: cache.get_or_set(…, version=known.get()).
known = ContextVar("known", default="")

_LOCK = 0x6C617773  # any number that no other advisory lock of the site has


def note(kind: str, keys: Iterable[int]) -> None:
    """Write down that these rows changed, appeared or vanished. Call it last in a transaction.

    Lines get their ids in the order in which their transactions are committed, so that who
    follows the log never passes one by: SQLite has one writer at a time, PostgreSQL holds a
    lock until the commit.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    Change.objects.bulk_create([Change(kind=kind, key=key) for key in keys], batch_size=1_000)


def stamp() -> int:
    """Return the number of the newest change: it moves with every one."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def newest(kind: str) -> tuple[int, datetime] | None:
    """Return what tells one state of the rows of a kind from every other: its newest change."""
    return next(iter(_NEWEST(kind=str(kind))), None)


# A range of one kind, in the order of the index: PostgreSQL, which keeps one plan for all kinds,
# walked back over the whole log to a rare one when it was told `kind = …` in the order of ids.
_NEWEST = Compiled(
    Change,
    lambda kind: (
        Change.objects.filter(kind__range=(kind, kind))
        .order_by("-kind", "-pk")
        .values_list("pk", "noted_at")[:1]
    ),
    kind=A_NAME,
)
