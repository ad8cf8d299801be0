"""The scores on the development set, held with a margin; see ../shared/citations/README.md."""

from array import array
from itertools import islice

import pytest

from statutes import passages
from statutes.aliases import normalise
from statutes.citations.comparing import compare_with_provision
from statutes.citations.find import find_citations
from statutes.citations.quotations import find_quotations
from statutes.citations.whereabouts import holders_of, postings
from statutes.citations.whereabouts import judge as judge_quotation
from statutes.locators import Locator
from tests.statutes.citations.library import (
    all_names,
    development_set,
    newest,
    scorer,
    versions,
)


@pytest.fixture(scope="module")
def result():
    gold = development_set("dev.jsonl")
    return scorer().score(gold, [predicted(passage) for passage in gold])


def predicted(passage: dict) -> dict:
    found = find_citations(passage["text"], all_names(), passage.get("self_title") or "")
    rows = [
        {"start": c.start, "end": c.end, "law": c.statute or c.title, "locator": c.locator}
        for c in found
    ]
    for row in rows:
        if locator := row.pop("locator"):
            row["article"], row["article_suffix"] = locator.article, locator.suffix
            row["paragraph"], row["item"] = locator.paragraph, locator.item
    return {
        "id": passage["id"],
        "citations": [row for row in rows if "article" in row],
        "law_mentions": [row for row in rows if "article" not in row],
    }


@pytest.mark.parametrize(
    ("figure", "least"),
    [
        ("a_provision", 0.985),
        ("b_paragraph_item", 0.98),
        ("c_span_overlap", 0.985),
        ("d_linked", 0.98),
        ("e_law_mention", 0.93),
    ],
)
def test_citations_are_found(result, figure, least):
    assert result[figure]["f1"] >= least, result["errors"]


def test_no_stratum_is_weak(result):
    assert result["macro_f1"]["a"] >= 0.98, result["by_stratum"]


def test_no_trap_is_taken_for_a_statute(result):
    assert sum(hits for hits, _ in result["traps_hit"].values()) <= 1, result["traps_hit"]


# --- quotations --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def judged():
    """Return (pair, label, place) for every pair of the development set."""
    pairs = development_set("dev_quotes.jsonl")
    index = _Index(versions())
    return [(pair, *judge(pair, index)) for pair in pairs]


class _Index:
    """All provisions, those of the newest versions first, by the words that they hold."""

    def __init__(self, versions):
        self.provisions = [
            ((normalise(v.title), v.promulgated_on, p.number, p.suffix), p.text)
            for v in sorted(versions, key=lambda v: str(v.promulgated_on), reverse=True)
            for p in v.provisions
        ]
        self.postings = array(
            "Q",
            sorted(
                posting
                for n, (_, text) in enumerate(self.provisions)
                for posting in postings(n, text)
            ),
        )

    def candidates(self, words, among) -> list[tuple]:
        found = (self.provisions[n] for n in holders_of(words, self.postings))
        return list(islice((one for one in found if among(one[0])), passages.MOST))


def judge(pair: dict, index: _Index) -> tuple[str, tuple | None]:
    citation, words = pair["citation"], pair["quote_text"]
    title = normalise(all_names().meant_by(citation["law"]))
    version = newest().get(title)
    if version is None:
        return "no_official_text", None
    locator = Locator(
        citation["article"],
        citation["article_suffix"] or 0,
        citation["paragraph"],
        citation["item"],
    )
    place = (title, version.promulgated_on, locator.article, locator.suffix)
    texts = {(p.number, p.suffix): p.text for p in version.provisions}
    official = texts.get((locator.article, locator.suffix))
    cited = compare_with_provision(words, official, locator) if official else None
    judgement = judge_quotation(
        words,
        cited,
        index.candidates(words, lambda key: key[0] == title and key != place),
        index.candidates(words, lambda key: key[0] != title),
    )
    label = {"elsewhere": "wrong", "nowhere": "wrong"}.get(judgement.standing, judgement.standing)
    found = judgement.match and judgement.match.key
    return label, found and (found[0], found[2], found[3])


def test_labels_are_right(judged):
    right = sum(pair["label"] == label for pair, label, _ in judged)
    assert right >= 0.96 * len(judged)


def test_no_altered_or_wrong_words_are_called_the_law(judged):
    overlooked = [
        pair["id"]
        for pair, label, _ in judged
        if label in ("exact", "partial") and pair["label"] in ("altered", "wrong")
    ]
    assert overlooked == []


def test_the_place_of_wrong_words_is_named(judged):
    known = [
        (place, {_place(pair["belongs_to"])} | {_now(pair)})
        for pair, _, place in judged
        if pair["label"] == "wrong" and pair["belongs_to"]
    ]
    assert sum(place in wanted for place, wanted in known) >= 0.9 * len(known)


def _place(place: dict) -> tuple:
    return normalise(place["law"]), place["article"], place["article_suffix"]


def _now(pair: dict) -> tuple | None:
    now = pair["now_at"]
    return now and (normalise(pair["citation"]["law"]), now["article"], now["article_suffix"])


def test_the_ends_of_quotations_are_found():
    passages = {passage["id"]: passage for passage in development_set("dev.jsonl")}
    pairs = development_set("dev_quotes.jsonl")
    found = sum(_is_found(passages[pair["passage"]]["text"], pair) for pair in pairs)
    assert found >= 0.94 * len(pairs)


def _is_found(text: str, pair: dict) -> bool:
    start, end = pair["quote"]
    return any(
        abs(quotation.start - start) <= 4 and abs(quotation.end - end) <= 8
        for quotation in find_quotations(text, find_citations(text, all_names()))
    )
