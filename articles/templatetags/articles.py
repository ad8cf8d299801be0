"""What templates ask of articles."""

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from articles import citing, images, qr, relatedness
from articles.models import Article, CitedProvision, address_parts

register = template.Library()


@register.filter
def body(article) -> SafeString:
    """Return an article's body for the page: the one place where its HTML is called safe.

    rendering.py sanitised it when it was stored.
    """
    return mark_safe(article.body_html)


@register.filter
def iso(moment) -> str:
    """Return a moment as machines read it, with Beijing's offset."""
    return timezone.localtime(moment).isoformat()


@register.filter
def to_the_minute(moment) -> SafeString:
    """Return a moment as people read it, marked up for machines."""
    at = timezone.localtime(moment)
    words = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


@register.filter
def to_the_day(moment) -> SafeString:
    """Return the day of a moment as people read it, marked up for machines."""
    at = timezone.localtime(moment)
    words = f"{at.year}年{at.month}月{at.day}日"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


@register.filter
def mark_terms(text: str, terms) -> SafeString:
    """Wrap whole terms in <mark>, adding nothing else: without the tags it is the same text."""
    if not any(term in text for term in terms):
        return conditional_escape(text)  # most titles: spare the segmenter
    parts, position = [], 0
    for start, end in relatedness.find_terms(text, terms):
        parts.append(conditional_escape(text[position:start]))
        parts.append(f"<mark>{conditional_escape(text[start:end])}</mark>")
        position = end
    parts.append(conditional_escape(text[position:]))
    return mark_safe("".join(parts))


@register.simple_tag
def qr_code(article) -> SafeString:
    """Return the QR code of an article's address as inline SVG, described in words."""
    before, after = address_parts()
    size, path = qr.svg_path(settings.SITE_URL + before, article.pk, after)
    return format_html(
        '<svg role="img" aria-label="本文网址的二维码" viewBox="0 0 {0} {0}">'
        '<path stroke="#000" d="{1}"/></svg>',
        size,
        path,
    )


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
