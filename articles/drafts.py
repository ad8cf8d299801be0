"""What is typed into the article's form and not saved yet, kept for whoever typed it."""

import hashlib
import json
import secrets

from .models import Article, Draft
from .tags import parse_tags

FIELDS = ("title", "category", "tags", "summary", "body", "origin", "source_name", "source_url")
LONGEST = 400_000  # characters of one field; a longer body cannot be saved anyway
MOST = 20  # new articles kept for one person
ROWS = "bylines"  # the form's rows of authors: bylines-0-author, bylines-0-position, …
MOST_ROWS = 50


def new_key() -> str:
    """Return a key for a new article that is about to be written."""
    return secrets.token_hex(16)


def keep(user, article: Article | None, key: str, basis: str, values) -> Draft | None:
    """Keep the form's `values`; nothing where they say no more than what is saved."""
    fields = {name: _field(values, name) for name in FIELDS}
    fields[ROWS] = _typed_rows(values)
    whose = {"user": user, "article": article, "key": "" if article else key[:36]}
    if _bare(fields) == (_bare(_saved(article)) if article else _bare({})):
        Draft.objects.filter(**whose).delete()
        return None
    fields["desk-renewed"] = _field(values, "desk-renewed")
    draft, is_new = Draft.objects.update_or_create(
        **whose, defaults={"fields": fields, "basis": basis[:64]}
    )
    if is_new and not article:
        others = Draft.objects.filter(user=user, article=None).order_by("-kept_at", "-pk")
        Draft.objects.filter(pk__in=[old.pk for old in others.only("pk")[MOST:]]).delete()
    return draft


def kept(user, article: Article | None) -> list[Draft]:
    """Return what is kept of an article, or of new ones, newest first."""
    drafts = list(Draft.objects.filter(user=user, article=article).order_by("-kept_at", "-pk"))
    basis = digest(article)
    for draft in drafts:
        draft.is_overtaken = bool(article) and draft.basis != basis
    return drafts


def signers(draft: Draft) -> list[tuple[int, int]] | None:
    """Return the authors that were kept, (id, position); None if a draft is from before that."""
    rows = draft.fields.get(ROWS)
    return None if rows is None else [(author, position) for author, position in rows]


def drop(user, article: Article, key: str) -> None:
    """Forget what was kept of an article that is now saved."""
    Draft.objects.filter(user=user, article=article).delete()
    if key:
        Draft.objects.filter(user=user, article=None, key=key[:36]).delete()


def filled_in(form: type, draft: Draft) -> type:
    """Return the form class whose instances begin with what was kept."""

    class Recovered(form):
        def __init__(self, *args, initial=None, **kwargs):
            super().__init__(*args, initial={**(initial or {}), **draft.fields}, **kwargs)

    return Recovered


def digest(article: Article | None) -> str:
    """Return a digest of what is saved of an article: it tells whether someone saved since."""
    if article is None or article.pk is None:
        return ""
    saved = json.dumps(_saved(article), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(saved.encode("utf-8", "surrogatepass")).hexdigest()


def _field(values, name: str) -> str:
    return values.get(name, "").replace("\r\n", "\n").replace("\0", "")[:LONGEST]


def _typed_rows(values) -> list[list[int]]:
    """Return the rows of authors as typed, [author, position], those marked for deletion out."""
    rows = []
    for number in range(MOST_ROWS):
        author = _whole(values.get(f"{ROWS}-{number}-author", ""))
        if author is not None and not values.get(f"{ROWS}-{number}-DELETE"):
            rows.append([author, _whole(values.get(f"{ROWS}-{number}-position", "")) or 0])
    return sorted(rows, key=lambda row: row[1])


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _saved(article: Article) -> dict:
    bylines = article.bylines.order_by("position", "pk").values_list("author", "position")
    return {
        ROWS: [list(row) for row in bylines],
        "title": article.title,
        "category": str(article.category_id or ""),
        "tags": "、".join(sorted(article.tags.names())),
        "summary": article.summary,
        "body": article.body.replace("\r\n", "\n"),
        "origin": article.origin,
        "source_name": article.source_name,
        "source_url": article.source_url,
    }


def _bare(fields: dict[str, str]) -> dict[str, object]:
    """Return what a person typed: tags in any order, white space at the ends apart."""
    bare = {name: fields.get(name, "").strip() for name in FIELDS}
    origin = bare["origin"] or Article.Origin.ORIGINAL.value
    rows = {ROWS: fields.get(ROWS, [])}
    return bare | rows | {"tags": sorted(parse_tags(bare["tags"])), "origin": origin}
