"""Keeps indexes in step with the log of changes, and builds them anew.

A source knows what one index holds. The follower is the one writer of this machine's indexes:
it reads the log from each index's own cursor on, so a crash at any moment loses nothing.
"""

import fcntl
import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from django.db import DatabaseError, connection
from django.utils import timezone

from .. import changes, files
from ..models import Change
from ..processes import pool
from .engine import FIELDS, Document, Index, IndexFailedError, IndexMissingError, Writer

LINES = 2_000  # of the log that are read at a time
AWAY_DAYS = 400  # looked back over where an index does not say for which day it holds
PAUSE = 0.25  # seconds between two looks at the log
MANY = 100  # lines followed at one look, each by two indexes: an import is under way
CALM = 2.5  # seconds without so many, after which it is over, if nobody says so before
PATIENCE = 20.0  # seconds that an index which may wait is behind at the most
TRIES = 3  # of an index that fails, before another is built in its place
REST = 2.0  # seconds that it is left alone after it failed, each time twice as long
LONGEST_REST = 600.0  # seconds, after as many without a failure all is forgotten
BUILDERS = 2  # processes that read, where an index is built
UNITS = 400  # rows whose documents one process makes at a time
BUILDING_HEAP = 256 * 1024 * 1024

_log = logging.getLogger(__name__)

Changed = Mapping[str, set[int]]  # kind → keys


@dataclass
class Touched:
    """What changes mean for an index: documents to make anew, and those that may be gone."""

    anew: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)


class Source(Protocol):
    """What one index holds: documents, each made of the row that its key names.

    One that may wait does so while an import is under way: of its articles many cite the same
    provision, whose document is then made anew once, not with each batch.
    """

    name: str
    may_wait: bool

    @property
    def index(self) -> Index: ...

    def next_ids(self, after: int, limit: int) -> list[int]:
        """Return the next ids, in order, of the rows that documents are made of."""

    def rows(self) -> int:
        """Return how many such rows there are, or about."""

    def documents(self, ids: Iterable[int]) -> Iterable[Document]:
        """Return the documents of those of the rows that are to be found."""

    def touched(self, changed: Changed) -> Touched:
        """Return what lines of the log mean for this index."""

    def turned(self, first: date, last: date) -> Touched:
        """Return what the passing of these days means: laws took effect, or ended."""


