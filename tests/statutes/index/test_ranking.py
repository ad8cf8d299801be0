from statutes.index.ranking import weigh


def test_words_that_no_document_has_are_left_out():
    assert weigh({"网贷": 1.0, "贷逾": 0.15}, {"网贷": 3, "贷逾": 0}, 100) == {"网贷": 1.0}


def test_the_most_telling_words_come_first_and_the_rest_is_cut():
    frequencies = {"合同": 300, "竞业": 2, "约定": 200}
    weighed = weigh(dict.fromkeys(frequencies, 1.0), frequencies, 1_000, most=2)
    assert list(weighed) == ["竞业", "约定"]


def test_filler_words_count_little_but_are_not_lost():
    weighed = weigh({"怎么办": 1.0, "离婚": 1.0}, {"怎么办": 10, "离婚": 10}, 1_000)
    assert weighed["怎么办"] < weighed["离婚"] / 10
    assert weigh({"怎么办": 1.0}, {"怎么办": 10}, 1_000)
