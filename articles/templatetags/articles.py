"""What templates ask of articles."""

from functools import lru_cache

import segno
from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from articles import citing, images, relatedness
from articles.models import Article, CitedProvision

register = template.Library()


@register.filter
def body(article) -> SafeString:
    """Return an article's body for the page: the one place where its HTML is called safe.

    rendering.py sanitised it when it was stored.
    """
    return mark_safe(article.body_html)


@register.filter
def mark_terms(text: str, terms) -> SafeString:
    """Wrap whole terms in <mark>, adding nothing else: without the tags it is the same text."""
    parts, position = [], 0
    for start, end in relatedness.find_terms(text, terms):
        parts.append(conditional_escape(text[position:start]))
        parts.append(f"<mark>{conditional_escape(text[start:end])}</mark>")
        position = end
    parts.append(conditional_escape(text[position:]))
    return mark_safe("".join(parts))


@register.simple_tag
@lru_cache(maxsize=2048)
def qr_code(url: str) -> SafeString:
    """Return a QR code of an address as inline SVG, described for those who cannot see it."""
    code = segno.make(url, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg.replace("<svg", '<svg role="img" aria-label="本文网址的二维码"', 1))


@register.inclusion_tag("components/thumbnail.html")
def thumbnail(article) -> dict:
    """A card's decorative picture at the size a card shows it; nothing if there is none."""
    if not article.cover:
        return {}
    return {
        "picture": images.picture(article.cover.name, article.cover_width, article.cover_height)
    }


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
