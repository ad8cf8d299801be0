"""Files imported together come in as each alone does."""

from datetime import date

import pytest
from django.db import IntegrityError, connection

from articles import publishing
from articles.importing import load as loading
from articles.importing.load import CREATED, UNCHANGED, UPDATED, import_file, import_files
from articles.models import (
    Article,
    ArticleCitation,
    ArticleImage,
    ArticleList,
    ArticleWindow,
    Authorship,
    Checkpoint,
    ListPage,
    NearDuplicate,
    SitemapSection,
    TaggedArticle,
)
from statutes.importing import load
from statutes.models import Change
from tests.articles.test_overlap import chinese
from tests.factories import article_file, make_image, make_version

pytestmark = pytest.mark.django_db

TITLE = "中华人民共和国示例法"
FIRST, SECOND = chinese(1, 80), chinese(2, 80)
TODAY = date(2026, 11, 25)


@pytest.fixture
def files(tmp_path):
    """Files that cite two versions of a law, quote it, copy one another and show pictures."""
    old, new = date(2015, 1, 1), date(2025, 1, 1)
    make_version(TITLE, provisions=(FIRST, SECOND), promulgated_on=old, effective_from=old)
    make_version(
        TITLE, provisions=(SECOND, FIRST), promulgated_on=new, effective_from=new, label="修订"
    )
    load.refresh_aliases()
    (tmp_path / "a.png").write_bytes(make_image(400, 300))
    paths = []
    for number in range(24):
        body = f"## 甲{number}\n\n{chinese(10 + number // 2, 700)}\n\n依照《示例法》第一条处理。"
        if number % 2:
            body += f"\n\n《示例法》第二条规定：“{SECOND}”" + chinese(70 + number, 60)
        if number % 5 == 0:
            body += "\n\n![图](a.png)"
        header = {
            "title": f"第{number}篇",
            "category": f"金融债务/第{number % 3}类",
            "tags": f"[借条, 标签{number % 4}, LPR{'' if number % 2 else ' '}]",
            "author": "林知远、沈砚秋" if number % 3 else "沈砚秋",
            "published_at": f"20{12 + number // 2}-03-12 09:30",
        }
        if number % 4:
            header["id"] = 1_000 - number
        if number % 6 == 0:
            header |= {"reviewed_on": "2026-03-11", "reviewer": "沈砚秋", "cover": "a.png"}
        if number == 7:
            header |= {"status": "draft"}
        path = tmp_path / f"{number:02}.md"
        path.write_text(article_file(body, **header))
        paths.append(path)
    bad = tmp_path / "99.md"
    bad.write_text(article_file("[" * 4_000, title="不行", author="无此人"))
    return [*paths[:12], bad, *paths[12:]]


def told() -> dict[str, list]:
    """Return all that the articles are, by title: their ids may differ."""
    titles = dict(Article.objects.values_list("pk", "title"))
    columns = [
        field.attname
        for field in Article._meta.concrete_fields
        if field.attname not in ("id", "state_since", "updated_at", "category_id", "reviewer_id")
    ]
    rows = {
        "articles": Article.objects.values_list(
            *("category__name", "category__parent__name", "reviewer__name", "updated_at__date"),
            *columns,
        ),
        "tags": TaggedArticle.objects.values_list("content_object__title", "tag__name"),
        "authors": Authorship.objects.values_list("article__title", "author__name", "position"),
        "images": ArticleImage.objects.values_list(
            "article__title", "name", "file", "width", "height"
        ),
        "windows": ArticleWindow.objects.values_list("digest", "article__title"),
        "copies": NearDuplicate.objects.values_list("article__title", "other__title", "share"),
        "citations": ArticleCitation.objects.values_list(
            "article__title",
            *(
                field.attname
                for field in ArticleCitation._meta.concrete_fields
                if field.attname not in ("id", "article_id")
            ),
        ),
        "versions": Article.history.values_list("title", "body"),
    }
    found = {name: sorted(map(repr, some)) for name, some in rows.items()}
    pages: dict[tuple, list] = {}
    for page in ListPage.objects.select_related("article_list").order_by("number"):
        key = page.article_list.kind, page.article_list.key % 1_000, page.article_list.count
        pages.setdefault(key, []).extend(sorted(titles[pk] for pk in page.articles))
    found["lists"] = sorted((kind, count, sorted(some)) for (kind, _, count), some in pages.items())
    return found


def forget() -> None:
    for model in (NearDuplicate, ListPage, ArticleList, SitemapSection, Article):
        model.objects.all().delete()
    Article.history.all().delete()


def outcomes(found) -> dict[str, str]:
    return {path.name: str(outcome) for path, outcome in found}


def alone(paths) -> dict[str, str]:
    return outcomes(pair for path in paths for pair in import_files([path]))


