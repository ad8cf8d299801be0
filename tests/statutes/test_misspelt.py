import pytest

from statutes.misspelt import Vocabulary

NAMES = ["民间借贷", "劳动合同法", "民法典", "治安管理处罚法", "取保候审"]
SAID = {"民间", "借贷", "间借", "劳动", "合同", "利息", "怎么", "的利", "贷利"}


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("民间借袋", "民间借贷"),
        ("民间借袋利息", "民间借贷利息"),
        ("明法典", "民法典"),
        ("勞動和同法", "劳动合同法"),
        ("取保侯审", "取保候审"),
        ("治安管理处法法", "治安管理处罚法"),
        ("laodonghetngfa", "劳动合同法"),
    ],
)
def test_knows_what_was_meant_by_sound_or_by_a_character(vocabulary, typed, meant):
    assert vocabulary.better(typed, SAID.__contains__) == meant


def test_what_sounds_wholly_like_a_name_is_taken_for_it_though_its_pairs_are_said(vocabulary):
    assert vocabulary.better("劳动合同发", lambda pair: True) == "劳动合同法"
    assert vocabulary.better("明法典", lambda pair: True) == ""  # a short one may be a word


@pytest.mark.parametrize(
    "typed",
    [
        "民间借贷",
        "劳动合同",
        "民法典",
        "laodonghetongfa",
        "",
        "x",
        "今天天气不错",
        "zzzz",
        "民" * 99,
    ],
)
def test_takes_nothing_right_or_strange_for_a_slip(vocabulary, typed):
    assert vocabulary.better(typed, SAID.__contains__) == ""
