"""The editors' tool: what is saved there is rendered, related and bounded."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.admin.tables import CappedPaginator
from articles.models import Article, ArticleImage, Author, Category, Tag
from tests.factories import (
    make_article,
    make_articles,
    make_author,
    make_category,
    make_image,
    make_tag,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def change(article):
    return f"/admin/articles/article/{article.pk}/change/"


def form(category, **values):
    """Return what the article's form sends; `values` change it, None leaves a field out."""
    fields = {
        "title": "没有借条，怎样要回借款？",
        "category": category.pk,
        "tags": "民间借贷、借条",
        "summary": "",
        "body": "借款成立。\n\n## 先留证据\n\n保存原件。",
        "origin": "original",
        "bylines-TOTAL_FORMS": 0,
        "bylines-INITIAL_FORMS": 0,
        "images-TOTAL_FORMS": 0,
        "images-INITIAL_FORMS": 0,
        "related-TOTAL_FORMS": 0,
        "related-INITIAL_FORMS": 0,
    }
    return {key: value for key, value in (fields | values).items() if value is not None}


def errors(response):
    """Return the errors that the form shows, by field."""
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


@pytest.fixture
def category():
    return make_category("民间借贷")


# --- Adding and changing ---------------------------------------------------------------


def test_an_editor_adds_an_article_with_pictures(admin_client, category):
    author = make_author("林知远")
    picture = SimpleUploadedFile("IMG_0001.PNG", make_image(1000, 500), "image/png")
    cover = SimpleUploadedFile("封面.jpg", make_image(900, 600, kind="JPEG"), "image/jpeg")
    values = {
        "body": "借款成立。\n\n![三个步骤](steps.png)",
        "cover": cover,
        "bylines-TOTAL_FORMS": 1,
        "bylines-0-author": author.pk,
        "bylines-0-position": 0,
        "images-TOTAL_FORMS": 1,
        "images-0-name": "steps.png",
        "images-0-file": picture,
    }
    response = admin_client.post(ADD, form(category, **values))
    assert response.status_code == 302
    article = Article.objects.get()
    assert article.credit == "林知远律师"
    assert sorted(article.tags.names()) == ["借条", "民间借贷"]
    assert article.images.get().width == 1000
    assert article.cover_width == 900
    assert article.cover.name.endswith(".jpg")
    assert article.state == "draft"
    publishing.publish(article)
    page = admin_client.get(article.get_absolute_url()).content.decode()
    assert f'src="{article.images.get().file.url}"' in page
    assert article.cover.url in page


def test_saving_again_keeps_pictures_and_words(admin_client, category):
    picture = SimpleUploadedFile("a.png", make_image(), "image/png")
    images = {"images-TOTAL_FORMS": 1, "images-0-name": "steps.png"}
    body = {"body": "![三个步骤](steps.png)"}
    admin_client.post(ADD, form(category, **images, **body, **{"images-0-file": picture}))
    article = Article.objects.get()
    before = article.body_html
    kept = {"images-INITIAL_FORMS": 1, "images-0-id": article.images.get().pk}
    kept |= {"images-0-article": article.pk}
    response = admin_client.post(change(article), form(category, **images, **body, **kept))
    assert response.status_code == 302
    assert Article.objects.get().body_html == before
    assert ArticleImage.objects.count() == 1


def test_a_change_of_words_is_dated_and_others_are_not(admin_client, category):
    article = make_article(category=category, tags=["民间借贷", "借条"])
    body = {"title": article.title, "body": article.body}
    admin_client.post(change(article), form(category, **body, ai_assisted="on"))
    article.refresh_from_db()
    assert article.ai_assisted
    assert not article.was_updated
    admin_client.post(change(article), form(category, **body | {"body": "新的正文"}))
    article.refresh_from_db()
    assert article.was_updated
    assert article.body_html == "<p>新的正文</p>"


def test_the_form_sets_neither_state_nor_date_nor_reviewer(admin_client, category):
    lawyer = make_author()
    values = {"state": "published", "published_at_0": "2026-03-12", "published_at_1": "09:30"}
    values |= {"reviewer": lawyer.pk, "reviewed_on": "2026-03-12", "owner": 1, "id": 77}
    assert admin_client.post(ADD, form(category, **values)).status_code == 302
    article = Article.objects.get()
    assert (article.state, article.published_at, article.reviewer) == ("draft", None, None)
    assert (article.reviewed_on, article.owner.username) == (None, "admin")
    assert article.pk != 77


def test_saving_an_article_enters_it_into_related_lists(admin_client, category):
    body = "借条证明借款。没有借条，转账记录也证明借款，借条、转账记录都要保存。"
    older = make_article("借条与转账记录", body=body, category=category)
    article = make_article("利息", category=category)
    admin_client.post(change(article), form(category, body=body))
    assert [card.title for card in older.related_list()] == ["没有借条，怎样要回借款？"]


def test_an_editor_pins_and_bans_related_articles(admin_client, category):
    article, pinned, banned = make_articles(3, category=category)
    entry = article.related.create(related=banned)
    values = {
        "related-TOTAL_FORMS": 2,
        "related-INITIAL_FORMS": 1,
        "related-0-id": entry.pk,
        "related-0-article": article.pk,
        "related-0-related": banned.pk,
        "related-0-origin": "banned",
        "related-0-rank": 0,
        "related-1-article": article.pk,
        "related-1-related": pinned.pk,
        "related-1-origin": "pinned",
        "related-1-rank": 0,
    }
    assert admin_client.post(change(article), form(category, **values)).status_code == 302
    shown = [Article(pk=card.pk) for card in article.related_list()]
    assert shown[:1] == [pinned]
    assert banned not in shown


