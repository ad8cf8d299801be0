"""What an old site calls its categories, tags, authors and addresses, as we call them."""

from collections.abc import Iterable

from .. import redirects
from ..models import CATEGORY_LEVELS, Author, Category
from ..tags import MAX_LENGTH as MAX_TAG
from ..tags import fold
from .load import Catalogue
from .run import Run


def category_at(run: Run, known: Catalogue, path: tuple[str, ...], where: str) -> Category:
    names = tuple(name[:40] for name in path)
    if len(names) > CATEGORY_LEVELS:
        names = (*names[: CATEGORY_LEVELS - 1], names[-1])
    if names != path and where:
        run.tell("note", where, f"栏目{'/'.join(path)}过长或过深，改为{'/'.join(names)}")
    if names not in known.categories:
        parent = category_at(run, known, names[:-1], "") if names[1:] else None
        known.categories[names], _ = Category.objects.get_or_create(
            name=names[-1], parent=parent, defaults={"slug": _slug(run, names)}
        )
    return known.categories[names]


def _slug(run: Run, path: tuple[str, ...]) -> str:
    """Return the slug that a category had, if none of ours has it."""
    slug = next((old.slug for old in run.site.categories if old.path == path), "")
    return "" if Category.objects.filter(slug=slug).exists() else slug


def tag_names(run: Run, tags: tuple[str, ...], where: str) -> list[str]:
    names = {}
    for tag in tags:
        name = tag_name(tag)
        if len(fold(tag)) > MAX_TAG:
            run.tell("note", where, f"标签超过{MAX_TAG}字，截短：{fold(tag)}")
        if name:
            names.setdefault(name.casefold(), name)
    return list(names.values())


def author_called(run: Run, known: Catalogue, name: str, where: str) -> Author:
    if len(name) > 40:
        run.tell("note", where, f"作者名超过40字，截短：{name}")
    return known.author(name[:40])


def tag_name(tag: str) -> str:
    return fold(tag)[:MAX_TAG].rstrip()


def parts_of(address: str) -> tuple[str, str]:
    path, _, query = address.partition("?")
    return path, query


def redirect_pairs(addresses: Iterable[str], url: str) -> list[tuple[str, str]]:
    return [(redirects.spell(*parts_of(address)), url) for address in addresses]
