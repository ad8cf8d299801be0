"""The admin's lists at a million rows: what a page holds is told by an index, not by the rows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.admin.article import ArticleAdmin
from articles.admin.tables import CappedPaginator
from articles.models import Article
from statutes.verdicts import State
from tests.factories import (
    make_article,
    make_articles,
    make_author,
    make_category,
    make_citation,
    make_statute,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
TODAY = timezone.localdate()


@pytest.fixture
def category():
    return make_category("民间借贷")


@pytest.fixture
def owner():
    return make_user("owner", "作者")


def asked(admin_client, query: dict) -> list[str]:
    admin_client.get(LIST, query)  # the site's profile is asked for once and kept
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.get(LIST, query).status_code == 200
    return [query["sql"] for query in queries]


def titles(admin_client, **query) -> list[str]:
    response = admin_client.get(LIST, query)
    assert response.status_code == 200
    return [article.title for article in response.context["cl"].result_list]


# --- How it is asked for ------------------------------------------------------------------

FILTERS = [
    {},
    {"state__exact": "draft"},
    {"state__exact": "published"},
    {"due": "1"},
    {"origin__exact": "reprint"},
    {"category__id__exact": "CATEGORY"},
    {"owner__id__exact": "OWNER"},
    {"state__exact": "draft", "origin__exact": "reprint"},
    {"state__exact": "published", "owner__id__exact": "OWNER"},
    {"category__id__exact": "CATEGORY", "origin__exact": "original"},
    {"category__id__exact": "CATEGORY", "owner__id__exact": "OWNER"},
    {"due": "1", "category__id__exact": "CATEGORY", "origin__exact": "reprint"},
]


@pytest.fixture
def a_query(request, category, owner):
    ids = {"CATEGORY": category.pk, "OWNER": owner.pk}
    return {name: ids.get(value, value) for name, value in request.param.items()}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads SQLite's plans")
@pytest.mark.parametrize("a_query", FILTERS, indirect=True, ids=str)
def test_a_filter_reads_an_index_in_its_order_and_no_rows(admin_client, a_query, category):
    """But for the list without a filter, which goes down the rows themselves in their order."""
    make_articles(60, category=category)
    Article.objects.update(review_due_on=TODAY, owner=make_user())
    statements = [sql for sql in asked(admin_client, a_query) if '"articles_article"' in sql]
    which = [
        sql
        for sql in statements
        if re.match(r'SELECT (COUNT\(\*\)|"articles_article"."id" AS "pk") FROM', sql)
    ]
    assert len(which) == 2
    for sql in which:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [row[3] for row in cursor.fetchall()]
        if a_query or "COUNT" in sql:
            assert any("COVERING INDEX" in step for step in plan), (sql, plan)
        assert not any("TEMP B-TREE" in step for step in plan), (sql, plan)


@pytest.mark.parametrize("a_query", FILTERS, indirect=True, ids=str)
def test_no_list_reads_a_body(admin_client, a_query, category, owner):
    make_articles(3, category=category, owner=owner)
    assert not any("body" in sql for sql in asked(admin_client, a_query))


@pytest.mark.parametrize("a_query", FILTERS, indirect=True, ids=str)
def test_a_list_costs_the_same_however_many_there_are(admin_client, a_query, owner):
    def fill(number):
        for _ in range(number):
            for state in ("draft", "published"):
                values = {"state": state, "owner": owner, "authors": [make_author()]}
                article = make_article(category=make_category(parent=make_category()), **values)
                Article.objects.filter(pk=article.pk).update(review_due_on=TODAY)

    fill(2)
    few = len(asked(admin_client, a_query))
    fill(30)
    assert len(asked(admin_client, a_query)) <= few + 1 <= 10  # where there was nothing to show


def test_what_a_change_of_law_made_stale_costs_the_same(admin_client):
    statute = make_statute()

    def fill(number):
        for _ in range(number):
            article = make_article()
            make_citation(article, State.AMENDED.value, statute=statute, since=TODAY)
            make_citation(article, State.RENUMBERED.value, statute=statute, since=TODAY)

    query = {"stale": f"{statute.pk}-{TODAY}"}
    fill(2)
    few = len(asked(admin_client, query))
    fill(20)
    assert len(asked(admin_client, query)) == few
    assert len(titles(admin_client, **query)) == 22


# --- Order ---------------------------------------------------------------------------------


def test_few_are_put_in_order_by_any_column(admin_client):
    for title in ("乙", "甲", "丙"):
        make_article(title)
    made = sorted(["乙", "甲", "丙"])
    assert titles(admin_client, o="1") == made
    assert titles(admin_client, o="-1") == made[::-1]
    assert titles(admin_client) == ["丙", "甲", "乙"]


def test_many_keep_the_order_of_their_index_and_say_so(admin_client, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 3)
    monkeypatch.setattr(ArticleAdmin, "list_per_page", 2)
    for title in ("乙", "甲", "丁", "丙"):
        make_article(title, state="draft" if title in "甲丁" else "published")
    response = admin_client.get(LIST, {"o": "1"})
    assert [a.title for a in response.context["cl"].result_list] == ["丙", "丁"]
    text = response.content.decode()
    assert "多于3条" in text
    assert "sortable" not in text
    narrowed = admin_client.get(LIST, {"o": "1", "state__exact": "draft"})
    assert [a.title for a in narrowed.context["cl"].result_list] == sorted(["甲", "丁"])
    assert "多于" not in narrowed.content.decode()


def test_what_is_due_stands_in_the_order_of_its_date(admin_client):
    for title, day in (("丙", "2026-01-03"), ("甲", "2026-01-01"), ("乙", "2026-01-02")):
        article = make_article(title)
        Article.objects.filter(pk=article.pk).update(review_due_on=day)
    assert titles(admin_client, due="1") == ["甲", "乙", "丙"]


@pytest.mark.parametrize("order", ["", "x", "99", "-99", "1.2.-3", "9" * 30, "-"])
def test_a_hostile_order_is_no_trouble(admin_client, order):
    make_articles(2)
    assert admin_client.get(LIST, {"o": order}).status_code in (200, 302)


def test_the_last_page_that_is_counted_is_there(admin_client, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 100)
    articles = make_articles(120)
    found = admin_client.get(LIST, {"p": "2"}).context["cl"].result_list
    assert [a.pk for a in found] == sorted((a.pk for a in articles), reverse=True)[50:100]
    assert admin_client.get(LIST, {"p": "3"}).status_code == 302


# --- The form ------------------------------------------------------------------------------


def test_a_form_costs_the_same_however_long_its_lists_are(admin_client, category):
    article = make_article(category=category)

    def fill(number):
        for _ in range(number):
            article.bylines.create(author=make_author())
            other = make_article(category=category)
            article.related.get_or_create(related=other, defaults={"origin": "pinned"})

    def cost():
        with CaptureQueriesContext(connection) as queries:
            response = admin_client.get(f"{LIST}{article.pk}/change/")
        assert response.status_code == 200
        return len(queries), response.content.decode()

    fill(1)
    cost()
    few, _ = cost()
    fill(7)
    many, text = cost()
    assert many == few <= 30
    for entry in article.related.select_related("related"):
        assert f'<option value="{entry.related_id}" selected>{entry.related}</option>' in text
