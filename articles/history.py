"""The versions of an article: kept at each change of what it says, compared, brought back.

An article has versions from its first change on: what nobody changed is stored once. Whoever
changes an article that exists calls `begin` before, and `publishing.refresh` calls `record`.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from statutes.diff import Op, diff_words

from .models import Article, ArticleImage, Author, Authorship, Category

SAID = [
    *("title", "category_id", "summary", "body", "cover"),
    *("origin", "source_name", "source_url", "ai_assisted"),
]
BESIDES = ["tag_names", "signers", "pictures"]
MAX_COMPARED = 200_000  # characters of both texts: beyond it only the fact of a change is shown


def words_of(article: Article) -> dict:
    """Return what an article says, as a version keeps it, in three queries at most."""
    words = {name: getattr(article, name) for name in SAID}
    words["cover"] = str(article.cover or "")
    words["tag_names"] = sorted(article.tags.values_list("name", flat=True))
    words["signers"] = list(
        article.bylines.order_by("position", "id").values_list("author_id", flat=True)
    )
    words["pictures"] = dict(article.images.order_by("name").values_list("name", "file"))
    return words


def words_in(version) -> dict:
    """Return what a version says, comparable with `words_of`."""
    words = {name: getattr(version, name) for name in [*SAID, *BESIDES]}
    return words | {"cover": str(version.cover or "")}


def seal(article: Article) -> str:
    """Return a digest of what the stored article says and of its state.

    A form carries it, so that saving notices what happened since the form was opened.
    """
    content = json.dumps([article.state, words_of(article)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def versions(article_id: int):
    """The versions of an article, newest first."""
    return Article.history.filter(id=article_id).order_by("-history_date", "-history_id")


def begin(article_id: int) -> None:
    """Keep the stored text of an article that has no versions yet, before it is changed."""
    if Article.history.filter(id=article_id).exists():
        return
    article = Article.objects.filter(pk=article_id).first()
    if article:
        moment = article.modified_at or article.state_since or timezone.now()
        _keep(article, words_of(article), None, "此前的文本", min(moment, timezone.now()))


def record_all(articles: Collection[Article], by=None, why: str = "") -> None:
    """Do what `record` does for each of the articles; one query where none has versions."""
    ids = [article.pk for article in articles]
    known = Article.history.filter(id__in=ids).order_by().values_list("id", flat=True)
    known = set(known.distinct())
    for article in articles:
        if by or article.pk in known:
            record(article, by, why)


def record(article: Article, by=None, why: str = ""):
    """Keep what the article says as a new version; return it, None where nothing changed.

    Without `by` an article that has no versions gets none: imports store each text once.
    """
    newest = versions(article.pk).first()
    if newest is None and by is None:
        return None
    words = words_of(article)
    if newest and words_in(newest) == words:
        return None
    return _keep(article, words, by, why, timezone.now())


def _keep(article, words, by, why, moment):
    return Article.history.create(
        id=article.pk,
        history_date=moment,
        history_type="~",
        history_user=by,
        history_change_reason=why[:100],
        **words,
    )


# --- Comparing ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What changed in one respect: `ops` mark words; empty where the texts are too long."""

    label: str
    ops: list[Op]


def compare(old: dict, new: dict) -> list[Change]:
    """Return what differs between two texts as `words_of` gives them, in the form's order."""
    before, after = _readable(old, new)
    return [
        Change(label, _marked(before[label], after[label]))
        for label in before
        if before[label] != after[label]
    ]


def _marked(old: str, new: str) -> list[Op]:
    return diff_words(old, new) if len(old) + len(new) <= MAX_COMPARED else []


def _readable(*texts: dict) -> list[dict[str, str]]:
    """Name the categories and authors of texts, in two queries for all."""
    categories = Category.objects.with_ancestors().in_bulk(
        {words["category_id"] for words in texts}
    )
    authors = Author.objects.in_bulk({pk for words in texts for pk in words["signers"]})
    return [
        {
            "标题": words["title"],
            "栏目": str(categories.get(words["category_id"], "（已删除的栏目）")),
            "标签": "、".join(words["tag_names"]),
            "摘要": words["summary"],
            "正文": words["body"].replace("\r\n", "\n"),
            "封面": words["cover"],
            "作者": "、".join(
                authors[pk].signature if pk in authors else "（已删除的作者）"
                for pk in words["signers"]
            ),
            "插图": "\n".join(f"{name}：{file}" for name, file in words["pictures"].items()),
            "来源性质": dict(Article.Origin.choices).get(words["origin"], words["origin"]),
            "转载来源": words["source_name"],
            "来源网址": words["source_url"],
            "人工智能": "含人工智能辅助生成内容" if words["ai_assisted"] else "",
        }
        for words in texts
    ]


# --- Bringing back -----------------------------------------------------------------------


def put_back(article: Article, words: dict) -> None:
    """Let the article say again what `words` hold; the caller renders and records it.

    A category, author or picture that exists no more is left as it is now.
    """
    for name in SAID:
        if name != "category_id":
            setattr(article, name, words[name])
    if Category.objects.filter(pk=words["category_id"]).exists():
        article.category_id = words["category_id"]
    article.save()
    article.tags.set(words["tag_names"])
    authors = Author.objects.in_bulk(words["signers"])
    if authors or not words["signers"]:
        article.bylines.all().delete()
        Authorship.objects.bulk_create(
            Authorship(article=article, author=authors[pk], position=position)
            for position, pk in enumerate(words["signers"])
            if pk in authors
        )
    article.images.exclude(name__in=words["pictures"]).delete()
    for name, file in words["pictures"].items():
        ArticleImage.objects.update_or_create(article=article, name=name, defaults={"file": file})
