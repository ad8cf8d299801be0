"""Finding an article at the desk: by words of title and text, by number, whatever its state."""

import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.admin.tables import CappedPaginator
from articles.indexing import articles_index
from articles.models import Article
from tests.articles.test_relating import _an_index_of_its_own, reindex  # noqa: F401
from tests.broken import cut_short
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def found(admin_client, words):
    response = admin_client.get(LIST, {"q": words})
    assert response.status_code == 200
    return [article.title for article in response.context["cl"].result_list]


@pytest.fixture
def articles():
    category = make_category()
    for title, body, state in (
        ("借条怎样写", "写明金额。", "published"),
        ("没有借条", "转账记录也证明借款。", "published"),
        ("离婚协议", "抚养权归谁。", "published"),
        ("借条草稿", "未完。", "draft"),
    ):
        make_article(title, body=body, state=state, category=category)
    reindex()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("借条", {"借条怎样写", "没有借条", "借条草稿"}),
        ("转账记录", {"没有借条"}),
        ("抚养权", {"离婚协议"}),
        ("草稿", {"借条草稿"}),
        ("不相干", set()),
        ("%", set()),
    ],
)
def test_words_of_title_and_text_are_found(admin_client, articles, words, titles):
    assert set(found(admin_client, words)) == titles


@pytest.mark.parametrize("words", ["GDPR", "gdpr 与", "数据"])
def test_a_title_is_found_in_capitals_or_not(admin_client, articles, words):
    make_article("GDPR 与数据出境", state="draft")
    assert found(admin_client, words) == ["GDPR 与数据出境"]


def test_a_number_is_an_article(admin_client, articles):
    article = Article.objects.get(title="离婚协议")
    assert found(admin_client, str(article.pk)) == ["离婚协议"]


def test_the_best_stands_first(admin_client, articles):
    assert found(admin_client, "没有借条转账记录")[0] == "没有借条"


def test_a_column_that_is_asked_for_goes_before_the_best(admin_client, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 4)  # there are more, but fewer are found
    make_article("没有欠条")
    make_article("离婚协议")
    for title in ("乙的借条", "甲的借条", "丙的借条"):
        make_article(title)
    for order, reverse in (("1", False), ("-1", True)):
        response = admin_client.get(LIST, {"q": "借条", "o": order})
        titles = [article.title for article in response.context["cl"].result_list]
        assert titles == sorted(titles, reverse=reverse)
        assert len(titles) == 3


def test_a_row_leads_to_its_article_and_keeps_what_was_asked(admin_client, articles):
    page = admin_client.get(LIST, {"q": "借条", "state__exact": "published"}).content.decode()
    kept = re.findall(r'/change/\?_changelist_filters=([^"]+)"', page)
    assert kept
    assert {unquote(filters) for filters in kept} == {"q=%E5%80%9F%E6%9D%A1&state__exact=published"}


@pytest.mark.parametrize("words", ["", " ", "甲" * 5_000, "\x00", "'\"; --", "👍", "§1"])
def test_hostile_words_are_no_trouble(admin_client, articles, words):
    response = admin_client.get(LIST, {"q": words})
    assert response.status_code in {200, 302}


def test_without_an_index_titles_are_searched(admin_client):
    make_article("借条怎样写", body="写明金额。")
    assert found(admin_client, "借条") == ["借条怎样写"]


def test_with_a_damaged_index_titles_are_searched(admin_client):
    make_article("借条怎样写", body="写明金额。")
    with articles_index().rebuilding():
        pass
    cut_short(articles_index())
    assert found(admin_client, "借条") == ["借条怎样写"]


def test_searching_costs_a_constant_number_of_queries(admin_client, articles):
    found(admin_client, "")  # the site's profile is asked for once and kept
    counts = set()
    for words in ("借条", "抚养权"):
        with CaptureQueriesContext(connection) as queries:
            found(admin_client, words)
        counts.add(len(queries))
    assert len(counts) == 1
