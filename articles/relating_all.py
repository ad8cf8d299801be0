"""Relate all articles anew: as relating.py does one, from the index, in parallel."""

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from statutes import changes
from statutes.models import Change

from . import bulk, duplicates, relatedness, relating
from .bags import bags
from .indexing import articles_index
from .models import Article, Checkpoint, RelatedArticle
from .relatedness import Match
from .vectors import Vectors, write
from .walking import walk

NAME, SINCE = "related", "related: log"
ASKED = 16  # features, of which more cost more than more
CANDIDATES = 250  # do, and find no more: of the exact best eight 98 of 100
FOLDED = 3 * RelatedArticle.SHOWN  # best matches, of which near-duplicates are folded
READ = 2_000  # bags at a time
COLUMNS = ["article_id", "related_id", "rank", "score", "shared_terms", "shared_law"]


def relate_all(processes: int) -> Iterator[int]:
    """Compute every related list anew; yield the id of the article done last, now and then.

    Cut short it goes on where it stopped. What was published meanwhile is related once more
    at the end, since the vectors do not have it. Raises IndexMissingError.
    """
    articles_index().size()
    since, _ = Checkpoint.objects.get_or_create(name=SINCE, defaults={"position": changes.stamp()})
    with TemporaryDirectory(prefix="vectors-") as folder:
        write(Path(folder), all_bags())
        yield from walk(NAME, partial(related_of, Path(folder)), store, processes)
    changed = Change.objects.filter(pk__gt=since.position, kind=Change.Kind.ARTICLE)
    for pk in changed.order_by("key").values_list("key", flat=True).distinct():
        if article := Article.objects.filter(pk=pk).first():
            relating.relate(article)
    since.delete()


# --- After bulk work -------------------------------------------------------------------------

LATER = "related: later"  # names the line of the log after which lists are owed


def postpone() -> None:
    """Let `catch_up` relate what is published from now on, however often it is interrupted."""
    Checkpoint.objects.get_or_create(name=LATER, defaults={"position": changes.stamp()})


def catch_up(processes: int = 1, tell: Callable[[str], object] = lambda line: None) -> None:
    """Relate what was published since `postpone`."""
    mark = Checkpoint.objects.filter(name=LATER).first()
    if mark is None:
        return
    changed = Change.objects.filter(pk__gt=mark.position, kind=Change.Kind.ARTICLE)
    ids = sorted(set(changed.values_list("key", flat=True)))
    for article in Article.objects.filter(pk__in=ids).order_by("pk"):
        relating.relate(article)
    mark.delete()


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
    vectors, index = _opened(folder), articles_index()
    nearest: dict[int, list[tuple[float, int]]] = {}
    for pk in articles:
        if pk in vectors:
            asked = relating.question(vectors.vector(pk), ASKED)
            nearest[pk] = vectors.nearest(pk, index.keys(asked, CANDIDATES), FOLDED)
    twins = duplicates.twins({*nearest, *(pk for found in nearest.values() for _, pk in found)})
    lines = RelatedArticle.objects.filter(article__in=articles).decided()
    decided = set(lines.values_list("article", "related"))
    lists = {pk: _best(vectors, pk, found, twins, decided) for pk, found in nearest.items()}
    law = relating.law_labels(chain.from_iterable(lists.values()))
    return [
        (
            pk,
            match.id,
            rank,
            match.score,
            json.dumps(match.shared_terms, ensure_ascii=False),
            relating.shared_law(match, law),
        )
        for pk, found in lists.items()
        for rank, match in enumerate(found)
    ]


def _best(vectors: Vectors, pk: int, nearest, twins, decided) -> list[Match]:
    """Return the matches that are listed: one of near-duplicates, none that editors decided."""
    found: list[Match] = []
    for other in relatedness.fold([other for _, other in nearest], twins, pk):
        if (pk, other) not in decided and (match := vectors.match(pk, other)):
            found.append(match)
            if len(found) == RelatedArticle.SHOWN:
                break
    return found


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
