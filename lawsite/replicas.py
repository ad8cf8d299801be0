"""Reading from copies of the database: which request may, and from which.

A replica is asked by requests of anonymous readers only, and only while it knows the newest
change that this machine knows of: a reader never sees less than the page cache already showed.
Everybody with a session reads where they write. One that does not answer is left out for a
while, then tried again.
"""

import itertools
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from statutes import changes

from .generation import stamp_of
from .middleware import is_anonymous_read
from .views import AWAY

logger = logging.getLogger(__name__)

LEFT_OUT = 5.0  # seconds for which a replica that failed is not asked again

_chosen: ContextVar[str | None] = ContextVar("chosen", default=None)
_left_out_until: dict[str, float] = {}
_turns = itertools.count()


class Router:
    """Django's question, which database to use."""

    def db_for_read(self, model, **hints):
        return _chosen.get()

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True  # the same rows, wherever they were read

    def allow_migrate(self, db, app_label, **hints):
        return None if db == DEFAULT_DB_ALIAS else False


def read_from_replicas(get_response):
    """Let an anonymous reader's request read from a replica; from the primary when none can."""
    aliases = [alias for alias in connections if alias != DEFAULT_DB_ALIAS]

    def middleware(request):
        known = changes.known.get()
        if aliases and known and is_anonymous_read(request):
            for alias in in_turn(aliases):
                with reading_from(alias):
                    if not knows(alias, stamp_of(known)):
                        continue
                    response = get_response(request)
                if not request.META.pop(AWAY, False):
                    return response
                leave_out(alias)
        return get_response(request)

    return middleware


def in_turn(aliases: list[str]) -> list[str]:
    """Return the replicas not left out, each first in its turn."""
    now = time.monotonic()
    able = [alias for alias in aliases if _left_out_until.get(alias, 0) <= now]
    first = next(_turns) % len(able) if able else 0
    return able[first:] + able[:first]


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    token = _chosen.set(alias)
    try:
        yield
    finally:
        _chosen.reset(token)


def knows(alias: str, stamp: int) -> bool:
    """Whether a replica answers, and has the change with this number; it is being read from."""
    try:
        return changes.stamp() >= stamp
    except DatabaseError as error:
        logger.warning("The replica %s does not answer: %s", alias, error)
        leave_out(alias)
        return False


def leave_out(alias: str) -> None:
    _left_out_until[alias] = time.monotonic() + LEFT_OUT
    connections[alias].close()
