"""How alike articles are, and which whole terms show it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.relatedness import (
    LEAST_SCORE,
    TERMS_KEPT,
    TERMS_SHOWN,
    Bag,
    parted,
    rank,
    weigh,
    whole_terms,
)
from statutes.terms import segment

LOAN = "借条可以证明借款。没有借条，转账记录也可以证明借款，转账记录要保存。"
DIVORCE = "离婚时抚养权归谁？法院判决抚养权看孩子的利益，离婚协议可以约定抚养权。"


def bag(pk, title, text, tags=()):
    return Bag(pk, weigh(title, tags, text))


# --- Terms and their weights -----------------------------------------------------------


def test_a_tag_weighs_more_than_the_title_and_the_title_more_than_the_text():
    weights = weigh("转账记录", ["民间借贷"], "借条借条。借条没有。")
    assert weights["民间借贷"] > weights["转账"] > 0
    assert list(weights.values()) == sorted(weights.values(), reverse=True)


def test_a_word_said_once_in_the_text_is_left_out():
    assert "借条" not in weigh("", [], "写借条。")
    assert "借条" in weigh("", [], "写借条，要借条。")
    assert "借条" in weigh("借条", [], "")


def test_words_that_say_nothing_are_left_out():
    assert weigh("", [], "的的的的。可以可以。我们我们，第五条第五条，二〇二六二〇二六") == {}


def test_at_most_so_many_terms_are_kept():
    assert len(weigh("", [f"标签{number}" for number in range(100)], "")) == TERMS_KEPT


# --- Ranking ---------------------------------------------------------------------------


def test_an_article_on_the_same_matter_stands_before_one_on_another():
    article = bag(1, "没有借条怎么办", LOAN, ["民间借贷"])
    same = bag(2, "转账记录能证明借款吗", LOAN, ["民间借贷"])
    near = bag(3, "借条怎样写", "借条要写金额，借条要写日期。")
    other = bag(4, "离婚后抚养权", DIVORCE, ["婚姻家庭"])
    matches = rank(article, [other, near, same])
    assert [match.id for match in matches] == [2, 3]
    assert matches[0].score > matches[1].score >= LEAST_SCORE
    assert "借条" in matches[0].shared_terms


def test_a_rare_term_counts_more_than_one_that_all_have():
    common = {"合同": 1.0}
    article = Bag(1, common | {"居间费": 1.0})
    rare = Bag(2, common | {"居间费": 1.0, "甲": 1.0})
    usual = Bag(3, common | {"定金": 1.0, "乙": 1.0})
    crowd = [Bag(number, common | {f"词{number}": 1.0}) for number in range(4, 30)]
    matches = rank(article, [usual, rare, *crowd])
    assert matches[0].id == 2
    assert matches[0].shared_terms[0] == "居间费"


def test_articles_equally_alike_stand_newest_first():
    terms = {"借条": 1.0}
    assert [match.id for match in rank(Bag(1, terms), [Bag(2, terms), Bag(9, terms)])] == [9, 2]


def test_an_article_is_not_related_to_itself():
    article = Bag(1, {"借条": 1.0})
    assert rank(article, [article]) == []


@pytest.mark.parametrize("terms", [{}, {"抚养权": 1.0}])
def test_articles_that_share_no_term_are_not_related(terms):
    assert rank(Bag(1, {"借条": 1.0}), [Bag(2, terms)]) == []
    assert rank(Bag(1, terms), [Bag(2, {"借条": 1.0})]) == []


def test_only_the_best_are_returned_if_so_asked():
    terms = {"借条": 1.0}
    assert len(rank(Bag(1, terms), [Bag(pk, terms) for pk in range(2, 20)], limit=8)) == 8


BAGS = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚辛"), st.floats(0.1, 5), max_size=8)


@given(BAGS, st.lists(BAGS, max_size=8))
def test_likeness_lies_between_nothing_and_one(own, others):
    for match in rank(Bag(0, own), [Bag(pk, terms) for pk, terms in enumerate(others, 1)]):
        assert LEAST_SCORE <= match.score <= 1.0001
        assert set(match.shared_terms) <= own.keys() & others[match.id - 1].keys()
        assert 0 < len(match.shared_terms) <= TERMS_SHOWN


@given(BAGS, BAGS)
def test_likeness_is_mutual(one, other):
    there = [match.score for match in rank(Bag(1, one), [Bag(2, other)])]
    back = [match.score for match in rank(Bag(2, other), [Bag(1, one)])]
    assert there == back


# --- Terms in a text -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        ("没有借条怎么办", ["借条"], ["借条"]),
        ("信用卡逾期", ["信用"], []),  # 信用 is no word here
        ("借条和借条", ["借条"], ["借条", "借条"]),
        ("民间借贷纠纷", ["民间借贷", "借贷"], ["民间借贷"]),  # the longer, and not both
        ("借条", [], []),
        ("", ["借条"], []),
        ("LPR的四倍", ["LPR"], ["LPR"]),
    ],
)
def test_finds_whole_terms(text, terms, found):
    words = whole_terms(text, terms)
    assert [word for word in words if word in terms] == found
    assert whole_terms(text, terms, kept=parted(text)) == words


def test_a_term_is_found_where_it_is_a_word_and_where_it_is_two():
    kept = "\x1f".join(["用能", "单位", "与", "重点", "用", "能", "单位"])
    words = whole_terms("用能单位与重点用能单位", ["用能"], kept)
    assert words == ["用能", "单位", "与", "重点", "用能", "单位"]


def test_words_kept_of_another_text_are_of_no_use():
    assert whole_terms("没有借条", ["借条"], kept=parted("没有欠条")) == ["没有", "借条"]


TEXTS = st.lists(
    st.sampled_from(["借条", "民间", "借贷", "信用卡", "，", "a", "A1", " ", "的"])
).map("".join)


@given(TEXTS, st.lists(st.sampled_from(["借条", "民间借贷", "借贷", "信用", "的借", "，，"])))
def test_found_terms_are_made_of_whole_words(text, terms):
    words = whole_terms(text, terms)
    assert "".join(words) == text
    joined = iter(segment(text))
    for word in words:
        while word:
            part = next(joined)
            assert word.startswith(part)
            word = word[len(part) :]