@contextmanager
def only_writer(folder: Path) -> Iterator[bool]:
    """Tell whether this process may write to the indexes below `folder`: one a machine may."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "writer.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


# --- Following ---------------------------------------------------------------------------


class Follower:
    """Writes to the sources' indexes what the log says. Close it, or use it in a `with`."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = list(sources)
        self._writers: dict[str, tuple[ExitStack, Writer]] = {}
        self._many_at = float("-inf")  # of monotonic(), as the next
        self._waiting_from: float | None = None
        self._is_over = False  # as the log says, at this look

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is None:
            for _, writer in self._writers.values():
                writer.keep()
        self.close()

    def close(self) -> None:
        for name in list(self._writers):
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        stack, _ = self._writers.pop(name, (None, None))
        if stack:
            stack.close()

    def catch_up(self, *, in_time: bool = False) -> int:
        """Bring every index that is built up to the newest change; return how many lines it took.

        Laws that took effect or ended since an index was written are brought up to date as well.
        `in_time`: those that may wait are left for a later look while many changes come.
        """
        lines, self._is_over = 0, False
        for source in self._sources:
            if not (in_time and source.may_wait and self._waits(lines)):
                lines += self._bring(source)
        return lines

    def _bring(self, source: Source) -> int:
        if not source.index.exists():
            return 0
        self._turn(source, timezone.localdate())
        lines = self._follow(source)
        if not lines:
            self._writer(source).keep()
        return lines

    def _waits(self, lines: int) -> bool:
        """Whether to wait with what may: `lines` have been followed at this look."""
        now = monotonic()
        if self._is_over:
            self._many_at = float("-inf")
        elif lines >= MANY:
            self._many_at = now
        is_over = now - self._many_at > CALM
        is_due = self._waiting_from is not None and now - self._waiting_from >= PATIENCE
        if is_over or is_due:
            self._waiting_from = None
            return False
        if self._waiting_from is None:
            self._waiting_from = now
        return True

    def _follow(self, source: Source) -> int:
        writer, lines = self._writer(source), 0
        while True:
            log = Change.objects.filter(pk__gt=writer.cursor).order_by("pk")
            read = list(log.values_list("pk", "kind", "key")[:LINES])
            if not read:
                return lines
            changed: dict[str, set[int]] = defaultdict(set)
            for _, kind, key in read:
                changed[kind].add(key)
            self._is_over |= Change.Kind.OVER in changed
            self.bring_up(source, changed, cursor=read[-1][0])
            lines += len(read)

    def bring_up(self, source: Source, changed: Changed, cursor: int | None = None) -> None:
        """Make anew what these changes mean for an index; without a cursor it stays where it is."""
        writer = self._writer(source)
        touched = source.touched(changed)
        _apply(source, writer, touched, writer.cursor if cursor is None else cursor)

    def _turn(self, source: Source, today: date) -> None:
        writer = self._writer(source)
        last = writer.day or today - timedelta(days=AWAY_DAYS)
        if last < today:
            touched = source.turned(last + timedelta(days=1), today)
            _apply(source, writer, touched, cursor=writer.cursor)
            writer.day = today

    def _writer(self, source: Source) -> Writer:
        """Return the writer of the generation that serves; an index built anew gets a new one."""
        _, writer = self._writers.get(source.name, (None, None))
        if writer and writer.generation == source.index.serving():
            return writer
        self._let_go(source.name)
        stack = ExitStack()
        writer = stack.enter_context(source.index.writer())
        self._writers[source.name] = stack, writer
        return writer


def _apply(source: Source, writer: Writer, touched: Touched, cursor: int) -> None:
    if not (touched.anew or touched.gone):
        writer.cursor = cursor  # kept when there is nothing else to do
        return
    writer.remove(touched.gone | touched.anew)
    writer.add(source.documents(touched.anew))
    writer.commit(cursor)


@dataclass
class Trouble:
    """How often an index has failed lately, until when it is left alone, and at which failure
    it is built anew."""

    times: int = 0
    until: float = float("-inf")  # of monotonic()
    building_at: int = TRIES

    def comes(self) -> bool:
        """Count a failure; return whether the index is to be built anew."""
        if monotonic() - self.until > LONGEST_REST:
            self.times, self.building_at = 0, TRIES
        self.until = monotonic() + min(REST * 2 ** min(self.times, 10), LONGEST_REST)
        self.times += 1
        return self.times >= self.building_at


