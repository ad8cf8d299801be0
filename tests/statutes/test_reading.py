"""The lines of a provision, the headings of a text, the changes between two texts."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.diff import Change
from statutes.locators import Locator
from statutes.reading import arrange, blocks_of, changes, contents, lines_of, without

# --- Lines ------------------------------------------------------------------------------------


def addresses(text):
    return [
        (line.kind, line.fragment, line.short, line.text) for line in lines_of(Locator(16), text)
    ]


def test_paragraphs_are_numbered():
    assert addresses("公司可以担保。\n前款规定的股东不得表决。") == [
        ("paragraph", "article-16-p1", "", "公司可以担保。"),
        ("paragraph", "article-16-p2", "", "前款规定的股东不得表决。"),
    ]


def test_items_stand_below_their_paragraph_with_their_marks():
    assert addresses("有下列情形的：\n（一）解散；\n（二）破产。\n前款规定除外。") == [
        ("paragraph", "article-16-p1", "", "有下列情形的："),
        ("item", "article-16-p1-i1", "article-16-i1", "（一）解散；"),
        ("item", "article-16-p1-i2", "article-16-i2", "（二）破产。"),
        ("paragraph", "article-16-p2", "", "前款规定除外。"),
    ]


def test_items_in_two_paragraphs_have_no_address_without_their_paragraph():
    lines = addresses("甲：\n（一）一；\n（二）二。\n乙：\n（一）三；\n（二）四。")
    assert [(fragment, short) for kind, fragment, short, _ in lines if kind == "item"] == [
        ("article-16-p1-i1", ""),
        ("article-16-p1-i2", ""),
        ("article-16-p2-i1", ""),
        ("article-16-p2-i2", ""),
    ]


def test_items_in_one_line_become_lines():
    assert [line[3] for line in addresses("有下列情形的：（一）解散；（二）破产。")] == [
        "有下列情形的：",
        "（一）解散；",
        "（二）破产。",
    ]


def test_subitems_stand_below_their_item():
    assert addresses("应当提交：\n（一）下列证件：\n1.护照；\n2.签证。\n（二）照片。")[1:4] == [
        ("item", "article-16-p1-i1", "article-16-i1", "（一）下列证件："),
        ("subitem", "article-16-p1-i1-s1", "article-16-i1-s1", "1.护照；"),
        ("subitem", "article-16-p1-i1-s2", "article-16-i1-s2", "2.签证。"),
    ]


def test_damaged_numbers_are_shown_without_addresses():
    lines = addresses("有下列情形的：\n（二）破产；\n（四）解散。")
    assert "".join(line[3] for line in lines) == "有下列情形的：（二）破产；（四）解散。"
    assert [line[1] for line in lines if line[1]] == ["article-16-p1"]


def test_a_suffix_is_part_of_every_address():
    (line,) = lines_of(Locator(133, 1), "在道路上驾驶机动车。")
    assert line.fragment == "article-133-1-p1"


_LINES = st.lists(
    st.text("甲乙丙：；。（）一二三四1234.、| ", max_size=20)
    | st.sampled_from(["（一）甲；", "（二）乙。", "1.丙；", "2.丁。", "丙：（一）戊；（二）己。"]),
    max_size=8,
)


def test_a_mark_without_words_stays_in_the_text():
    assert [line.text for line in lines_of(Locator(16), "1.")] == ["1."]


@given(_LINES)
def test_no_character_is_lost_and_no_address_stands_twice(lines):
    text = "\n".join(lines)
    found = lines_of(Locator(16), text)
    assert "".join("".join(line.text.split()) for line in found) == "".join(text.split())
    ids = [fragment for line in found for fragment in (line.fragment, line.short) if fragment]
    assert len(ids) == len(set(ids))


# --- Headings ---------------------------------------------------------------------------------


@dataclass
class Division:
    pk: int
    level: int
    kind: str
    parent_id: int | None = None


@dataclass
class Provision:
    number: int
    division_id: int | None = None
    text: str = field(default="")


def test_headings_are_nested_and_levels_step_down():
    divisions = [
        Division(1, 1, "编"),
        Division(2, 2, "章", 1),
        Division(3, 3, "节", 2),
        Division(4, 1, ""),
    ]
    provisions = [Provision(1, 2), Provision(2, 3), Provision(3, 3), Provision(4, 4)]
    sections = arrange(divisions, provisions)
    assert [section.heading_level for section in sections] == [1, 2, 3, 4, 2]
    assert [section.style for section in sections[1:]] == ["book", "chapter", "section", "chapter"]
    book, rest = contents(sections)
    assert (book.range, rest.range) == ("1–3", "4")
    assert book.is_book
    assert [child.range for child in book.children] == ["1–3"]


def test_a_text_without_headings_is_one_section():
    (section,) = arrange([], [Provision(1), Provision(2)])
    assert (section.heading_level, section.provision_level, section.range) == (1, 2, "1–2")
    assert contents([section]) == []


# --- Changes ----------------------------------------------------------------------------------


def marked(old, new):
    signs = {Change.DELETE: "-{}-", Change.INSERT: "+{}+", Change.EQUAL: "{}"}
    return [
        "".join(signs[run.change].format(run.text) for run in line.runs)
        for line in changes(old, new)
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("处五百元罚款。", "处一千元罚款。", ["处-五百元-+一千元+罚款。"]),
        ("甲应当登记。", "甲应当登记。", ["甲应当登记。"]),
        ("", "甲应当登记。", ["+甲应当登记。+"]),
        ("甲应当登记。", "", ["-甲应当登记。-"]),
        (
            "公司是企业法人。\n股东以出资额为限承担责任。",
            "公司是企业法人。\n权益受法律保护。",
            ["公司是企业法人。", "-股东以出资额为限承担责任。-", "+权益受法律保护。+"],
        ),
        (
            "有下列行为的：\n（一）恐吓他人；\n（二）偷窥他人。",
            "有下列行为的：\n（一）侮辱证人的亲属；\n（二）恐吓他人；\n（三）偷窥他人。",
            [
                "有下列行为的：",
                "+（一）侮辱证人的亲属；+",
                "-（一）-+（二）+恐吓他人；",
                "-（二）-+（三）+偷窥他人。",
            ],
        ),
    ],
)
def test_a_line_is_compared_with_the_line_it_became(old, new, expected):
    assert marked(old, new) == expected


@given(_LINES, _LINES)
def test_both_texts_can_be_read_from_the_changes(old, new):
    old, new = ("\n".join(line for line in lines if line.strip()) for lines in (old, new))
    found = changes(old, new)
    for text, change in ((old, Change.INSERT), (new, Change.DELETE)):
        kept = ["".join(run.text for run in line.runs) for line in without(found, change)]
        assert "\n".join(kept) == text


def test_thousands_of_lines_are_compared_in_time():
    old = "\n".join(f"第{n}号物品" for n in range(1500))
    assert sum(line.is_new for line in changes(old, old + "\n新的物品")) <= 1


# --- Text without numbers -----------------------------------------------------------------------


def test_the_lines_of_a_table_stand_together():
    found = blocks_of("附件\n\n| 条文 | 罪名 |\n| --- | :-: |\n| 第114条 | 放火罪 |\n完")
    assert [(block.text, block.rows) for block in found] == [
        ("附件", ()),
        ("", (("条文", "罪名"), ("第114条", "放火罪"))),
        ("完", ()),
    ]