def test_files_together_come_in_as_each_alone(files):
    one_by_one = alone(files), told()
    forget()
    together = outcomes(import_files(files)), told()
    assert together == one_by_one
    assert sum(outcome == "created" for outcome in together[0].values()) == 24
    assert len(together[1]["copies"]) > 10
    assert any("renumbered" in citation for citation in together[1]["citations"])


def test_changed_files_together_change_their_articles_as_each_alone(files):
    def change():
        publishing.withdraw(Article.objects.get(title="第3篇"))
        for article in Article.objects.filter(title__in=["第4篇", "第5篇"]):
            article.citations.update(checked_on=TODAY)
        for number, path in enumerate(files):
            if number % 3 == 0:
                path.write_text(path.read_text() + "\n\n" + chinese(200 + number, 150))

    originals = [path.read_text() for path in files]
    alone(files)
    change()
    one_by_one = alone(files), told()
    forget()
    for path, text in zip(files, originals, strict=True):
        path.write_text(text)
    list(import_files(files))
    change()
    together = outcomes(import_files(files)), told()
    assert together == one_by_one
    assert set(together[0].values()) >= {UPDATED, UNCHANGED}
    assert len(together[1]["versions"]) > 10


def test_a_batch_costs_few_queries(files, django_assert_max_num_queries):
    good = [path for path in files if path.name != "99.md"]
    list(import_files(good[:2]))
    with django_assert_max_num_queries(130):
        list(import_files(good[2:]))


def test_the_log_names_each_public_article_once(files):
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    list(import_files(files))
    keys = list(Change.objects.filter(pk__gt=newest, kind="article").values_list("key", flat=True))
    public = Article.objects.exclude(published_at=None)
    assert sorted(keys) == sorted(public.values_list("pk", flat=True))


def test_a_run_that_was_cut_short_is_completed_by_the_next(files, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 6)
    run = import_files(files)
    for _ in range(8):
        next(run)
    run.close()
    stored = Article.objects.count()
    assert 6 <= stored <= 12, "whole batches, and none after"
    assert Checkpoint.objects.exists(), "their related lists are owed"
    again = outcomes(import_files(files))
    assert sum(outcome == "unchanged" for outcome in again.values()) == stored
    assert Article.objects.count() == 24


@pytest.mark.parametrize("batch", [1, 6])
def test_a_second_file_with_the_id_of_a_first_is_named(files, monkeypatch, batch):
    monkeypatch.setattr(loading, "BATCH", batch)
    twin = files[1].with_name("twin.md")
    twin.write_text(files[1].read_text().replace("第一条", "第二条"))
    for first in (CREATED, UNCHANGED):
        found = outcomes(import_files([files[1], twin]))
        assert found[files[1].name] == first
        assert found["twin.md"].endswith(f"{files[1]} has the id 999 too")
    assert "第一条" in Article.objects.get().body
    assert import_file(twin) == UPDATED


def test_a_title_that_an_article_gives_up_is_free_for_another_file(tmp_path):
    def write(name, text, **header):
        path = tmp_path / name
        path.write_text(article_file(text, category="甲", **header))
        return path

    import_file(write("a.md", "正文甲。", id=5, title="旧题"))
    renamed, other = (
        write("a.md", "正文甲。", id=5, title="新题"),
        write("b.md", "乙。", title="旧题"),
    )
    assert outcomes(import_files([renamed, other])) == {"a.md": UPDATED, "b.md": CREATED}
    assert Article.objects.get(pk=5).body.strip() == "正文甲。"
    assert Article.objects.get(title="旧题").body.strip() == "乙。"


def test_what_cannot_be_stored_leaves_nothing_of_its_batch(files, monkeypatch):
    def fail(found):
        raise RuntimeError

    monkeypatch.setattr(publishing, "announce", fail)
    with pytest.raises(RuntimeError):
        list(import_files(files))
    monkeypatch.undo()
    connection.check_constraints()
    assert not Article.objects.exists()
    assert not ArticleCitation.objects.exists()
    list(import_files(files))
    assert Article.objects.count() == 24


def test_a_file_that_the_database_refuses_is_named_and_the_rest_go_in(files, monkeypatch):
    store = loading._store_articles

    def refusing(changed, known):
        store(changed, known)
        if any(article.title == "第7篇" for _, article in changed):
            raise IntegrityError("taken meanwhile")

    monkeypatch.setattr(loading, "_store_articles", refusing)
    found = dict(import_files(files))
    refused = [path for path, outcome in found.items() if "refuses" in str(outcome)]
    assert [str(found[path]) for path in refused] == [
        f"{refused[0]}:1: the database refuses it: taken meanwhile"
    ]
    assert Article.objects.count() == list(found.values()).count(CREATED) == 23
    assert not Article.objects.filter(title="第7篇").exists()
