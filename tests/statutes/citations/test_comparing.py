"""What counts as a difference between a quotation and the law, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.comparing import (
    changes,
    compare,
    compare_with_provision,
    sentence_around,
    speaks_of,
)
from statutes.locators import Locator

ARTICLE = (
    "有下列行为之一的，处五日以下拘留或者一千元以下罚款；情节较重的，处五日以上十日以下拘留：\n"
    "（一）写恐吓信的；\n"
    "（二）公然侮辱他人的；\n"
    "（三）多次发送信息，干扰他人正常生活的。\n"
    "有前款第三项行为的，公安机关可以责令停止；不停止的，不得免除处罚。"
)


@pytest.mark.parametrize(
    "quotation",
    [
        ARTICLE,
        ARTICLE.replace("\n", ""),
        "> " + ARTICLE.replace("\n", "\n>\n> "),
        ARTICLE.replace("，", ",").replace("（", "(").replace("）", ")").replace("；", "; "),
        ARTICLE.replace("公安机关", "**公安机关**").replace("\n", "</p><p>"),
        ARTICLE.replace("，", ""),
        ARTICLE.replace("（一）", "").replace("（二）", "").replace("（三）", ""),
    ],
)
def test_punctuation_space_and_markup_do_not_count(quotation):
    assert compare(quotation, ARTICLE).agreement == "exact"


@pytest.mark.parametrize(
    "quotation",
    [
        "有前款第三项行为的，公安机关可以责令停止。",
        "有下列行为之一的，处五日以下拘留或者一千元以下罚款：……（三）多次发送信息，干扰他人正常生活的。",
        "有下列行为之一的，处五日以下拘留或者一千元以下罚款；（一）写恐吓信的；（三）多次发送信息，"
        "干扰他人正常生活的。",
        "不停止的，不得免除处罚",
    ],
)
def test_whole_clauses_may_be_left_out(quotation):
    assert compare(quotation, ARTICLE).agreement == "partial"


def test_words_left_out_within_a_clause_are_an_excerpt_if_that_is_shown():
    shown = "情节较重的，处五日以上……拘留：……（二）公然侮辱他人的"
    assert compare(shown, ARTICLE).agreement == "excerpt"
    assert compare(shown.replace("……", ""), ARTICLE).agreement == "altered"
    torn = "可以责令停止；不停止的……免除处罚"
    assert compare(torn, ARTICLE).agreement == "altered"
    turned = "公然侮辱他人的……情节较重的，处五日以上"
    assert compare(turned, ARTICLE).agreement == "altered"


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("可以", "应当"),
        ("不得免除", "得免除"),
        ("一千元", "五百元"),
        ("一千元以下", "一千元以上"),
        ("十日", "十五日"),
        ("或者", "和"),
        ("（三）", "（二）"),
        ("前款第三项", "前款"),
        ("公安机关", "公安部门"),
        ("干扰他人正常生活的。", "干扰他人"),
    ],
)
def test_words_count(words, others):
    comparison = compare(ARTICLE.replace(words, others, 1), ARTICLE)
    assert comparison.agreement == "altered"
    assert comparison.likeness > 0.8


@pytest.mark.parametrize(
    ("official", "quotation"),
    [
        ("处违法所得1.5倍罚款", "处违法所得15倍罚款"),
        ("经1/3以上成员同意", "经13以上成员同意"),
        ("在3-5年内", "在35年内"),
        ("血液酒精含量≥80毫克", "血液酒精含量≤80毫克"),
        ("血液酒精含量<80毫克", "血液酒精含量>80毫克"),
        ("温度在37℃以上", "温度在37以上"),
        ("依照解释（一）第五条", "依照解释第五条"),
        ("依照前款第（二）项", "依照前款第（三）项"),
    ],
)
def test_signs_between_and_around_digits_count(official, quotation):
    assert compare(quotation, official).agreement == "altered"


def test_a_number_that_goes_on_counting_is_an_items_though_it_follows_a_rule():
    official = "有下列权利：\n（一）按照国务院规定；\n（二）由国务院规定；\n（三）其他权利。"
    run_on = "有下列权利：（一）按照国务院规定（二）由国务院规定（三）其他权利。"
    assert compare(run_on, official).agreement == "exact"
    assert compare(run_on.replace("（三）", "（四）"), official).agreement == "altered"


@pytest.mark.parametrize(
    ("official", "quotation"),
    [
        ("罚款1,000元", "罚款1000元"),
        ("在3-5年内", "在３～５年内"),
        ("处1.5倍罚款", "处１．５倍罚款"),
        ("依照前款第（二）项规定", "依照前款第二项规定"),
        ("1.甲方；\n2.乙方。", "1、甲方；2、乙方"),
    ],
)
def test_one_number_can_be_written_in_several_ways(official, quotation):
    assert compare(quotation, official).agreement == "exact"


def test_a_quotation_without_end_costs_no_more_than_the_longest_provision():
    official = "甲" * 1_000
    assert compare("甲" * 1_000_000, official).likeness < 0.01
    assert len("".join(op.text for op in changes("乙" * 1_000_000, official))) < 10_000


def test_items_left_out_and_the_rest_renumbered_is_altered():
    quotation = (
        "有下列行为之一的，处五日以下拘留或者一千元以下罚款：（一）写恐吓信的；（二）多次发送信息。"
    )
    assert compare(quotation, ARTICLE).agreement == "altered"


@pytest.mark.parametrize(
    "quotation",
    [
        "处五日以下拘留或者一千元以下罚款；情节较重",
        "干扰他人正常生活",
        "公安机关可以责令停止；不停止",
        "多次发送信息，干扰他人",
    ],
)
def test_words_in_a_row_that_end_within_a_clause_are_an_excerpt(quotation):
    assert compare(quotation, ARTICLE).agreement == "excerpt"


@pytest.mark.parametrize(
    ("official", "quotation"),
    [
        ("用人单位不得解除劳动合同。", "得解除劳动合同"),
        ("用人单位不得扣押劳动者的身份证和其他证件。", "扣押劳动者的身份证和其他证件"),
        ("违反强制性规定的民事法律行为无效。", "违反强制性规定的民事法律行为"),
        ("禁止违背妇女意愿实施性骚扰。", "违背妇女意愿实施性骚扰"),
        ("未经同意公开肖像的，应当承担责任。", "公开肖像的，应当承担责任"),
        ("但是法律另有规定的除外。", "法律另有规定"),
        ("当事人不能证明自己没有过错的", "能证明自己没有过错的"),
        ("处十三年以下有期徒刑", "三年以下有期徒刑"),
        ("处三十五日以下拘留", "处三十"),
        ("罚款15000元", "罚款1500"),
        ("公司应当公告股东", "公司可以公告股东"),
    ],
)
def test_words_torn_from_their_denial_or_their_number_are_altered(official, quotation):
    assert compare(quotation, official).agreement == "altered"


@pytest.mark.parametrize(
    ("official", "quotation"),
    [
        ("不动产登记机构应当公告登记结果。", "应当公告登记结果"),
        ("处十年以上有期徒刑、无期徒刑或者死刑。", "处十年以上有期徒刑"),
        ("没收违法所得并处罚款。", "违法所得并处罚款"),
        ("未成年人的监护人应当履行监护职责。", "监护人应当履行监护职责"),
        ("不得拖延；用人单位应当按月支付工资。", "应当按月支付工资"),
        ("消除危险并且赔偿损失。", "赔偿损失"),
    ],
)
def test_what_denies_another_clause_or_nothing_leaves_an_excerpt(official, quotation):
    assert compare(quotation, official).agreement == "excerpt"


def test_an_excerpt_may_stand_whole_where_it_stands_again():
    official = "处十三年以下有期徒刑的，减为三年以下有期徒刑"
    assert compare("三年以下有期徒刑", official).agreement == "excerpt"


def test_clauses_in_another_order_are_altered():
    assert compare("不停止的，公安机关可以责令停止", ARTICLE).agreement == "altered"


@pytest.mark.parametrize(
    ("quotation", "locator", "agreement"),
    [
        (ARTICLE, Locator(42), "exact"),
        (
            "有前款第三项行为的，公安机关可以责令停止；不停止的，不得免除处罚。",
            Locator(42),
            "partial",
        ),
        (
            "有前款第三项行为的，公安机关可以责令停止；不停止的，不得免除处罚。",
            Locator(42, paragraph=2),
            "exact",
        ),
        ("不停止的，不得免除处罚。", Locator(42, paragraph=1), "altered"),
        ("不得免除处", Locator(42, paragraph=1), "altered"),
        ("不得免除处", Locator(42, paragraph=2), "excerpt"),
        ("公然侮辱他人的", Locator(42, item=2), "exact"),
        ("公然侮辱他人的", Locator(42, paragraph=1, item=2), "exact"),
        ("公然侮辱他人的", Locator(42, item=3), "altered"),
        (
            "有下列行为之一的，处五日以下拘留或者一千元以下罚款；情节较重的，处五日以上十日以下拘留："
            "（二）公然侮辱他人的",
            Locator(42, item=2),
            "exact",
        ),
        (ARTICLE, Locator(42, item=2), "exact"),
        ("公然侮辱他人的", Locator(42, item=9), "partial"),
    ],
)
def test_compares_with_the_part_that_is_cited(quotation, locator, agreement):
    assert compare_with_provision(quotation, ARTICLE, locator).agreement == agreement


def test_shows_the_words_that_were_changed():
    quotation = "有前款第三项行为的，公安机关应当责令停止；不停止的，不得免除处罚。"
    marked = [
        (op.change.value, op.text) for op in changes(quotation, ARTICLE) if op.change != "equal"
    ]
    assert marked == [("delete", "可以"), ("insert", "应当")]


OLD, NEW = "多次发送信息，干扰他人正常生活的，处拘留。", "擅自进入铁路防护网的，处警告。"


@pytest.mark.parametrize(
    ("sentence", "is_its_own"),
    [
        ("前妻多次发送信息，按照 可以拘留", False),
        ("前妻发送的信息干扰了她", False),
        ("前妻的信息", None),  # one word proves nothing
        ("进入铁路的人", True),
        ("在铁路上走", None),
        ("在铁路上多次发送信息，干扰正常生活", None),
        ("在铁路上发送信息，按照 可以拘留", None),
        ("按照 办理", None),
        ("", None),
    ],
)
def test_a_sentence_tells_which_text_it_is_about(sentence, is_its_own):
    assert speaks_of(sentence, "示例法", NEW, [OLD]) is is_its_own


def test_what_both_texts_say_tells_nothing():
    assert speaks_of("进入铁路的人", "示例法", NEW, [NEW]) is None


def test_the_name_of_the_law_tells_nothing():
    old = "违反治安管理的，依照本法处罚。"
    assert speaks_of("依照治安管理处罚法", "治安管理处罚法", NEW, [old]) is None


def test_a_sentence_is_what_stands_between_two_stops():
    text = "发送信息。依照本法第四十二条，处警告！再说别的"
    start = text.index("第四十二条")
    assert sentence_around(text, start, start + 5) == "依照本法 ，处警告"


@pytest.mark.parametrize("nothing", ["", "……", "，。"])
def test_nothing_agrees_with_nothing(nothing):
    assert compare(nothing, ARTICLE).agreement == "altered"
    assert compare(ARTICLE, nothing).agreement == "altered"


TEXT = st.text("甲乙不（）一二。；，\n…", max_size=40)


@given(TEXT, TEXT)
def test_any_text_is_compared(quotation, official):
    comparison = compare(quotation, official)
    assert 0 <= comparison.likeness <= 1
    changes(quotation, official)
    compare_with_provision(quotation, official, Locator(1, paragraph=2, item=1))


@given(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=6), st.data())
def test_dropping_a_word_is_never_overlooked(words, data):
    official = "。".join(f"应当{word}的事情" for word in words)
    at = data.draw(st.integers(0, len(official) - 1))
    quotation = official[:at] + official[at + 1 :]
    dropped_only_punctuation = official[at] == "。"
    assert compare(quotation, official).is_faithful == dropped_only_punctuation
