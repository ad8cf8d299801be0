"""OldArticle → rows: a few articles a transaction, so that a kill leaves all of each or nothing.

An article is known again by its source and its key there. What has not changed there since is
left alone, so that editors' changes stay; running again goes on where it was stopped.
"""

import base64
import binascii
import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from django.db import transaction
from django.utils import timezone

from statutes.analysing import analyse

from .. import bulk, history, images, publishing, redirects
from ..models import (
    CATEGORY_LEVELS,
    Article,
    ArticleImage,
    Author,
    Category,
    MovedArticle,
    Redirect,
    Tag,
)
from ..rendering import MAX_LENGTH as MAX_BODY
from ..tags import MAX_LENGTH as MAX_TAG
from ..tags import fold
from .cleaning import Cleaned, CleaningError, closing_lines, to_markdown
from .inline import address as _address
from .load import CREATED, UNCHANGED, UPDATED, Catalogue, aware, sign
from .old import DRAFT, IN_REVIEW, PUBLISHED, OldArticle, OldName, OldSite, host_of, own_path
from .uploads import PICTURES, UploadError, Uploads, extension, read_picture, store_file

FAILED, DELETED = "failed", "deleted here since"
BATCH = 200  # articles whose records are asked for at once
TOGETHER = 25  # articles in one transaction
MAX_STORED = 10_000  # pictures remembered
MAX_ID = 2**53 - 1
STATES = {
    PUBLISHED: Article.State.PUBLISHED,
    DRAFT: Article.State.DRAFT,
    IN_REVIEW: Article.State.IN_REVIEW,
}
SAMPLE = 1_000  # articles looked at for lines that stand under many
MIN_REPEATS = 10
MIN_SHARE = 0.2

Tell = Callable[[str, str, str], None]  # kind of message, which article or file, what


