"""The one door from draft to public: render, cite, relate, store.

Whoever changes an article (admin, import, command) calls `refresh` after its row and tags
are saved, inside the same transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from statutes import changes
from statutes.models import Change

from . import citing, duplicates, history, illustrating, lists, relatedness, reviews, sitemaps
from .models import Article, ArticleImage
from .relating import relate, take_out
from .rendering import Rendered, RenderError, render

__all__ = [
    "RenderError",
    "announce",
    "publish",
    "refresh",
    "relate",
    "render_article",
    "renew",
    "withdraw",
]


@transaction.atomic
def publish(article: Article) -> Rendered:
    """Make an article public: at once, or later if it names a moment to come.

    The date of first publication stays, however often an article is withdrawn and published.
    """
    now = timezone.now()
    article.published_at = article.published_at or now
    is_due = article.published_at <= now
    article.enter(Article.State.PUBLISHED if is_due else Article.State.SCHEDULED)
    article.updated_at = max(article.updated_at or article.published_at, article.published_at)
    return refresh(article)


@transaction.atomic
def withdraw(article: Article) -> None:
    """Take an article from the public: its address answers 410 from now on."""
    article.enter(Article.State.WITHDRAWN)
    article.save(update_fields=["state", "state_since"])
    take_out(article)
    announce([article])


@transaction.atomic
def refresh(article: Article, *, by=None, why: str = "", renewed=()) -> Rendered:
    """Derive anew and store what follows from an article's words. Raises RenderError.

    Who changed them, and why, is kept with the new version; `renewed` as in citing.assess.
    """
    rendered = renew(article, by=by, why=why, renewed=renewed)
    relate(article)
    announce([article])
    return rendered


def renew(article: Article, *, by=None, why: str = "", renewed=()) -> Rendered:
    """Do the part of `refresh` that concerns the article alone: for bulk work, which relates
    later and calls `announce` once for many, in the same transaction. Raises RenderError."""
    illustrating.adopt(article)
    rendered = render_article(article)
    findings = examine([article], renewed=renewed)
    article.review_due_on = reviews.due_on(article, article.category.review_months)
    article.save()
    keep({article: findings[0]}, by, why)
    return rendered


# --- Many at once: what `renew` does, in its two halves ---------------------------------------


@dataclass(frozen=True)
class Findings:
    """What was found in an article's words and is stored beside its row; plain values all."""

    citations: list[dict]  # as citing.values makes them
    windows: frozenset[int]


def examine(articles: Sequence[Article], *, renewed=()) -> list[Findings]:
    """Find what there is in rendered articles, and link their citations. Nothing is saved.

    They may be without a row yet, and this may be another process than the one that stores.
    """
    found = citing.assess_all(articles, renewed=renewed)
    return [
        Findings(citing.values(article.body, assessments), duplicates.digests(article.body))
        for article, assessments in zip(articles, found, strict=True)
    ]


def keep(found: Mapping[Article, Findings], by=None, why: str = "") -> None:
    """Store what `examine` found of articles whose rows, tags and authors are stored."""
    citing.store_all({article.pk: findings.citations for article, findings in found.items()})
    history.record_all(found, by, why)
    duplicates.refresh_all({article: findings.windows for article, findings in found.items()})


def announce(articles: Collection[Article]) -> None:
    """Let lists, sitemaps and who follows the log of changes know of articles. Call it last."""
    # What never had a day was never public.
    ids = [article.pk for article in articles if article.published_at]
    if ids:
        lists.place(ids)
        sitemaps.renew(ids)
        changes.note(Change.Kind.ARTICLE, ids)


def render_article(
    article: Article,
    tags: Iterable[str] | None = None,
    pictures: Iterable[ArticleImage] | None = None,
) -> Rendered:
    """Set the columns derived from the body; nothing is saved. Raises RenderError.

    `tags` and `pictures` are those it is to have, if they are not stored yet.
    """
    shown = illustrating.pictures_of(article, pictures)
    rendered = render(article.body, title=article.title, images=shown)
    if tags is None:
        tags = list(article.tags.values_list("name", flat=True)) if article.pk else []
    article.body_html = rendered.html
    article.contents = [
        {"level": heading.level, "id": heading.id, "text": heading.text}
        for heading in rendered.contents
    ]
    article.excerpt = rendered.excerpt
    article.length = len("".join(rendered.text.split()))
    article.terms = relatedness.weigh(article.title, tags, rendered.text)
    return rendered
