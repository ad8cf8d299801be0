"""Which articles say nearly the same: keep the table of sampled windows, find, settle, report.

A text is compared letter by letter only with the few articles that share its sampled windows.
The words of the law do not count, nor do notices that very many articles share.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from . import bulk, overlap
from .models import Article, ArticleCitation, ArticleWindow, NearDuplicate, percent

LEAST_SHARE = 0.5  # of either text: below it the two are not called near-duplicates
COMMON = 50  # articles that share a window: with more it is a notice or a law, not a trace
ASKED = bulk.TOGETHER  # windows asked after, of a long text: one query
COMPARED = 8  # articles compared letter by letter
LEAST_TRACE = 0.2  # of the samples of what is called near; edits break many windows
REPORTED = 20_000  # pairs that a report looks at


def refresh(article: Article) -> None:
    """Store an article's sampled windows and its near-duplicates, both directions.

    Nothing is done where the sampled windows are those stored: the text is the same.
    """
    refresh_all({article: digests(article.body)})


def digests(body: str) -> frozenset[int]:
    """Return the sampled windows of a text."""
    return frozenset(sample.digest for sample in overlap.sample(overlap.letters(body)))


@transaction.atomic
def refresh_all(sampled: Mapping[Article, Collection[int]]) -> None:
    """Do what `refresh` does for each of the articles, whose sampled windows are given."""
    stored: dict[int, set[int]] = defaultdict(set)
    windows = ArticleWindow.objects.filter(article__in=sampled)
    for pk, digest in windows.values_list("article", "digest"):
        stored[pk].add(digest)
    changed = [article for article in sampled if sampled[article] != stored[article.pk]]
    if not changed:
        return
    if any(stored.values()):
        windows.filter(article__in=changed).delete()
    bulk.insert(
        ArticleWindow,
        ["digest", "article_id"],
        [(digest, article.pk) for article in changed for digest in sorted(sampled[article])],
    )
    store_all(find_all({article: sampled[article] for article in changed}))


def store_all(found: Mapping[int, Sequence["Found"]]) -> None:
    """Replace articles' near-duplicates, both directions; what editors settled stays so."""
    old = NearDuplicate.objects.filter(Q(article__in=found) | Q(other__in=found))
    settled = {
        (one, other): by for one, other, by in old.values_list("article", "other", "settled_by")
    }
    if settled:
        old.delete()
    shares = {}
    for pk, matches in found.items():
        for match in matches:
            shares[pk, match.id], shares[match.id, pk] = match.share, match.share_of_other
    NearDuplicate.objects.bulk_create(
        NearDuplicate(
            article_id=one, other_id=other, share=share, settled_by_id=settled.get((one, other))
        )
        for (one, other), share in shares.items()
    )


# --- Finding ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Another article, how much of the text stands in it, and how much of it in the text."""

    id: int
    share: float
    share_of_other: float

    @property
    def most(self) -> float:
        return max(self.share, self.share_of_other)


def find(article: Article) -> list[Found]:
    """Return the articles that say nearly the same, the nearest first.

    Costs five queries at most, whatever the article and however many there are.
    """
    return find_all({article: digests(article.body)})[article.pk]


def find_all(sampled: Mapping[Article, Collection[int]]) -> dict[int | None, list[Found]]:
    """Return for each article those that say nearly the same, among them those given before it.

    Its sampled windows are given. As many queries as for one.
    """
    holders = _holders(sampled)
    sizes = _sizes(holders.values())
    likely = {
        article: some
        for article, windows in sampled.items()
        if (some := _likely(holders[article], len(windows), sizes))
    }
    laws = law_windows([article.pk for article in likely])
    own: dict[Article, _Text] = {}
    for article in likely:
        text = overlap.letters(article.body)
        own[article] = _Text.read(text, laws[article.pk], _common(holders[article]))
        for sample in overlap.sample(text):
            if any(start <= sample.position < end for start, end in own[article].law):
                holders[article].pop(sample.digest, None)
        likely[article] = _likely(holders[article], len(sampled[article]), sizes)
    others = {pk for some in likely.values() for pk in some}
    laws = law_windows(others)
    bodies = Article.objects.filter(pk__in=others).values_list("pk", "body") if others else ()
    letters = {pk: overlap.letters(body) for pk, body in bodies}
    found: dict[int | None, list[Found]] = {article.pk: [] for article in sampled}
    for article, some in likely.items():
        for pk in some:
            other = _Text.read(letters[pk], laws[pk], _common(holders[article]))
            match = Found(pk, own[article].share_in(other), other.share_in(own[article]))
            if match.most >= LEAST_SHARE:
                found[article.pk].append(match)
        found[article.pk].sort(key=lambda match: (-match.most, match.id))
    return found