class Keeper(Follower):
    """Follows as long as the site runs: builds what is missing, and anew what goes on failing.

    An index that fails is left alone for a while, each time longer, while the others are
    followed: its disk may be full for hours, or damage whatever is written to it.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        super().__init__(sources)
        self._troubles: dict[str, Trouble] = defaultdict(Trouble)

    def _bring(self, source: Source) -> int:
        trouble = self._troubles[source.name]
        if monotonic() < trouble.until:
            return 0
        try:
            if needs_building(source):
                build(source, workers=BUILDERS)
            return super()._bring(source)
        except (IndexMissingError, OSError) as error:
            self._let_go(source.name)
            is_hopeless = trouble.comes()
            _log.error("%s, failure %d of the index: %s", source.name, trouble.times, error)
            if is_hopeless and _has_room(source.index):
                trouble.building_at *= 2
                self._replace(source)
            return 0

    def _replace(self, source: Source) -> None:
        _log.warning("%s: another index is built in the place of the failing one", source.name)
        try:
            build(source, workers=BUILDERS)
        except (IndexMissingError, OSError) as error:
            _log.error("%s: it could not be built: %s", source.name, error)


def _has_room(index: Index) -> bool:
    """Whether another generation would leave as much of the disk again to the rest of the site."""
    try:
        return shutil.disk_usage(index.folder).free > 2 * index.bytes()
    except OSError:  # it does not say, or another process puts a new one in its place just now
        return False


def follow(sources: Iterable[Source], *, still: Callable[[], bool], pause: float = PAUSE) -> None:
    """Follow the log as long as `still()`, looking at it every `pause` seconds; build what is
    missing first, and anew what cannot be used.

    While the database is away it waits.
    """
    sources = list(sources)
    for source in sources:
        sweep(source)
        if source.index.exists():
            source.index.warm()  # who searches first after a start waits for no disk
    with Keeper(sources) as keeper:
        while still():
            try:
                moved = keeper.catch_up(in_time=True)
            except (DatabaseError, BrokenProcessPool) as error:
                _log.warning("the index waits: %s", error)
                moved, rest = 0, 2.0
            else:
                rest = pause
            connection.close_if_unusable_or_obsolete()
            if not moved:
                sleep(rest)


def catch_up(sources: Iterable[Source]) -> int:
    """Bring indexes up to the newest change, and be done; return how many lines of the log it took.

    Those that are missing, or cannot be read, are built.
    """
    sources = list(sources)
    for source in sources:
        try:
            is_wanting = needs_building(source)
        except IndexFailedError:
            is_wanting = True
        if is_wanting:
            build(source)
    with Follower(sources) as follower:
        return follower.catch_up()


def needs_building(source: Source) -> bool:
    """Whether there is no index, or one ahead of the log: that of another database.

    Raises IndexFailedError.
    """
    return not source.index.exists() or source.index.cursor() > changes.stamp()


def standing(source: Source) -> str:
    """Say in a word or two how an index stands, for the operator."""
    try:
        if not source.index.exists():
            return "missing"
        behind = changes.stamp() - source.index.cursor()
    except (IndexMissingError, OSError):
        return "failed"
    if behind <= 0:
        return "ok"
    return f"{behind} change{'s' * (behind > 1)} behind"


# --- Building ----------------------------------------------------------------------------


def build(
    source: Source, *, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> int:
    """Build a source's index anew beside the old one and put it in its place; return its size.

    Documents are made by `workers` processes (1: in this one). `progress` is told how many of
    about how many rows are done. What changes meanwhile is in the log after the cursor.
    """
    with files.held(_building_lock(source)):
        cursor, done, found, rows = changes.stamp(), 0, 0, source.rows()
        today = timezone.localdate()
        with source.index.rebuilding(heap=BUILDING_HEAP) as writer:
            writer.day = today
            for read, documents in _made(source, workers):
                found += writer.add(documents)
                done += read
                if progress:
                    progress(done, rows)
            writer.commit(cursor)
    return found


def sweep(source: Source) -> None:
    """Remove what one left who was killed while it built an index, unless another is at it."""
    with suppress(BlockingIOError), files.held(_building_lock(source), waits=False):
        source.index.sweep()


def _building_lock(source: Source) -> Path:
    return source.index.folder / "building.lock"


def _made(source: Source, workers: int) -> Iterator[tuple[int, list[Document]]]:
    """Yield the documents of all rows, UNITS rows at a time: how many rows, and theirs."""
    portions = _portions(source)
    if workers < 2:
        for ids in portions:
            yield len(ids), list(source.documents(ids))
        return
    with pool(workers) as processes:
        pending = set()
        for ids in portions:
            pending.add(processes.submit(_make, source, ids))
            if len(pending) >= 3 * workers:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        yield from (future.result() for future in pending)


def _portions(source: Source) -> Iterator[list[int]]:
    after = 0
    while ids := source.next_ids(after, 20 * UNITS):
        for start in range(0, len(ids), UNITS):
            yield ids[start : start + UNITS]
        after = ids[-1]


def _make(source: Source, ids: list[int]) -> tuple[int, list[Document]]:
    """Make documents in a process of the pool, their words joined: they travel lighter."""
    return len(ids), [_joined(document) for document in source.documents(ids)]


def _joined(document: Document) -> Document:
    joined = {name: " ".join(getattr(document, name)) for name in FIELDS}
    return replace(document, **joined)
