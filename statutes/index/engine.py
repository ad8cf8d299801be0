"""An index of plain documents in a folder: written by one, read by all, swapped when rebuilt.

The folder holds generations, each a whole tantivy index, and a link `current` to the one that
serves. A change is found as soon as its commit is seen: readers look for one at most every
RELOAD_SECONDS. A cursor of the writer's own, and a day, are part of each commit, so that after a
crash it goes on exactly where the index stands.

    index = Index(folder)
    with index.writer() as writer:
        writer.put([Document(7, title=["借款", "利息"], body=["转账", "记录"])])
        writer.commit(cursor=12)
    index.search([Term("借款", 2.0), Term("转账", 1.0, "body")], limit=10)   # [Hit(7, 3.1, …)]

What words a text has is `statutes.terms`' business, what they weigh in a question `ranking`'s.
"""

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import ParamSpec, TypeVar

import tantivy

FIELDS = ("title", "body", "more", "terms")
RELOAD_SECONDS = 0.25
HEAP = 64 * 1024 * 1024  # bytes that a writer may gather before it writes a segment
LEAST_HEAP = 15_000_000  # tantivy refuses less
MOST_TERMS = 200  # of one query
MOST_HITS = 10_000

_CURRENT, _CURSOR = "current", "cursor"
_CHUNK = 400  # hits fetched beyond those asked for, where some must be passed over

_log = logging.getLogger(__name__)

Given, Returned = ParamSpec("Given"), TypeVar("Returned")


@dataclass(frozen=True)
class Document:
    """What is found: words by field, repeats included, and what narrows or orders a search.

    Words hold no white space; they may come joined by it already. `facets` are names to filter
    by, "category:12"; `moment` is a number to order by and to keep back what is still to come
    (seconds since 1970), `weight` one that callers multiply scores by, `stored` any short text
    that comes back with `Index.stored`.
    """

    key: int
    title: Sequence[str] | str = ()
    body: Sequence[str] | str = ()
    more: Sequence[str] | str = ()
    terms: Sequence[str] | str = ()
    facets: Sequence[str] = ()
    moment: int = 0
    weight: float = 1.0
    stored: str = ""


@dataclass(frozen=True)
class Term:
    """A word of a query: what it adds to a document that has it in the field is its BM25 times
    `weight`."""

    word: str
    weight: float = 1.0
    field: str = "body"


@dataclass(frozen=True)
class Hit:
    key: int
    score: float
    moment: int
    weight: float


class IndexMissingError(Exception):
    """There is no index yet: it has to be built."""


class IndexFailedError(IndexMissingError):
    """There is one, as good as none: the engine cannot read its files, or cannot write them.

    They are damaged, or the disk is full, or another process is writing.
    """


