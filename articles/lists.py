"""Which lists a published article stands in, and on which page of each: counts kept, not counted.

Categories (with those above), tags, authors and months have lists. publishing.py calls `place`
in the transaction of a change; `rebuild` makes all lists anew.
"""

import json
from array import array
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from . import bulk
from .models import Article, ArticleList, Authorship, Category, Listing, ListPage, TaggedArticle

PAGE_SIZE = 20
INDEXED_TAG_ARTICLES = 5  # fewer make a thin page, which search engines punish
FEW = 2_000  # articles that are moved one by one
CHUNK = 20_000  # articles read at a time when all lists are made anew

Name = tuple[str, int]  # kind and key of a list
Kind = ArticleList.Kind


class Place(NamedTuple):
    """Where an article stands in the order of publication."""

    published_at: datetime
    id: int


@transaction.atomic
def place(ids: Collection[int]) -> None:
    """Let each of these articles stand where its row and tags say, and nowhere else."""
    published = Article.objects.filter(pk__in=ids, state=Article.State.PUBLISHED)
    rows = list(published.values_list("pk", "published_at", "category"))
    wanted = _names(rows)
    moments = {pk: published_at for pk, published_at, _ in rows}
    listings = Listing.objects.select_for_update().in_bulk(list(ids))
    lists = _find_lists({name for names in wanted.values() for name in names})
    joining, leaving = defaultdict(list), defaultdict(list)
    changed = []
    for pk in ids:
        old, moment = listings.get(pk), moments.get(pk)
        now = {lists[name].pk for name in wanted.get(pk, ())}
        before = set(old.lists) if old else set()
        stays = before & now if old and old.published_at == moment else set()
        for list_id in before - stays:
            leaving[list_id].append(Place(old.published_at, pk))
        for list_id in now - stays:
            joining[list_id].append(Place(moment, pk))
        if stays != before or stays != now:
            changed.append(Listing(article_id=pk, published_at=moment, lists=sorted(now)))
    if changed:
        Listing.objects.filter(pk__in=[listing.pk for listing in changed]).delete()
        Listing.objects.bulk_create(listing for listing in changed if listing.lists)
        _move(joining, leaving)


