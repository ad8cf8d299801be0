"""How alike two articles are, and by which terms. Pure: no Django.

An article is a bag of weighty terms. Likeness is the cosine of two bags, where a term
counts the less the more of the articles compared have it (idf).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from statutes.terms import segment, words

TITLE_WEIGHT = 3  # a word of the title counts as so many in the text
TAG_WEIGHT = 6  # an editor's tag as so many
TERMS_KEPT = 40  # terms stored an article
TERMS_SHOWN = 6  # shared terms stored a pair
LEAST_SCORE = 0.01  # below this, two articles have nothing to do with each other


@dataclass(frozen=True)
class Bag:
    """An article as relatedness sees it: its id and its terms with their weights."""

    id: int
    terms: Mapping[str, float]


@dataclass(frozen=True)
class Match:
    """A related article: likeness 0–1 and the shared terms, weightiest first."""

    id: int
    score: float
    shared_terms: tuple[str, ...]


def weigh(title: str, tags: Iterable[str], text: str) -> dict[str, float]:
    """Return the article's weightiest terms, at most TERMS_KEPT, heaviest first.

    The weight is 1 + ln(occurrences), a word in the title counted TITLE_WEIGHT times, a tag
    TAG_WEIGHT times; a word said once in the text and nowhere else is left out.
    """
    counts = Counter(words(text))
    for word in words(title):
        counts[word] += TITLE_WEIGHT
    for tag in tags:
        counts[tag] += TAG_WEIGHT
    return heaviest(counts)


def heaviest(counts: Mapping[str, int]) -> dict[str, float]:
    """Return the weights of the terms counted most, at most TERMS_KEPT, heaviest first."""
    kept = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TERMS_KEPT]
    return {term: round(1 + math.log(count), 3) for term, count in kept if count > 1}


def rank(article: Bag, candidates: Sequence[Bag], limit: int | None = None) -> list[Match]:
    """Return the candidates like the article, best first; ties by newer (higher) id.

    The likeness of two articles depends on the others only through idf, so scores from
    calls with similar candidates can be compared.
    """
    rarity = _idf([article, *candidates])
    own = _vector(article, rarity)
    matches = []
    for candidate in candidates:
        if candidate.id == article.id:
            continue
        other = _vector(candidate, rarity)
        shared = {term: own[term] * other[term] for term in own.keys() & other.keys()}
        score = round(sum(shared.values()), 4)
        if score >= LEAST_SCORE:
            weightiest = sorted(shared, key=lambda term: (-shared[term], term))
            matches.append(Match(candidate.id, score, tuple(weightiest[:TERMS_SHOWN])))
    matches.sort(key=lambda match: (-match.score, -match.id))
    return matches[:limit]


def _idf(bags: Sequence[Bag]) -> dict[str, float]:
    """Return each term's ln(1 + N / articles that have it), N = the number of bags."""
    having = Counter(term for bag in bags for term in bag.terms)
    return {term: math.log(1 + len(bags) / count) for term, count in having.items()}


def _vector(bag: Bag, rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the bag's terms weighted by rarity, of length one; empty for an empty bag."""
    weights = {term: weight * rarity[term] for term, weight in bag.terms.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def find_terms(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return where whole terms stand in a text, as (start, end) in order, none overlapping.

    Whole: 信用 is not found in 信用卡, since a word of the text must begin where the term
    begins and end where it ends. Terms of one character are passed over.
    """
    edges, position = {0}, 0
    for word in segment(text):
        position += len(word)
        edges.add(position)
    spans: list[tuple[int, int]] = []
    taken: set[int] = set()
    for term in sorted({term for term in terms if len(term) > 1}, key=len, reverse=True):
        start = text.find(term)
        while start >= 0:
            end = start + len(term)
            if start in edges and end in edges and taken.isdisjoint(range(start, end)):
                spans.append((start, end))
                taken.update(range(start, end))
            start = text.find(term, end)
    return sorted(spans)
