"""The list of citations that want a person."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles import rechecking
from articles.models import ArticleCitation
from tests.articles.test_citing import new_law, old_law, on
from tests.articles.test_writing_desk import member
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/articlecitation/"
LAW = "《治安处罚示例法》"


@pytest.fixture
def articles():
    old_law()
    new_law()
    bodies = {
        "错号": f"{LAW}第九十条。",
        "变号": f"{LAW}第二条。",
        "修改": f"{LAW}第四条。",
        "无错": f"{LAW}第一条。",
        "未收": "《没有这部条例》第三条。",
    }
    made = {
        title: make_article(title, body=b, published_at=on(2020)) for title, b in bodies.items()
    }
    rechecking.count()
    return made


def titles(client, **asked):
    response = client.get(LIST, asked)
    assert response.status_code == 200
    root = BeautifulSoup(response.content, "lxml")
    return [cell.text.partition("（")[0] for cell in root.select("td.field-at")]


def test_the_gravest_come_first_and_lead_to_the_form(admin_client, articles):
    assert titles(admin_client) == ["错号", "修改", "变号", "未收"]
    root = BeautifulSoup(admin_client.get(LIST).content, "lxml")
    links = [a["href"] for a in root.select("td.field-cited a, th.field-cited a")]
    assert links[0] == f"/admin/articles/article/{articles['错号'].pk}/change/"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"weight": "4"}, ["错号"]),
        ({"state": "renumbered"}, ["变号"]),
        ({"question": "version"}, []),
        ({"age": "year"}, ["修改", "变号"]),
        ({"age": "older"}, []),
        ({"cited": "often"}, ["修改", "变号"]),
        ({"q": "治安处罚示例"}, ["错号", "修改", "变号"]),
        ({"q": "没有的名称"}, []),
    ],
)
def test_it_is_narrowed(admin_client, articles, asked, expected):
    ArticleCitation.objects.exclude(since=None).update(since=date(2026, 1, 1))
    assert titles(admin_client, **asked) == expected


@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "' OR 1=1", "\x00", "[]"])
@pytest.mark.parametrize("name", ["weight", "state", "question", "age", "cited", "q", "p", "o"])
def test_hostile_values_are_harmless(admin_client, articles, name, value):
    assert admin_client.get(LIST, {name: value}).status_code in (200, 302)


def test_a_writer_sees_only_what_is_hers(articles):
    writer = make_user("writer", "作者")
    articles["变号"].owner = writer
    articles["变号"].save()
    client = Client()
    client.force_login(writer, "django.contrib.auth.backends.ModelBackend")
    assert titles(client) == ["变号"]


def test_who_writes_no_articles_sees_none(client, articles):
    assert client.get(LIST).status_code == 302
    assert member("view_article").get(LIST).status_code == 403


def test_nothing_is_added_or_changed_here(admin_client, articles):
    pk = ArticleCitation.objects.first().pk
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.get(f"{LIST}{pk}/change/").status_code in (302, 403)
    assert admin_client.post(f"{LIST}{pk}/delete/").status_code in (302, 403)


def test_the_list_costs_the_same_however_long_it_is(
    admin_client, articles, django_assert_max_num_queries
):
    make_article(body=f"{LAW}第二条。" * 40, published_at=on(2020))
    admin_client.get(LIST)
    with django_assert_max_num_queries(8):
        admin_client.get(LIST)
