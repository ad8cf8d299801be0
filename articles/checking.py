"""Look an unsaved article over: what its words give away, and what only the site knows."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from lxml.html import fragment_fromstring

from statutes.assessing import Assessment
from statutes.authorities import Renaming, find_renamed
from statutes.days import day_in_words
from statutes.models import Provision, Statute
from statutes.verdicts import State

from .checks import Hint, Place, RestrictedWords, Weight, hints_of, in_order
from .models import Article, Author, Category, RestrictedTerm, Tag
from .rendering import Rendered
from .tags import parse_tags

MOST_LINKS = 100


# How much a citation's state matters; the others are as they should be.
_WEIGHTS = {
    State.MISSING: Weight.MUST,
    State.MISQUOTED: Weight.MUST,
    State.RENUMBERED: Weight.SHOULD,
    State.REPEALED: Weight.SHOULD,
    State.AMENDED: Weight.SHOULD,
    State.COMING: Weight.SHOULD,
    State.UNKNOWN: Weight.MIND,
}


def check(
    article: Article,
    rendered: Rendered | None,
    assessments: Sequence[Assessment] = (),
    error: str = "",
) -> list[Hint]:
    """Return the hints on an article as it stands in the form, heaviest first.

    `rendered` is what publishing.render_article made of it, None where that failed by `error`;
    `assessments` are its citations', as citing.assess returns them.
    """
    hints = [Hint(Weight.MUST, f"{error}，不能保存")] if error else []
    hints += _citations(article.body, assessments)
    hints += _twin_titles(article)
    hints += _renamed(article.body)
    if rendered:
        hints += _pictures(article.body, rendered)
        hints += _links(article.body, rendered)
    hints += hints_of(article.title, article.summary, article.body, _restricted())
    return in_order(hints)


def _citations(body: str, assessments: Sequence[Assessment]) -> list[Hint]:
    """What is wrong with citations, the same words with the same fault once."""
    places: dict[tuple[Weight, str], list[Place]] = {}
    for assessment in assessments:
        state, citation = assessment.verdict.state, assessment.citation
        if state not in _WEIGHTS:
            continue
        written = " ".join(body[citation.start : citation.end].split())
        words = f"“{written[:60]}”：{state.label}"
        found = assessment.resolved
        if state is State.RENUMBERED and found.now:
            words += (
                f"，现为《{found.now.version.statute.name}》{found.now_locator or found.now.name}"
            )
        elif state is State.MISQUOTED and assessment.match:
            words += f"，这些话在{assessment.match}"
        place = Place("body", citation.start, citation.end)
        places.setdefault((_WEIGHTS[state], words), []).append(place)
    return [Hint(weight, words, tuple(at)) for (weight, words), at in places.items()]


def _renamed(body: str) -> list[Hint]:
    """Bodies and institutions called by a name that is no more."""
    places: dict[tuple[Renaming, str, str], list[Place]] = {}
    for found in find_renamed(body, timezone.localdate()):
        kind = (found.renaming, found.name, found.successor)
        places.setdefault(kind, []).append(Place("body", found.start, found.end))
    hints = []
    for (renaming, name, successor), at in places.items():
        now = f"现为{successor}" if successor else "已不存在"
        words = f"“{name}”自{day_in_words(renaming.since)}起{now}"
        hints.append(Hint(Weight.SHOULD, words, tuple(at), renaming.source))
    return hints


def _restricted() -> list[RestrictedWords]:
    return [
        RestrictedWords(term.words, term.rule, tuple(parse_tags(term.unless)))
        for term in RestrictedTerm.objects.filter(is_active=True)
    ]


def _twin_titles(article: Article) -> list[Hint]:
    twins = Article.objects.filter(title=article.title).exclude(pk=article.pk)
    twins = twins.exclude(state=Article.State.WITHDRAWN) if article.title else twins.none()
    pks = twins.order_by("pk").values_list("pk", flat=True)[:3]
    if not pks:
        return []
    numbers = "、".join(map(str, pks))
    place = Place("title", 0, len(article.title))
    return [Hint(Weight.SHOULD, f"已有同名文章（编号{numbers}）", (place,))]


def _pictures(body: str, rendered: Rendered) -> list[Hint]:
    return [
        Hint(Weight.MUST, f"图片“{name}”没有上传，读者看不到", _places(body, name))
        for name in dict.fromkeys(rendered.missing_images)
    ]


def _places(body: str, target: str) -> tuple[Place, ...]:
    """Return where the Markdown names a link's or an image's target, as far as it can be found."""
    for written in dict.fromkeys((target, unquote(target), target.replace("&", "&amp;"))):
        pattern = rf"(?<=[(<\"'\s]){re.escape(written)}(?=[)>\"'\s]|$)"
        found = [Place("body", *at.span()) for at in re.finditer(pattern, body, re.MULTILINE)]
        if found:
            return tuple(found[:MOST_LINKS])
    return ()


# --- Links into the site -------------------------------------------------------------------


def _links(body: str, rendered: Rendered) -> list[Hint]:
    """Find links that lead nowhere on this site; those to others are never asked for."""
    root = fragment_fromstring(rendered.html, create_parent="div")
    targets = dict.fromkeys(
        link.get("href", "")
        for link in root.iter("a")
        if link.get("class") not in ("heading-anchor", "footnote-ref", "footnote-number")
    )
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    hints = []
    asked: dict[str, str] = {}  # path → target
    for target in list(targets)[:MOST_LINKS]:
        if target in ("", "http://", "https://"):
            hints.append(Hint(Weight.MUST, "链接还没有网址", _places(body, target or "https://")))
        elif target.startswith("#"):
            if unquote(target[1:]) not in ids:
                hints.append(_broken(body, target, "这一节在本文里没有"))
        else:
            path, reason = _own_path(target)
            if reason:
                hints.append(_broken(body, target, reason))
            elif path:
                asked[path] = target
    return hints + [_broken(body, asked[path], why) for path, why in _broken_paths(asked).items()]


def _broken(body: str, target: str, why: str) -> Hint:
    return Hint(Weight.MUST, f"链接“{unquote(target)[:80]}”打不开：{why}", _places(body, target))


def _own_path(target: str) -> tuple[str, str]:
    """Return the path of a link into this site, "" if it leads elsewhere; or why it is none."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "", "网址写错了"
    own = {urlsplit(settings.SITE_URL).netloc, ""}
    if parts.scheme not in ("http", "https", "") or parts.netloc not in own:
        return "", ""
    if not parts.path.startswith("/"):
        return "", "" if parts.netloc else "网址不完整，站外链接要以https://开头"
    return unquote(parts.path), ""


