"""Relate all articles anew: as relating.py does one, from vectors of them all, in parallel."""

import json
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from statutes import changes, files
from statutes.index.engine import IndexMissingError
from statutes.models import Change

from . import bulk, cards, duplicates, relatedness, relating
from .bags import bags
from .indexing import articles_index
from .models import Article, Checkpoint, RelatedArticle
from .relatedness import Corpus, Match
from .vectors import Vectors, write
from .walking import walk
from .workers import Workers

NAME, SINCE = "related", "related: log"
FOLDED = 3 * RelatedArticle.SHOWN  # best matches, of which near-duplicates are folded
READ = 2_000  # bags at a time
COLUMNS = ["article_id", "related_id", "rank", "score", "shared_terms", "shared_law"]


def relate_all(processes: int) -> Iterator[int]:
    """Compute every related list anew; yield the id of the article done last, now and then.

    Cut short it goes on where it stopped. What was published meanwhile is related once more
    at the end, since the vectors do not have it.
    """
    with _folder() as folder:
        stamp = {"position": changes.stamp()}
        since, _ = Checkpoint.objects.get_or_create(name=SINCE, defaults=stamp)
        write(folder, all_bags())
        yield from walk(NAME, partial(related_of, folder), store, processes)
        changed = Change.objects.filter(pk__gt=since.position, kind=Change.Kind.ARTICLE)
        for pk in changed.order_by("key").values_list("key", flat=True).distinct():
            if article := Article.objects.filter(pk=pk).first():
                relating.relate(article)
        since.delete()
        Checkpoint.objects.filter(name=LATER).delete()


@contextmanager
def _folder() -> Iterator[Path]:
    """Lend a new folder for vectors to one process at a time; others wait.

    What one that was killed left behind, half a gigabyte, goes first.
    """
    folders = settings.DATA_DIR / "vectors"
    with files.held(settings.DATA_DIR / "vectors.lock"):
        shutil.rmtree(folders, ignore_errors=True)
        folders.mkdir()
        with TemporaryDirectory(dir=folders) as folder:
            yield Path(folder)


def all_bags() -> Iterator[relatedness.Bag]:
    """Yield the bags of published articles in order of their ids."""
    last = 0
    published = Article.objects.filter(state=Article.State.PUBLISHED).order_by("pk")
    while ids := list(published.filter(pk__gt=last).values_list("pk", flat=True)[:READ]):
        yield from sorted(bags(ids), key=lambda bag: bag.id)
        last = ids[-1]


@cache
def _opened(folder: Path) -> Vectors:
    return Vectors(folder)


def related_of(folder: Path, articles: list[int]) -> list[tuple]:
    """Return the lines of the related lists of articles, as values of COLUMNS."""
    vectors = _opened(folder)
    nearest = {pk: vectors.nearest(pk, FOLDED) for pk in articles if pk in vectors}
    twins = duplicates.twins({*nearest, *(pk for found in nearest.values() for _, pk in found)})
    lines = RelatedArticle.objects.filter(article__in=articles).decided()
    decided = set(lines.values_list("article", "related"))
    lists = {pk: _best(vectors, pk, found, twins, decided) for pk, found in nearest.items()}
    law = relating.law_labels(chain.from_iterable(lists.values()))
    return list(_rows(lists, law))


def _rows(lists: Mapping[int, Sequence[Match]], law: Mapping[int, str]) -> Iterator[tuple]:
    for pk, found in lists.items():
        for rank, match in enumerate(found):
            terms = json.dumps(match.shared_terms, ensure_ascii=False)
            yield pk, match.id, rank, match.score, terms, relating.shared_law(match, law)


def _best(vectors: Vectors, pk: int, nearest, twins, decided) -> list[Match]:
    """Return the matches that are listed: one of near-duplicates, none that editors decided."""
    folded = relatedness.fold([other for _, other in nearest], twins, pk)
    best = [other for other in folded if (pk, other) not in decided]
    return [vectors.match(pk, other) for other in best[: RelatedArticle.SHOWN]]


def store(articles: list[int], rows: list[tuple]) -> None:
    """Put lines in the place of those computed before, unless an article was withdrawn since."""
    public = Article.objects.filter(state=Article.State.PUBLISHED)
    known = set(
        public.filter(pk__in={pk for row in rows for pk in row[:2]}).values_list("pk", flat=True)
    )
    RelatedArticle.objects.filter(article__in=articles).computed().delete()
    bulk.insert(
        RelatedArticle, COLUMNS, [row for row in rows if row[0] in known and row[1] in known]
    )
    cards.keep(articles)


# --- After bulk work -------------------------------------------------------------------------

LATER = "related: later"  # names the line of the log after which lists are owed
FEW = 500  # articles that are related one by one
MANY = 0.25  # of all articles: to relate all anew takes less
TOGETHER = 100  # articles
SECONDS = 10.0  # without progress, after which the index is not waited for
ASKED = 16  # weightiest features for which the index is asked; to ask for more costs more
CANDIDATES = 250  # than to compare more, and finds no more
VECTORS_KEPT = 20_000


def postpone() -> None:
    """Let `catch_up` relate what is published from now on, however often it is interrupted."""
    Checkpoint.objects.get_or_create(name=LATER, defaults={"position": changes.stamp()})


