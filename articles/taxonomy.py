"""Tags and categories renamed and merged: their old addresses lead on to the new ones."""

from django.db import transaction

from statutes import changes
from statutes.models import Change

from . import redirects
from .models import BulkChange, Category, Redirect, Tag

_MODELS = {"tag": Tag, "category": Category}
_KEPT = {
    "tag": ("name", "slug", "intro"),
    "category": ("name", "slug", "intro", "parent_id", "position", "review_months"),
}


class MergeError(ValueError):
    """Two rows that cannot be merged, with the reason."""


def moved(old_url: str, new_url: str) -> None:
    """Let an address of the past lead to the one that took its place."""
    if old_url != new_url:
        redirects.record([(redirects.spell(old_url), new_url)])
        Redirect.objects.filter(path=redirects.spell(new_url)).delete()


def merge_parameters(source, target) -> tuple[str, dict]:
    """Return the kind and the parameters of the bulk change that merges one into the other."""
    if source == target:
        raise MergeError("不能并入自身。")
    kind = "tag" if isinstance(source, Tag) else "category"
    merge = {"model": kind, "source": source.pk, "target": target.pk}
    if kind == "tag":
        names = {"remove": [source.name], "add": [target.name]}
        return BulkChange.Kind.TAGS, {"from": source.pk, "merge": merge, **names}
    if target.pk in source.branch():
        raise MergeError("不能并入自己的下级栏目。")
    if source.children.exists():
        raise MergeError("请先移走下级栏目。")
    return BulkChange.Kind.CATEGORY, {"from": source.pk, "merge": merge, "category": target.pk}


@transaction.atomic
def close(change: BulkChange) -> bool:
    """End a merge: the emptied row goes, its address leads on. Return whether it was empty."""
    merge = change.parameters["merge"]
    model = _MODELS[merge["model"]]
    source = model.objects.filter(pk=merge["source"]).first()
    target = model.objects.filter(pk=merge["target"]).first()
    if source is None or target is None or _is_used(source):
        return False
    gone = {name: getattr(source, name) for name in _KEPT[merge["model"]]}
    change.parameters = {**change.parameters, "merge": {**merge, "gone": gone}}
    change.save(update_fields=["parameters"])
    moved(source.get_absolute_url(), target.get_absolute_url())
    source.delete()
    changes.note(Change.Kind.SITE, [merge["source"]])
    return True


@transaction.atomic
def reopen(change: BulkChange) -> None:
    """Bring back the row that a merge took away, before its articles come back to it."""
    merge = change.parameters["merge"]
    model, gone = _MODELS[merge["model"]], merge.get("gone")
    if not gone or model.objects.filter(pk=merge["source"]).exists():
        return
    source = model.objects.create(pk=merge["source"], **gone)
    Redirect.objects.filter(path=redirects.spell(source.get_absolute_url())).delete()
    changes.note(Change.Kind.SITE, [source.pk])


def _is_used(source) -> bool:
    return source.items.exists() if isinstance(source, Tag) else source.articles.exists()