@dataclass
class Mover:
    """One run of moving in: what it knows of the old site, of ours, and what it has to tell."""

    site: OldSite
    uploads: Uploads = field(default_factory=Uploads)
    closings: frozenset[str] = frozenset()
    is_rehearsal: bool = False
    relates: bool = True  # at once; else rebuild_related does it for all
    tell: Tell = lambda kind, where, what: None
    counts: Counter = field(default_factory=Counter)
    catalogue: Catalogue = field(default_factory=Catalogue)
    stored: dict[bytes, images.StoredImage] = field(default_factory=dict)  # by their digest
    missed: set[str] = field(default_factory=set)  # files told missing

    # --- before, each and after

    def prepare(self) -> None:
        """Make the old site's categories, also those without articles, and lead to them."""
        paths = Counter(old.path for old in self.site.categories)
        for path in [path for path, number in paths.items() if number > 1]:
            self.tell("note", "/".join(path), "同名栏目合并")
        if self.is_rehearsal:
            return
        pairs = []
        with transaction.atomic():
            for old in self.site.categories:
                category = self._category(self.catalogue, old.path, "")
                changed = []
                if old.intro and not category.intro:
                    category.intro, changed = old.intro, [*changed, "intro"]
                if old.position and not category.position:
                    category.position, changed = old.position, [*changed, "position"]
                if changed:
                    category.save(update_fields=changed)
                pairs += _pairs(old.addresses, category.get_absolute_url())
            pairs += [(redirects.spell(*_parts(o)), n) for o, n in self.site.addresses.items()]
            self.counts["redirects"] += redirects.record(pairs)

    def move_all(self, articles: Iterable[OldArticle]) -> Iterator[str]:
        """Move articles in; yield what became of each."""
        articles = iter(articles)
        while batch := list(islice(articles, BATCH)):
            keys = [article.key for article in batch]
            known = MovedArticle.objects.filter(source=self.site.source, key__in=keys)
            records = {record.key: record for record in known}
            for start in range(0, len(batch), TOGETHER):
                some = batch[start : start + TOGETHER]
                for outcome in self._move_together([(a, records.get(a.key)) for a in some]):
                    self.counts[outcome] += 1
                    yield outcome

    @transaction.atomic
    def _move_together(self, some: list[tuple[OldArticle, MovedArticle | None]]) -> list[str]:
        changed: list[Article] = []
        outcomes = [self._move(old, record, changed) for old, record in some]
        if changed and not self.is_rehearsal:
            publishing.announce(changed)
        return outcomes

    def finish(self) -> None:
        """Bring in what no article brought: files, tags without articles, what the pages of tags
        and authors said. Lead from those pages to ours; let the database plan anew."""
        if self.uploads.folders:
            for some in _portions(self.site.files):
                self._bring_files(some)
        else:
            self.site.leave_out("上传的文件（未指明--uploads）", len(self.site.files))
        tags = self._tags_as_ours()
        if self.is_rehearsal:
            return
        self._bring_tags(tags)
        self._bring_authors()
        analyse()

    def _bring_files(self, addresses: Iterable[str]) -> None:
        """Store uploaded files that no text shows: somebody may have linked to them."""
        reader = _Reader(self, OldArticle(key="", title="", html=""), "")
        paths = {redirects.spell(path): path for url in addresses if (path := reader.own(url))}
        led = set(Redirect.objects.filter(path__in=paths).values_list("path", flat=True))
        for path in [path for spelled, path in paths.items() if spelled not in led]:
            reader.link(path)
        if reader.moved_files:
            self.counts["files that no text shows"] += len(reader.moved_files)
        with transaction.atomic():
            self.counts["redirects"] += redirects.record(reader.moved_files.items())

    def _tags_as_ours(self) -> dict[str, OldName]:
        """Return the old site's tags by the names that they have here."""
        known = {name.casefold(): name for name in Tag.objects.values_list("name", flat=True)}
        kept: dict[str, OldName] = {}
        for name, old in self.site.tags.items():
            spelled = _spelled(name)
            ours = known.setdefault(spelled.casefold(), spelled)
            if ours != name:
                self.tell("note", name, f"标签写作{ours}")
            if ours:
                replace(old, name=ours).join(kept)
        return kept

    def _bring_tags(self, kept: Mapping[str, OldName]) -> None:
        for some in _portions(kept):
            with transaction.atomic():
                rows = {row.name: row for row in Tag.objects.filter(name__in=some)}
                for name in [name for name in some if name not in rows]:
                    rows[name] = Tag.objects.create(name=name)
                    self.counts["tags without articles"] += 1
                self._tell_of(rows.values(), kept, "intro")

    def _bring_authors(self) -> None:
        kept: dict[str, OldName] = {}
        for name, old in self.site.authors.items():
            replace(old, name=name[:40]).join(kept)
        found = 0
        for some in _portions(kept):
            with transaction.atomic():
                rows = list(Author.objects.filter(name__in=some))
                self._tell_of(rows, kept, "bio")
            found += len(rows)
        self.site.leave_out("没有文章的用户", len(kept) - found)

    def _tell_of(self, rows: Iterable, kept: Mapping[str, OldName], about: str) -> None:
        """Let rows say what their old pages said, and be found by the old addresses."""
        pairs = []
        for row in rows:
            old = kept[row.name]
            if old.intro and not getattr(row, about):
                setattr(row, about, old.intro)
                row.save(update_fields=[about])
            pairs += _pairs(old.addresses, row.get_absolute_url())
        self.counts["redirects"] += redirects.record(pairs)

    def _move(self, old: OldArticle, record: MovedArticle | None, changed: list[Article]) -> str:
        """Move one article in. What goes wrong is told, and nothing of it is stored."""
        where = f"{old.key} {old.title}"
        digest = _digest(old)
        if record and record.article_id is None:
            return DELETED
        if record and record.digest == digest:
            return self._complete(record, old, where, changed) if record.missing else UNCHANGED
        reader = _Reader(self, old, where)
        known = Catalogue(dict(self.catalogue.categories), dict(self.catalogue.authors))
        try:
            cleaned = reader.read()
            with transaction.atomic():
                article, outcome = self._store(old, cleaned, reader, record, digest, known, where)
                if self.is_rehearsal:
                    transaction.set_rollback(True)
        except (CleaningError, publishing.RenderError) as error:
            self.tell("failed", where, str(error))
            return FAILED
        if not self.is_rehearsal:
            self.catalogue.categories, self.catalogue.authors = known.categories, known.authors
        changed.append(article)
        notes = old.notes
        if _UNREADABLE in old.title or _UNREADABLE in old.html:
            notes = (*notes, "有无法识别的文字（编码已损坏），请对照原文")
        for note in notes:
            self.tell("note", where, note)
        for words in cleaned.removed:
            self.tell("left out", where, words)
        for film in cleaned.films:
            self.tell("film", where, film)
        return outcome

    def picture(self, content: bytes) -> images.StoredImage:
        """Store a picture; what many articles show is made ready once. Raises ImageError."""
        digest = hashlib.sha256(content).digest()
        if digest not in self.stored:
            if len(self.stored) >= MAX_STORED:
                self.stored.clear()
            self.stored[digest] = images.store(content)
        return self.stored[digest]

    # --- rows

    def _store(
        self, old: OldArticle, cleaned: Cleaned, reader, record, digest: str, known, where: str
    ) -> tuple[Article, str]:
        article = Article.objects.filter(pk=record.article_id).first() if record else None
        outcome = UPDATED if article else CREATED
        if article:
            history.begin(article.pk)
        else:
            article = Article(id=self._free_id(old, where))
        title, body = old.title, cleaned.markdown
        if len(title) > 120:
            self.tell("note", where, "标题超过120字，全文写在正文之首")
            body, title = f"{title}\n\n{body}", f"{title[:119]}…"
        if not body.strip():
            self.tell("note", where, "正文为空")
        if len(body) > MAX_BODY:
            raise publishing.RenderError(f"正文超过{MAX_BODY}个字符，请拆分后再导入")
        summary = old.summary if len(old.summary) <= 300 else f"{old.summary[:299]}…"
        if summary != old.summary:
            self.tell("note", where, f"摘要超过300字，截短；全文：{old.summary}")
        if article.state not in (Article.State.WITHDRAWN, Article.State.TRASHED):
            # What the firm took back comes back by an editor's hand only.
            state = STATES[old.state]
            article.published_at = aware(old.published_at)
            if old.state == PUBLISHED:
                article.published_at = article.published_at or timezone.now()
                is_due = article.published_at <= timezone.now()
                state = state if is_due else Article.State.SCHEDULED
            if state != article.state or outcome == CREATED:
                article.enter(state)
        article.updated_at = max(
            filter(None, (aware(old.updated_at), article.published_at)), default=None
        )
        article.title, article.body, article.summary = title, body, summary
        article.category = self._category(known, old.category, where)
        article.imported_digest = digest
        article.cover = reader.cover()
        article.save()
        if outcome == CREATED and old.id:
            bulk.count_on_from(Article)
        article.tags.set(self._tags(old.tags, where))
        sign(article, [self._author(known, name, where) for name in old.authors])
        article.images.all().delete()
        reader.store_images(article)
        publishing.renew(article, why="迁入")
        if self.relates:
            publishing.relate(article)
        record = record or MovedArticle(source=self.site.source, key=old.key)
        record.article, record.digest = article, digest
        record.missing = sorted(reader.missing)
        record.save()
        url = article.get_absolute_url()
        pairs = [*_pairs(old.addresses, url), *reader.moved_files.items()]
        self.counts["redirects"] += redirects.record(pairs)
        self.counts[f"articles {article.state}"] += 1
        first = old.addresses[0] if old.addresses else url
        if first != url:
            self.tell("address", first, url)
        return article, outcome

    def _free_id(self, old: OldArticle, where: str) -> int | None:
        if not old.id or not 0 < old.id <= MAX_ID:
            return None
        if Article.objects.filter(pk=old.id).exists():
            self.tell("note", where, f"编号{old.id}已被别的文章占用，改用新编号")
            return None
        return old.id

    def _category(self, known: Catalogue, path: tuple[str, ...], where: str) -> Category:
        names = tuple(name[:40] for name in path)
        if len(names) > CATEGORY_LEVELS:
            names = (*names[: CATEGORY_LEVELS - 1], names[-1])
        if names != path and where:
            self.tell("note", where, f"栏目{'/'.join(path)}过长或过深，改为{'/'.join(names)}")
        if names not in known.categories:
            parent = self._category(known, names[:-1], "") if names[1:] else None
            known.categories[names], _ = Category.objects.get_or_create(
                name=names[-1], parent=parent, defaults={"slug": self._slug(names)}
            )
        return known.categories[names]

    def _slug(self, path: tuple[str, ...]) -> str:
        """Return the slug that a category had, if none of ours has it."""
        slug = next((old.slug for old in self.site.categories if old.path == path), "")
        return "" if Category.objects.filter(slug=slug).exists() else slug

    def _tags(self, tags: tuple[str, ...], where: str) -> list[str]:
        names = {}
        for tag in tags:
            name = _spelled(tag)
            if len(fold(tag)) > MAX_TAG:
                self.tell("note", where, f"标签超过{MAX_TAG}字，截短：{fold(tag)}")
            if name:
                names.setdefault(name.casefold(), name)
        return list(names.values())

    def _author(self, known: Catalogue, name: str, where: str) -> Author:
        if len(name) > 40:
            self.tell("note", where, f"作者名超过40字，截短：{name}")
        return known.author(name[:40])

    def _complete(self, record: MovedArticle, old: OldArticle, where: str, changed) -> str:
        """Bring in pictures that were missing at the last run; words stay as they are now."""
        reader = _Reader(self, old, where)
        found = [name for name in record.missing if reader.load(name)]
        if not found or self.is_rehearsal:
            return UPDATED if found else UNCHANGED
        with transaction.atomic():
            article = Article.objects.select_for_update().get(pk=record.article_id)
            article.images.filter(name__in=found).delete()
            history.begin(article.pk)
            article.cover = article.cover or reader.cover()
            reader.store_images(article)
            publishing.renew(article, why="补入图片")
            changed.append(article)
            record.missing = sorted(set(record.missing) - set(reader.loaded))
            record.save(update_fields=["missing"])
            redirects.record(reader.moved_files.items())
        return UPDATED


