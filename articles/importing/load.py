"""Markdown files → rows, some batches a transaction, all of a file or nothing of it.

    read → render → find citations        in other processes as well; writes nothing but pictures
    find the articles → store → announce  here, in a few queries for all that is stored together

Idempotent: a file is known again by its id, else by category and title, and one that is the
same as at its last import is left alone, so that what editors changed since then stays.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from statutes import changes
from statutes.models import Change

from .. import (
    bulk,
    history,
    illustrating,
    images,
    publishing,
    relating,
    relating_all,
    reviews,
)
from ..models import (
    Article,
    ArticleCitation,
    ArticleImage,
    Author,
    Authorship,
    Category,
    Tag,
    TaggedArticle,
)
from ..publishing import Findings
from ..workers import Workers
from .parse_markdown import ArticleDraft, ParseError, decode, parse

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
BATCH = 200  # files read by one process
TOGETHER = 2  # batches stored together: lists, pages and indexes are touched once for all of them

# A change of one of these is a change of what the article says.
SAID = ("title", "summary", "body", "source_name", "source_url", "reviewed_on")
DERIVED = ("body_html", "contents", "excerpt", "length", "terms", "cited", "renamed")


class ArticleImportError(ValueError):
    """A file that was not imported: file, line and reason. Nothing of it was stored."""

    def __init__(self, path: Path, line: int, reason: str):
        super().__init__(path, line, reason)
        self.path, self.line, self.reason = path, line, reason

    def __str__(self):
        return f"{self.path}:{self.line}: {self.reason}"


@dataclass
class Catalogue:
    """What a run of imports already knows of categories, authors and tags."""

    categories: dict[tuple[str, ...], Category] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)  # by their name, case folded

    def forget(self) -> None:
        self.categories.clear()
        self.authors.clear()
        self.tags.clear()

    def category(self, names: tuple[str, ...]) -> Category:
        if names not in self.categories:
            self.categories[names] = Category.objects.at_path(names)
        return self.categories[names]

    def find_category(self, names: tuple[str, ...]) -> Category | None:
        """Return the category at a path, if there is one."""
        category = self.categories.get(names)
        if category is None and names:
            parent = self.find_category(names[:-1])
            if parent or not names[1:]:
                category = Category.objects.filter(name=names[-1], parent=parent).first()
        return category

    def author(self, name: str) -> Author:
        if name not in self.authors:
            self.authors[name] = Author.objects.get_or_create(name=name)[0]
        return self.authors[name]

    def learn_tags(self, names: Iterable[str]) -> None:
        """Look up those of the tags that are written just so, in one query."""
        unknown = {name for name in names if name.casefold() not in self.tags}
        if unknown:
            for tag in Tag.objects.filter(name__in=unknown):
                self.tags[tag.name.casefold()] = tag

    def tag(self, name: str) -> Tag:
        key = name.casefold()
        if key not in self.tags:
            alike = Tag.objects.filter(name__iexact=name).order_by("pk")
            self.tags[key] = alike.first() or Tag.objects.create(name=name)
        return self.tags[key]


def import_file(path: Path) -> str:
    """Import and relate one file; return CREATED, UPDATED or UNCHANGED.

    Raises ArticleImportError.
    """
    ((_, outcome),) = import_files([path])
    if isinstance(outcome, ArticleImportError):
        raise outcome
    relating_all.catch_up()
    return outcome


def import_files(
    paths: Sequence[Path], processes: int = 1
) -> Iterator[tuple[Path, str | ArticleImportError]]:
    """Import files, yielding what became of each once it is stored.

    Their related lists are for relating_all.catch_up to make, which knows what is owed.
    """
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    processes = min(processes, len(batches))
    catalogue = Catalogue()
    ids: dict[int, Path] = {}
    relating_all.postpone()
    is_changed = False
    with Workers(processes) as workers:
        done = workers.each(_read, batches)
        while some := list(islice(done, TOGETHER)):
            outcomes = {}
            for part in _parts([_once(file, ids) for _, read in some for file in read]):
                outcomes |= _store_or_name(part, catalogue)
            is_changed |= not {CREATED, UPDATED}.isdisjoint(outcomes.values())
            yield from ((path, outcomes[path]) for batch, _ in some for path in batch)
        if is_changed:
            _say_that_it_is_over()


@transaction.atomic
def _say_that_it_is_over() -> None:
    """Let what waits for the end of an import, to be done once for all of it, wait no longer."""
    changes.note(Change.Kind.OVER, [0])


# --- What a file says: worked out in another process ------------------------------------------


@dataclass
class Read:
    """A file that can be imported, with all that follows from its words.

    What was seen before comes without `derived` (values of DERIVED) and `findings`, which hold
    for the law of `legal_date`.
    """

    path: Path
    draft: ArticleDraft
    digest: str
    contents: dict[str, bytes]  # of its pictures, by name, until they are stored
    pictures: list[ArticleImage] = field(default_factory=list)
    cover: str = ""
    derived: dict = field(default_factory=dict)
    findings: Findings | None = None
    legal_date: date | None = None


def _read(paths: Sequence[Path]) -> list[Read | ArticleImportError]:
    """Read files and work out what is to be stored of them. Nothing is stored but pictures."""
    read = [_read_file(path) for path in paths]
    seen = _seen([file for file in read if isinstance(file, Read)])
    new = [file for file in read if isinstance(file, Read) and file.path not in seen]
    failures = _derive(new)
    for file in read:
        if isinstance(file, Read):
            file.contents = {}
    return [failures.get(file.path, file) for file in read]


def _read_file(path: Path) -> Read | ArticleImportError:
    try:
        content = path.read_bytes()
        draft = parse(decode(content))
        pictures = _read_pictures(path, draft)
    except OSError as error:
        return ArticleImportError(path, 1, error.strerror or str(error))
    except ParseError as error:
        return ArticleImportError(path, error.line, error.reason)
    digest = hashlib.sha256(content)
    for name in sorted(pictures):
        digest.update(hashlib.sha256(pictures[name]).digest())
    return Read(path, draft, digest.hexdigest(), pictures)


def _read_pictures(path: Path, draft: ArticleDraft) -> dict[str, bytes]:
    """Return the content of the pictures that stand beside the file, by name."""
    names = {draft.cover, *draft.images} - {""}
    folder = path.resolve().parent if names else path.parent
    pictures = {}
    for name in names:
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


def _seen(files: Sequence[Read]) -> set[Path]:
    """Return the files that are the same as at their last import, as far as can be told here."""
    digests = {file.digest for file in files}
    ids = [file.draft.id for file in files if file.draft.id]
    titles = [file.draft.title for file in files if not file.draft.id]
    known = Article.objects.filter(Q(pk__in=ids) | Q(title__in=titles))
    rows = set(known.filter(imported_digest__in=digests).values_list("pk", "imported_digest"))
    known = {digest for _, digest in rows}
    return {
        file.path
        for file in files
        if (file.draft.id, file.digest) in rows or (not file.draft.id and file.digest in known)
    }


def _derive(files: Sequence[Read]) -> dict[Path, ArticleImportError]:
    """Set what follows from the words of files; return why some of them cannot be imported."""
    articles, failures = {}, {}
    for file in files:
        try:
            _store_pictures(file)
            articles[file.path] = _rendered(file)
        except ParseError as error:
            failures[file.path] = ArticleImportError(file.path, error.line, error.reason)
        except publishing.RenderError as error:
            line = file.draft.body_line
            failures[file.path] = ArticleImportError(file.path, line, str(error))
    files = [file for file in files if file.path in articles]
    found = publishing.examine([articles[file.path] for file in files])
    for file, findings in zip(files, found, strict=True):
        article = articles[file.path]
        file.findings, file.legal_date = findings, _legal_date(article)
        file.derived = {name: getattr(article, name) for name in DERIVED}
    return failures


def _rendered(file: Read) -> Article:
    """Return the article as it would be if there were none of this name yet."""
    draft = file.draft
    article = Article(
        title=draft.title,
        body=draft.body,
        reviewed_on=draft.reviewed_on,
        published_at=aware(draft.published_at),
    )
    publishing.render_article(article, draft.tags, file.pictures)
    return article


def _store_pictures(file: Read) -> None:
    draft = file.draft
    file.cover = _store_picture(file, draft.cover, 1).name if draft.cover else ""
    file.pictures = []
    for name in draft.images:
        image = _store_picture(file, name, draft.body_line)
        file.pictures.append(
            ArticleImage(name=name, file=image.name, width=image.width, height=image.height)
        )


def _store_picture(file: Read, name: str, line: int) -> images.StoredImage:
    try:
        return images.store(file.contents[name])
    except images.ImageError as error:
        raise ParseError(line, f"picture {name!r}: {error}") from None


# --- Rows: here, some batches in one transaction ----------------------------------------------


def _once(file: Read | ArticleImportError, ids: dict[int, Path]) -> Read | ArticleImportError:
    """Return a file, or why not, if another of this run has its id: each would undo the other."""
    if isinstance(file, ArticleImportError) or not file.draft.id:
        return file
    first = ids.setdefault(file.draft.id, file.path)
    if first == file.path:
        return file
    return ArticleImportError(file.path, 1, f"{first} has the id {file.draft.id} too")


def _parts(read: Sequence[Read | ArticleImportError]) -> Iterator[list[Read | ArticleImportError]]:
    """Cut a batch where a file means the same article as one before it."""
    part, taken = [], set()
    for file in read:
        if isinstance(file, Read):
            names = {(file.draft.category, file.draft.title)}
            own = {file.draft.id} if file.draft.id else names
            if own & taken:
                yield part
                part, taken = [], set()
            taken |= own | names
        part.append(file)
    yield part


def _store_or_name(
    read: Sequence[Read | ArticleImportError], known: Catalogue
) -> dict[Path, str | ArticleImportError]:
    """Store files as one, or one by one where a row is refused: the rest go in."""
    try:
        return _store(read, known)
    except (DataError, IntegrityError) as error:
        known.forget()  # what it made there is gone again
        if len(read) == 1:
            path = read[0].path
            return {path: ArticleImportError(path, 1, f"the database refuses it: {error}")}
    outcomes = {}
    for file in read:
        outcomes |= _store_or_name([file], known)
    return outcomes


@transaction.atomic
def _store(
    read: Sequence[Read | ArticleImportError], known: Catalogue
) -> dict[Path, str | ArticleImportError]:
    """Store files that mean different articles; return what became of each."""
    outcomes = {file.path: file for file in read if isinstance(file, ArticleImportError)}
    files = [file for file in read if isinstance(file, Read)]
    found = _find([file.draft for file in files], known)
    changed: list[tuple[Read, Article]] = []
    for file, articles in zip(files, found, strict=True):
        article = articles[0] if articles else Article(id=file.draft.id)
        if len(articles) > 1:
            reason = "two articles have this title in this category: give the file an id"
            outcomes[file.path] = ArticleImportError(file.path, 1, reason)
        elif articles and article.imported_digest == file.digest:
            outcomes[file.path] = UNCHANGED
        else:
            outcomes[file.path] = UPDATED if articles else CREATED
            changed.append((file, article))
    outcomes |= _derive_again([file for file, _ in changed if file.findings is None])
    changed = [pair for pair in changed if isinstance(outcomes[pair[0].path], str)]
    _store_articles(changed, known)
    return outcomes


def _find(drafts: Sequence[ArticleDraft], known: Catalogue) -> list[list[Article]]:
    """Return the articles that files mean, more than one where that is not clear."""
    by_id = Article.objects.in_bulk([draft.id for draft in drafts if draft.id])
    by_name = defaultdict(list)
    titles = [draft.title for draft in drafts if not draft.id]
    # What a file names by its id may get another title from it.
    others = Article.objects.filter(title__in=titles).exclude(pk__in=by_id)
    for article in others.order_by("pk"):
        by_name[article.category_id, article.title].append(article)
    found = []
    for draft in drafts:
        if draft.id:
            found.append([by_id[draft.id]] if draft.id in by_id else [])
        else:
            category = known.find_category(draft.category) if by_name else None
            found.append(by_name[category.pk, draft.title] if category else [])
    return found


def _derive_again(files: Sequence[Read]) -> dict[Path, ArticleImportError]:
    """Set what follows from the words of files that were seen before, but are wanted now."""
    failures = {}
    for file in files:
        again = _read_file(file.path)
        if isinstance(again, Read):
            file.draft, file.digest, file.contents = again.draft, again.digest, again.contents
        else:
            failures[file.path] = again
    return failures | _derive([file for file in files if file.path not in failures])


def _store_articles(changed: Sequence[tuple[Read, Article]], known: Catalogue) -> None:
    old = [article for _, article in changed if not article._state.adding]
    for article in old:
        history.begin(article.pk)
    for file, article in changed:
        _set(file, article, known)
    _examine_again(changed, old)
    new = [article for _, article in changed if article._state.adding]
    given = [article for article in new if article.pk]
    Article.objects.bulk_create(given)
    if given:
        bulk.count_on_from(Article)
    Article.objects.bulk_create([article for article in new if not article.pk])
    for article in old:
        article.save()
    _store_beside(changed, old, known)
    publishing.keep({article: file.findings for file, article in changed}, why="导入")
    for article in old:
        if article.state != Article.State.PUBLISHED:
            relating.take_out(article)
    publishing.announce([article for _, article in changed])


def _set(file: Read, article: Article, known: Catalogue) -> None:
    """Let an article say what its file says, and have what follows from it."""
    draft, now = file.draft, timezone.now()
    published_at = aware(draft.published_at)
    if article.state in (Article.State.WITHDRAWN, Article.State.TRASHED):
        pass  # what the firm took back comes back by an editor's hand only
    elif draft.status == "published":
        article.published_at = published_at or article.published_at or now
        is_due = article.published_at <= now
        article.state = Article.State.PUBLISHED if is_due else Article.State.SCHEDULED
    else:
        article.state = Article.State.DRAFT
        article.published_at = published_at
    if article._state.adding:
        article.updated_at = article.published_at
    elif any(getattr(article, name) != getattr(draft, name) for name in SAID):
        article.updated_at = now
    for name in (*SAID, "origin", "ai_assisted"):
        setattr(article, name, getattr(draft, name))
    article.category = known.category(draft.category)
    article.reviewer = known.author(draft.reviewer) if draft.reviewer else None
    article.imported_digest = file.digest
    article.cover = file.cover
    for name, value in file.derived.items():
        setattr(article, name, value)
    article.review_due_on = reviews.due_on(article, article.category.review_months)


def _examine_again(changed: Sequence[tuple[Read, Article]], old: Sequence[Article]) -> None:
    """Assess anew where the law of another day counts, or what persons found right."""
    marked = ArticleCitation.objects.filter(article__in=old).marked() if old else ()
    marked = {citation.article_id for citation in marked}
    others = [
        (file, article)
        for file, article in changed
        if article.pk in marked or _legal_date(article) != file.legal_date
    ]
    found = publishing.examine([article for _, article in others])
    for (file, _), findings in zip(others, found, strict=True):
        file.findings = findings


def _legal_date(article: Article) -> date:
    return article.legal_date or timezone.localdate()


def _store_beside(
    changed: Sequence[tuple[Read, Article]], old: Sequence[Article], known: Catalogue
) -> None:
    """Store the tags, authors and pictures of articles in the place of those of the old ones."""
    tagged, signed, shown = [], [], []
    known.learn_tags(name for file, _ in changed for name in file.draft.tags)
    for file, article in changed:
        draft = file.draft
        tags = dict.fromkeys(known.tag(name).pk for name in draft.tags)
        tagged += [{"tag_id": tag, "content_object_id": article.pk} for tag in tags]
        signed += [
            {"article_id": article.pk, "author_id": known.author(name).pk, "position": position}
            for position, name in enumerate(draft.authors)
        ]
        for picture in file.pictures:
            picture.article = article
            shown.append(picture)
    if old:
        TaggedArticle.objects.filter(content_object__in=old).delete()
        Authorship.objects.filter(article__in=old).delete()
        ArticleImage.objects.filter(article__in=old).delete()
    bulk.create(TaggedArticle, tagged)
    bulk.create(Authorship, signed)
    ArticleImage.objects.bulk_create(shown)
    for _, article in changed:
        illustrating.adopt(article)


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
