"""Where quotations begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.find import find_citations
from statutes.citations.quotations import Manner, extended, find_quotations
from tests.statutes.citations.library import NAMES
from tests.statutes.citations.test_find import PIECES

WORDS = "自然人享有隐私权，任何组织不得侵害。"
OTHER = "自然人的个人信息受法律保护。"


def quoted(text: str) -> list[tuple[str, str]]:
    found = find_quotations(text, find_citations(text, NAMES))
    return [(quotation.manner.value, quotation.text) for quotation in found]


@pytest.mark.parametrize(
    ("text", "manner", "words"),
    [
        (f"民法典第八条规定：“{WORDS}”据此", Manner.QUOTED, WORDS),
        (f"民法典第八条规定，“{WORDS}”据此", Manner.QUOTED, WORDS),
        (f"民法典第八条明确规定“{WORDS}”据此", Manner.QUOTED, WORDS),
        (f"民法典第八条：“{WORDS}”据此", Manner.QUOTED, WORDS),
        (f"民法典第八条第一款、第二款规定：“{WORDS}”", Manner.QUOTED, WORDS),
        (f"民法典第八条规定：“{WORDS}\n\n“{OTHER}”据此", Manner.QUOTED, f"{WORDS}\n\n“{OTHER}"),
        (f"民法典第八条规定：“{WORDS}\n\n”据此", Manner.QUOTED, f"{WORDS}"),
        (f"民法典第八条规定：“所称“隐私”，{WORDS}”据此", Manner.QUOTED, f"所称“隐私”，{WORDS}"),
        (f"民法典第八条规定：“{WORDS}没有完\n\n后来", Manner.QUOTED, f"{WORDS}没有完"),
        (f"- 《民法典》第八条：{WORDS}\n- 其他", Manner.SET_OUT, WORDS),
        (f"  • 《民法典》第八条:{WORDS}\n  • 其他", Manner.SET_OUT, WORDS),
        (f"1. 《民法典》第八条：{WORDS}\n2. 其他", Manner.SET_OUT, WORDS),
        (f"> 《民法典》第八条　{WORDS}\n\n其他", Manner.GLUED, WORDS),
        (f"> 《民法典》第八条：{WORDS}\n\n其他", Manner.SET_OUT, WORDS),
        (f"- **《民法典》第八条**：{WORDS}\n\n其他", Manner.SET_OUT, WORDS),
        (f"<p>《民法典》第八条</p><p>{WORDS}</p>律师解答", Manner.SET_OUT, WORDS),
        (f"| 依据：《民法典》第八条：{WORDS} | 其他 |", Manner.SET_OUT, WORDS),
        (f"<td>依据：《民法典》第八条：{WORDS}</td><td>其他</td>", Manner.SET_OUT, WORDS),
        (f"法律依据：《民法典》第八条{WORDS}律师解答其他", Manner.GLUED, WORDS),
        (f"《民法典》第八条{WORDS}第九条", Manner.GLUED, WORDS),
        (f"根据民法典第八条的规定，{WORDS}因此，", Manner.STATED, WORDS),
        (f"“{WORDS}”（《民法典》第八条）", Manner.QUOTED, WORDS),
        (f"“{WORDS}”。（参见民法典第八条）", Manner.QUOTED, WORDS),
        (f"> “{WORDS}”\n> ——《民法典》第八条", Manner.QUOTED, WORDS),
        (f"“{WORDS}”这是《民法典》第八条的规定", Manner.QUOTED, WORDS),
        ("“隐私权不受侵害的规则”（《民法典》第八条）", Manner.STATED, "隐私权不受侵害的规则"),
        (f"张某说：“{WORDS}”（《民法典》第八条）", Manner.STATED, WORDS),
        (f"法律规定道：“{WORDS}”（《民法典》第八条）", Manner.QUOTED, WORDS),
        (f"法院认为“{WORDS}”（依据《民法典》第八条）", Manner.STATED, WORDS),
    ],
)
def test_finds_where_a_quotation_begins_and_ends(text, manner, words):
    first, *_ = quoted(text)
    assert (first[0], first[1].rstrip("\n")) == (manner, words)


def test_items_on_lines_of_their_own_belong_to_the_text():
    text = "《民法典》第八条：有下列情形之一的：\n（一）侵害；\n（二）泄露。\n其他的话"
    assert quoted(text) == [("set out", "有下列情形之一的：\n（一）侵害；\n（二）泄露。")]


@pytest.mark.parametrize("between", ["\n> ", "\n>\n> ", "\n\n", "\n- ", "\n> - "])
def test_items_of_a_block_quote_or_a_list_belong_to_the_text(between):
    lead = "> 《民法典》第八条　有下列情形之一的："
    items = f"{between}（一）侵害；{between}（二）泄露。"
    assert [words for _, words in quoted(f"{lead}{items}\n\n其他")] == [
        f"有下列情形之一的：{items}"
    ]


def test_one_provision_after_another():
    assert quoted(f"《民法典》第八条{WORDS}第九条{OTHER}") == [("glued", WORDS), ("glued", OTHER)]


def test_a_text_may_begin_with_a_citation():
    text = "《民法典》第八条：刑法第九条所称自然人，是指有生命的人。"
    assert quoted(text) == [("set out", "刑法第九条所称自然人，是指有生命的人。")]


def test_a_term_that_a_text_begins_with_is_not_all_that_is_quoted():
    text = "《民法典》第八条认定“知道或者应当知道”，应当根据行为人的情况。"
    assert quoted(text) == [("glued", "认定“知道或者应当知道”，应当根据行为人的情况。")]


@pytest.mark.parametrize(
    ("between", "following", "extends"),
    [
        ("\n", OTHER, True),
        ("\n\n", OTHER, True),
        ("\n> ", OTHER, True),
        ("\n", OTHER.replace("受", "应当受"), True),  # misquoted, but meant as the law
        ("\n\n", "遇到这种情况，建议先保存证据，再向平台投诉。", False),
        ("\n\n\n", OTHER, False),
        ("\n", "完", False),
    ],
)
def test_only_the_law_tells_where_a_text_without_marks_ends(between, following, extends):
    text = f"《民法典》第八条：{WORDS}{between}{following}\n\n建议尽快起诉，不要拖延时间。"
    (quotation,) = find_quotations(text, find_citations(text, NAMES))
    whole = extended(text, quotation, f"{WORDS}\n{OTHER}")
    assert whole.text == (f"{WORDS}{between}{following}" if extends else WORDS)
    assert text[whole.start : whole.end] == whole.text


def test_the_advice_behind_the_law_is_not_the_law():
    text = f"《民法典》第八条{WORDS}\n{OTHER}律师解答：可以起诉。"
    (quotation,) = find_quotations(text, find_citations(text, NAMES))
    assert extended(text, quotation, f"{WORDS}\n{OTHER}").text == f"{WORDS}\n{OTHER}"


def test_what_stands_between_marks_is_not_extended():
    text = f"《民法典》第八条规定：“{WORDS}”\n{OTHER}"
    (quotation,) = find_quotations(text, find_citations(text, NAMES))
    assert extended(text, quotation, f"{WORDS}\n{OTHER}") == quotation


def test_what_is_cited_within_a_text_quotes_nothing():
    text = "《民法典》第八条：依照本法第九条的规定，自然人享有隐私权。"
    assert quoted(text) == [("set out", "依照本法第九条的规定，自然人享有隐私权。")]


@pytest.mark.parametrize(
    "text",
    [
        "刑法第三百四十一条规定的“情节严重”",
        "民法典第八条中“以其他危险方法危害公共安全”",
        "按照我国刑法第三百零六条追究其责任，其他的话",
        "民法典第八条的规定不适用于这种情形",
        "民法典第八条规定了一项重要的原则",
        "民法典第八条，",
        "“如此重要的一项权利，谁都知道”，还有《民法典》第八条",
    ],
)
def test_a_term_or_a_remark_is_no_quotation(text):
    assert quoted(text) == []


def test_only_marks_and_colons_claim_to_give_the_words():
    claims = [
        quotation.is_claimed
        for text in (f"民法典第八条规定：“{WORDS}”", f"《民法典》第八条{WORDS}")
        for quotation in find_quotations(text, find_citations(text, NAMES))
    ]
    assert claims == [True, False]


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_read(text):
    for quotation in find_quotations(text, find_citations(text, NAMES)):
        assert text[quotation.start : quotation.end] == quotation.text
        assert quotation.start >= quotation.citations[-1].end