def _digest(old: OldArticle) -> str:
    said = [old.title, old.html, *old.category, *old.tags, *old.authors, old.state]
    said += [old.published_at, old.updated_at, old.summary, old.cover]
    digest = hashlib.sha256("\x1f".join(map(str, said)).encode("utf-8", "replace"))
    for name in sorted(old.pictures):
        digest.update(hashlib.sha256(old.pictures[name]).digest())
    return digest.hexdigest()


def _parts(address: str) -> tuple[str, str]:
    path, _, query = address.partition("?")
    return path, query


def _pairs(addresses: Iterable[str], url: str) -> list[tuple[str, str]]:
    return [(redirects.spell(*_parts(address)), url) for address in addresses]


def _portions(items: Iterable[str]) -> Iterator[list[str]]:
    every = iter(items)
    while some := list(islice(every, BATCH)):
        yield some


def _spelled(tag: str) -> str:
    return fold(tag)[:MAX_TAG].rstrip()


# --- One article's words, pictures and files -------------------------------------------

_UNREADABLE = "\ufffd"  # what bytes of no known encoding became
_UPLOADED = re.compile(r"/zb_users/upload/|/wp-content/uploads/")
_COPIED = re.compile(r"(?:https?:)?//i\d\.wp\.com/(?=[\w-]+(?:\.[\w-]+)+/)")  # by WordPress's CDN
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)