def _holders(sampled: Mapping[Article, Collection[int]]) -> dict[Article, dict[int, list[int]]]:
    """Return for each article who else has its windows; those given after it do not count."""
    asked = {article: _spread(windows) for article, windows in sampled.items()}
    known = articles_with({digest for windows in asked.values() for digest in windows})
    later = {article.pk for article in sampled}
    holders = {}
    for article, windows in asked.items():
        holders[article] = {
            digest: others
            for digest in windows
            if (others := [pk for pk in known.get(digest, ()) if pk not in later])
        }
        later.discard(article.pk)
    return holders


@dataclass(frozen=True)
class _Text:
    """A text read for comparison: its letters, their windows, and what does not count."""

    letters: str
    windows: set[str]
    law: overlap.Spans
    aside: overlap.Spans

    @classmethod
    def read(cls, letters: str, law: set[str], common: set[int]) -> "_Text":
        """Set aside quoted law, and notices that very many share, unless there is little else.

        Where most of a text stands in very many articles, it is itself what is copied.
        """
        quoted = overlap.standing_in(letters, law)
        if len(letters) - overlap.size(quoted) < overlap.LEAST_LENGTH:
            quoted = []  # a text of law
        notices = overlap.stretches(letters, overlap.sample(letters), common) if common else []
        if overlap.size(notices) > len(letters) / 2:
            notices = []
        aside = overlap.join([*quoted, *notices])
        return cls(letters, overlap.windows(letters), quoted, aside)

    def standing_in(self, other: "_Text") -> overlap.Spans:
        return overlap.standing_in(self.letters, other.windows)

    def share_in(self, other: "_Text") -> float:
        return overlap.share(self.letters, self.standing_in(other), self.aside)


def _common(holders: dict[int, list[int]]) -> set[int]:
    return {digest for digest, articles in holders.items() if len(articles) > COMMON}


