"""Pages of lists: every article once, each page at its own address for good."""

from datetime import timedelta

import pytest
from django.http import Http404, QueryDict
from django.utils import timezone

from articles import lists, publishing
from articles.lists import PAGE_SIZE
from articles.models import Article, ArticleList, ListPage
from articles.paging import MovedError, paginate
from tests.factories import (
    PUBLISHED_AT,
    make_article,
    make_articles,
    make_author,
    make_category,
    make_tag,
)

pytestmark = pytest.mark.django_db

CATEGORY = ArticleList.Kind.CATEGORY


@pytest.fixture
def category():
    return make_category()


@pytest.fixture
def page(category):
    return lambda query="": paginate(CATEGORY, category.pk, QueryDict(query.lstrip("?")))


def walk(page, start, direction):
    """Return the pages from `start` on, in reading order for "older", against it for "newer"."""
    pages = [start]
    while getattr(pages[-1], direction) is not None:
        pages.append(page(getattr(pages[-1], direction)))
    return pages


def ids(pages):
    return [[article.pk for article in page.articles] for page in pages]


@pytest.mark.parametrize("minutes_apart", [0, 1], ids=["one moment", "a minute apart"])
def test_a_walk_forward_and_back_meets_every_article_once(minutes_apart, page, category):
    articles = make_articles(65, minutes_apart=minutes_apart, category=category)
    there = walk(page, page(), "older")
    oldest_first = [article.pk for article in articles]
    assert [sorted(one) for one in ids(there)] == [
        oldest_first[40:],
        oldest_first[20:40],
        oldest_first[:20],
    ]
    assert ids(there[:1])[0] == oldest_first[:39:-1]
    assert [one.number for one in there] == [4, 2, 1]
    back = walk(page, there[-1], "newer")
    assert ids(back) == ids(there)[::-1]
    assert back[-1].is_first


@pytest.mark.parametrize("number", [0, 1, 20, 21, 39, 40])
def test_a_list_of_no_more_than_two_pages_begins_at_its_own_address(number, page, category):
    make_articles(number, category=category)
    first = page()
    assert len(first.articles) == (20 if number == 40 else number)
    assert first.total == number
    assert first.newer is None
    assert first.older == ("?page=1" if number == 40 else None)


def test_a_full_page_keeps_its_address_and_its_articles(page, category):
    make_articles(65, category=category)
    second = page("page=2")
    for article in make_articles(45, category=category, minutes_apart=10_000):
        assert article.published_at > PUBLISHED_AT
    assert ids([page(second.query)]) == ids([second])
    assert page().number == 6


def test_the_newest_pages_are_called_by_the_lists_address(page, category):
    make_articles(65, category=category)
    for number in (3, 4):
        with pytest.raises(MovedError) as moved:
            page(f"page={number}")
        assert (moved.value.query, moved.value.for_ever) == ("", False)


def test_any_page_can_be_reached_in_a_few_clicks(page, category):
    home = make_articles(1, category=category)[0]
    kept = ArticleList.objects.get(kind=CATEGORY, key=category.pk)
    kept.pages.all().delete()
    kept.pages.bulk_create(
        ListPage(
            article_list=kept,
            number=number,
            first_at=PUBLISHED_AT + timedelta(minutes=number),
            first_id=home.pk,
            articles=[home.pk] * PAGE_SIZE,
        )
        for number in range(1, 5_001)
    )
    here, seen, clicks = 5_000, {5_000: page()}, 0
    while here != 1:
        here, query = min(other for other in seen[here].others if other[1])
        seen[here], clicks = page(query), clicks + 1
    assert clicks == 1
    assert {number for number, _ in page("page=2345").others} >= {1, 1345, 2245, 2335, 2344, 5000}
    assert dict(page("page=2345").others)[2345] is None


# --- What changes ------------------------------------------------------------------------


def test_an_article_of_the_past_comes_in_between(page, category):
    make_articles(65, category=category)
    old = make_article(category=category, published_at=PUBLISHED_AT + timedelta(seconds=90))
    assert old.pk in ids([page("page=1")])[0]
    assert [len(one.articles) for one in walk(page, page(), "older")] == [25, 20, 21]


