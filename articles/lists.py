"""Which lists a published article stands in, and on which page of each: counts kept, not counted.

Categories (with those above), tags, authors and months have lists. publishing.py calls `place`
in the transaction of a change; `rebuild` makes all lists anew.
"""

import json
from array import array
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Case, F, Q, When
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
    if leaving:
        _save(lists)
    joined = [article_list for article_list in lists if article_list.pk in joining]
    _join(joined, joining)
    _save(joined)


def _save(lists: Sequence[ArticleList]) -> None:
    rows = [(each.count, each.last_page, each.pk) for each in lists]
    bulk.update(ArticleList, ["count", "last_page"], rows)


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


def _join(lists: Sequence[ArticleList], joining: dict[int, list[Place]]) -> None:
    """Enter articles, each on the page that holds its place."""
    pages = _pages_for(lists, joining)
    changed, made, outgrown = [], [], []
    for article_list in lists:
        groups: dict[int, list[Place]] = defaultdict(list)
        for here in sorted(joining[article_list.pk]):
            groups[_page_at(pages[article_list.pk], here)].append(here)
            article_list.count += 1
        for number, places in groups.items():
            page = pages[article_list.pk][number]
            page.articles += [here.id for here in places]
            page.first_at, page.first_id = min(places[0], (page.first_at, page.first_id))
            (changed if page.pk else made).append(page)
            is_last = page.number == article_list.last_page
            if len(page.articles) > (PAGE_SIZE if is_last else 2 * PAGE_SIZE - 1):
                outgrown.append((article_list, page))
    made += _split(outgrown)
    moment = connection.ops.adapt_datetimefield_value
    bulk.update(
        ListPage,
        ["articles", "first_at", "first_id"],
        [
            (json.dumps(page.articles), moment(page.first_at), page.first_id, page.pk)
            for page in changed
        ],
    )
    ListPage.objects.bulk_create(made)


def _pages_for(
    lists: Sequence[ArticleList], joining: dict[int, list[Place]]
) -> dict[int, list[ListPage]]:
    """Return of each list the pages that hold these places, in order; a new one if it is empty.

    Most articles are the newest: only for older ones a page before the last is looked for.
    """
    ends = ListPage.objects.filter(article_list__in=lists, number=F("article_list__last_page"))
    pages = {page.article_list_id: {page.pk: page} for page in ends}
    asked = []
    for article_list in lists:
        places = joining[article_list.pk]
        if article_list.pk not in pages:
            at, pk = min(places)
            page = ListPage(article_list=article_list, number=1, first_at=at, first_id=pk)
            pages[article_list.pk] = {None: page}
            article_list.last_page = 1
            continue
        (last,) = pages[article_list.pk].values()
        if last.number > 1:
            older = (here for here in places if here < (last.first_at, last.first_id))
            asked += [(article_list.pk, here) for here in older]
    if asked:
        firsts = Q(article_list__in={pk for pk, _ in asked}, number=1)
        for page in ListPage.objects.filter(firsts | Q(pk__in=_begun(asked))):
            pages[page.article_list_id].setdefault(page.pk, page)
    return {pk: sorted(found.values(), key=lambda page: page.number) for pk, found in pages.items()}


def _begun(asked: Sequence[tuple[int, Place]]) -> set[int]:
    """Return the pages of lists that hold these places; none for what is before the first."""
    one = (
        "SELECT * FROM (SELECT id FROM articles_listpage WHERE article_list_id = %s"
        " AND (first_at, first_id) <= (%s, %s) ORDER BY first_at DESC, first_id DESC LIMIT 1)"
        " AS begun"
    )
    moment = connection.ops.adapt_datetimefield_value
    places = [(pk, moment(here.published_at), here.id) for pk, here in asked]
    return {pk for (pk,) in bulk.select_each(one, places)}


def _page_at(pages: Sequence[ListPage], here: Place) -> int:
    """Return which of a list's pages holds a place: the last that begins there or before."""
    return max(bisect_right(pages, here, key=lambda page: (page.first_at, page.first_id)) - 1, 0)


def _split(outgrown: Sequence[tuple[ArticleList, ListPage]]) -> list[ListPage]:
    """Keep PAGE_SIZE articles on each page; return the new pages for the rest, not saved yet."""
    ids = {pk for _, page in outgrown for pk in page.articles}
    rows = Article.objects.filter(pk__in=ids).values_list("pk", "published_at")
    moments = dict(rows) if ids else {}
    made: dict[ArticleList, dict[int, list[ListPage]]] = defaultdict(dict)
    for article_list, page in outgrown:
        places = sorted(Place(moments[pk], pk) for pk in page.articles if pk in moments)
        page.articles = [here.id for here in places[:PAGE_SIZE]]
        starts = range(PAGE_SIZE, len(places), PAGE_SIZE)
        if page.number != article_list.last_page:  # only at the end may a page be short
            starts = starts[: len(places) // PAGE_SIZE - 1]
        ends = [*starts[1:], len(places)]
        made[article_list][page.number] = [
            ListPage(
                article_list=article_list,
                number=page.number + number,
                first_at=places[start].published_at,
                first_id=places[start].id,
                articles=[here.id for here in places[start:end]],
            )
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
        ]
    for article_list, new in made.items():
        _make_room(article_list, new)
    return [page for new in made.values() for pages in new.values() for page in pages]


def _make_room(article_list: ArticleList, new: dict[int, list[ListPage]]) -> None:
    """Move the pages of a list on for new ones, which are given by the number they follow."""
    added, moves = 0, []
    for number in sorted(new):
        for page in new[number]:
            page.number += added
        added += len(new[number])
        moves.append(When(number__gt=number, then=added))
    article_list.pages.filter(number__gt=min(new)).update(
        number=F("number") + Case(*reversed(moves), default=0)
    )
    article_list.last_page += added


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