def _minded(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Let whatever the engine raises over its files be an IndexFailedError.

    Where it finds in them what it held impossible it panics, by no Exception that anybody expects.
    """

    @wraps(function)
    def minded(*args: Given.args, **kwargs: Given.kwargs) -> Returned:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            is_panic = type(error).__name__ == "PanicException"
            if not is_panic and not isinstance(error, (ValueError, OSError)):
                raise
            told = " ".join(str(error).split())
            _log.error("a search index failed: %s", told)
            raise IndexFailedError(told) from error

    return minded


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Documents are deleted by a term of text: by one of an unsigned field, nothing is.
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("moment", fast=True, indexed=True)
    builder.add_float_field("weight", fast=True)
    builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


class Index:
    """One index, as this process sees it. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._generation: Path | None = None
        self._seen: tuple | None = None
        self._looked_at = 0.0
        self._index: tantivy.Index | None = None

    # --- reading ---------------------------------------------------------------------------

    def exists(self) -> bool:
        return (self.folder / _CURRENT / "meta.json").exists()

    @_minded
    def search(
        self,
        terms: Sequence[Term],
        limit: int = 10,
        *,
        facets: Sequence[Sequence[str]] = (),
        until: int | None = None,
        without: Iterable[int] = (),
    ) -> list[Hit]:
        """Return the documents with the weightiest sum of terms, best first.

        Of equals the order is the same whatever the limit, until the next commit.
        `facets`: groups of names; a document must have one name of each. `until`: only documents
        whose moment has come. `without`: keys to pass over. Of more than MOST_TERMS terms the
        weightiest are asked. Empty for no terms; raises IndexMissingError, as all that reads.
        """
        query = _query(terms, facets)
        if query is None:
            return []
        searcher = self._searcher()
        passed_over = set(without)
        limit = min(limit, MOST_HITS)
        fetched = limit + len(passed_over)
        while True:
            found = self._fetch(searcher, query, fetched)
            hits = [
                hit
                for hit in found
                if hit.key not in passed_over and (until is None or hit.moment <= until)
            ]
            if len(hits) >= limit or len(found) < fetched or fetched >= 2 * MOST_HITS:
                return hits[:limit]
            fetched = 4 * fetched + _CHUNK

    @_minded
    def keys(self, terms: Sequence[Term], limit: int) -> list[int]:
        """Return the keys of the documents with the weightiest sum of terms, and nothing else.

        For those who rank themselves, many times over: it takes half the time of `search`.
        """
        query = _query(terms, ())
        if query is None:
            return []
        searcher = self._searcher()
        found = searcher.search(query, limit, count=False)
        keys = searcher.fast_field_values("number", [address for _, address in found.hits])
        return [int(key) for key in keys if key is not None]

    @_minded
    def newest(
        self,
        limit: int = 10,
        *,
        facets: Sequence[Sequence[str]] = (),
        until: int | None = None,
    ) -> list[int]:
        """Return the keys of the documents with the latest moments, latest first."""
        query = _filter(facets) or tantivy.Query.all_query()
        if until is not None:
            come = tantivy.Query.range_query(
                SCHEMA, "moment", tantivy.FieldType.Integer, None, until
            )
            query = query.and_must_match(come)
        searcher = self._searcher()
        result = searcher.search(query, limit, count=False, order_by_field="moment")
        keys = searcher.fast_field_values("number", [address for _, address in result.hits])
        return [int(key) for key in keys if key is not None]

    @_minded
    def count(self, facets: Sequence[Sequence[str]]) -> int:
        """Return how many documents have one name of each group."""
        query = _filter(facets)
        return self._searcher().search(query, 1).count if query else self.size()

    @_minded
    def holding(self, facets: Iterable[str]) -> list[int]:
        """Return the keys of all documents that have one of the facets, in no particular order."""
        searcher = self._searcher(fresh=True)
        query = tantivy.Query.term_set_query(SCHEMA, "facet", list(facets))
        result = searcher.search(query, max(1, searcher.num_docs), count=False)
        keys = searcher.fast_field_values("number", [address for _, address in result.hits])
        return [int(key) for key in keys if key is not None]

    @_minded
    def frequencies(self, words: Iterable[str], field: str = "body") -> dict[str, int]:
        """Return how many documents have each word in the field (of those deleted lately too)."""
        searcher = self._searcher()
        return {word: searcher.doc_freq(field, word) for word in words}

    @_minded
    def words_from(self, prefix: str, field: str = "title", limit: int = 20) -> list[str]:
        """Return words of a field that begin so, the most frequent first."""
        found = self._searcher().terms_with_prefix(field, prefix, limit=limit)
        return [word for word, _ in found]

    @_minded
    def size(self) -> int:
        """Return how many documents there are."""
        return max(0, self._searcher().num_docs - 1)  # less the cursor

    @_minded
    def stored(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the stored text of each document there is."""
        searcher = self._searcher()
        query = tantivy.Query.term_set_query(SCHEMA, "key", [str(key) for key in keys])
        addresses = [hit[1] for hit in searcher.search(query, max(1, len(keys))).hits]
        numbers = searcher.fast_field_values("number", addresses)
        return {
            int(number): searcher.doc(address).get_first("stored") or ""
            for number, address in zip(numbers, addresses, strict=True)
        }

    @_minded
    def cursor(self) -> int:
        """Return the cursor of the newest commit; 0 if none was ever given."""
        return _kept(self._searcher(fresh=True))[0]

    def warm(self) -> None:
        """Read the files once, so that the first question is no slower than the next.

        What cannot be read, or vanishes as another generation takes its place, is left.
        """
        generation = (self.folder / _CURRENT).resolve()
        with suppress(OSError):
            for path in sorted(generation.iterdir()):
                if path.suffix in {".idx", ".term", ".fieldnorm", ".fast"}:
                    with suppress(OSError), path.open("rb") as file:
                        while file.read(1 << 20):
                            pass

    def _fetch(self, searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> list[Hit]:
        result = searcher.search(query, limit, count=False)
        addresses = [address for _, address in result.hits]
        columns = (
            searcher.fast_field_values(name, addresses) for name in ("number", "moment", "weight")
        )
        return [
            Hit(int(number), score, int(moment), weight)
            for (score, _), number, moment, weight in zip(result.hits, *columns, strict=True)
            if number is not None and score > 0
        ]

    def _searcher(self, *, fresh: bool = False) -> tantivy.Searcher:
        """Return a view of the newest commit; of one RELOAD_SECONDS ago unless `fresh`."""
        now = time.monotonic()
        if self._index is None or fresh or now - self._looked_at > RELOAD_SECONDS:
            with self._lock:
                self._look()
                self._looked_at = now
        return self._index.searcher()

    def _look(self) -> None:
        """Open the generation that serves, or its newest commit, where they are not seen yet."""
        link = self.folder / _CURRENT
        try:
            generation = link.resolve(strict=True)
            status = (generation / "meta.json").stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if generation == self._generation and seen == self._seen:
                return
            if generation == self._generation:
                self._index.reload()
            else:
                index = tantivy.Index(SCHEMA, str(generation))
                index.config_reader("manual")
                index.reload()
                self._index, self._generation = index, generation
            self._seen = seen
        except FileNotFoundError:
            if self._index is None:
                raise IndexMissingError(str(self.folder)) from None
        except ValueError:
            if self._index is None:
                raise  # damaged; else caught between two commits: the next look will do

    def serving(self) -> Path | None:
        """Return the folder of the generation that serves now."""
        link = self.folder / _CURRENT
        return link.resolve() if link.exists() else None

    def bytes(self) -> int:
        """Return how much of the disk the generation takes that serves now."""
        generation = self.serving()
        return sum(path.stat().st_size for path in generation.iterdir()) if generation else 0

    # --- writing ---------------------------------------------------------------------------

    @contextmanager
    def writer(self, *, heap: int = HEAP, threads: int = 1) -> Iterator["Writer"]:
        """Write to the generation that serves. Raises IndexMissingError."""
        generation = (self.folder / _CURRENT).resolve()
        if not (generation / "meta.json").exists():
            raise IndexMissingError(str(self.folder))
        with _open_writer(generation, heap, threads) as writer:
            yield writer

    @contextmanager
    def rebuilding(self, *, heap: int = HEAP, threads: int = 1) -> Iterator["Writer"]:
        """Write a new generation, which takes the place of the old one at the end, in one step.

        The old one serves meanwhile, and is kept if anything goes wrong. Commit the cursor
        before leaving.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        generation = Path(mkdtemp(prefix="g-", dir=self.folder))
        generation.chmod(0o755)
        try:
            with _open_writer(generation, heap, threads) as writer:
                yield writer
                writer.commit(writer.cursor)
                writer.settle()
            self._serve(generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        self.sweep()

    def _serve(self, generation: Path) -> None:
        link = self.folder / f"{_CURRENT}.{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(generation.name)
        os.replace(link, self.folder / _CURRENT)

    def sweep(self) -> None:
        """Remove generations that do not serve. Only for the one who may write."""
        serving = (self.folder / _CURRENT).resolve().name  # the folder may be reached by a link
        for path in self.folder.glob("g-*"):
            if path.name != serving:
                shutil.rmtree(path, ignore_errors=True)


class Writer:
    """Puts documents into one generation. Nothing is found, or kept, before `commit`.

    `cursor` and `day` are the writer's own: how far it has come, by whatever it counts, and the
    day for which its documents hold.
    """

    def __init__(self, generation: Path, index: tantivy.Index, writer: tantivy.IndexWriter) -> None:
        self.generation = generation
        self._index, self._writer = index, writer
        # What one killed before its commit left behind has the names that come next; what one
        # killed while it wrote a list of files left has a name that never comes again.
        writer.garbage_collect_files()
        for path in generation.glob(".tmp*"):
            path.unlink()
        index.reload()
        self._kept = self.cursor, self.day = _kept(index.searcher())

    def put(self, documents: Iterable[Document]) -> int:
        """Add documents, each in the place of the one with its key; return how many."""
        number = 0
        for document in documents:
            self._delete(str(document.key))
            self._add(_as_tantivy(document))
            number += 1
        return number

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents whose keys are surely new: for a generation that is being filled."""
        number = 0
        for document in documents:
            self._add(_as_tantivy(document))
            number += 1
        return number

    def remove(self, keys: Iterable[int]) -> None:
        for key in keys:
            self._delete(str(key))

    @_minded
    def commit(self, cursor: int) -> None:
        """Make what was put and removed so far last, and the cursor and the day with it."""
        self._delete(_CURSOR)
        stored = f"{cursor} {self.day or ''}"
        self._writer.add_document(tantivy.Document(key=_CURSOR, stored=stored))
        self._writer.commit()
        self.cursor = cursor
        self._kept = cursor, self.day

    def keep(self) -> None:
        """Make last what was moved on without a change: a commit takes a tenth second."""
        if (self.cursor, self.day) != self._kept:
            self.commit(self.cursor)

    @_minded
    def settle(self) -> None:
        """Wait until the engine has merged its segments. Nothing can be written afterwards."""
        self._writer.wait_merging_threads()

    def close(self) -> None:
        """Let go of the engine's lock; what was not committed is forgotten."""
        self._writer = None

    @_minded
    def _add(self, document: tantivy.Document) -> None:
        self._writer.add_document(document)

    @_minded
    def _delete(self, key: str) -> None:
        self._writer.delete_documents_by_term("key", key)


@contextmanager
def _open_writer(generation: Path, heap: int, threads: int) -> Iterator[Writer]:
    writer = _begin(generation, heap, threads)
    try:
        yield writer
    finally:
        writer.close()


@_minded
def _begin(generation: Path, heap: int, threads: int) -> Writer:
    index = tantivy.Index(SCHEMA, str(generation))
    index.config_reader("manual")
    return Writer(generation, index, index.writer(max(heap, LEAST_HEAP * threads), threads))


def _kept(searcher: tantivy.Searcher) -> tuple[int, date | None]:
    """Return the cursor and the day of the newest commit."""
    result = searcher.search(tantivy.Query.term_query(SCHEMA, "key", _CURSOR), 1, count=False)
    if not result.hits:
        return 0, None
    cursor, _, day = searcher.doc(result.hits[0][1]).get_first("stored").partition(" ")
    return int(cursor), date.fromisoformat(day) if day else None


def _as_tantivy(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("key", str(document.key))
    made.add_unsigned("number", document.key)
    for field in FIELDS:
        if words := getattr(document, field):
            made.add_text(field, words if isinstance(words, str) else " ".join(words))
    for facet in document.facets:
        made.add_text("facet", facet)
    made.add_integer("moment", document.moment)
    made.add_float("weight", document.weight)
    if document.stored:
        made.add_text("stored", document.stored)
    return made


def _query(terms: Sequence[Term], facets: Sequence[Sequence[str]]) -> tantivy.Query | None:
    """Return the query for any of the terms and all of the facets.

    Each document that has one of the terms is scored: common terms cost time, whoever is found.
    """
    weightiest = sorted(terms, key=lambda term: -term.weight)[:MOST_TERMS]
    if not weightiest:
        return None
    union = tantivy.Query.boolean_query(
        [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(SCHEMA, term.field, term.word, "freq"), term.weight
                ),
            )
            for term in weightiest
        ]
    )
    narrowed = _filter(facets)
    if narrowed is None:
        return union
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, union), (tantivy.Occur.Must, narrowed)]
    )


def _filter(facets: Sequence[Sequence[str]]) -> tantivy.Query | None:
    """Return the query, worth nothing in the score, for one name of each group."""
    groups = [
        tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(SCHEMA, "facet", list(names))
            if len(names) != 1
            else tantivy.Query.term_query(SCHEMA, "facet", names[0], "basic"),
            0.0,
        )
        for names in facets
    ]
    if not groups:
        return None
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, group) for group in groups])
