import pytest

from statutes.misspelt import Vocabulary

LAWS = ["劳动合同法", "民法典", "治安管理处罚法", "公司法"]
WORDS = ["民间借贷", "取保候审", "网贷", "机器", "工伤认定", "概不负责"]
SAID = {"民间", "借贷", "间借", "劳动", "合同", "利息", "怎么", "的利", "贷利", "公司", "司发"}


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(LAWS, WORDS)


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
        ("民法点", "民法典"),
        ("民法点第1032条", "民法典第1032条"),
        ("公司发第十六条", "公司法第十六条"),
        ("网袋逾期", "网贷逾期"),
        ("工商认定", "工伤认定"),
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


@pytest.mark.parametrize(
    "typed",
    [
        "法规及其解释",  # 及其 sounds like 机器, and 规及 is said nowhere
        "公司发工资",
        "其他几亩",
        "工商认证",
        "不肯负责",  # is like 概不负责, but that is no law
    ],
)
def test_what_is_made_of_words_is_right_though_it_sounds_like_others(typed):
    vocabulary = Vocabulary(LAWS, [*WORDS, "继母"])
    said = {"及其", "公司", "司发", "工商", "认证", "居民", "负责", "其他", "他几"}
    assert vocabulary.better(typed, said.__contains__) == ""


@pytest.mark.parametrize(
    "typed", ["《公司法解释(三)》", "公司法解释（三）？", "公司法解释四", "公司法解释4"]
)
def test_what_stands_beside_no_character_and_another_number_are_no_slips(typed):
    vocabulary = Vocabulary([*LAWS, "公司法解释三"])
    said = {"公司", "司法", "法解", "解释", "释三"}
    assert vocabulary.better(typed, said.__contains__) == ""
    assert vocabulary.better("公司法介释三", said.__contains__) == "公司法解释三"


@pytest.mark.parametrize(
    "typed", ["行诉解释怎么适用", "最高人民法院关于适用公司法的解释（三）全文"]
)
def test_a_law_that_is_named_rightly_is_no_slip_of_another(typed):
    vocabulary = Vocabulary(
        [*LAWS, "刑诉解释", "行诉解释", "最高人民法院关于适用公司法的解释（三）"]
    )
    assert vocabulary.better(typed, {"公司", "司法", "法解", "解释"}.__contains__) == ""
