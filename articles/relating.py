"""Which articles are related: candidates from the index, lists stored, both directions kept.

What makes two articles alike is relatedness.py's business. The index gives the few hundred
articles worth comparing; the newest of the same category and tags are compared too, since the
index may not know of them yet.
"""

import time
from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils import timezone

from statutes.index.engine import Index, IndexMissingError, Term
from statutes.models import Provision

from . import duplicates, relatedness
from .bags import bag, bags
from .indexing import articles_index
from .models import Article, RelatedArticle, TaggedArticle
from .relatedness import Bag, Corpus, Match

CANDIDATES = 500  # articles compared at most from one source
NEWEST = 40  # of the same category, and of the same tags, beside what the index gives
ASKED = 20  # weightiest features that the index is asked for
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
    own, others = bag(article), []
    corpus = _corpus(articles_index())
    others = bags(candidates(article, own, corpus))
    if corpus:
        corpus.frequencies.learn(name for one in (own, *others) for name in one.features())
    matches = relatedness.rank(own, others, corpus)
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
    _enter_lists_of_others(article, matches, twins.get(article.pk, frozenset()), law)


def take_out(article: Article) -> None:
    """Take an article out of every list that was computed."""
    article.related.computed().delete()
    article.related_from.computed().delete()


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
    """Return the public articles worth comparing with one.

    From the index those that share its weightiest features; beside them the newest of its
    category and tags, more of these where there is no index.
    """
    if not corpus:
        return newest(article, CANDIDATES)
    corpus.frequencies.learn(own.features())
    vector = relatedness.vector(own, corpus)
    hits = articles_index().search(
        question(vector), CANDIDATES, until=int(time.time()), without=[article.pk]
    )
    return newest(article, NEWEST).union(hit.key for hit in hits)


def question(vector: Mapping[str, float]) -> list[Term]:
    """Return what the index is asked for: the weightiest features of a vector."""
    features = [name for name in vector if not name.startswith("#")]
    weightiest = sorted(features, key=lambda name: -vector[name])[:ASKED]
    return [Term(relatedness.word(name), vector[name], "terms") for name in weightiest]


def newest(article: Article, limit: int) -> set[int]:
    """Return the newest public articles that share the article's category or a tag."""
    public = Article.objects.visible().exclude(pk=article.pk)
    tagged = TaggedArticle.objects.filter(
        tag__in=article.tags.values("pk"),
        content_object__state=Article.State.PUBLISHED,
        content_object__published_at__lte=timezone.now(),
    ).order_by("-content_object__published_at", "-content_object_id")
    in_category = public.filter(category=article.category_id).newest_first()
    places = {
        *in_category.values_list("published_at", "pk")[:limit],
        *tagged.values_list("content_object__published_at", "content_object_id")[:limit],
    }
    return {pk for _, pk in sorted(places, reverse=True)[:limit]} - {article.pk}


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
        for word, count in self.index.frequencies(words, "terms").items():
            self[words[word]] = count


_known: dict[Index, _Frequencies] = {}


def _corpus(index: Index) -> Corpus | None:
    """Return the corpus as the index knows it; None where there is none, or it is empty."""
    try:
        known = _known.get(index)
        if known is None or time.monotonic() > known.until or known.outgrown:
            known = _known[index] = _Frequencies(index)
    except IndexMissingError:
        return None
    return Corpus(known.size, known) if known.size else None


# --- The other direction -----------------------------------------------------------------


def _enter_lists_of_others(
    article: Article, matches: list[Match], twins: frozenset[int], law: Mapping[int, str]
) -> None:
    """Put the article into each list where it beats the last entry, and take it from the rest.

    A list that already has a near-duplicate of it keeps the better of the two.
    """
    scores = {match.id: match for match in matches if match.id not in twins}
    entries: dict[int, list[RelatedArticle]] = {pk: [] for pk in scores}
    outdated = []
    listed = RelatedArticle.objects.filter(Q(article__in=scores) | Q(related=article))
    for line in listed.defer("shared_terms", "shared_law").order_by("rank"):
        if line.related_id == article.pk and line.origin == RelatedArticle.Origin.COMPUTED:
            outdated.append(line.pk)
        elif line.article_id in entries:
            entries[line.article_id].append(line)
    created, moved, dropped = [], [], []
    for pk, others in entries.items():
        if any(line.related_id == article.pk for line in others):
            continue  # an editor decided
        match = scores[pk]
        computed = [line for line in others if line.origin == RelatedArticle.Origin.COMPUTED]
        place = (match.score, article.pk)
        better = [line for line in computed if (line.score, line.related_id) > place]
        if len(better) >= RelatedArticle.SHOWN:
            continue
        if any(line.related_id in twins for line in better):
            continue
        created.append(entry(pk, article.pk, len(better), match, law))
        worse = [line for line in computed if (line.score, line.related_id) < place]
        copies = [line for line in worse if line.related_id in twins]
        worse = [line for line in worse if line.related_id not in twins]
        room = RelatedArticle.SHOWN - len(better) - 1
        for rank, line in enumerate(worse[:room], start=len(better) + 1):
            line.rank = rank
            moved.append(line)
        dropped += [line.pk for line in (*worse[room:], *copies)]
    RelatedArticle.objects.filter(pk__in=[*outdated, *dropped]).delete()
    RelatedArticle.objects.bulk_update(moved, ["rank"])
    RelatedArticle.objects.bulk_create(created)
