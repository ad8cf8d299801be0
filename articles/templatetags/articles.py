"""What templates ask of articles."""

import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from articles import cited, citing, images
from articles.models import Article, CitedProvision
from statutes.days import day_in_words
from statutes.fragments import filled, fragment
from statutes.machines import local
from statutes.templatetags.statutes import day

register = template.Library()


@register.filter
def body(article) -> SafeString:
    """Return an article's body for the page: the one place where its HTML is called safe.

    rendering.py sanitised it when it was stored.
    """
    return mark_safe(article.body_html)


@register.filter
def to_the_day(moment) -> SafeString:
    """Return the day of a moment as people read it, marked up for machines."""
    at = local(moment)
    return _time(at, day_in_words(at))


def _to_the_minute(moment) -> SafeString:
    at = local(moment)
    return _time(at, f"{day_in_words(at)} {at:%H:%M}")


def _time(at: datetime, words: str) -> SafeString:
    return mark_safe(f'<time datetime="{at.isoformat()}">{words}</time>')


@register.simple_tag
def thumbnail(card) -> SafeString | str:
    """Return a card's decorative picture at the size a card shows it; nothing if there is none."""
    if not card.cover:
        return ""
    return filled(
        "components/thumbnail.html",
        url=images.smallest_url(str(card.cover), card.cover_width),
        width=str(card.cover_width),
        height=str(card.cover_height),
    )


@register.simple_tag
def byline(article) -> SafeString:
    """Say who wrote an article and when."""
    signers = (
        filled("components/author_link.html", url=one.get_absolute_url(), signature=one.signature)
        for one in article.signers
    )
    return filled(
        "components/byline.html",
        authors=mark_safe("、".join(signers)),
        reviewer=article.reviewer.signature if article.reviewer else "",
        published=_to_the_minute(article.published_at),
        updated=_to_the_minute(article.updated_at) if article.was_updated else "",
        reviewed=day(article.reviewed_on),
        minutes=str(article.reading_minutes),
    )


@register.simple_tag
def contents(article) -> SafeString:
    """Return an article's table of contents, with the reader's font size."""
    lines = (
        filled(
            "components/contents_line.html",
            id=heading["id"],
            text=heading["text"],
            is_lower="yes" if heading["level"] > LIST_LEVEL else "",
        )
        for heading in article.contents
        if heading["level"] < LIST_LEVEL + 2
    )
    return filled("components/contents.html", headings=mark_safe("\n".join(lines)))


LIST_LEVEL = 2  # of the headings that the table of contents begins with


@register.simple_tag
def validity_notice(article) -> SafeString | str:
    """Say what of an article's law no longer holds; nothing where all does."""
    groups = tuple(tuple(map(cited.stored, laws)) for laws in article.law_notices)
    renamed = tuple(_Renamed(**body) for body in article.renamed)
    if not groups and not renamed:
        return ""
    return fragment("components/validity_notice.html", groups=groups, renamed=renamed)


@register.simple_tag
def cited_provisions(article) -> SafeString | str:
    """Return the text of the provisions that an article cites; nothing where it cites none."""
    laws = [_cited_provision(json.dumps(law)) for law in article.cited_provisions]
    return filled("components/cited_provisions.html", laws=mark_safe("".join(laws))) if laws else ""


@lru_cache(maxsize=settings.FRAGMENTS_KEPT)
def _cited_provision(stored: str) -> SafeString:
    """Return a provision as `Article.cited` tells of it, in JSON: a text is quick to look up."""
    law = cited.stored(json.loads(stored))
    return render_to_string("components/cited_provision.html", {"law": law})


class _Renamed(NamedTuple):
    name: str
    successor: str
    since: str


@register.simple_tag
def author_card(author, site) -> SafeString:
    """Say who an author is, of which firm."""
    return filled(
        "components/author_card.html",
        initial=author.name[:1],
        signature=author.signature,
        url=author.get_absolute_url(),
        licence=author.licence,
        practice=author.practice,
        firm_name=site.firm_name,
    )


EXPLAINING = 8


@register.simple_tag
def articles_explaining(**law) -> list[Article]:
    """Return the newest articles that cite provision=… or statute=…, for a law's own page.

    A page may ask in several places: they are looked up once.
    """
    (page,) = law.values()
    if not hasattr(page, "explaining"):
        page.explaining = citing.articles_citing(EXPLAINING, **law)
    return page.explaining


@register.filter
def linked_markdown(article) -> str:
    """Return an article's Markdown, its citations as links."""
    return citing.markdown(article)


@register.inclusion_tag("components/most_cited.html")
def most_cited(number: int) -> dict:
    """The provisions that most articles explain."""
    return {"cited": CitedProvision.objects.most_cited()[:number]}
