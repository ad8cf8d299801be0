"""Work grows with the length of the text and not faster, whatever the text is."""

import sys

import pytest

from statutes.citations.find import find_citations
from statutes.citations.quotations import find_quotations
from tests.statutes.citations.library import NAMES

HOSTILE = {
    "titles that do not end": "《民法典",
    "articles of nothing": "第一条",
    "a list without end": "、第二条",
    "a number without end": "一",
    "nothing but laws": "法",
    "asides that do not end": "《民法典》（以下简称",
    "chapters upon chapters": "第一章总则编",
    "unit withheld": "第一、",
    "quotations that do not end": "民法典第一条规定：“",
    "ranges": "第一条至第九万条",
    "markup": "<a[b](",
    "nested titles": "《a《b》",
    "contracts": "合同约定其中",
    "unknown names": "某某某某条例第一条",
}


def calls(text: str) -> int:
    """Return how many functions are called to read a text: a measure of work without a clock."""
    count = 0

    def count_call(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        find_quotations(text, find_citations(text, NAMES))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_text_is_twice_the_work(pattern):
    short, long = (calls("民法典" + pattern * times) for times in (400, 800))
    assert long <= 2.2 * short + 2_000


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_long_hostile_text_is_read(pattern):
    """No pattern backtracks without bound: this would not end if one did."""
    find_citations(pattern * (100_000 // len(pattern)), NAMES)
