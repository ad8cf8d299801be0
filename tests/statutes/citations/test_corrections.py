"""Edits that put a citation right, and touch nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.comparing import compare_with_provision
from statutes.citations.corrections import Aim, Edit, applied, is_certain, renumbered, requoted
from statutes.citations.find import find_citations
from statutes.citations.quotations import find_quotations
from statutes.locators import Locator
from tests.statutes.citations.library import NAMES

OFFICIAL = (
    "有下列行为之一的，处五日以下拘留或者一千元以下罚款：\n"
    "（一）写恐吓信威胁他人人身安全的；\n"
    "（二）多次发送恐吓信息，干扰他人正常生活的。\n"
    "有前款第二项行为的，公安机关可以依法约束。"
)
PLACE = Locator(50)


def edited(text, locator, *, title="", at=0):
    """Return a text with the number of its citation corrected; None if not certain."""
    citations = find_citations(text, NAMES)
    edit = renumbered(text, citations[at], locator, title)
    return None if edit is None else applied(text, [edit])


@pytest.mark.parametrize(
    ("text", "locator", "expected"),
    [
        ("《治安管理处罚法》第四十二条。", Locator(50), "《治安管理处罚法》第五十条。"),
        (
            "《治安管理处罚法》第四十二条第五项。",
            Locator(50, paragraph=1, item=5),
            "《治安管理处罚法》第五十条第一款第五项。",
        ),
        (
            "治安管理处罚法第42条第1款第（5）项",
            Locator(50, paragraph=2, item=6),
            "治安管理处罚法第50条第2款第（6）项",
        ),
        (
            "《治安管理处罚法》第４２条",
            Locator(50, paragraph=1),
            "《治安管理处罚法》第５０条第１款",
        ),
        ("《治安管理处罚法》第 42 条", Locator(50), "《治安管理处罚法》第 50 条"),
        ("民法典1032条", Locator(1045), "民法典1045条"),
        ("《民法典第五百零九条》", Locator(510), "《民法典第五百一十条》"),
        ("**《民法典》**第八条。", Locator(9), "**《民法典》**第九条。"),
        ("《刑法》第133条之一", Locator(134, suffix=2), "《刑法》第134条之二"),
        ("《刑法》第一百三十三条", Locator(133, suffix=1), "《刑法》第一百三十三条之一"),
        ("《刑法》第一百三十三条之一", Locator(134), "《刑法》第一百三十四条"),
        (
            "《民法典》第八条第（二）项规定",
            Locator(9, item=3, subitem=1),
            "《民法典》第九条第（三）项第1目规定",
        ),
    ],
)
def test_a_number_is_replaced_as_its_author_writes(text, locator, expected):
    assert edited(text, locator) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照《合同法》第五十二条处理", "依照《民法典》第一百五十三条处理"),
        ("依照合同法第52条处理", "依照《民法典》第153条处理"),
    ],
)
def test_what_moved_to_another_statute_is_named_by_it(text, expected):
    assert edited(text, Locator(153), title="民法典") == expected


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("《民法典》第八条至第十条", 0),  # one span for three
        ("《民法典》第一、二条", 0),
        ("《民法典》**第八条第**一款", 0),
        ("《民法典》第八条第一款、第二款", 1),  # has its 条 from the one before
        ("《公司法》（2018修正）第十六条", 0),
        ("《民法典》<b>第</b>八条", 0),
    ],
)
def test_what_is_not_certain_is_left_to_the_author(text, at):
    assert edited(text, Locator(20), at=at) is None


def test_a_number_on_which_others_hang_is_not_certain():
    text = "《民法典》第八条第一款、第二款。"
    citations = find_citations(text, NAMES)
    edit = renumbered(text, citations[0], Locator(9, paragraph=1))
    aim = Aim(0, citations[0].statute, Locator(9, paragraph=1))
    assert not is_certain(text, citations, [edit], [aim], NAMES)


def test_a_name_on_which_others_hang_is_not_certain():
    text = "《合同法》第五十二条和第五十三条。"
    citations = find_citations(text, NAMES)
    edit = renumbered(text, citations[0], Locator(153), "民法典")
    aim = Aim(0, "中华人民共和国民法典", Locator(153))
    assert not is_certain(text, citations, [edit], [aim], NAMES)


# --- words --------------------------------------------------------------------------------


def requote(text, locator=None, official=OFFICIAL, place=PLACE):
    citations = find_citations(text, NAMES)
    (quotation, *_) = find_quotations(text, citations)
    locator = locator or citations[0].locator
    edit = requoted(text, quotation, place, official, locator)
    if edit is None:
        return None
    aim = Aim(0, citations[0].statute, locator, official)
    assert is_certain(text, citations, [edit], [aim], NAMES)
    return applied(text, [edit])


LAW = "《治安管理处罚法》第五十条"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the 项 meant, with its number as the author has it, or without
        (
            f"{LAW}第二项规定：“多次发送恐吓信息，干扰别人正常生活的”，可以处罚。",
            f"{LAW}第二项规定：“多次发送恐吓信息，干扰他人正常生活的”，可以处罚。",
        ),
        (
            f"{LAW}第二项规定：“（二）多次发送恐吓信息，干扰别人正常生活的。”",
            f"{LAW}第二项规定：“（二）多次发送恐吓信息，干扰他人正常生活的。”",
        ),
        # with the words that announce it, on one line
        (
            f"{LAW}规定：“有下列行为之一的，处五日以下拘留或者五百元以下罚款："
            "（二）多次发送恐吓信息，干扰他人正常生活的。”",
            f"{LAW}规定：“有下列行为之一的，处五日以下拘留或者一千元以下罚款："
            "（二）多次发送恐吓信息，干扰他人正常生活的。”",
        ),
        # one 款 of the whole
        (
            f"{LAW}规定：“有前款第二项行为的，公安机关应当依法约束。”后文。",
            f"{LAW}规定：“有前款第二项行为的，公安机关可以依法约束。”后文。",
        ),
        # in a block quote the lines are paragraphs of it
        (
            f"> {LAW}规定：“有下列行为之一的，处五日以下拘留或者五百元以下罚款：\n"
            "> （一）写恐吓信威胁他人人身安全的；\n"
            "> （二）多次发送恐吓信息，干扰他人正常生活的。”\n\n后文。",
            f"> {LAW}规定：“有下列行为之一的，处五日以下拘留或者一千元以下罚款：\n"
            ">\n> （一）写恐吓信威胁他人人身安全的；\n"
            ">\n> （二）多次发送恐吓信息，干扰他人正常生活的。”\n\n后文。",
        ),
        # in a list the mark stays, and the lines are set in
        (
            f"- {LAW}：有下列行为之一的，处五日以下拘留或者五百元以下罚款：\n"
            "  （一）写恐吓信威胁他人人身安全的；\n- 别的。",
            f"- {LAW}：有下列行为之一的，处五日以下拘留或者一千元以下罚款：\n\n"
            "    （一）写恐吓信威胁他人人身安全的；\n- 别的。",
        ),
    ],
)
def test_the_official_words_take_the_place_of_the_authors(before, after):
    assert requote(before) == after


def test_words_that_are_right_are_not_replaced():
    assert requote(f"{LAW}规定：“有前款第二项行为的，公安机关可以依法约束。”") is None


def test_marks_within_marks_and_signs_of_markdown_are_kept_apart():
    official = "所称“甲_乙”，是指*丙*和<丁>。"
    text = "《民法典》第八条规定：“所称甲乙，是指丙或者丁，戊。”"
    assert requote(text, official=official, place=Locator(8)) == (
        r"《民法典》第八条规定：“所称‘甲\_乙’，是指\*丙\*和\<丁\>。”"
    )


# --- any text -----------------------------------------------------------------------------

NUMBERS = st.integers(1, 1260)
LOCATORS = st.builds(
    Locator,
    NUMBERS,
    suffix=st.integers(0, 3),
    paragraph=st.none() | st.integers(1, 9),
    item=st.none() | st.integers(1, 20),
)
PROSE = st.lists(
    st.sampled_from(
        [
            *("《民法典》", "刑法", "《治安管理处罚法》", "第四十二条", "第42条", "第８条第２款"),
            *("第一款", "第（三）项", "、", "至", "和", "本法", "**", "> ", "- ", "\n", "\n\n"),
            *(
                "规定：“",
                "”",
                "处五日以下拘留，可以并处罚款",
                "。",
                "😀",
                "|",
                "（2018修正）",
                "之一",
            ),
        ]
    ),
    max_size=24,
).map("".join)


@given(PROSE, LOCATORS)
def test_a_number_edit_is_what_is_aimed_at_or_is_not_certain(text, locator):
    citations = find_citations(text, NAMES)
    for position, citation in enumerate(citations):
        edit = citation.locator and renumbered(text, citation, locator)
        if not edit:
            continue
        assert citation.start <= edit.start < edit.end <= citation.end
        aim = Aim(position, citation.statute, locator)
        if is_certain(text, citations, [edit], [aim], NAMES):
            again = find_citations(applied(text, [edit]), NAMES)
            assert (again[position].statute, again[position].locator) == (
                citation.statute,
                locator,
            )
            assert len(again) == len(citations)


@given(PROSE, LOCATORS)
def test_a_words_edit_stays_within_the_quotation_and_is_faithful(text, locator):
    locator = replace(locator, article=50, suffix=0)
    for quotation in find_quotations(text, find_citations(text, NAMES)):
        edit = requoted(text, quotation, PLACE, OFFICIAL, locator)
        if edit:
            assert (edit.start, edit.end) == (quotation.start, quotation.end)
            assert compare_with_provision(edit.text, OFFICIAL, locator).is_faithful


@given(st.text(max_size=60), st.data())
def test_applying_edits_changes_only_what_they_name(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    edits = [Edit(cuts[0], cuts[1], "甲"), Edit(cuts[2], cuts[3], "")]
    assert applied(text, edits) == (
        text[: cuts[0]] + "甲" + text[cuts[1] : cuts[2]] + text[cuts[3] :]
    )
