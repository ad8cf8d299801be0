"""How alike two articles are, and by which terms and provisions. Pure: no Django.

An article is a bag of weighty features: its terms, the provisions it cites, its category.
Likeness is the cosine of two bags, where a feature counts the less the more articles have it
(idf): a rare provision that two articles cite says most of all.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from statutes.terms import segment, words

TITLE_WEIGHT = 3  # a word of the title counts as so many in the text
TAG_WEIGHT = 6  # an editor's tag as so many
PROVISION_WEIGHT = 2.0  # of a provision cited, whether once or often: a word said three times
CATEGORY_WEIGHT = 1.0  # of the category: a word said once
TERMS_KEPT = 40  # terms stored an article
TERMS_SHOWN = 6  # shared terms stored a pair
PROVISIONS_SHOWN = 2
LEAST_SCORE = 0.01  # below this, two articles have nothing to do with each other


@dataclass(frozen=True)
class Bag:
    """An article as relatedness sees it: its id, its terms with their weights, and the rest."""

    id: int
    terms: Mapping[str, float]
    provisions: frozenset[int] = frozenset()
    category: int = 0

    def features(self) -> dict[str, float]:
        """Return the weight of each feature; provisions and the category are named by number.

        >>> Bag(1, {"借条": 2.1}, frozenset({70}), 3).features()
        {'借条': 2.1, '§70': 2.0, '#3': 1.0}
        """
        features = dict(self.terms)
        for provision in sorted(self.provisions):
            features[f"§{provision}"] = PROVISION_WEIGHT
        if self.category:
            features[f"#{self.category}"] = CATEGORY_WEIGHT
        return features


@dataclass(frozen=True)
class Corpus:
    """How many articles there are, and how many of them have each feature."""

    size: int
    frequencies: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, bags: Iterable[Bag]) -> "Corpus":
        bags = list(bags)
        return cls(len(bags), Counter(feature for bag in bags for feature in bag.features()))

    def rarity(self, feature: str) -> float:
        """Return ln(1 + N / articles that have it); one that none has yet counts as one has."""
        return math.log(1 + self.size / (self.frequencies.get(feature) or 1))


@dataclass(frozen=True)
class Match:
    """A related article: likeness 0–1, the shared terms and provisions, weightiest first."""

    id: int
    score: float
    shared_terms: tuple[str, ...]
    shared_provisions: tuple[int, ...] = ()


def weigh(title: str, tags: Iterable[str], text: str) -> dict[str, float]:
    """Return the article's weightiest terms, at most TERMS_KEPT, heaviest first.

    The weight is 1 + ln(occurrences), a word in the title counted TITLE_WEIGHT times, a tag
    TAG_WEIGHT times; a word said once in the text and nowhere else is left out.
    """
    counts = Counter(words(text))
    for word in words(title):
        counts[word] += TITLE_WEIGHT
    for tag in tags:
        if tag[:1] not in "§#":  # which name other features
            counts[tag] += TAG_WEIGHT
    return heaviest(counts)


def heaviest(counts: Mapping[str, int]) -> dict[str, float]:
    """Return the weights of the terms counted most, at most TERMS_KEPT, heaviest first."""
    several = [(-count, term) for term, count in counts.items() if count > 1]
    return {term: round(1 + math.log(-count), 3) for count, term in sorted(several)[:TERMS_KEPT]}


def word(feature: str) -> str:
    """Return a feature as a word of an index, which knows no white space."""
    return "_".join(feature.split())


def index_terms(bag: Bag) -> list[str]:
    """Return a bag as words of an index, each repeated as its weight says.

    By these the index finds candidates, and knows how many articles have a feature.
    """
    return [
        word(feature)
        for feature, weight in bag.features().items()
        for _ in range(max(1, round(weight - 0.7)))
    ]


def rank(
    article: Bag, candidates: Sequence[Bag], corpus: Corpus | None = None, limit: int | None = None
) -> list[Match]:
    """Return the candidates like the article, best first; ties by newer (higher) id.

    Without a corpus the article and its candidates are taken for one. The likeness of two
    articles depends on the others only through idf, so scores of the same corpus, or of one
    that has grown a little, can be compared.
    """
    corpus = corpus or Corpus.of([article, *candidates])
    others = vectors([*candidates, article], corpus)
    own = others.pop(article.id)
    return [match(pk, score, own, others[pk]) for score, pk in nearest(own, others)][:limit]


def nearest(
    own: Mapping[str, float], others: Mapping[int, Mapping[str, float]]
) -> list[tuple[float, int]]:
    """Return (score, id) of the vectors that are like one, best first; ties by higher id.

    To share no more than the category is not to be alike.
    """
    found = []
    for pk, other in others.items():
        shared = own.keys() & other.keys()
        score = round(sum([own[name] * other[name] for name in shared]), 4)
        if score >= LEAST_SCORE and any(name[0] != "#" for name in shared):
            found.append((score, pk))
    found.sort(reverse=True)
    return found


def match(id: int, score: float, own: Mapping[str, float], other: Mapping[str, float]) -> Match:
    """Return what makes two vectors alike, whose score is known."""
    return explain(id, score, {name: own[name] * other[name] for name in own.keys() & other.keys()})


def explain(id: int, score: float, shared: Mapping[str, float]) -> Match:
    """Return the match with the features that made it, of which each added so much."""
    heaviest = sorted(shared, key=lambda name: (-shared[name], name))
    provisions = [int(name[1:]) for name in heaviest if name[0] == "§"]
    terms = [name for name in heaviest if name[0] not in "§#"]
    return Match(id, score, tuple(terms[:TERMS_SHOWN]), tuple(provisions[:PROVISIONS_SHOWN]))


def vector(bag: Bag, corpus: Corpus) -> dict[str, float]:
    """Return the bag's features weighted by rarity, of length one; empty for an empty bag."""
    return vectors([bag], corpus)[bag.id]


