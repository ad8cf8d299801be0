"""The terms that cards of related articles mark.

A text is parted into words when an article is related, so that no page has to.
"""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString

from .models import Article, CardWords
from .relatedness import parted, whole_terms


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


def mark_terms(text: str, terms, kept: str = "") -> SafeString:
    """Wrap whole terms in <mark>, adding nothing else: without the tags it is the same text.

    Terms of one character are passed over. `kept` are the text's words, as `keep` stores them.
    """
    standing = {term for term in terms if len(term) > 1 and term in text}
    html = escape(text)
    if not standing:
        return SafeString(html)  # most titles: spare the segmenter
    words = whole_terms(text, standing, kept)
    if html != text:
        words, standing = map(escape, words), set(map(escape, standing))
    return SafeString("".join([f"<mark>{w}</mark>" if w in standing else w for w in words]))