@dataclass
class _Reader:
    """Cleans one article's HTML and finds the files that it shows or offers."""

    mover: Mover
    old: OldArticle
    where: str
    loaded: dict[str, bytes] = field(default_factory=dict)  # pictures by their name
    missing: set[str] = field(default_factory=set)
    moved_files: dict[str, str] = field(default_factory=dict)  # old address → new

    def read(self) -> Cleaned:
        return to_markdown(
            _DATA.sub(self._inline, self.old.html),
            title=self.old.title,
            rewrite=self.link,
            picture=self.picture,
            closings=self.mover.closings,
        )

    def _inline(self, found: re.Match) -> str:
        """Take a picture written into the text out of it; leave a name."""
        try:
            content = base64.b64decode("".join(found[1].split()), validate=True)
        except (binascii.Error, ValueError):
            return ""
        name = f"inline/{hashlib.sha256(content).hexdigest()[:16]}.img"
        self.loaded[name] = content
        return name

    def picture(self, url: str) -> str:
        """Return the name by which the Markdown calls a picture of the old site."""
        if url in self.loaded or url in self.old.pictures:
            self.loaded.setdefault(url, self.old.pictures.get(url, b""))
            return url
        path = self.own(url)
        if path is None:
            self.mover.counts["pictures of other sites"] += 1
            return self._outside(url)
        name = path.partition("?")[0].strip("/")[-200:]
        if name and not self.load(name) and name not in self.missing:
            self.missing.add(name)
            self.mover.missed.add(path)
            self.mover.counts["pictures missing"] += 1
            self.mover.tell("missing picture", self.where, path)
        return name

    def load(self, name: str) -> bool:
        if name in self.loaded:
            return True
        file = self.mover.uploads.find(name)
        if not file:
            return False
        try:
            self.loaded[name] = read_picture(file)
        except UploadError as error:
            self.mover.tell("picture refused", self.where, f"{name}：{error}")
            return False
        return True

    def link(self, url: str) -> str:
        """Return where a link leads: to files in media, to pages by their path here."""
        if re.match(r"(?:mailto|tel):", url, re.IGNORECASE):
            return url
        path = self.own(url)
        if path is None:
            return self._outside(url)
        kind = extension(path)
        file = self.mover.uploads.find(path) if kind else None
        if not file:
            if "/upload" in path and kind and path not in self.mover.missed:
                self.mover.missed.add(path)
                self.mover.counts["files missing"] += 1
                self.mover.tell("missing file", self.where, path)
            return path
        if self.mover.is_rehearsal:
            return path
        try:
            if kind in PICTURES:
                address = images.picture(self.mover.picture(read_picture(file)).name, 1, 1).url
            else:
                address = store_file(file)
        except (UploadError, images.ImageError) as error:
            self.mover.tell("file refused", self.where, f"{path}：{error}")
            return path
        self.moved_files[redirects.spell(path)] = address
        return address

    def own(self, url: str) -> str | None:
        """Return the path of an address of the old site; None for another's."""
        if copied := _COPIED.match(url):
            url = f"https://{url[copied.end() :]}"
        path = own_path(url, self.mover.site.hosts)
        if path is None and _UPLOADED.search(url):  # of the old site by another of its names
            path = own_path(url, {host_of(url)})
            path = path if path and self.mover.uploads.find(path) else None
        if path is None:
            return None
        path, mark, query = path.partition("?")
        path = posixpath.normpath(f"/{path.lstrip('/')}") + ("/" if path.endswith("/") else "")
        return path.replace("//", "/") + mark + query

    @staticmethod
    def _outside(url: str) -> str:
        url = f"https:{url}" if url.startswith("//") else url
        return url if re.match(r"https?://", url, re.IGNORECASE) else ""

    def cover(self) -> str:
        """Store the article's cover; return its name, "" without one."""
        name = self.picture(self.old.cover) if self.old.cover else ""
        content = self.loaded.get(name)
        if not content or self.mover.is_rehearsal:
            return ""
        try:
            return self.mover.picture(content).name
        except images.ImageError as error:
            self.mover.tell("picture refused", self.where, f"{name}：{error}")
            return ""

    def store_images(self, article: Article) -> None:
        """Store the pictures that the Markdown shows, and lead to them from their old places."""
        for name, content in self.loaded.items():
            if (
                f"({_address(name)})" not in article.body
                and f'"{_address(name)}"' not in article.body
            ):
                continue
            self.mover.counts["pictures"] += 1
            if self.mover.is_rehearsal:
                continue
            try:
                stored = self.mover.picture(content)
            except images.ImageError as error:
                self.mover.tell("picture refused", self.where, f"{name}：{error}")
                continue
            ArticleImage.objects.create(article=article, name=name, file=stored.name)
            if not name.startswith("inline/") and name not in self.old.pictures:
                url = images.picture(stored.name, stored.width, stored.height).url
                self.moved_files[redirects.spell(name)] = url


# --- Lines that stand under many articles ------------------------------------------------


def repeated_closings(articles: Iterable[OldArticle]) -> Counter:
    """Count last lines over a sample of articles; return those that an old template wrote."""
    counts: Counter = Counter()
    looked_at = 0
    for article in articles:
        looked_at += 1
        try:
            counts.update(set(closing_lines(article.html, article.title)))
        except CleaningError:
            continue
    least = max(MIN_REPEATS, MIN_SHARE * looked_at)
    return Counter({line: count for line, count in counts.items() if count >= least})
