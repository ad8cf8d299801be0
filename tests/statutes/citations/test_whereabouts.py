"""Where a quotation really stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.comparing import compare
from statutes.citations.whereabouts import best_match, holders_of, judge, postings

OLD = "多次发送淫秽、侮辱、恐吓或者其他信息，干扰他人正常生活的，处五日以下拘留。"
NEW = "在铁路、城市轨道交通线路上行走坐卧，影响行车安全的，处警告或者五百元以下罚款。"
TEXTS = [NEW, OLD, "民事主体从事民事活动。"]


def index_of(*texts: str) -> list[int]:
    return sorted(posting for n, text in enumerate(texts) for posting in postings(n, text))


def test_finds_the_provision_that_words_come_from():
    holder, *_ = holders_of("多次发送恐吓或者其他信息，干扰他人正常生活的", index_of(*TEXTS))
    assert TEXTS[holder] == OLD


def test_words_of_no_provision_are_found_nowhere():
    assert holders_of("毫不相干的一句话在这里", index_of(*TEXTS)) == []


def test_the_best_match_is_the_first_among_equals():
    texts = [
        ("altered", "甲应当办理登记"),
        ("newest", "甲可以办理登记。"),
        ("older", "甲可以办理登记。"),
    ]
    assert best_match("甲可以办理登记", texts).key == "newest"
    assert best_match("甲可以办理登记", []) is None


HOME = [(("治安管理处罚法", 50), OLD)]
ABROAD = [(("民法典", 8), "民事主体从事民事活动。")]


@pytest.mark.parametrize(
    ("quotation", "official", "at_home", "abroad", "standing", "key"),
    [
        (OLD, OLD, HOME, ABROAD, "exact", None),
        ("多次发送淫秽、侮辱、恐吓或者其他信息", OLD, [], [], "partial", None),
        (OLD, NEW, HOME, ABROAD, "elsewhere", ("治安管理处罚法", 50)),
        (OLD, None, HOME, ABROAD, "elsewhere", ("治安管理处罚法", 50)),
        (OLD, NEW, ABROAD, HOME, "elsewhere", ("治安管理处罚法", 50)),
        (OLD.replace("五日", "十日"), NEW, HOME, [], "elsewhere", ("治安管理处罚法", 50)),
        (OLD.replace("五日", "十日"), OLD, [], ABROAD, "altered", None),
        ("毫不相干的一句话在这里", NEW, HOME, ABROAD, "nowhere", None),
        ("毫不相干的一句话在这里", None, [], [], "nowhere", None),
    ],
)
def test_judges_a_quotation(quotation, official, at_home, abroad, standing, key):
    cited = compare(quotation, official) if official else None
    judgement = judge(quotation, cited, at_home, abroad)
    assert (judgement.standing, judgement.match and judgement.match.key) == (standing, key)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_indexed(text, quotation):
    assert holders_of(quotation, index_of(text)) in ([], [0])
