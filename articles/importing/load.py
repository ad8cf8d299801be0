"""ArticleDraft → rows: one transaction an article, idempotent by id."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .. import bulk, history, images, publishing
from ..models import Article, ArticleImage, Author, Authorship, Category
from .parse_markdown import ArticleDraft, ParseError, decode, parse

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


# A change of one of these is a change of what the article says.
SAID = ("title", "summary", "body", "source_name", "source_url", "reviewed_on")


class ArticleImportError(ValueError):
    """A file that was not imported: file, line and reason. Nothing of it was stored."""

    def __init__(self, path: Path, line: int, reason: str):
        super().__init__(f"{path}:{line}: {reason}")


@dataclass
class Catalogue:
    """What a run of imports already knows of categories and authors."""

    categories: dict[tuple[str, ...], Category] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)

    def category(self, names: tuple[str, ...]) -> Category:
        if names not in self.categories:
            self.categories[names] = Category.objects.at_path(names)
        return self.categories[names]

    def author(self, name: str) -> Author:
        if name not in self.authors:
            self.authors[name] = Author.objects.get_or_create(name=name)[0]
        return self.authors[name]


def import_file(path: Path, catalogue: Catalogue | None = None) -> str:
    """Import one file; return CREATED, UPDATED or UNCHANGED. Raises ArticleImportError.

    A file that is the same as at its last import is left alone, so that what editors
    changed since then stays. A file without an id is known again by category and title.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArticleImportError(path, 1, error.strerror or str(error)) from None
    try:
        draft = parse(decode(content))
        pictures = _read_pictures(path, draft)
        digest = _digest(content, pictures)
        # A failed import may roll back what the run's catalogue remembers: give it a copy.
        with transaction.atomic():
            known = (
                Catalogue(dict(catalogue.categories), dict(catalogue.authors))
                if (catalogue)
                else Catalogue()
            )
            outcome = _load(draft, pictures, digest, known)
    except ParseError as error:
        raise ArticleImportError(path, error.line, error.reason) from None
    if catalogue:
        catalogue.categories, catalogue.authors = known.categories, known.authors
    return outcome


def _digest(content: bytes, pictures: dict[str, bytes]) -> str:
    digest = hashlib.sha256(content)
    for name in sorted(pictures):
        digest.update(hashlib.sha256(pictures[name]).digest())
    return digest.hexdigest()


def _read_pictures(path: Path, draft: ArticleDraft) -> dict[str, bytes]:
    """Return the content of the pictures that stand beside the file, by name."""
    folder = path.resolve().parent
    pictures = {}
    for name in {draft.cover, *draft.images} - {""}:
        file = (folder / name).resolve()
        line = draft.body_line if name in draft.images else 1
        if not file.is_relative_to(folder):
            raise ParseError(line, f"picture {name!r} must stand beside the file")
        try:
            if file.stat().st_size > images.MAX_BYTES:
                raise ParseError(
                    line, f"picture {name!r} is larger than {images.MAX_BYTES:,} bytes"
                )
            pictures[name] = file.read_bytes()
        except OSError as error:
            raise ParseError(line, f"picture {name!r}: {error.strerror}") from None
    return pictures


def _load(draft: ArticleDraft, pictures: dict[str, bytes], digest: str, known: Catalogue) -> str:
    article = _find(draft, known)
    if article and article.imported_digest == digest:
        return UNCHANGED
    outcome = UPDATED if article else CREATED
    if article:
        history.begin(article.pk)
    article = article or Article(id=draft.id)
    published_at = aware(draft.published_at)
    if article.state in (Article.State.WITHDRAWN, Article.State.TRASHED):
        pass  # what the firm took back comes back by an editor's hand only
    elif draft.status == "published":
        article.published_at = published_at or article.published_at or timezone.now()
        is_due = article.published_at <= timezone.now()
        article.state = Article.State.PUBLISHED if is_due else Article.State.SCHEDULED
    else:
        article.state = Article.State.DRAFT
        article.published_at = published_at
    if outcome == CREATED:
        article.updated_at = article.published_at
    elif any(getattr(article, field) != getattr(draft, field) for field in SAID):
        article.updated_at = timezone.now()
    article.title = draft.title
    article.category = known.category(draft.category)
    article.summary = draft.summary
    article.body = draft.body
    article.origin = draft.origin
    article.source_name = draft.source_name
    article.source_url = draft.source_url
    article.reviewed_on = draft.reviewed_on
    article.reviewer = known.author(draft.reviewer) if draft.reviewer else None
    article.ai_assisted = draft.ai_assisted
    article.imported_digest = digest
    article.cover = _store(draft.cover, pictures, 1) if draft.cover else ""
    article.save()
    if outcome == CREATED and draft.id:
        bulk.count_on_from(Article)
    article.tags.set(draft.tags)
    sign(article, [known.author(name) for name in draft.authors])
    _set_images(article, draft, pictures)
    try:
        publishing.refresh(article, why="导入")
    except publishing.RenderError as error:
        raise ParseError(draft.body_line, str(error)) from None
    return outcome


def _find(draft: ArticleDraft, known: Catalogue) -> Article | None:
    if draft.id is not None:
        return Article.objects.filter(pk=draft.id).first()
    named = Article.objects.filter(title=draft.title, category=known.category(draft.category))
    found = list(named[:2])
    if len(found) > 1:
        raise ParseError(1, "two articles have this title in this category: give the file an id")
    return found[0] if found else None


def aware(moment: datetime | None) -> datetime | None:
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)


def sign(article: Article, authors: list[Author]) -> None:
    article.bylines.all().delete()
    Authorship.objects.bulk_create(
        Authorship(article=article, author=author, position=position)
        for position, author in enumerate(authors)
    )


def _set_images(article: Article, draft: ArticleDraft, pictures: dict[str, bytes]) -> None:
    article.images.all().delete()
    for name in draft.images:
        ArticleImage.objects.create(
            article=article, name=name, file=_store(name, pictures, draft.body_line)
        )


def _store(name: str, pictures: dict[str, bytes], line: int) -> str:
    try:
        return images.store(pictures[name]).name
    except images.ImageError as error:
        raise ParseError(line, f"picture {name!r}: {error}") from None
