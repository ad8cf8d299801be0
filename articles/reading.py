"""An article with all that its page prints, by queries that are put together once."""

from statutes.compiled import A_NUMBER, Compiled

from .models import CATEGORY_LEVELS, Article, Author, Tag

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
