"""The page of an article: the texts that articles/article_detail.html prints.

Whatever a reader sees is read and put together here for each request, so it is never out of
date; the templates are rendered once and filled (statutes/fragments.py).
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from statutes import machines
from statutes.fragments import filled, fragment
from statutes.trail import Crumb, trail

from . import jsonld, qr
from .cards import mark_terms
from .models import Article, RelatedCard, Tag, address_parts
from .templatetags.articles import (
    author_card,
    body,
    byline,
    cited_provisions,
    contents,
    thumbnail,
    validity_notice,
)


def texts(article: Article, site) -> dict[str, str]:
    """Return what the page of a public article prints, of the firm in `site`."""
    url = article.get_absolute_url()
    canonical = settings.SITE_URL + url
    crumbs = trail(*article.category.path(), Crumb("正文内容", url))
    image = settings.SITE_URL + article.cover.url if article.cover else ""
    older, newer = article.neighbours()
    return {
        "title": article.title,
        "description": article.description,
        "canonical": canonical,
        "image": image,
        "published": machines.local(article.published_at).isoformat(),
        "modified": machines.local(article.modified_at).isoformat(),
        "authors": _properties("article:author", (one.signature for one in article.signers)),
        "section": article.category.name,
        "keywords": _properties("article:tag", (tag.name for tag in article.tag_list)),
        "credit": article.credit,
        "markdown_url": article.markdown_url,
        "machines": _machines(article, canonical, image, crumbs),
        "breadcrumb": _breadcrumb(crumbs),
        "byline": byline(article),
        "notice": validity_notice(article),
        "contents": contents(article),
        "body": body(article),
        "cited": cited_provisions(article),
        "tags": _tags(article.tag_list),
        "source": article.source_name if article.is_reprint else "",
        "source_url": article.source_url,
        "ai_assisted": "yes" if article.ai_assisted else "",
        "reviewer": article.reviewer.name if article.reviewer else "",
        "qr_code": _qr_code(article),
        "feedback_url": article.feedback_url,
        "list_url": article.category.get_absolute_url(),
        "older": older.title if older else "",
        "older_url": older.url if older else "",
        "newer": newer.title if newer else "",
        "newer_url": newer.url if newer else "",
        "related": _joined(map(_card, article.related_list())),
        "author_cards": _joined(author_card(one, site) for one in article.signers),
    }


def _machines(article: Article, canonical: str, image: str, crumbs: list[Crumb]) -> SafeString:
    """Return what the page tells machines about the article."""
    factor = machines.time_factor(
        canonical,
        article.title,
        article.description,
        article.published_at,
        article.modified_at,
        [image] if image else (),
    )
    told = (
        factor,
        jsonld.article(article),
        jsonld.web_page(article),
        machines.breadcrumb(crumbs),
    )
    return _joined(map(machines.script, told))


def _breadcrumb(crumbs: list[Crumb]) -> SafeString:
    """Return 当前位置, which does not print where its last step stands: the page itself."""
    here = crumbs[-1]._replace(url="")
    return fragment("components/breadcrumb.html", crumbs=(*crumbs[:-1], here))


def _tags(tags: Iterable[Tag]) -> SafeString:
    links = (
        filled("components/tag_link.html", url=tag.get_absolute_url(), name=tag.name)
        for tag in tags
    )
    return mark_safe("".join(links))  # no space between: they stand in a line


def _qr_code(article: Article) -> SafeString:
    """Return the QR code of an article's address as inline SVG, described in words."""
    before, after = address_parts()
    size, path = qr.svg_path(settings.SITE_URL + before, article.pk, after)
    return mark_safe(
        f'<svg role="img" aria-label="本文网址的二维码" viewBox="0 0 {size} {size}">'
        f'<path stroke="#000" d="{path}"/></svg>'
    )


def _card(card: RelatedCard) -> SafeString:
    return filled(
        "components/related_card.html",
        url=card.url,
        title=mark_terms(card.title, card.shared_terms, card.title_words or ""),
        excerpt=mark_terms(card.excerpt, card.shared_terms, card.excerpt_words or ""),
        shared_law=card.shared_law,
        thumbnail=thumbnail(card),
    )


def _properties(name: str, contents: Iterable[str]) -> SafeString:
    return _joined(
        filled("components/meta_property.html", property=name, content=content)
        for content in contents
    )


def _joined(pieces: Iterable[str]) -> SafeString:
    return mark_safe("\n".join(pieces))