def move_branch(category: Category) -> None:
    """Let the articles of a category that has another parent now stand in the lists above it."""
    articles = Article.objects.filter(category__in=category.branch())
    ids = list(articles.order_by("pk").values_list("pk", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        place(ids)
    else:  # to make all anew takes less
        deque(rebuild(), maxlen=0)


def _move(joining: dict[int, list[Place]], leaving: dict[int, list[Place]]) -> None:
    """Enter and remove articles of lists, given by id; the lists are locked in one order."""
    touched = joining.keys() | leaving.keys()
    lists = list(ArticleList.objects.select_for_update().filter(pk__in=touched).order_by("pk"))
    for article_list in lists:
        _leave(article_list, leaving.get(article_list.pk, []))
    ends = ListPage.objects.filter(article_list__in=lists, number=F("article_list__last_page"))
    last = {page.article_list_id: page for page in ends} if not leaving else {}
    changed = []
    for article_list in lists:
        places = sorted(joining.get(article_list.pk, []))
        changed += _join(article_list, places, last.get(article_list.pk))
    ListPage.objects.bulk_update(changed, ["articles", "first_at", "first_id"])
    ArticleList.objects.bulk_update(lists, ["count", "last_page"])


def _names(rows: Sequence[tuple[int, datetime, int]]) -> dict[int, set[Name]]:
    """Return the lists in which articles belong: (id, published_at, category) each."""
    if not rows:
        return {}
    parents = dict(Category.objects.values_list("pk", "parent"))
    ids = [pk for pk, _, _ in rows]
    names = {}
    for pk, published_at, category in rows:
        own = {(Kind.MONTH, month_of(published_at))}
        while category is not None:
            own.add((Kind.CATEGORY, category))
            category = parents[category]
        names[pk] = own
    tagged = TaggedArticle.objects.filter(content_object__in=ids)
    for pk, tag in tagged.values_list("content_object", "tag"):
        names[pk].add((Kind.TAG, tag))
    signed = Authorship.objects.filter(article__in=ids)
    for pk, author in signed.values_list("article", "author"):
        names[pk].add((Kind.AUTHOR, author))
    return names


def month_of(moment: datetime) -> int:
    """Return the key of a month in Beijing, 202603."""
    local = timezone.localtime(moment)
    return local.year * 100 + local.month


def _find_lists(names: set[Name]) -> dict[Name, ArticleList]:
    """Return these lists, made where they are missing."""
    if not names:
        return {}
    keys = defaultdict(list)
    for kind, key in names:
        keys[kind].append(key)
    these = Q()
    for kind in keys:
        these |= Q(kind=kind, key__in=keys[kind])
    found = {(found.kind, found.key): found for found in ArticleList.objects.filter(these)}
    missing = names - found.keys()
    if missing:
        ArticleList.objects.bulk_create(
            [ArticleList(kind=kind, key=key) for kind, key in sorted(missing)],
            ignore_conflicts=True,
        )
        found = {(found.kind, found.key): found for found in ArticleList.objects.filter(these)}
    return found


def _leave(article_list: ArticleList, places: list[Place]) -> None:
    for here in places:
        page = article_list.pages.begun(*here).first()
        if page is None or here.id not in page.articles:
            continue
        page.articles.remove(here.id)
        article_list.count -= 1
        if page.articles:
            page.save()
        else:
            page.delete()
            _renumber(article_list, page.number, -1)


def _join(
    article_list: ArticleList, places: list[Place], last: ListPage | None
) -> Iterator[ListPage]:
    """Enter articles in order of publication, each on the page that holds its place.

    `last` is the list's last page if it is at hand. Yields pages that are to be saved.
    """
    for here in places:
        if last is None or last.number != article_list.last_page:
            last = article_list.pages.filter(number=article_list.last_page).first()
        page = last
        if page is None:
            page = last = article_list.pages.create(
                number=1, first_at=here.published_at, first_id=here.id
            )
            article_list.last_page = 1
        elif here < (page.first_at, page.first_id):
            page = article_list.pages.begun(*here).first()
            if page is None:
                page = last if last.number == 1 else article_list.pages.get(number=1)
                page.first_at, page.first_id = here
        page.articles.append(here.id)
        article_list.count += 1
        is_last = page.number == article_list.last_page
        if len(page.articles) > (PAGE_SIZE if is_last else 2 * PAGE_SIZE - 1):
            _split(article_list, page)
        if page is not last or page.number != article_list.last_page:
            page.save()
    if last is not None and places and last.number == article_list.last_page:
        yield last


def _split(article_list: ArticleList, page: ListPage) -> None:
    """Keep the first PAGE_SIZE articles of a page on it, give the others a page of their own."""
    found = Article.objects.filter(pk__in=page.articles).values_list("published_at", "pk")
    places = sorted(Place(*row) for row in found)
    kept, moved = places[:PAGE_SIZE], places[PAGE_SIZE:]
    page.articles = [here.id for here in kept]
    if moved:
        _renumber(article_list, page.number, 1)
        article_list.pages.create(
            number=page.number + 1,
            first_at=moved[0].published_at,
            first_id=moved[0].id,
            articles=[here.id for here in moved],
        )


def _renumber(article_list: ArticleList, after: int, by: int) -> None:
    article_list.pages.filter(number__gt=after).update(number=F("number") + by)
    article_list.last_page += by


# --- All anew ---------------------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def rebuild() -> Iterator[int]:
    """Make every list anew in one transaction; yield how many articles were read so far."""
    with transaction.atomic():
        bulk.lock(ArticleList)
        for model in (Listing, ListPage, ArticleList):
            bulk.clear(model)
        standing: dict[Name, array] = {}
        numbers: dict[Name, int] = {}
        done = 0
        for rows in _chunks():
            listings = []
            for pk, names in _names(rows).items():
                for name in names:
                    if name not in numbers:
                        numbers[name], standing[name] = len(numbers) + 1, array("q")
                listings.append((pk, sorted(numbers[name] for name in names), names))
            moments = {pk: published_at for pk, published_at, _ in rows}
            for pk, _, names in listings:
                moment = (moments[pk] - _EPOCH) // _MICROSECOND
                for name in names:
                    standing[name].extend((moment, pk))
            bulk.insert(
                Listing,
                ["article_id", "published_at", "lists"],
                [
                    (pk, connection.ops.adapt_datetimefield_value(moments[pk]), json.dumps(lists))
                    for pk, lists, _ in listings
                ],
            )
            done += len(rows)
            yield done
        ArticleList.objects.bulk_create(
            ArticleList(
                pk=numbers[kind, key],
                kind=kind,
                key=key,
                count=len(places) // 2,
                last_page=-(-len(places) // 2 // PAGE_SIZE),
            )
            for (kind, key), places in standing.items()
        )
        bulk.count_on_from(ArticleList)
        for name, places in standing.items():
            bulk.insert(
                ListPage,
                ["article_list_id", "number", "first_at", "first_id", "articles"],
                _pages(numbers[name], places),
            )


def _chunks() -> Iterator[list[tuple[int, datetime, int]]]:
    last = 0
    while True:
        rows = Article.objects.filter(state=Article.State.PUBLISHED, pk__gt=last).order_by("pk")
        chunk = list(rows.values_list("pk", "published_at", "category")[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1][0]


def _pages(list_id: int, flat: array) -> Iterator[tuple]:
    """Yield the rows of a list's pages, from (moment, id, moment, id, …) in no order."""
    places = sorted(zip(flat[::2], flat[1::2], strict=True))
    for number, start in enumerate(range(0, len(places), PAGE_SIZE), start=1):
        page = places[start : start + PAGE_SIZE]
        moment, first = page[0]
        first_at = connection.ops.adapt_datetimefield_value(_EPOCH + moment * _MICROSECOND)
        yield list_id, number, first_at, first, json.dumps([pk for _, pk in page])