def test_a_page_of_the_past_that_grows_too_long_is_parted(page, category):
    make_articles(65, category=category)
    for second in range(61, 61 + PAGE_SIZE):
        make_article(category=category, published_at=PUBLISHED_AT + timedelta(seconds=second))
    assert [len(one.articles) for one in walk(page, page(), "older")] == [25, 20, 20, 20]
    assert page().total == 85
    numbers = ListPage.objects.filter(article_list__kind=CATEGORY).order_by("first_at")
    assert list(numbers.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_an_article_older_than_all_stands_on_the_first_page(page, category):
    make_articles(65, category=category)
    oldest = make_article(category=category, published_at=PUBLISHED_AT - timedelta(days=1))
    assert ids([page("page=1")])[0][-1] == oldest.pk


def test_a_withdrawn_article_leaves_and_an_emptied_page_too(page, category):
    articles = make_articles(65, category=category)
    for article in articles[20:40]:
        publishing.withdraw(article)
    assert page().total == 45
    assert [one.number for one in walk(page, page(), "older")] == [3, 1]
    assert [len(one.articles) for one in walk(page, page(), "older")] == [25, 20]
    for article in articles:
        publishing.withdraw(article)
    assert (page().articles, page().total) == ([], 0)


def test_an_article_moves_with_its_category_its_tags_and_its_date():
    old, new = make_category("旧"), make_category("新", parent=make_category("上级"))
    author, tag = make_author(), make_tag("借条")
    article = make_article(category=old, tags=["借条"], authors=[author])

    def standing():
        shown = ArticleList.objects.filter(count__gt=0)
        return {(found.kind, found.key) for found in shown}

    before = {("category", old.pk), ("tag", tag.pk), ("author", author.pk), ("month", 202603)}
    assert standing() == before
    article.category = new
    article.published_at = PUBLISHED_AT + timedelta(days=31)
    article.tags.clear()
    publishing.refresh(article)
    assert standing() == {
        *(("category", new.pk), ("category", new.parent.pk)),
        *(("author", author.pk), ("month", 202604)),
    }
    publishing.refresh(article)
    assert {found.count for found in ArticleList.objects.filter(count__gt=0)} == {1}


def test_an_article_to_come_is_on_no_page_yet(page, category):
    make_articles(20, category=category)
    coming = make_article(category=category, published_at=timezone.now() + timedelta(hours=1))
    assert coming.pk not in ids([page()])[0]
    now = make_article(category=category, published_at=timezone.now())
    assert ids([page()])[0][0] == now.pk


@pytest.mark.parametrize("few", [0, 100], ids=["all anew", "one by one"])
def test_articles_move_with_their_category(few, monkeypatch):
    monkeypatch.setattr(lists, "FEW", few)
    old, new = make_category(), make_category()
    middle = make_category(parent=old)
    articles = make_articles(3, category=make_category(parent=middle))
    middle.parent = new
    middle.save()
    lists.move_branch(middle)
    assert paginate(CATEGORY, old.pk, QueryDict()).total == 0
    assert len(paginate(CATEGORY, new.pk, QueryDict()).articles) == 3
    publishing.withdraw(articles[0])
    assert paginate(CATEGORY, new.pk, QueryDict()).total == 2


def test_lists_made_anew_are_the_same():
    category = make_category(parent=make_category())
    author = make_author()
    for article in make_articles(45, category=category, minutes_apart=2_000):
        article.tags.set(["借条"])
        article.bylines.create(author=author)
        lists.place([article.pk])
    make_article(category=category, state="withdrawn", tags=["借条"])

    def kept():
        pages = ListPage.objects.filter(article_list__count__gt=0).select_related("article_list")
        return {
            (
                *(page.article_list.kind, page.article_list.key, page.article_list.count),
                *(page.number, page.first_at, page.first_id, tuple(sorted(page.articles))),
            )
            for page in pages
        }

    before = kept()
    assert len(before) > 10
    assert list(lists.rebuild()) == [45]
    assert kept() == before
    article = Article.objects.visible().newest_first().first()
    publishing.refresh(article)
    assert kept() == before, "what was made anew knows where each article stands"


# --- Addresses ------------------------------------------------------------------------------


def test_an_address_of_before_leads_to_the_page_that_holds_its_place(page, category):
    articles = make_articles(65, category=category)
    key = f"{int(articles[30].published_at.timestamp() * 1_000_000)}-{articles[30].pk}"
    for query in (f"before={key}&page=2", f"after={key}&page=9"):
        with pytest.raises(MovedError) as moved:
            page(query)
        assert (moved.value.query, moved.value.for_ever) == ("?page=2", True)
    for query in ("before=99999999999999999-1&page=2", "before=1-1&page=7"):
        with pytest.raises(MovedError) as moved:
            page(query)
        assert moved.value.query == ""


def test_the_redirect_keeps_to_the_list(client, category):
    articles = make_articles(65, category=category)
    key = f"{int(articles[30].published_at.timestamp() * 1_000_000)}-{articles[30].pk}"
    address = category.get_absolute_url()
    response = client.get(f"{address}?before={key}&page=2")
    assert (response.status_code, response["Location"]) == (301, f"{address}?page=2")
    response = client.get(f"{address}?page=4")
    assert (response.status_code, response["Location"]) == (302, address)


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=9", "page=-1", "page=x", "page=1.0", "page=２", "page=", "page=10000000"),
        *("before=x&page=2", "before=1&page=2", "before=1-&page=2", "before=-1-1&page=2"),
        *("before=1-1", "before=1-1&page=1", "after=1-1", "before=1-1&after=1-1&page=2"),
        *("before=99999999999999999-1&page=x", "before=１-１&page=2"),
    ],
)
def test_an_address_that_the_list_never_wrote_is_not_found(query, page, category):
    make_articles(65, category=category)
    with pytest.raises(Http404):
        page(query)


def test_a_page_costs_the_same_queries_wherever_it_is(page, category, django_assert_num_queries):
    make_articles(165, category=category)
    with django_assert_num_queries(4):  # the list, its newest pages, the articles, their authors
        page()
    for number in (1, 4, 6):
        with django_assert_num_queries(5):
            page(f"page={number}")


def test_entering_a_list_costs_the_same_however_long_it_is(django_assert_max_num_queries):
    category = make_category(parent=make_category())
    for number in (1, 65):
        make_articles(number, category=category)
        article = make_article(category=category, tags=["借条"], authors=[make_author()])
        Article.objects.filter(pk=article.pk).update(state="draft")
        lists.place([article.pk])
        Article.objects.filter(pk=article.pk).update(state="published")
        with django_assert_max_num_queries(22):
            lists.place([article.pk])
