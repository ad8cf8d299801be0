"""What the index and a question are made of: terms.index_words, terms.query_words."""

import pytest

from statutes.terms import index_words, plain, query_words, searchable


def test_every_two_neighbouring_characters_are_there_whatever_the_segmenter_does():
    assert {"处罚", "罚法", "法网", "网贷", "贷逾", "逾期", "处罚法"} <= set(
        index_words("处罚法网贷逾期")
    )


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("勞動合同法", "劳动合同法"),
        ("ＷｅＣｈａｔ　１２３４５", "wechat 12345"),
        ("著作权", "著作权"),
    ],
)
def test_width_case_and_traditional_characters_make_no_difference(written, searched):
    assert searchable(written) == searched
    assert plain(written) == searched
    assert index_words(written) == index_words(searched)


def test_no_word_runs_over_a_mark():
    assert index_words("甲。乙丙") == ["甲", "乙丙"]


def test_letters_and_digits_stay_whole_and_are_cut_when_endless():
    assert index_words("N+1赔偿 APP") == ["n+1", "赔偿", "app"]
    assert [len(word) for word in index_words("a" * 1_000)] == [24]


def test_words_of_a_question_weigh_more_than_the_seams_between_them():
    weights = query_words("劳动合同解除赔偿")
    assert weights["赔偿"] == weights["解除"] == weights["劳动合同"] == 1
    assert 0 < weights["除赔"] < weights["赔偿"] / 2


def test_what_a_question_asks_for_is_what_the_index_holds():
    question = "网贷逾期一天会上征信吗？我在2021年借了15000元"
    assert query_words(question).keys() <= set(index_words(question))
