"""Which articles are related: candidates from the index, lists stored, both directions kept.

What makes two articles alike is relatedness.py's business. The index gives the few hundred
articles worth comparing; the newest of the same category and tags are compared too, since the
index may not know of them yet.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from django.db.models import Count, F, Min

from statutes.index.engine import Index, IndexMissingError, Term
from statutes.models import Provision

from . import bulk, cards, duplicates, relatedness
from .bags import bag, bags, public_bags
from .indexing import articles_index
from .lists import PAGE_SIZE
from .models import Article, ArticleList, ListPage, RelatedArticle
from .relatedness import Bag, Corpus, Match

CANDIDATES = 600  # articles compared at most from one source: of the lists to enter 98 of 100
NEWEST = 40  # of the same category, and of the same tags, beside what the index gives
ASKED = 30  # weightiest features that the index is asked for
FILLED = 100  # lists that an article left, which get another in its place,
FILLED_FROM = 100  # of so many
FREQUENCIES_KEPT = 600  # seconds
LAW_LENGTH = 200


def relate(article: Article) -> None:
    """Store the article's related list, and enter it into the lists where it now belongs.

    An article not published leaves every computed list.
    """
    if article.state != Article.State.PUBLISHED:
        take_out(article)
        return
    article.related.computed().delete()
    own, known = bag(article), corpus(articles_index())
    others = public_bags(candidates(article, own, known))
    _learn(known, own, *others)
    matches = relatedness.rank(own, others, known)
    twins = duplicates.twins([article.pk, *(match.id for match in matches)])
    law = law_labels(matches)
    decided = set(article.related.decided().values_list("related_id", flat=True))
    kept = relatedness.fold([match.id for match in matches], twins, article.pk)
    listed = set(kept) - decided
    best = [match for match in matches if match.id in listed]
    RelatedArticle.objects.bulk_create(
        entry(article.pk, match.id, rank, match, law)
        for rank, match in enumerate(best[: RelatedArticle.SHOWN])
    )
    left = _leave_lists_of_others(article)
    entered = enter({article.pk: matches}, twins, law)
    _fill(left - entered, article, known)
    cards.keep([article.pk, *(match.id for match in best[: RelatedArticle.SHOWN])])


def take_out(article: Article) -> None:
    """Take an article out of every list that was computed; the next best takes its place."""
    article.related.computed().delete()
    _fill(_leave_lists_of_others(article), article, corpus(articles_index()))


def entry(article: int, related: int, rank: int, match: Match, law: Mapping[int, str]):
    """Return a line of a related list, not yet stored."""
    return RelatedArticle(
        article_id=article,
        related_id=related,
        rank=rank,
        score=match.score,
        shared_terms=match.shared_terms,
        shared_law=shared_law(match, law),
    )


def shared_law(match: Match, law: Mapping[int, str]) -> str:
    names = (law[provision] for provision in match.shared_provisions if provision in law)
    return "、".join(dict.fromkeys(names))[:LAW_LENGTH]


def law_labels(matches: Iterable[Match]) -> dict[int, str]:
    """Return the names of the provisions that matches share: 《民法典》第一千零三十二条."""
    shared = {provision for match in matches for provision in match.shared_provisions}
    if not shared:
        return {}
    provisions = Provision.objects.filter(pk__in=shared).select_related("version__statute")
    return {provision.pk: str(provision) for provision in provisions.defer("text")}


# --- Candidates --------------------------------------------------------------------------


def candidates(article: Article, own: Bag, corpus: Corpus | None) -> set[int]:
    """Return the articles worth comparing with one; the index may not know yet which are public.

    From the index those that share its weightiest features; beside them the newest of its
    category and tags, more of these where there is no index.
    """
    if not corpus:
        return newest(article, CANDIDATES)
    corpus.frequencies.learn(own.features())
    asked = question(relatedness.vector(own, corpus))
    return newest(article, NEWEST).union(_found(asked, CANDIDATES, article))


def _found(asked: list[Term], limit: int, besides: Article) -> list[int]:
    now = int(time.time())
    try:
        hits = articles_index().search(asked, limit, until=now, without=[besides.pk])
    except IndexMissingError:  # it failed this moment: a publication does without it
        return []
    return [hit.key for hit in hits]


def question(vector: Mapping[str, float], most: int = ASKED) -> list[Term]:
    """Return what the index is asked for: at most so many weightiest features of a vector."""
    features = [name for name in vector if not name.startswith("#")]
    weightiest = sorted(features, key=lambda name: -vector[name])[:most]
    return [Term(relatedness.word(name), vector[name], "terms") for name in weightiest]


def newest(article: Article, limit: int) -> set[int]:
    """Return the newest public articles that share the article's category or a tag.

    Those of a tag stand on the last pages of its list; a tag may have a hundred thousand.
    """
    pages = limit // PAGE_SIZE + 1  # the last one may be short
    ends = ListPage.objects.filter(
        article_list__kind=ArticleList.Kind.TAG,
        article_list__key__in=article.tags.values("pk"),
        number__gt=F("article_list__last_page") - pages,
    )
    tagged = {pk for ids in ends.values_list("articles", flat=True) for pk in ids}
    public = Article.objects.visible().exclude(pk=article.pk)
    in_category = public.filter(category=article.category_id).newest_first()
    places = {
        *in_category.values_list("published_at", "pk")[:limit],
        *public.filter(pk__in=tagged).values_list("published_at", "pk"),
    }
    return {pk for _, pk in sorted(places, reverse=True)[:limit]}


class _Frequencies(dict):
    """How many articles have a feature, asked of the index once in a while."""

    def __init__(self, index: Index):
        self.index = index
        self.size = index.size()
        self.until = time.monotonic() + FREQUENCIES_KEPT

    @property
    def outgrown(self) -> bool:
        """Whether there are so many more or fewer articles that the numbers mislead."""
        return abs(self.index.size() - self.size) > self.size / 20

    def learn(self, names: Iterable[str]) -> None:
        words = {relatedness.word(name): name for name in set(names) - self.keys()}
        with suppress(IndexMissingError):  # what is not known counts as rare
            for word, count in self.index.frequencies(words, "terms").items():
                self[words[word]] = count


_known: dict[Index, _Frequencies] = {}


def corpus(index: Index) -> Corpus | None:
    """Return the corpus as the index knows it; None where there is none, or it is empty."""
    try:
        known = _known.get(index)
        if known is None or time.monotonic() > known.until or known.outgrown:
            known = _known[index] = _Frequencies(index)
    except IndexMissingError:
        return None
    return Corpus(known.size, known) if known.size else None


def _learn(corpus: Corpus | None, *bags: Bag) -> None:
    """Ask the index how many articles have the features of the bags."""
    if corpus:
        corpus.frequencies.learn(name for bag in bags for name in bag.features())


# --- The other direction -----------------------------------------------------------------


def _leave_lists_of_others(article: Article) -> set[int]:
    """Take the article out of all computed lists; return whose they are."""
    listed = article.related_from.computed()
    left = set(listed.values_list("article", flat=True))
    if left:
        listed.delete()
    return left


def enter(
    matches: Mapping[int, Iterable[Match]],
    twins: Mapping[int, frozenset[int]],
    law: Mapping[int, str],
    besides: Collection[int] = (),
) -> set[int]:
    """Put articles into each list where they beat the last entry; return whose these are.

    `matches` are of each article the others that are like it; it is in no list yet. A list that
    already has a near-duplicate keeps the better of the two; those of `besides` stay as they are.
    """
    scores: dict[int, dict[int, Match]] = defaultdict(dict)  # by whose list it is
    for pk, found in matches.items():
        alike = twins.get(pk, frozenset())
        for match in found:
            if match.id not in alike and match.id not in besides:
                scores[match.id][pk] = match
    for pk, least in last_scores(scores).items():
        if all(match.score < least for match in scores[pk].values()):
            del scores[pk]
    created, moved, dropped = [], [], []
    for pk, lines in _lists(scores).items():
        decided = {
            line.related_id for line in lines if line.origin != RelatedArticle.Origin.COMPUTED
        }
        old = [line for line in lines if line.origin == RelatedArticle.Origin.COMPUTED]
        old.sort(key=lambda line: (line.score, line.related_id), reverse=True)
        now = old
        for newcomer, match in scores[pk].items():
            if newcomer not in decided:
                alike = twins.get(newcomer, frozenset())
                now = _with(now, (pk, newcomer, match), alike, law)
        for rank, line in enumerate(now):
            if line.pk is None:
                created.append(line)
            elif line.rank != rank:
                moved.append(line)
            line.rank = rank
        dropped += [line.pk for line in old if line not in now]
    RelatedArticle.objects.filter(pk__in=dropped).delete()
    bulk.update(RelatedArticle, ["rank"], [(line.rank, line.pk) for line in moved])
    RelatedArticle.objects.bulk_create(created)
    return {line.article_id for line in created}


def last_scores(articles: Iterable[int]) -> dict[int, float]:
    """Return for the articles whose lists are full the score of the last entry."""
    lines = RelatedArticle.objects.computed().filter(article__in=list(articles))
    full = lines.order_by().values("article").annotate(entries=Count("*"), least=Min("score"))
    full = full.filter(entries__gte=RelatedArticle.SHOWN)
    return dict(full.values_list("article", "least"))


def _with(
    lines: list[RelatedArticle],
    new: tuple[int, int, Match],
    alike: frozenset[int],
    law: Mapping[int, str],
) -> list[RelatedArticle]:
    """Return a list, best first, with a new entry where it belongs: of whom, who, and why."""
    pk, newcomer, match = new
    place = (match.score, newcomer)
    better = [line for line in lines if (line.score, line.related_id) > place]
    if len(better) >= RelatedArticle.SHOWN or any(line.related_id in alike for line in better):
        return lines
    worse = [line for line in lines[len(better) :] if line.related_id not in alike]
    return [*better, entry(pk, newcomer, len(better), match, law), *worse][: RelatedArticle.SHOWN]


def _lists(of: Iterable[int]) -> dict[int, list[RelatedArticle]]:
    """Return the lines of related lists, those of each in order, without what is printed."""
    lists: dict[int, list[RelatedArticle]] = {pk: [] for pk in of}
    lines = RelatedArticle.objects.filter(article__in=lists).defer("shared_terms", "shared_law")
    for line in lines.order_by("rank"):
        lists[line.article_id].append(line)
    return lists


def _fill(lists: Collection[int], besides: Article, corpus: Corpus | None) -> None:
    """Give lists that an article left the best that they do not have of what is like them all.

    Lists that one article was in are much alike. At most FILLED lists, the newest; none
    without an index.
    """
    if not lists or not corpus:
        return
    lines = _lists(sorted(lists, reverse=True)[:FILLED])
    owns = bags(lines)
    _learn(corpus, *owns)
    together: dict[str, float] = defaultdict(float)
    for own in owns:
        for name, weight in relatedness.vector(own, corpus).items():
            together[name] += weight
    others = public_bags(_found(question(together), FILLED_FROM, besides))
    _learn(corpus, *others)
    twins = duplicates.twins({*lines, *(other.id for other in others), *_related(lines)})
    moved, chosen = [], {}
    for own in owns:
        computed = [line for line in lines[own.id] if line.origin == RelatedArticle.Origin.COMPUTED]
        for rank, line in enumerate(computed):
            if line.rank != rank:
                line.rank = rank
                moved.append(line)
        listed = [line.related_id for line in lines[own.id]]
        matches = {match.id: match for match in relatedness.rank(own, others, corpus)}
        kept = relatedness.fold([*listed, *matches], twins, own.id)
        following = [pk for pk in kept if pk not in listed]
        if following and len(computed) < RelatedArticle.SHOWN:
            chosen[own.id] = len(computed), matches[following[0]]
    law = law_labels(match for _, match in chosen.values())
    RelatedArticle.objects.bulk_update(moved, ["rank"])
    RelatedArticle.objects.bulk_create(
        entry(pk, match.id, rank, match, law) for pk, (rank, match) in chosen.items()
    )


def _related(lists: Mapping[int, list[RelatedArticle]]) -> set[int]:
    return {line.related_id for lines in lists.values() for line in lines}
