import pytest

from statutes.index.ranking import affordable, asked, covered, said, shares, weigh


def test_words_that_no_document_has_are_left_out():
    assert weigh({"网贷": 1.0, "贷逾": 0.15}, {"网贷": 3, "贷逾": 0}, 100) == {"网贷": 1.0}


def test_the_most_telling_words_come_first_and_the_rest_is_cut():
    frequencies = {"合同": 300, "竞业": 2, "约定": 200}
    weighed = weigh(dict.fromkeys(frequencies, 1.0), frequencies, 1_000, most=2)
    assert list(weighed) == ["竞业", "约定"]


def test_words_are_looked_up_as_far_as_the_documents_that_have_them_are_few_enough():
    weights = {"离婚": 1.0, "财产": 0.9, "彩礼": 0.8}
    frequencies = {"离婚": 50, "财产": 60, "彩礼": 10}
    assert list(affordable(weights, frequencies, 60)) == ["离婚", "彩礼"]
    assert affordable(weights, frequencies, 120) == weights
    assert list(affordable(weights, frequencies, 5)) == ["离婚"]
    assert affordable({}, {}, 5) == {}


def test_fillers_and_numbers_tell_little_but_are_not_lost():
    words = asked("我在2013年离婚怎么办")
    assert words["离婚"] == 1
    assert 0 < words["怎么办"] < 0.2
    assert 0 < words["2013"] < 0.5


def test_a_long_word_counts_for_less_as_the_words_it_is_made_of_are_asked_for_too():
    words = asked("劳动合同")
    assert words["劳动"] == words["合同"] == 1
    assert 0.5 < words["劳动合同"] < 1
    assert asked("iphone") == {"iphone": 1}


def test_a_word_that_most_texts_have_tells_nearly_nothing():
    weighed = weigh({"规则": 1.0, "离婚": 1.0}, {"规则": 900, "离婚": 10}, 1_000)
    assert weighed["规则"] < weighed["离婚"] / 10
    assert weigh({"规则": 1.0}, {"规则": 900}, 1_000) == {"规则": 1.0}


def test_a_text_covers_a_question_by_different_words_not_by_repeating_one():
    telling = {"押金": 0.3, "房东": 0.2, "漏水": 0.5}
    both = covered("房东以漏水为由", telling)
    assert both > covered("房东房东房东房东", telling)
    assert both > covered("房东以漏水为由" + "无关" * 600, telling)
    assert covered("", telling) == 0
    assert covered("借款", {}) == 0


def test_what_a_text_begins_with_counts_besides():
    telling = {"押金": 0.5, "房东": 0.5}
    text = "房东不退。" + "无关" * 300 + "押金"
    assert covered(text, telling, in_lead=0.2, lead=100) == pytest.approx(
        covered(text, telling) + 0.1
    )
    assert covered("", telling, in_lead=0.2, lead=100) == 0


def test_a_rare_word_is_more_of_a_question_than_a_common_one_but_not_all_of_it():
    parts = shares(
        {"房东": 1.0, "漏水": 1.0, "的": 0.1}, {"房东": 400, "漏水": 2, "的": 900}, 1_000
    )
    assert parts["漏水"] > parts["房东"] > parts["的"]
    assert parts["房东"] > 0.15
    assert sum(parts.values()) == pytest.approx(1)
    assert shares({}, {}, 0) == {}


def test_what_a_text_says_of_a_question_does_not_depend_on_its_length():
    parts = {"押金": 0.25, "房东": 0.75}
    assert said("房东" + "无关" * 600, parts) == said("房东", parts) == 0.75
