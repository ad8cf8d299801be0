"""An article with all that its page prints, by queries that are put together once."""

from statutes.compiled import A_NUMBER, Compiled

from .models import CATEGORY_LEVELS, Article, Authorship, Tag

_ARTICLE = Compiled(
    Article,
    lambda pk: (
        Article.objects.select_related("category" + "__parent" * (CATEGORY_LEVELS - 1), "reviewer")
        .defer("terms")
        .filter(pk=pk)
    ),
    pk=A_NUMBER,
)
_BYLINES = Compiled(
    Authorship,
    lambda article: Authorship.objects.select_related("author").filter(article=article),
    article=A_NUMBER,
)
_TAGS = Compiled(
    Tag,
    lambda article: Tag.objects.filter(items__content_object=article),
    article=A_NUMBER,
)


def find(pk: int) -> Article | None:
    """Return an article as QuerySet.for_page has it, in three queries."""
    article = next(iter(_ARTICLE(pk=pk)), None)
    if article is not None:
        article._prefetched_objects_cache = {
            "bylines": _fetched(Authorship, _BYLINES(article=pk)),
            "tags": _fetched(Tag, _TAGS(article=pk)),
        }
    return article


def _fetched(model, rows: list):
    """Return a queryset that holds these rows and asks no more, as prefetching leaves it."""
    queryset = model.objects.all()
    queryset._result_cache, queryset._prefetch_done = rows, True
    return queryset