def _spread(digests: Collection[int]) -> list[int]:
    """Return the windows of a text to ask after: of more than ASKED as many, evenly spread."""
    asked = sorted(digests)
    if len(asked) > ASKED:
        asked = [asked[number * len(asked) // ASKED] for number in range(ASKED)]
    return asked


def articles_with(digests: Collection[int], besides: Collection[int] = ()) -> dict[int, list[int]]:
    """Return for each window the oldest articles that have it: some, or more than COMMON.

    One query for some hundred windows; one that a hundred thousand articles have costs no more than
    one of fifty.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    one = (
        "SELECT * FROM (SELECT digest, article_id FROM articles_articlewindow"
        " WHERE digest = %s ORDER BY article_id LIMIT %s) AS holders"
    )
    asked = [(digest, COMMON + 2) for digest in sorted(digests)]
    for digest, pk in bulk.select_each(one, asked):
        if pk not in besides:
            holders[digest].append(pk)
    return holders


def _sizes(holders: Iterable[Mapping[int, list[int]]]) -> dict[int, int]:
    """Return how many windows were sampled of the articles that are likely to be compared."""
    best = {pk for one in holders for pk in _sharing(one)[0]}
    if not best:
        return {}
    counts = ArticleWindow.objects.filter(article__in=best).values("article")
    return dict(counts.annotate(Count("digest")).values_list("article", "digest__count"))


def _sharing(holders: Mapping[int, list[int]]) -> tuple[list[int], Counter]:
    """Return the articles that share most windows, best first, and how many each shares.

    A rare window counts before a common one: a thousand articles with the same notice do not
    hide the one with the same text.
    """
    rare, common = Counter(), Counter()
    for articles in holders.values():
        (common if len(articles) > COMMON else rare).update(articles)
    shared = rare + common
    best = sorted(shared, key=lambda pk: (-rare[pk], -common[pk], pk))[: 4 * COMPARED]
    return best, shared


def _likely(holders: Mapping[int, list[int]], sampled: int, sizes: Mapping[int, int]) -> list[int]:
    """Return the articles that share enough windows to be compared, COMPARED at most."""
    best, shared = _sharing(holders)
    return [
        pk
        for pk in best
        if shared[pk] >= LEAST_TRACE * LEAST_SHARE * min(sampled, ASKED, sizes.get(pk, sampled))
    ][:COMPARED]


def law_windows(articles: Iterable[int]) -> dict[int, set[str]]:
    """Return for each article the windows of what it quotes: as written, and the official text."""
    known: dict[int, set[str]] = {pk: set() for pk in articles}
    if not known:
        return known
    texts = ArticleCitation.objects.filter(article__in=known).values_list(
        "article", "quotation", "provision__text", "current__text", "match__text"
    )
    for pk, *words in texts:
        for text in filter(None, words):
            known[pk] |= overlap.windows(overlap.letters(text))
    return known


TWIN_SHARE = 0.8  # of either text: such two are as good as one to a reader


def twins(articles: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return for each article those among the others that a reader would take for the same."""
    ids = set(articles)
    pairs = NearDuplicate.objects.filter(article__in=ids, share__gte=TWIN_SHARE)
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs.values_list("article", "other"):
        if other in ids:
            found[one].add(other)
            found[other].add(one)
    return {pk: frozenset(others) for pk, others in found.items()}


# --- For the editors' desk --------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One of two articles compared: how much of it stands in the other, its lines cut there."""

    article: Article
    percent: int
    lines: list[list[overlap.Piece]]


def compare(article: Article, other: Article) -> tuple[Side, Side]:
    """Return both texts with what they have in common marked. Costs two queries."""
    laws = law_windows([article.pk, other.pk])
    samples = overlap.sample(overlap.letters(article.body))
    common = _common(articles_with([sample.digest for sample in samples], [article.pk]))
    texts = [
        _Text.read(overlap.letters(one.body), laws[one.pk], common) for one in (article, other)
    ]
    return tuple(
        Side(
            one,
            percent(text.share_in(against)),
            overlap.pieces(one.body, text.standing_in(against), text.aside),
        )
        for one, text, against in zip((article, other), texts, reversed(texts), strict=True)
    )


def settle(article: int, other: int, by: int | None) -> None:
    """Let two near-duplicates stand, by an editor's decision, or take that back."""
    NearDuplicate.objects.between(article, other).update(settled_by=by)


@dataclass(frozen=True)
class Group:
    """Articles that say nearly the same, the oldest first, each with its share of the first."""

    size: int
    articles: list[tuple[Article, NearDuplicate | None]]


GROUPS_SHOWN = 20  # a page
SHOWN_OF_GROUP = 10


def show(groups: Sequence[Sequence[int]]) -> list[Group]:
    """Return groups of ids with what a list prints of them, in two queries."""
    shown = [group[:SHOWN_OF_GROUP] for group in groups]
    ids = [pk for group in shown for pk in group]
    found = Article.objects.for_lists().prefetch_related(None).select_related("category")
    articles = found.in_bulk(ids)
    nearest: dict[int, NearDuplicate] = {}
    pairs = NearDuplicate.objects.filter(article__in=ids, other__in=ids)
    for pair in pairs.order_by("-share", "other"):
        nearest.setdefault(pair.article_id, pair)
    return [
        Group(len(group), [(articles[pk], nearest.get(pk)) for pk in some if pk in articles])
        for group, some in zip(groups, shown, strict=True)
    ]


def newest() -> int:
    """Return the number of the pair found last."""
    return NearDuplicate.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


SUMMED_UP = 20  # pairs named one by one


def summary(since: int) -> list[str]:
    """Return what an import says of the near-duplicates found since the pair of this number."""
    found = NearDuplicate.objects.unsettled().filter(pk__gt=since)
    articles = found.aggregate(Count("article", distinct=True))["article__count"]
    if not articles:
        return []
    lines = [
        f"article {pair.article_id}: {pair.percent} % of this stands in {pair.other_id}"
        for pair in found.worst_first()[:SUMMED_UP]
    ]
    return [f"{articles:,} articles have near-duplicates, the nearest first:", *lines]


# --- All of them ------------------------------------------------------------------------


def sample_batch(articles: list[int]) -> list[tuple[int, int]]:
    """Return the sampled windows of articles, as (digest, article)."""
    bodies = Article.objects.filter(pk__in=articles).values_list("pk", "body")
    return sorted(
        (digest, pk)
        for pk, body in bodies
        for digest in {sample.digest for sample in overlap.sample(overlap.letters(body))}
    )


def store_windows(articles: list[int], rows: list[tuple[int, int]]) -> None:
    list(Article.objects.select_for_update().filter(pk__in=articles).values_list("pk"))
    ArticleWindow.objects.filter(article__in=articles).delete()
    bulk.insert(ArticleWindow, ["digest", "article_id"], rows)


def find_batch(articles: list[int]) -> dict[int, list[Found]]:
    """Return the near-duplicates of articles, of those that have any."""
    bodies = Article.objects.filter(pk__in=articles).only("body")
    return {article.pk: found for article in bodies if (found := find(article))}


def store_batch(articles: list[int], found: dict[int, list[Found]]) -> None:
    had = NearDuplicate.objects.filter(article__in=articles)
    store_all({pk: [] for pk in had.values_list("article", flat=True)} | found)


PASSES = [
    ("windows", sample_batch, store_windows),
    ("near-duplicates", find_batch, store_batch),
]


def report() -> list[list[int]]:
    """Return the groups of articles that say nearly the same, the largest first.

    Of the REPORTED nearest pairs that no editor let stand.
    """
    pairs = NearDuplicate.objects.unsettled().filter(share__gte=LEAST_SHARE).worst_first()
    return overlap.groups(pairs.values_list("article", "other")[:REPORTED])
