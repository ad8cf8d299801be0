from statutes.index.ranking import asked, covered, weigh


def test_words_that_no_document_has_are_left_out():
    assert weigh({"网贷": 1.0, "贷逾": 0.15}, {"网贷": 3, "贷逾": 0}, 100) == {"网贷": 1.0}


def test_the_most_telling_words_come_first_and_the_rest_is_cut():
    frequencies = {"合同": 300, "竞业": 2, "约定": 200}
    weighed = weigh(dict.fromkeys(frequencies, 1.0), frequencies, 1_000, most=2)
    assert list(weighed) == ["竞业", "约定"]


def test_fillers_and_numbers_tell_little_but_are_not_lost():
    words = asked("我在2013年离婚怎么办")
    assert words["离婚"] == 1
    assert 0 < words["怎么办"] < 0.2
    assert 0 < words["2013"] < 0.5


def test_a_word_that_most_texts_have_tells_nearly_nothing():
    weighed = weigh({"规则": 1.0, "离婚": 1.0}, {"规则": 900, "离婚": 10}, 1_000)
    assert weighed["规则"] < weighed["离婚"] / 10
    assert weigh({"规则": 1.0}, {"规则": 900}, 1_000) == {"规则": 1.0}


def test_a_text_covers_a_question_by_different_words_not_by_repeating_one():
    telling = {"押金": 3.0, "房东": 2.0, "漏水": 4.0}
    both = covered("房东以漏水为由", telling)
    assert both > covered("房东房东房东房东", telling)
    assert both > covered("房东以漏水为由" + "无关" * 600, telling)
    assert covered("", telling) == 0
    assert covered("借款", {}) == 0
