"""Articles as relatedness sees them: read from the database, a batch in two queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from .models import Article, ArticleCitation
from .relatedness import Bag


def bag(article: Article) -> Bag:
    """Return an article as it is now, though it may not be saved."""
    cited = _cited([article.pk])[article.pk]
    return Bag(article.pk, article.terms, frozenset(cited), article.category_id)


def bags(ids: Iterable[int]) -> list[Bag]:
    """Return the bags of articles, in two queries."""
    ids = list(ids)
    return _filled(Article.objects.filter(pk__in=ids).values_list(*_COLUMNS), _cited(ids))


def public_bags(ids: Iterable[int]) -> list[Bag]:
    """Return the bags of those articles that are public, in two queries.

    Which are is told of the rows, read for their terms: as a condition it has hundreds of pages
    of an index read besides, from anywhere among a million.
    """
    ids = list(ids)
    rows = Article.objects.filter(pk__in=ids).values_list(*_COLUMNS, "state", "published_at")
    now = timezone.now()
    public = (
        row
        for *row, state, published_at in rows
        if state == Article.State.PUBLISHED and published_at <= now
    )
    return _filled(public, _cited(ids))


_COLUMNS = ("pk", "terms", "category")


def _filled(rows: Iterable[Sequence], cited: Mapping[int, set[int]]) -> list[Bag]:
    return [Bag(pk, terms, frozenset(cited[pk]), category) for pk, terms, category in rows]


def _cited(ids: Iterable[int]) -> dict[int, set[int]]:
    """Return for each article the provisions it cites: as they stand today, where that is known."""
    cited: dict[int, set[int]] = defaultdict(set)
    rows = ArticleCitation.objects.filter(article__in=ids)
    for article, then, today in rows.values_list("article", "provision", "current"):
        if today or then:
            cited[article].add(today or then)
    return cited
