"""How much of one text stands in another: the notary's rule, the samples, the marks."""

import random
from itertools import pairwise
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import overlap
from articles.overlap import (
    LEAST_LENGTH,
    SAMPLED_OVER,
    WINDOW,
    groups,
    join,
    letters,
    pieces,
    sample,
    share,
    size,
    standing_in,
    stretches,
    windows,
)

LOAN = "".join(
    f"第{number}件事，出借人把借条、转账记录和聊天记录{number}份放在一起保存，利息按{number}写明。"
    for number in range(40)
)


def chinese(seed, length):
    """Return so many letters in which nothing repeats."""
    rng = random.Random(seed)
    return "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(length))


def share_of(text, other, aside=()):
    return share(text, standing_in(text, windows(other)), list(aside))


# --- Letters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("借条，可以证明借款。", "借条可以证明借款"),
        ("## 先留证据\n\n- **原件**\n- 复印件", "先留证据原件复印件"),
        ("ＡＢＣ１２３ abc", "abc123abc"),
        ("见[民法典](https://example.com/x)", "见民法典"),
        ("![步骤](images/steps.png)", "步骤"),
        ('<a href="x">借条</a>', "借条"),
        ("一 < 二", "一二"),
        ("", ""),
        ("。，！——……", ""),
    ],
)
def test_only_letters_and_digits_are_compared(text, expected):
    assert letters(text) == expected


# --- Samples ---------------------------------------------------------------------------


def test_a_text_too_short_to_judge_has_no_samples():
    assert sample("") == []
    assert sample(chinese(1, LEAST_LENGTH - 1)) == []
    assert sample(chinese(1, LEAST_LENGTH))


def test_few_windows_are_sampled_and_none_far_from_the_next():
    found = sample(chinese(1, 20_000))
    assert len(found) < 2.4 * 20_000 / SAMPLED_OVER
    places = [one.position for one in found]
    assert places == sorted(set(places))
    assert max(b - a for a, b in pairwise(places)) <= SAMPLED_OVER
    assert all(-(2**31) <= one.digest < 2**31 for one in found)


MIXED = "民法典第1032条𠮷野家\U0002a6d6x\ud800隐私权" * 9


@pytest.mark.parametrize("text", [MIXED, "民法典第1032条隐私权" * 11, "法" * 100])
def test_a_digest_is_the_crc_of_its_window(text):
    """Stored digests are compared with new ones: how they are reckoned may never change."""
    found = sample(text)
    assert found
    for each in found:
        window = text[each.position : each.position + WINDOW]
        assert each.digest == crc32(window.encode("utf-32-le", "surrogatepass")) - 2**31


@pytest.mark.parametrize("seed", range(20))
def test_texts_that_share_a_passage_share_a_sample_wherever_it_stands(seed):
    rng = random.Random(seed)
    passage = chinese(seed, SAMPLED_OVER + WINDOW - 1)
    one, other = (
        chinese(f"{seed}{side}", rng.randrange(900)) + passage + chinese(side, rng.randrange(900))
        for side in "ab"
    )
    assert {s.digest for s in sample(one)} & {s.digest for s in sample(other)}


@pytest.mark.parametrize("text", ["甲" * 100_000, "甲乙" * 50_000, LOAN * 60], ids=["1", "2", "n"])
def test_one_thing_said_over_and_over_is_no_trouble(text):
    assert len({one.digest for one in sample(text)}) <= len(text)
    assert share_of(text, text) == 1


@given(st.text(alphabet="甲乙丙", min_size=0, max_size=400))
def test_every_stretch_of_so_many_windows_has_a_sample(text):
    places = [one.position for one in sample(text)]
    if len(text) < LEAST_LENGTH:
        assert places == []
        return
    last = len(text) - WINDOW
    for start in range(max(1, last - SAMPLED_OVER + 2)):
        assert any(start <= at < start + SAMPLED_OVER for at in places)


def test_a_sample_stands_for_the_text_around_it():
    text = chinese(3, 1_000)
    found = sample(text)
    assert stretches(text, found, {one.digest for one in found}) == [(0, len(text))]
    assert stretches(text, found, set()) == []
    (start, end), *others = stretches(text, found, {found[4].digest})
    assert start <= found[4].position < end
    assert not others


# --- Shares ----------------------------------------------------------------------------


def test_a_text_stands_wholly_in_itself_and_in_one_that_adds_to_it():
    text = letters(LOAN)
    assert share_of(text, text) == 1
    assert share_of(text, chinese(5, 800) + text + chinese(6, 800)) == 1
    assert share_of(text, chinese(5, 800)) == 0


def test_containment_is_not_mutual():
    half = letters(LOAN)[:900]
    whole = half + chinese(7, 900)
    assert share_of(half, whole) == 1
    assert share_of(whole, half) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("every", "least"), [(100, 0.97), (40, 0.94), (20, 0.88)])
def test_a_word_changed_here_and_there_leaves_it_a_copy(every, least):
    text = chinese(8, 2_000)
    edited = list(text)
    edited[5::every] = "改" * len(edited[5::every])
    edited = "".join(edited)
    assert least <= share_of(edited, text) < 1
    assert len({s.digest for s in sample(text)} & {s.digest for s in sample(edited)}) >= 2


def test_what_is_set_aside_does_not_count():
    law, own = chinese(9, 600), chinese(10, 300)
    text = law + own
    assert share_of(text, law + chinese(11, 300)) == pytest.approx(2 / 3, abs=0.02)
    assert share_of(text, law + chinese(11, 300), [(0, 600)]) == 0
    assert share_of(text, own, [(0, 600)]) == 1


def test_where_too_little_is_left_all_counts():
    law = chinese(12, 600)
    assert share_of(law + "完", law, [(0, 600)]) > 0.99
    assert share_of("", law) == 0


# --- Marks -----------------------------------------------------------------------------


def test_the_lines_are_cut_where_commonness_begins_and_ends():
    common = "出借人应当保存借条原件、转账记录"
    text = f"# 标题\n\n甲称：**{common}**。\n\n- 完"
    spans = standing_in(letters(text), windows(letters(f"乙听说{common}，是吗")))
    lines = pieces(text, spans, [])
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "# 标题",
        f"甲称：**{common}**。",
        "- 完",
    ]
    assert [piece.text for piece in lines[1] if piece.is_common] == [common + "**。"]


@given(st.text(alphabet="甲乙①[]()<>*\n \u200b。", max_size=80))
def test_the_pieces_joined_are_the_lines(text):
    found = letters(text)
    middle = [(len(found) // 3, len(found) * 2 // 3)] if len(found) > 2 else []
    lines = ["".join(piece.text for piece in line) for line in pieces(text, middle, middle)]
    assert lines == [line for line in text.split("\n") if line.strip()]


# --- Spans and groups ------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))).map(
    lambda spans: join((start, start + length) for start, length in spans)
)


def covered(spans):
    return {at for start, end in spans for at in range(start, end)}


@given(SPANS, SPANS)
def test_overlap_is_what_lies_in_both(some, others):
    both = overlap.overlap(some, others)
    assert covered(both) == covered(some) & covered(others)
    assert size(both) == len(covered(both))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], []),
        ([(1, 2), (2, 1)], [[1, 2]]),
        ([(5, 6), (1, 2), (2, 3), (3, 4)], [[1, 2, 3, 4], [5, 6]]),
        ([(4, 3), (2, 1), (3, 2)], [[1, 2, 3, 4]]),
    ],
)
def test_pairs_make_groups(pairs, expected):
    assert groups(pairs) == expected
