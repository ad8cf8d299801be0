"""Lists paged by key: every article once, in both directions, whatever the dates."""

import pytest
from django.http import Http404, QueryDict

from articles.models import Article
from articles.paging import PAGE_SIZE, paginate
from tests.factories import make_articles

pytestmark = pytest.mark.django_db


def page(query="", **options):
    return paginate(Article.objects.visible(), QueryDict(query.lstrip("?")), **options)


def walk(start, direction):
    """Return the pages from `start` on, in reading order for "older", against it for "newer"."""
    pages = [start]
    while getattr(pages[-1], direction) is not None:
        pages.append(page(getattr(pages[-1], direction)))
    return pages


def ids(pages):
    return [[article.pk for article in page.articles] for page in pages]


@pytest.mark.parametrize("minutes_apart", [0, 1], ids=["one moment", "a minute apart"])
def test_a_walk_forward_and_back_meets_every_article_once(minutes_apart):
    articles = make_articles(45, minutes_apart=minutes_apart)
    there = walk(page(), "older")
    newest_first = [article.pk for article in reversed(articles)]
    assert ids(there) == [newest_first[:20], newest_first[20:40], newest_first[40:]]
    assert [page.number for page in there] == [1, 2, 3]
    back = walk(there[-1], "newer")
    assert ids(back) == ids(there)[::-1]
    assert [page.number for page in back] == [3, 2, 1]
    assert back[-1].is_first
    assert back[-1].query == ""


@pytest.mark.parametrize("number", [0, 1, 20])
def test_a_list_of_one_page_has_no_neighbours(number):
    make_articles(number)
    only = page()
    assert (len(only.articles), only.newer, only.older) == (number, None, None)


@pytest.mark.parametrize(("number", "sizes"), [(21, [20, 1]), (40, [20, 20]), (41, [20, 20, 1])])
def test_no_page_is_empty(number, sizes):
    make_articles(number)
    assert [len(one.articles) for one in walk(page(), "older")] == sizes


def test_an_article_published_meanwhile_moves_no_page():
    articles = make_articles(45)
    second = page(page().older)
    make_articles(3, category=articles[0].category, minutes_apart=10_000)
    assert ids([page(second.query)]) == ids([second])


def test_a_pages_own_address_leads_to_it_again():
    make_articles(45)
    for one in walk(page(), "older"):
        assert page(one.query) == one


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=2", "page=-1", "page=x", "page=1.0", "page=２", "page=", "page=100000"),
        *("before=x&page=2", "before=1&page=2", "before=1-&page=2", "before=-1-1&page=2"),
        *("before=1-1", "before=1-1&page=1", "after=1-1", "before=1-1&after=1-1&page=2"),
        *("before=1-1&page=2", "after=9999999999999999-1&page=2"),  # nothing there
        *("before=99999999999999999-1&page=x", "after=99999999999999999-9999999999999999&page=2"),
        "before=１-１&page=2",
    ],
)
def test_an_address_that_the_list_never_wrote_is_not_found(query):
    make_articles(25)
    with pytest.raises(Http404):
        page(query)


def test_a_page_costs_one_query(django_assert_num_queries):
    make_articles(45)
    with django_assert_num_queries(1):
        second = page("?before=99999999999999999-1&page=2")
    with django_assert_num_queries(1):
        page(second.older)


def test_pages_hold_as_many_articles_as_asked():
    make_articles(5)
    assert [len(one.articles) for one in (page(size=2), page(size=5))] == [2, 5]
    assert PAGE_SIZE == 20