def catch_up(processes: int = 1, tell: Callable[[str], object] = lambda line: None) -> None:
    """Relate what was published since `postpone`, both directions, as `relating.relate` does.

    Where it takes the index, waits for it as long as it moves on; tells what is left to do
    where there is none.
    """
    mark = Checkpoint.objects.filter(name=LATER).first()
    if mark is None:
        return
    changed = Change.objects.filter(pk__gt=mark.position, kind=Change.Kind.ARTICLE)
    public = Article.objects.filter(state=Article.State.PUBLISHED, pk__in=changed.values("key"))
    ids = list(public.order_by("pk").values_list("pk", flat=True))
    if len(ids) <= FEW:
        for pk in ids:
            if article := public.filter(pk=pk).first():
                relating.relate(article)
    elif len(ids) > MANY * Article.objects.filter(state=Article.State.PUBLISHED).count():
        for _ in relate_all(processes):
            pass
    elif _has_caught_up():
        _relate_many(ids, processes)
    else:
        tell("The search index does not know these articles: run rebuild_related.")
        tell("Until then they have no related lists.")
        return
    mark.delete()


def _has_caught_up() -> bool:
    """Wait until the index knows the newest change; False if there is none, or no progress."""
    index, newest = articles_index(), changes.stamp()
    try:
        reached, since = index.cursor(), time.monotonic()
        while reached < newest:
            if time.monotonic() - since > SECONDS:
                return False
            time.sleep(0.25)
            if index.cursor() > reached:
                reached, since = index.cursor(), time.monotonic()
    except IndexMissingError:
        return False
    return True


def _relate_many(ids: list[int], processes: int) -> None:
    _known.clear()
    besides = set(ids)
    batches = [ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER)]
    with Workers(min(processes, len(batches))) as workers:
        for batch, (rows, matches, law) in workers.each(partial(_matches_of, besides), batches):
            with transaction.atomic():
                store(batch, rows)
                # What others' lists have already leaves some of them, which then want another.
                lines = RelatedArticle.objects.computed().filter(related__in=batch)
                pairs = lines.values_list("article", "related")
                listed = {pk for other, pk in pairs if other not in besides}
                new = {pk: found for pk, found in matches.items() if pk not in listed}
                relating.enter(new, _twins_of(new), law, besides)
                for article in Article.objects.filter(pk__in=listed).order_by("pk"):
                    relating.relate(article)


def _twins_of(matches: Mapping[int, Sequence[Match]]) -> dict[int, frozenset[int]]:
    return duplicates.twins({*matches, *(match.id for some in matches.values() for match in some)})


def _matches_of(besides: set[int], articles: list[int]):
    """Return the related lists of articles, as values of COLUMNS, and whose lists they enter.

    These are, for each of the articles, the others besides those given whose lists it may beat
    the last entry of; with the names of the law they share.
    """
    index = articles_index()
    corpus = relating.corpus(index)
    own = {bag.id: bag for bag in bags(articles)}
    corpus.frequencies.learn({name for bag in own.values() for name in bag.features()})
    vectors = relatedness.vectors(own.values(), corpus)
    found = {pk: index.keys(relating.question(v, ASKED), CANDIDATES) for pk, v in vectors.items()}
    known = _vectors({pk for keys in found.values() for pk in keys}, corpus)
    nearest = {
        pk: relatedness.nearest(vectors[pk], {o: known[o] for o in keys if o in known and o != pk})
        for pk, keys in found.items()
    }
    least = relating.last_scores({pk for some in nearest.values() for _, pk in some} - besides)
    twins = duplicates.twins({pk for some in nearest.values() for _, pk in some[:FOLDED]} | {*own})
    decided = set(
        RelatedArticle.objects.filter(article__in=own).decided().values_list("article", "related")
    )

    def explained(pk: int, score: float, other: int) -> Match:
        return relatedness.match(other, score, vectors[pk], known[other])

    lists, entering = {}, {}
    for pk, some in nearest.items():
        scores = {other: score for score, other in some}
        best = relatedness.fold([other for _, other in some[:FOLDED]], twins, pk)
        best = [other for other in best if (pk, other) not in decided]
        lists[pk] = [explained(pk, scores[o], o) for o in best[: RelatedArticle.SHOWN]]
        entering[pk] = [
            explained(pk, score, other)
            for score, other in some
            if other not in besides and score >= least.get(other, 0.0)
        ]
    every = chain.from_iterable((*lists.values(), *entering.values()))
    law = relating.law_labels(every)
    return list(_rows(lists, law)), entering, law


_known: OrderedDict[int, dict[str, float]] = OrderedDict()


def _vectors(ids: set[int], corpus: Corpus) -> dict[int, dict[str, float]]:
    """Return the vectors of articles; those that are often asked for are kept in memory."""
    found = {pk: _known[pk] for pk in ids if pk in _known}
    read = bags(ids - found.keys())
    corpus.frequencies.learn({name for bag in read for name in bag.features()})
    new = relatedness.vectors(read, corpus)
    found |= new
    _known.update(new)
    while len(_known) > VECTORS_KEPT:
        _known.popitem(last=False)
    return found
