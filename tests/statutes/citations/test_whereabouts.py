"""Where a quotation really stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.comparing import compare
from statutes.citations.whereabouts import Whereabouts, best_match, judge

OLD = "多次发送淫秽、侮辱、恐吓或者其他信息，干扰他人正常生活的，处五日以下拘留。"
NEW = "在铁路、城市轨道交通线路上行走坐卧，影响行车安全的，处警告或者五百元以下罚款。"
PROVISIONS = {
    ("治安管理处罚法", 42): NEW,
    ("治安管理处罚法", 50): OLD,
    ("民法典", 8): "民事主体从事民事活动。",
}


def filled() -> Whereabouts:
    index = Whereabouts()
    for key, text in PROVISIONS.items():
        index.add(key, text)
    return index


def test_finds_the_provision_that_words_come_from():
    (key, text), *_ = filled().candidates("多次发送恐吓或者其他信息，干扰他人正常生活的")
    assert (key, text) == (("治安管理处罚法", 50), OLD)


def test_looks_only_where_it_is_told():
    index = filled()
    assert index.candidates(OLD, among=lambda key: key[0] == "民法典") == []
    assert index.candidates("毫不相干的一句话在这里") == []


def test_what_is_added_later_is_found_too():
    index = filled()
    assert index.candidates("自然人享有隐私权，任何组织不得侵害") == []
    index.add(("民法典", 1032), "自然人享有隐私权。任何组织或者个人不得侵害他人的隐私权。")
    (key, _), *_ = index.candidates("自然人享有隐私权。任何组织不得侵害他人的隐私权")
    assert key == ("民法典", 1032)


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
    index = Whereabouts()
    index.add("it", text)
    assert index.candidates(quotation) in ([], [("it", text)])
