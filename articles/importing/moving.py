"""OldArticle → rows: a few articles a transaction, so that a kill leaves all of each or nothing.

An article is known again by its source and its key there. What has not changed there since is
left alone, so that editors' changes stay; running again goes on where it was stopped.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from .. import bulk, history, publishing, redirects
from ..models import Article, MovedArticle
from ..rendering import MAX_LENGTH as MAX_BODY
from .cleaning import Cleaned, CleaningError, closing_lines
from .load import CREATED, UNCHANGED, UPDATED, Catalogue, aware, sign
from .names import author_called, category_at, redirect_pairs, tag_names
from .old import DRAFT, IN_REVIEW, PUBLISHED, OldArticle
from .reader import Reader
from .run import Run

FAILED, DELETED = "failed", "deleted here since"
BATCH = 200  # articles whose records are asked for at once
TOGETHER = 25  # articles in one transaction
MAX_ID = 2**53 - 1
STATES = {
    PUBLISHED: Article.State.PUBLISHED,
    DRAFT: Article.State.DRAFT,
    IN_REVIEW: Article.State.IN_REVIEW,
}
MIN_REPEATS = 10
MIN_SHARE = 0.2
UNREADABLE = "\ufffd"  # what bytes of no known encoding became


def move_all(run: Run, articles: Iterable[OldArticle]) -> Iterator[str]:
    """Move articles in; yield what became of each."""
    articles = iter(articles)
    while batch := list(islice(articles, BATCH)):
        keys = [article.key for article in batch]
        known = MovedArticle.objects.filter(source=run.site.source, key__in=keys)
        records = {record.key: record for record in known}
        for start in range(0, len(batch), TOGETHER):
            some = batch[start : start + TOGETHER]
            for outcome in _move_together(run, [(a, records.get(a.key)) for a in some]):
                run.counts[outcome] += 1
                yield outcome


@transaction.atomic
def _move_together(run: Run, some: list[tuple[OldArticle, MovedArticle | None]]) -> list[str]:
    changed: list[Article] = []
    outcomes = [_move(run, old, record, changed) for old, record in some]
    if changed and not run.is_rehearsal:
        publishing.announce(changed)
    return outcomes


def _move(run: Run, old: OldArticle, record: MovedArticle | None, changed: list[Article]) -> str:
    """Move one article in. What goes wrong is told, and nothing of it is stored."""
    where = f"{old.key} {old.title}"
    digest = _digest(old)
    if record and record.article_id is None:
        return DELETED
    if record and record.digest == digest:
        return _complete(run, record, old, where, changed) if record.missing else UNCHANGED
    reader = Reader(run, old, where)
    known = Catalogue(dict(run.catalogue.categories), dict(run.catalogue.authors))
    try:
        cleaned = reader.read()
        with transaction.atomic():
            article, outcome = _store(run, reader, cleaned, record, digest, known)
            if run.is_rehearsal:
                transaction.set_rollback(True)
    except (CleaningError, publishing.RenderError) as error:
        run.tell("failed", where, str(error))
        return FAILED
    if not run.is_rehearsal:
        run.catalogue.categories, run.catalogue.authors = known.categories, known.authors
    changed.append(article)
    notes = old.notes
    if UNREADABLE in old.title or UNREADABLE in old.html:
        notes = (*notes, "有无法识别的文字（编码已损坏），请对照原文")
    for note in notes:
        run.tell("note", where, note)
    for words in cleaned.removed:
        run.tell("left out", where, words)
    for film in cleaned.films:
        run.tell("film", where, film)
    return outcome


def _store(
    run: Run,
    reader: Reader,
    cleaned: Cleaned,
    record: MovedArticle | None,
    digest: str,
    known: Catalogue,
) -> tuple[Article, str]:
    old, where = reader.old, reader.where
    article = Article.objects.filter(pk=record.article_id).first() if record else None
    outcome = UPDATED if article else CREATED
    if article:
        history.begin(article.pk)
    else:
        article = Article(id=_free_id(run, old, where))
    article.title, article.body, article.summary = _words(run, old, cleaned.markdown, where)
    _take_state(article, old, is_new=outcome == CREATED)
    article.category = category_at(run, known, old.category, where)
    article.imported_digest = digest
    article.cover = reader.cover()
    article.save()
    if outcome == CREATED and old.id:
        bulk.count_on_from(Article)
    article.tags.set(tag_names(run, old.tags, where))
    sign(article, [author_called(run, known, name, where) for name in old.authors])
    article.images.all().delete()
    reader.store_images(article)
    publishing.renew(article, why="迁入")
    if run.relates:
        publishing.relate(article)
    record = record or MovedArticle(source=run.site.source, key=old.key)
    record.article, record.digest = article, digest
    record.missing = sorted(reader.missing)
    record.save()
    url = article.get_absolute_url()
    pairs = [*redirect_pairs(old.addresses, url), *reader.moved_files.items()]
    run.counts["redirects"] += redirects.record(pairs)
    run.counts[f"articles {article.state}"] += 1
    first = old.addresses[0] if old.addresses else url
    if first != url:
        run.tell("address", first, url)
    return article, outcome


def _words(run: Run, old: OldArticle, body: str, where: str) -> tuple[str, str, str]:
    """Return title, body and summary within our limits. Raises RenderError for a long body."""
    title, summary = old.title, old.summary
    if len(title) > 120:
        run.tell("note", where, "标题超过120字，全文写在正文之首")
        title, body = f"{title[:119]}…", f"{title}\n\n{body}"
    if not body.strip():
        run.tell("note", where, "正文为空")
    if len(body) > MAX_BODY:
        raise publishing.RenderError(f"正文超过{MAX_BODY}个字符，请拆分后再导入")
    if len(summary) > 300:
        run.tell("note", where, f"摘要超过300字，截短；全文：{summary}")
        summary = f"{summary[:299]}…"
    return title, body, summary


def _take_state(article: Article, old: OldArticle, *, is_new: bool) -> None:
    """Take state and days from the old site; what the firm took back an editor brings back."""
    if article.state not in (Article.State.WITHDRAWN, Article.State.TRASHED):
        state = STATES[old.state]
        article.published_at = aware(old.published_at)
        if old.state == PUBLISHED:
            article.published_at = article.published_at or timezone.now()
            is_due = article.published_at <= timezone.now()
            state = state if is_due else Article.State.SCHEDULED
        if state != article.state or is_new:
            article.enter(state)
    article.updated_at = max(
        filter(None, (aware(old.updated_at), article.published_at)), default=None
    )


def _free_id(run: Run, old: OldArticle, where: str) -> int | None:
    if not old.id or not 0 < old.id <= MAX_ID:
        return None
    if Article.objects.filter(pk=old.id).exists():
        run.tell("note", where, f"编号{old.id}已被别的文章占用，改用新编号")
        return None
    return old.id


def _complete(run: Run, record: MovedArticle, old: OldArticle, where: str, changed) -> str:
    """Bring in pictures that were missing at the last run; words stay as they are now."""
    reader = Reader(run, old, where)
    found = [name for name in record.missing if reader.load(name)]
    if not found or run.is_rehearsal:
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