def vectors(bags: Iterable[Bag], corpus: Corpus) -> dict[int, dict[str, float]]:
    """Return the vectors of bags by id. Like articles share features: each is looked up once."""
    features = {bag.id: bag.features() for bag in bags}
    rarities = {name: corpus.rarity(name) for name in set().union(*features.values())}
    return {pk: _scaled(weights, rarities) for pk, weights in features.items()}


def _scaled(weights: Mapping[str, float], rarities: Mapping[str, float]) -> dict[str, float]:
    weighed = {name: weight * rarities[name] for name, weight in weights.items()}
    length = math.hypot(*weighed.values()) or 1.0
    return {name: weight / length for name, weight in weighed.items()}


def fold(ids: Iterable[int], twins: Mapping[int, frozenset[int]], own: int) -> list[int]:
    """Return articles, best first, of near-duplicates only the best, and none of `own` itself.

    `twins`: for each article those that say nearly the same.
    """
    passed_over = set(twins.get(own, ()))
    kept = []
    for pk in ids:
        if pk not in passed_over:
            kept.append(pk)
            passed_over |= twins.get(pk, frozenset())
    return kept


# --- Terms in a text ------------------------------------------------------------------------

BETWEEN_WORDS = "\x1f"


def parted(text: str) -> str:
    """Return a text with its words parted, to be kept: to find them takes long."""
    return BETWEEN_WORDS.join(segment(text))


def whole_terms(text: str, terms: Collection[str], kept: str = "") -> list[str]:
    """Return the words of a text, those that only together make a term joined, longer ones first.

    So a term is one of them where it stands whole: 信用 is not found in 信用卡. `kept` is the text
    as it was parted before; that of another text is of no use.

    >>> whole_terms("民间借贷纠纷", {"民间借贷"})
    ['民间借贷', '纠纷']
    """
    if kept.replace(BETWEEN_WORDS, "") != text:
        kept = parted(text)
    words = kept.split(BETWEEN_WORDS)
    broken = [term for term in terms if text.count(term) > kept.count(term)]
    for term in sorted(broken, key=len, reverse=True):
        for start, word in enumerate(words):
            if term.startswith(word):
                runs = list(accumulate(words[start : start + len(term)]))
                if term in runs:
                    words[start : start + runs.index(term) + 1] = [term]
    return words