# --- Errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"body": ">" * 100 + "甲"}, "body", "嵌套"),
        ({"body": "[" * 4_000}, "body", "方括号过多"),
        ({"body": "字" * 100_001}, "body", "正文超过100000个字符"),
        ({"origin": "reprint"}, "__all__", "转载文章要写明来源。"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "URL"),
        ({"title": ""}, "title", "必填"),
        ({"tags": f"借条、{'字' * 41}"}, "tags", "一个标签最多40个字"),
    ],
)
def test_what_cannot_be_saved_is_an_error_of_the_form(admin_client, category, values, field, words):
    response = admin_client.post(ADD, form(category, **values))
    assert words in "".join(errors(response)[field])
    assert not Article.objects.exists()


@pytest.mark.parametrize("field", ["cover", "images-0-file"])
def test_a_broken_picture_is_an_error_of_the_form(admin_client, category, field):
    broken = SimpleUploadedFile("a.png", make_image(500, 500)[:-40], "image/png")
    values = {field: broken}
    if field != "cover":
        values |= {"images-TOTAL_FORMS": 1, "images-0-name": "a.png"}
    response = admin_client.post(ADD, form(category, **values))
    assert response.status_code == 200
    assert "图片" in response.content.decode()
    assert not Article.objects.exists()


def test_a_failed_change_leaves_the_article_as_it_was(admin_client, category):
    article = make_article(category=category)
    before = Article.objects.values().get()
    errors(admin_client.post(change(article), form(category, body="[" * 4_000)))
    assert Article.objects.values().get() == before


# --- Finding ---------------------------------------------------------------------------


def found(response):
    return [article.pk for article in response.context["cl"].result_list]


def test_an_article_is_found_by_its_title_or_its_number(admin_client):
    wanted = make_article("没有借条", id=1199564)
    make_article("利息上限", id=2)
    for query in ("借条", "1199564"):
        assert found(admin_client.get(LIST, {"q": query})) == [wanted.pk]
    for query in ("1199565", "9" * 16, "9" * 17, "9" * 400, "１", "x' OR 1=1"):
        assert found(admin_client.get(LIST, {"q": query})) == []


def test_articles_can_be_filtered(admin_client, category):
    draft = make_article(state="draft", category=category)
    make_article()
    assert found(admin_client.get(LIST, {"state__exact": "draft"})) == [draft.pk]
    chosen = {"category__id__exact": category.pk}
    assert found(admin_client.get(LIST, chosen)) == [draft.pk]


def test_the_list_never_counts_the_whole_table(admin_client):
    make_articles(3)
    with CaptureQueriesContext(connection) as queries:
        admin_client.get(LIST)
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
    assert counts
    assert all(f"LIMIT {CappedPaginator.CAP}" in sql for sql in counts)


def test_a_list_of_more_than_the_cap_can_still_be_paged(monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 10)
    make_articles(15)
    paginator = CappedPaginator(Article.objects.order_by("-id"), 5)
    assert (paginator.count, paginator.num_pages) == (10, 2)


@pytest.mark.parametrize("model", ["article", "category", "author", "tag"])
def test_a_list_costs_the_same_however_long_it_is(admin_client, model):
    path = f"/admin/articles/{model}/"

    def fill(number):
        parent = make_category()
        for _ in range(number):
            tag, author = make_tag(f"标签{Tag.objects.count()}"), make_author()
            child = make_category(parent=parent)
            make_article(category=child, tags=[tag.name], authors=[author])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(path).status_code == 200
        return len(queries)

    fill(2)
    admin_client.get(path)
    few = cost()
    fill(8)
    assert cost() <= few <= 10


def test_the_form_costs_a_bounded_number_of_queries(
    admin_client, category, django_assert_max_num_queries
):
    for _ in range(12):
        article = make_article(
            "借条与转账记录",
            body="借条证明借款。借条、转账记录都要保存，转账记录也证明借款。",
            category=category,
            authors=[make_author()],
        )
        ArticleImage.objects.create(article=article, name="a.png", width=1, height=1)
    assert len(article.related_list()) == 8
    with django_assert_max_num_queries(40):
        assert admin_client.get(change(article)).status_code == 200


def test_the_admin_speaks_chinese(admin_client):
    text = admin_client.get(ADD).content.decode()
    for label in ("标题", "栏目", "正文", "发布时间", "法律核对日期", "转载来源", "保存"):
        assert label in text
    for model in (Article, Author, Category, Tag):
        assert not model._meta.verbose_name.isascii()
        assert admin.site.is_registered(model)


@pytest.mark.parametrize("state", ["published", "draft"])
def test_a_link_to_the_page_stands_where_there_is_a_page(admin_client, state):
    article = make_article(state=state)
    text = admin_client.get(change(article)).content.decode()
    assert (f'href="{article.get_absolute_url()}"' in text) == (state == "published")


def test_the_places_of_categories_are_named_after_them(admin_client):
    make_category("民间借贷")
    page = admin_client.get("/admin/articles/category/").content.decode()
    assert 'aria-label="民间借贷：次序"' in page
