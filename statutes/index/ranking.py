"""What the words of a question weigh. Pure: no Django.

The engine adds up, for each document, BM25 times the weight of each term it has. Here is decided
which words of a question are asked for at all, and with what weight.
"""

import math
from collections.abc import Mapping

from statutes.terms import STOP_WORDS

MOST_WORDS = 24  # of one question: the rest of a long story says little and costs time
STOP_WEIGHT = 0.05  # of a word that says nothing of what a text is about
TOO_COMMON = 0.35  # share of documents beyond which a word tells nothing


def weigh(
    words: Mapping[str, float], frequencies: Mapping[str, int], size: int, most: int = MOST_WORDS
) -> dict[str, float]:
    """Return the words worth asking for, weightiest first, with their weights.

    `words`: how much each is a word, as terms.query_words has it; `frequencies`: how many of the
    `size` documents have it. Words that no document has are left out, and of many the least
    telling; stop words stay where there is nothing else.
    """
    weighed = {}
    for word, wordness in words.items():
        frequency = frequencies.get(word, 0)
        if frequency:
            weight = wordness * (STOP_WEIGHT if word in STOP_WORDS else 1.0)
            if frequency > TOO_COMMON * size and len(words) > 1:
                weight *= STOP_WEIGHT
            weighed[word] = weight
    telling = sorted(weighed, key=lambda word: -weighed[word] * idf(frequencies[word], size))
    return {word: weighed[word] for word in telling[:most]}


def idf(frequency: int, size: int) -> float:
    """Return how telling a word is that `frequency` of `size` documents have, as BM25 has it."""
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
