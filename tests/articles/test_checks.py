"""What the words of an unsaved article give away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.checks import RestrictedWords, Weight, hints_of, in_order, width, without_code
from tests.work import work

TITLE = "没有借条，怎样要回借款？"
SUMMARY = "没有借条也能要回借款。" * 8
LONG = "借款要还。" * 61


def messages(body="正文。", title=TITLE, summary=SUMMARY, restricted=()):
    return [hint.message for hint in hints_of(title, summary, body, restricted)]


def marked(hint, **texts):
    return [texts[place.field][place.start : place.end] for place in hint.places]


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("离婚", 2), ("LPR", 1.5), ("2024年", 3), ("“甲”", 3)]
)
def test_two_latin_letters_make_one_chinese_character(text, length):
    assert width(text) == length


def test_a_good_article_gives_no_hint():
    body = f"先说结论。\n\n## 先留证据\n\n{'保存原件。' * 20}\n\n### 转账\n\n- 流水\n- 微信记录"
    assert messages(body) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": "借款" * 16}, "标题有32个字"),
        ({"title": "借款"}, "标题只有2个字"),
        ({"title": ""}, "还没有标题"),
        ({"summary": ""}, "没有摘要"),
        ({"summary": "太短。"}, "摘要只有3个字"),
        ({"summary": "长" * 121}, "摘要有121个字"),
        ({"summary": TITLE}, "摘要与标题相同"),
        ({"body": "![](a.png)"}, "图片没有文字说明"),
        ({"body": "![ ](a.png '图一')"}, "图片没有文字说明"),
        ({"body": '<img src="a.png">'}, "图片没有文字说明"),
        ({"body": f"![{TITLE}](a.png)"}, "照抄了标题"),
        ({"body": "![IMG_2031.jpg](a.png)"}, "像文件名"),
        ({"body": "## 一\n\n#### 二"}, "小标题跳了级"),
        ({"body": "### 一"}, "小标题跳了级"),
        ({"body": "# 一"}, "小标题从 ## 开始"),
        ({"body": "一\n=\n\n正文"}, "小标题从 ## 开始"),
        ({"body": "## "}, "小标题没有文字"),
        ({"body": LONG}, "一段超过300个字"),
        ({"body": "[点击这里](/hf/1.html)"}, "没有说明去处"),
        ({"body": "[](/hf/1.html)"}, "链接没有文字"),
        ({"body": "借款成立,利息另算。"}, "半角标点"),
        ({"body": "借款 成立。"}, "汉字之间有空格"),
    ],
)
def test_each_fault_has_its_hint(values, words):
    assert [message for message in messages(**values) if words in message]


@pytest.mark.parametrize(
    "body",
    [
        "```\n![](a.png)\n#### 四\n借款,成立\n```",
        "写作 `![](a.png)` 即可。",
        f"> {LONG}",
        f"| {LONG} |\n|---|\n| 借款,成立 |",
        "> 《民法典》 规定,借款 应当返还。",
        "## 一\n\n### 二\n\n## 三\n\n### 四",
        "合同金额1,000元，比例3.5%。",
        "[^1]: 脚注。",
        "![借条的样子](a.png)",
        "使用 LPR 计算。",
    ],
)
def test_what_is_right_or_code_or_quoted_is_let_be(body):
    assert messages(body) == []


def test_an_empty_form_is_not_scolded():
    assert hints_of("", "", "") == []


def test_a_hint_names_its_places():
    body = "甲![](a.png)乙\n\n![](b.png)"
    hint = next(hint for hint in hints_of(TITLE, SUMMARY, body) if "图片" in hint.message)
    assert marked(hint, body=body) == ["![](a.png)", "![](b.png)"]


def test_an_overlong_title_is_marked_where_it_grows_too_long():
    title = "借" * 30 + "太长了"
    (hint,) = hints_of(title, SUMMARY, "正文。")
    assert marked(hint, title=title) == ["太长了"]


# --- Words that rules keep out ----------------------------------------------------------

PROMISE = RestrictedWords("包赢", "不得承诺办案结果")


def restricted(body, *entries, title=TITLE):
    hints = hints_of(title, SUMMARY, body, entries)
    return [
        (hint.rule, text)
        for hint in hints
        if "推广规则" in hint.message
        for text in marked(hint, title=title, body=body)
    ]


def test_restricted_words_are_shown_with_their_rule_wherever_they_stand():
    found = restricted("本所包赢。\n\n官司包赢！", PROMISE, title="离婚官司包赢")
    assert found == [("不得承诺办案结果", "包赢")] * 3


@pytest.mark.parametrize(
    ("body", "entry", "found"),
    [
        ("我们保证全部胜诉", RestrictedWords("保证…胜诉", "规则"), ["保证全部胜诉"]),
        ("我们保证，客户胜诉", RestrictedWords("保证…胜诉", "规则"), []),
        ("去必胜客吃饭", RestrictedWords("必胜", "规则", ("必胜客",)), []),
        ("必胜客旁必胜", RestrictedWords("必胜", "规则", ("必胜客",)), ["必胜"]),
        ("律师不得承诺包赢", PROMISE, []),
        ("谨防声称包赢的人", PROMISE, []),
        ("不得违约，我们包赢", PROMISE, ["包赢"]),
        ("100%胜诉", RestrictedWords("100%胜", "规则"), ["100%胜"]),
        ("`包赢`", PROMISE, []),
        ("任何文字", RestrictedWords("…", "规则"), []),
    ],
)
def test_the_list_says_what_is_restricted_and_where_it_is_innocent(body, entry, found):
    assert [text for _, text in restricted(body, entry)] == found


# --- Order, bounds ------------------------------------------------------------------------


def test_hints_stand_heaviest_first():
    body = "借款,成立。\n\n![](a.png)"
    weights = [hint.weight for hint in hints_of("", "", body, [PROMISE])]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == Weight.MUST
    assert in_order(hints_of("", "", body)) == hints_of("", "", body)


@given(st.text(alphabet="甲乙 \n#>|-`~![]()*,.。，IMG_1<img alt=\"'=^:"))
def test_no_text_breaks_it_and_every_place_lies_in_it(body):
    assert len(without_code(body)) == len(body)
    for hint in hints_of(TITLE, SUMMARY, body, [RestrictedWords("甲…乙", "规则")]):
        for place in hint.places:
            assert place.field != "body" or 0 <= place.start <= place.end <= len(body)


@pytest.mark.parametrize(
    "piece",
    ["#", "# ", " ", "![", "[]", "`", "```\n", "甲,", "甲 ", "<img ", "保证", "](", "=\n"],
)
def test_twice_the_hostile_text_is_twice_the_work(piece):
    entries = [RestrictedWords("保证…保证…胜诉", "规则", ("保证书",))]
    once, twice = (
        work(lambda size=size: hints_of(TITLE, SUMMARY, piece * (size // len(piece)), entries))
        for size in (50_000, 100_000)
    )
    assert twice <= 2.2 * once + 2_000
