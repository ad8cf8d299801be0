"""Articles with all that a page prints of them, by queries that are put together once."""

from collections.abc import Sequence

from django.utils import timezone

from statutes.compiled import A_MOMENT, A_NUMBER, FEW_NUMBERS, Compiled

from .models import CATEGORY_LEVELS, Article, Author, Authorship, Tag

_NOT_PRINTED = ("terms", "state_since", "owner", "review_due_on", "imported_digest")
_ARTICLE = Compiled(
    Article,
    lambda pk: (
        Article.objects.select_related("category" + "__parent" * (CATEGORY_LEVELS - 1), "reviewer")
        .defer(*_NOT_PRINTED)
        .filter(pk=pk)
    ),
    pk=A_NUMBER,
)
_SIGNERS = Compiled(
    Author,
    lambda article: Author.objects.filter(bylines__article=article).order_by(
        "bylines__position", "bylines__id"
    ),
    article=A_NUMBER,
)
_TAGS = Compiled(
    Tag,
    lambda article: Tag.objects.filter(items__content_object=article),
    article=A_NUMBER,
)


def find(pk: int) -> Article | None:
    """Return an article with its category's path, reviewer, authors and tags, in three queries."""
    article = next(iter(_ARTICLE(pk=pk)), None)
    if article is not None:
        article.signers, article.tag_list = _SIGNERS(article=pk), _TAGS(article=pk)
    return article


_FOUND = Compiled(
    Article,
    lambda ids, now: (
        Article.objects.visible(now)
        .filter(pk__in=ids)
        .select_related("category")
        .only("title", "body_html", "published_at", "category__name")
    ),
    ids=FEW_NUMBERS,
    now=A_MOMENT,
)
_BYLINES = Compiled(
    Authorship,
    lambda articles: Authorship.objects.filter(article__in=articles).select_related("author"),
    articles=FEW_NUMBERS,
)


def find_visible(ids: Sequence[int]) -> list[Article]:
    """Return those of a few articles that the public may read, in the order given, with all that
    a search prints of them, in two queries."""
    found = {article.pk: article for article in _FOUND(ids=list(ids), now=timezone.now())}
    for article in found.values():
        article.signers = []
    for byline in _BYLINES(articles=list(found)):
        found[byline.article_id].signers.append(byline.author)
    return [found[pk] for pk in ids if pk in found]
