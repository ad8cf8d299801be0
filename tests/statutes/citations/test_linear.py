"""Work grows with the length of the text and not faster, whatever the text is."""

import pytest

from statutes.citations.comparing import compare
from statutes.citations.find import find_citations
from statutes.citations.quotations import find_quotations
from statutes.citations.whereabouts import holders_of, postings
from tests.statutes.citations.hostile import HOSTILE, long_text
from tests.statutes.citations.library import NAMES
from tests.work import work

LONGEST_PROVISION = 6_000


def calls(text: str) -> int:
    """Return how much work it is to read a text."""
    return work(lambda: find_quotations(text, find_citations(text, NAMES)))


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_text_is_twice_the_work(pattern):
    short, long = (calls("民法典" + pattern * times) for times in (400, 800))
    assert long <= 2.2 * short + 2_000


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_long_hostile_text_is_read(pattern):
    """No pattern backtracks without bound: this would not end if one did."""
    text = long_text(pattern, 100_000)
    find_quotations(text, find_citations(text, NAMES))


def test_no_quotation_is_longer_than_any_provision():
    text = f"民法典第一条规定：“{'自然人' * 5_000}”第二条规定：{'自然人' * 5_000}"
    quotations = find_quotations(text, find_citations(text, NAMES))
    assert [len(quotation.text) for quotation in quotations] == [LONGEST_PROVISION] * 2


def test_a_range_does_not_fill_the_memory():
    """Ten characters may name 150 provisions; a text of nothing else is not read to its end."""
    assert len(find_citations("民法典第1条至第150条。" * 20_000, NAMES)) < 200_000


def test_a_quotation_without_end_is_compared_and_looked_for():
    text = "自然人享有隐私权，任何组织不得侵害。" * 20
    quotation = "自然人享有隐私权，任何组织不得侵害。" * 20_000
    assert holders_of(quotation, sorted(postings(7, text))) == [7]
    assert not compare(quotation, text).is_faithful