def _broken_paths(paths) -> dict[str, str]:
    """Return the paths at which a reader would find nothing, and why: one query a kind of page."""
    broken: dict[str, str] = {}
    rows: dict[tuple[str, str], dict] = {}  # (kind, key) → paths
    for path in paths:
        if path.startswith(settings.MEDIA_URL):
            name = path.removeprefix(settings.MEDIA_URL)
            if ".." in name or not default_storage.exists(name):
                broken[path] = "没有这个文件"
            continue
        try:
            match = resolve(path)
        except Resolver404:
            broken[path] = "没有这个网址"
            continue
        if "admin" in match.namespaces:
            broken[path] = "这是编辑台的网址，读者进不去"
        key = match.kwargs.get("pk", match.kwargs.get("slug"))
        kind = "statute" if "statutes" in match.namespaces else match.url_name or ""
        if key is not None:
            rows.setdefault((kind, str(key)), {})[path] = match.kwargs
    kinds = {kind for kind, _ in rows}
    found = {kind: _existing(kind, [key for at, key in rows if at == kind]) for kind in kinds}
    for (kind, key), at in rows.items():
        if found[kind] is not None and key not in found[kind]:
            broken |= dict.fromkeys(at, "文章不在线上" if "article" in kind else "没有这一页")
    return broken | _missing_provisions(
        {path: kwargs for at in rows.values() for path, kwargs in at.items() if path not in broken}
    )


def _existing(kind: str, keys: list[str]) -> set[str] | None:
    """Return those of the keys that have a page; None where we do not know the kind."""
    if kind in ("article", "article-markdown"):
        pks = [int(key) for key in keys if len(key) < 19]
        return set(map(str, Article.objects.visible().filter(pk__in=pks).values_list("pk", flat=1)))
    slugs = {"category": Category, "tag": Tag, "author": Author, "statute": Statute}
    if kind not in slugs:
        return None
    return set(slugs[kind].objects.filter(slug__in=keys).values_list("slug", flat=True))


def _missing_provisions(paths: dict[str, dict]) -> dict[str, str]:
    wanted = {
        path: (kwargs["slug"], kwargs["place"].article, kwargs["place"].suffix)
        for path, kwargs in paths.items()
        if "place" in kwargs
    }
    if not wanted:
        return {}
    condition = Q()
    for slug, number, suffix in wanted.values():
        condition |= Q(version__statute__slug=slug, number=number, suffix=suffix)
    found = set(
        Provision.objects.filter(condition).values_list(
            "version__statute__slug", "number", "suffix"
        )
    )
    return {path: "这部法规没有这一条" for path, place in wanted.items() if place not in found}
