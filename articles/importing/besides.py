"""What an old site has besides articles: its categories before them; files, tags, authors after."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from django.db import transaction

from statutes.analysing import analyse

from .. import redirects
from ..models import Author, Redirect, Tag
from .names import category_at, parts_of, redirect_pairs, tag_name
from .old import OldArticle, OldName
from .reader import Reader
from .run import Run

PORTION = 200  # rows asked for at once


def prepare(run: Run) -> None:
    """Make the old site's categories, also those without articles, and lead to them."""
    paths = Counter(old.path for old in run.site.categories)
    for path in [path for path, number in paths.items() if number > 1]:
        run.tell("note", "/".join(path), "同名栏目合并")
    if run.is_rehearsal:
        return
    pairs = []
    with transaction.atomic():
        for old in run.site.categories:
            category = category_at(run, run.catalogue, old.path, "")
            changed = []
            if old.intro and not category.intro:
                category.intro, changed = old.intro, [*changed, "intro"]
            if old.position and not category.position:
                category.position, changed = old.position, [*changed, "position"]
            if changed:
                category.save(update_fields=changed)
            pairs += redirect_pairs(old.addresses, category.get_absolute_url())
        pairs += [(redirects.spell(*parts_of(o)), n) for o, n in run.site.addresses.items()]
        run.counts["redirects"] += redirects.record(pairs)


def finish(run: Run) -> None:
    """Bring in what no article brought: files, tags without articles, what the pages of tags
    and authors said. Lead from those pages to ours; let the database plan anew."""
    if run.uploads.folders:
        for some in _portions(run.site.files):
            _bring_files(run, some)
    else:
        run.site.leave_out("上传的文件（未指明--uploads）", len(run.site.files))
    tags = _tags_as_ours(run)
    if run.is_rehearsal:
        return
    _bring_tags(run, tags)
    _bring_authors(run)
    analyse()


def _bring_files(run: Run, addresses: Iterable[str]) -> None:
    """Store uploaded files that no text shows: somebody may have linked to them."""
    reader = Reader(run, OldArticle(key="", title="", html=""), "")
    paths = {redirects.spell(path): path for url in addresses if (path := reader.own(url))}
    led = set(Redirect.objects.filter(path__in=paths).values_list("path", flat=True))
    for path in [path for spelled, path in paths.items() if spelled not in led]:
        reader.link(path)
    if reader.moved_files:
        run.counts["files that no text shows"] += len(reader.moved_files)
    with transaction.atomic():
        run.counts["redirects"] += redirects.record(reader.moved_files.items())


def _tags_as_ours(run: Run) -> dict[str, OldName]:
    """Return the old site's tags by the names that they have here."""
    known = {name.casefold(): name for name in Tag.objects.values_list("name", flat=True)}
    kept: dict[str, OldName] = {}
    for name, old in run.site.tags.items():
        spelled = tag_name(name)
        ours = known.setdefault(spelled.casefold(), spelled)
        if ours != name:
            run.tell("note", name, f"标签写作{ours}")
        if ours:
            replace(old, name=ours).join(kept)
    return kept


def _bring_tags(run: Run, kept: Mapping[str, OldName]) -> None:
    for some in _portions(kept):
        with transaction.atomic():
            rows = {row.name: row for row in Tag.objects.filter(name__in=some)}
            for name in [name for name in some if name not in rows]:
                rows[name] = Tag.objects.create(name=name)
                run.counts["tags without articles"] += 1
            _tell_of(run, rows.values(), kept, "intro")


def _bring_authors(run: Run) -> None:
    kept: dict[str, OldName] = {}
    for name, old in run.site.authors.items():
        replace(old, name=name[:40]).join(kept)
    found = 0
    for some in _portions(kept):
        with transaction.atomic():
            rows = list(Author.objects.filter(name__in=some))
            _tell_of(run, rows, kept, "bio")
        found += len(rows)
    run.site.leave_out("没有文章的用户", len(kept) - found)


def _tell_of(run: Run, rows: Iterable, kept: Mapping[str, OldName], about: str) -> None:
    """Let rows say what their old pages said, and be found by the old addresses."""
    pairs = []
    for row in rows:
        old = kept[row.name]
        if old.intro and not getattr(row, about):
            setattr(row, about, old.intro)
            row.save(update_fields=[about])
        pairs += redirect_pairs(old.addresses, row.get_absolute_url())
    run.counts["redirects"] += redirects.record(pairs)


def _portions(items: Iterable[str]) -> Iterator[list[str]]:
    every = iter(items)
    while some := list(islice(every, PORTION)):
        yield some
