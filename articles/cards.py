"""What cards of related articles mark terms in: parted into words here, so that no page has to."""

from collections.abc import Iterable

from .models import Article, CardWords
from .relatedness import parted


def keep(articles: Iterable[int]) -> None:
    """Store anew the words of what the cards of these articles print."""
    rows = Article.objects.filter(pk__in=set(articles)).order_by("pk")
    CardWords.objects.bulk_create(
        [
            CardWords(article_id=pk, title=parted(title), excerpt=parted(excerpt))
            for pk, title, excerpt in rows.values_list("pk", "title", "excerpt")
        ],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["title", "excerpt"],
    )
