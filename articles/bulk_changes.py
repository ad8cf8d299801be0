"""One change of many articles: prepared, looked at, applied, taken back.

Each article is one transaction, together with the note that it is done: killed at any moment,
all or nothing of each article has happened, and `proceed` called again does the rest. An article
that somebody changed in between is left alone and named.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from statutes.citations.comparing import repeats_what_changed
from statutes.citations.find import find_citations
from statutes.locators import Locator
from statutes.resolver import library, resolve
from statutes.verdicts import Fate, State

from . import history, moves, publishing, taxonomy, workflow
from .models import Article, ArticleCitation, BulkChange, BulkItem, Category
from .roles import person

BATCH = 100  # articles prepared in one transaction
Kind, Stage, ItemState = BulkChange.Kind, BulkChange.State, BulkItem.State
UNFINISHED = (Stage.PREPARING, Stage.RUNNING, Stage.UNDOING)


class LeftAloneError(ValueError):
    """An article is not changed, for a reason that the editor reads."""


# --- Beginning -----------------------------------------------------------------------------


def begin(kind: str, label: str, by, ids=(), **parameters) -> BulkChange:
    """Return a new bulk change; `ids` are its articles where the kind does not find them."""
    if ids:
        parameters["articles"] = sorted(ids)
    return BulkChange.objects.create(
        kind=kind, label=label[:300], parameters=parameters, made_by=by
    )


def confirm(change: BulkChange) -> None:
    _step(change, {Stage.READY}, Stage.RUNNING)


@transaction.atomic
def undo(change: BulkChange) -> None:
    _step(change, {Stage.DONE, Stage.RUNNING}, Stage.UNDOING)
    if "merge" in change.parameters:
        taxonomy.reopen(change)


def _step(change: BulkChange, sources, target) -> None:
    taken = BulkChange.objects.filter(pk=change.pk, state__in=sources).update(state=target)
    change.refresh_from_db()
    if not taken:
        raise LeftAloneError(f"现在是“{change.get_state_display()}”，不能这样做。")


def exclude(change: BulkChange, kept: set[int], shown: set[int]) -> None:
    """Of the items that were shown, let those in `kept` wait and leave out the others."""
    if change.state != Stage.READY:
        raise LeftAloneError("已经开始执行，不能再选。")
    items = change.items.filter(pk__in=shown)
    items.filter(pk__in=kept, state=ItemState.EXCLUDED).update(state=ItemState.WAITING)
    items.exclude(pk__in=kept).filter(state=ItemState.WAITING).update(state=ItemState.EXCLUDED)


# --- Proceeding ----------------------------------------------------------------------------


def proceed(change: BulkChange, seconds: float = 2.0) -> BulkChange:
    """Do what a bulk change has before it, for at most about so long; return it as it stands."""
    ends = time.monotonic() + seconds
    while change.state in UNFINISHED and time.monotonic() < ends:
        if change.state == Stage.PREPARING:
            _prepare_batch(change)
        elif not _do_next(change):
            _finish(change)
        change.refresh_from_db()
    return change


def proceed_all(seconds: float = 20.0) -> int:
    """Go on with every unfinished bulk change, one after the other; return how many there were."""
    changes = list(BulkChange.objects.filter(state__in=UNFINISHED).order_by("pk"))
    ends = time.monotonic() + seconds
    for change in changes:
        proceed(change, max(0.0, ends - time.monotonic()))
    return len(changes)


@transaction.atomic
def _prepare_batch(change: BulkChange) -> None:
    change = BulkChange.objects.select_for_update().get(pk=change.pk)
    if change.state != Stage.PREPARING:
        return
    batch = list(_DOING[change.kind].find(change)[:BATCH])
    for article in Article.objects.kept().filter(pk__in=batch).order_by("pk"):
        prepared = _DOING[change.kind].prepare(change, article)
        if prepared is not None:
            before, after = prepared
            BulkItem.objects.get_or_create(
                change=change, article=article, defaults={"before": before, "after": after}
            )
    if batch:
        change.cursor = batch[-1]
    else:
        change.state = Stage.READY
    change.save(update_fields=["cursor", "state"])


def _do_next(change: BulkChange) -> bool:
    """Apply or take back one article; return whether there was one."""
    is_undoing = change.state == Stage.UNDOING
    waiting = ItemState.APPLIED if is_undoing else ItemState.WAITING
    item = change.items.filter(state=waiting).order_by("pk").first()
    if item is None:
        return False
    with transaction.atomic():
        # The state is looked at again under the lock: a second process may be at work.
        article = Article.objects.select_for_update().get(pk=item.article_id)
        item = BulkItem.objects.select_for_update().get(pk=item.pk)
        if item.state != waiting:
            return True
        try:
            with transaction.atomic():
                _change(change, item, article, is_undoing)
        except (LeftAloneError, moves.MoveError, publishing.RenderError) as error:
            item.state = ItemState.KEPT if is_undoing else ItemState.SKIPPED
            item.reason = str(error)[:300]
        else:
            item.state = ItemState.UNDONE if is_undoing else ItemState.APPLIED
            item.reason = ""
        item.save(update_fields=["state", "reason"])
    return True


def _change(change: BulkChange, item: BulkItem, article: Article, is_undoing: bool) -> None:
    who = person(change.made_by, article) if change.made_by else workflow.Person(frozenset())
    if not who.has(workflow.Right.EDIT):
        raise LeftAloneError("操作人没有编辑这篇文章的权限。")
    if article.state == Article.State.TRASHED:
        raise LeftAloneError("文章在回收站里。")
    doing = _DOING[change.kind]
    if not is_undoing and doing.does_words and not workflow.may_edit(article.state, who):
        raise LeftAloneError(f"文章是“{article.get_state_display()}”，不能修改。")
    history.begin(article.pk)
    known = {moves.key_of(wrong) for wrong in moves.unsound(article)}
    renewed = (doing.undo if is_undoing else doing.apply)(change, item, article) or ()
    if doing.does_words and article.published_at and article.published_at <= timezone.now():
        article.updated_at = timezone.now()
    publishing.refresh(
        article,
        by=change.made_by,
        why=f"{'撤销' if is_undoing else ''}{change.label}",
        renewed=renewed,
    )
    moves.require_no_worse(article, known)


def _finish(change: BulkChange) -> None:
    """End a stage; safe to break off before and after."""
    target = Stage.UNDONE if change.state == Stage.UNDOING else Stage.DONE
    if target == Stage.DONE and "merge" in change.parameters:
        taxonomy.close(change)
    _step(change, {change.state}, target)


# --- What each kind does -------------------------------------------------------------------


@dataclass(frozen=True)
class _Doing:
    """`find` gives the ids of articles beyond the cursor, in order; `prepare` returns what it
    does to one as (before, after), None for nothing; `apply` and `undo` set it, unsaved.
    """

    find: Callable
    prepare: Callable
    apply: Callable
    undo: Callable
    does_words: bool = False


def _named(change: BulkChange) -> list[int]:
    return [pk for pk in change.parameters.get("articles", []) if pk > change.cursor]


# Renumbered citations

_PLACE = re.compile(r"第[〇零一二两三四五六七八九十百千0-9０-９]+条.*", re.DOTALL)


def _cite_renumbered(change: BulkChange):
    rows = ArticleCitation.objects.filter(
        state=State.RENUMBERED.value,
        statute=change.parameters["statute"],
        article__gt=change.cursor,
    )
    if fragment := change.parameters.get("fragment"):
        rows = rows.filter(fragment=fragment)
    return rows.order_by("article").values_list("article", flat=True).distinct()


def corrections(article: Article, statute: int, fragment: str = "") -> list[dict]:
    """Return the citations of a statute whose number has moved, with the right number.

    Each is {start, old, new, place}, in order; `place` as in assessing.place_of, of the new
    number. Only what the resolver knows for certain, and what is right with a new number alone:
    not the number of a version that its author names, nor one beside words that changed.
    """
    law, today = library(), timezone.localdate()
    stored = {
        row.start: row
        for row in article.citations.filter(state=State.RENUMBERED.value, statute=statute)
        if not fragment or row.fragment == fragment
    }
    found = [c for c in find_citations(article.body, law.names) if c.start in stored]
    own = article.legal_date or today
    days = [
        max(own, stored[c.start].checked_on or own, stored[c.start].stated_on or own) for c in found
    ]
    edits = []
    for resolved in resolve(found, on=days, today=today, law=law):
        citation = resolved.citation
        old = article.body[citation.start : citation.end]
        place = _PLACE.search(old)
        if (
            resolved.fate is Fate.RENUMBERED
            and resolved.now_locator is not None
            and resolved.now.version.statute_id == statute
            and place
            and not citation.names_a_version
            and not repeats_what_changed(article.body, resolved.then.text, resolved.now.text)
        ):
            new = old[: place.start()] + _as_deep(resolved.now_locator, citation.locator).label
            number = resolved.now_locator.whole
            place = [citation.statute, number.fragment]
            edits.append({"start": citation.start, "old": old, "new": new, "place": place})
    return [edit for edit in edits if edit["old"] != edit["new"]]


def _as_deep(now: Locator, cited: Locator) -> Locator:
    """Return where it stands today, no more exact than it was cited: 条, or with 款 and 项."""
    return now.whole if cited.is_article else now


def _prepare_renumber(change, article):
    edits = corrections(
        article, change.parameters["statute"], change.parameters.get("fragment", "")
    )
    return ({}, {"edits": edits}) if edits else None


def _replaced(body: str, edits: list[tuple[int, str, str]], refusal: str) -> str:
    """Return a body with other words at some places; `edits` are (start, old, new), in order.

    Raises LeftAloneError with the refusal where other words than the old ones stand.
    """
    for start, old, new in reversed(edits):
        if not body.startswith(old, start):
            raise LeftAloneError(refusal)
        body = body[:start] + new + body[start + len(old) :]
    return body


def _apply_renumber(change, item, article):
    """Return the places whose new number is meant as the law stands today."""
    edits = item.after["edits"]
    forward = [(edit["start"], edit["old"], edit["new"]) for edit in edits]
    article.body = _replaced(article.body, forward, "正文在准备之后有了改动。")
    return {tuple(edit["place"]) for edit in edits}


def _undo_renumber(change, item, article):
    edits = item.after["edits"]
    backward = []
    shift = 0
    for edit in edits:
        backward.append((edit["start"] + shift, edit["new"], edit["old"]))
        shift += len(edit["new"]) - len(edit["old"])
    article.body = _replaced(article.body, backward, "正文之后又有了改动，没有撤销。")
    for title, fragment in {tuple(edit["place"]) for edit in edits}:
        rows = article.citations.filter(title=title, fragment__startswith=fragment)
        rows.update(stated_on=None)


# Category, tags, owner


def _named_or_of(field: str) -> Callable:
    """Find the named articles, or all of the category or tag that is merged into another."""

    def find(change: BulkChange):
        if "from" not in change.parameters:
            return _named(change)
        rows = Article.objects.filter(**{field: change.parameters["from"]}, pk__gt=change.cursor)
        return rows.order_by("pk").values_list("pk", flat=True)

    return find


def _prepare_category(change, article):
    target = change.parameters["category"]
    if article.category_id == target:
        return None
    return {"category": article.category_id}, {"category": target}


def _set_category(article, old, new):
    if article.category_id != old:
        raise LeftAloneError("栏目之后又有了改动。")
    if not Category.objects.filter(pk=new).exists():
        raise LeftAloneError("栏目已不存在。")
    article.category_id = new


def _prepare_tags(change, article):
    before = sorted(article.tags.names())
    gone = {name.casefold() for name in change.parameters.get("remove", [])}
    added = change.parameters.get("add", [])
    held = {name.casefold() for name in before}
    after = [name for name in before if name.casefold() not in gone]
    after += [name for name in added if name.casefold() not in held]
    return None if sorted(after) == before else ({"tags": before}, {"tags": sorted(after)})


def _set_tags(article, old, new):
    if sorted(article.tags.names()) != old:
        raise LeftAloneError("标签之后又有了改动。")
    article.tags.set(new)


def _prepare_owner(change, article):
    owner = change.parameters["owner"]
    return None if article.owner_id == owner else ({"owner": article.owner_id}, {"owner": owner})


def _set_owner(article, old, new):
    if article.owner_id != old:
        raise LeftAloneError("负责人之后又有了改动。")
    if new is not None and not get_user_model().objects.filter(pk=new).exists():
        raise LeftAloneError("账号已不存在。")
    article.owner_id = new


# Reviewed


def _prepare_review(change, article):
    day = article.reviewed_on and article.reviewed_on.isoformat()
    return {"reviewer": article.reviewer_id, "reviewed_on": day}, {}


def _apply_review(change, item, article):
    reviewed = moves.move(article.pk, "review", change.made_by)
    article.reviewer_id, article.reviewed_on = reviewed.reviewer_id, reviewed.reviewed_on


def _undo_review(change, item, article):
    article.reviewer_id = item.before["reviewer"]
    article.reviewed_on = item.before["reviewed_on"]
    article.reviewed_on = Article._meta.get_field("reviewed_on").to_python(article.reviewed_on)
    moves.keep(article, workflow.UNREVIEW, article.state, change.made_by)


def _setting(set_value, key):
    def apply(change, item, article):
        set_value(article, item.before[key], item.after[key])

    def undo(change, item, article):
        set_value(article, item.after[key], item.before[key])

    return apply, undo


_DOING = {
    Kind.RENUMBER: _Doing(
        _cite_renumbered, _prepare_renumber, _apply_renumber, _undo_renumber, does_words=True
    ),
    Kind.CATEGORY: _Doing(
        _named_or_of("category"), _prepare_category, *_setting(_set_category, "category")
    ),
    Kind.TAGS: _Doing(_named_or_of("tags"), _prepare_tags, *_setting(_set_tags, "tags")),
    Kind.OWNER: _Doing(_named, _prepare_owner, *_setting(_set_owner, "owner")),
    Kind.REVIEW: _Doing(_named, _prepare_review, _apply_review, _undo_review),
}
