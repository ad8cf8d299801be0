"""The parts of a provision: paragraphs, items and subitems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes import numerals
from statutes.parts import lead, split_items, split_paragraphs, split_subitems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一款。", ["一款。"]),
        ("一款。\n二款。", ["一款。", "二款。"]),
        ("有下列情形的：\n（一）甲；\n（二）乙。", ["有下列情形的：\n（一）甲；\n（二）乙。"]),
        ("下列：\n（一）甲；\n（二）乙。\n前款…", ["下列：\n（一）甲；\n（二）乙。", "前款…"]),
        (
            "下列：\n(一)甲；\n1.子；\n2.丑；\n(二)乙。",
            ["下列：\n(一)甲；\n1.子；\n2.丑；\n(二)乙。"],
        ),
        # a line between two items that count on belongs to the first of them
        (
            "下列：\n（一）甲：\n说明。\n（二）乙。\n二款。",
            ["下列：\n（一）甲：\n说明。\n（二）乙。", "二款。"],
        ),
        # but items that begin anew belong to a paragraph of their own
        (
            "下列：\n（一）甲。\n又下列：\n（一）乙。",
            ["下列：\n（一）甲。", "又下列：\n（一）乙。"],
        ),
        ("如下表：\n| 税目 | 税率 |\n| 酒 | 20% |", ["如下表：\n| 税目 | 税率 |\n| 酒 | 20% |"]),
    ],
)
def test_splits_paragraphs(text, expected):
    assert split_paragraphs(text) == expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("有下列情形之一的：（一）解散；（二）破产。", [(1, "解散；"), (2, "破产。")]),
        ("下列：\n（一）甲；\n（二）乙。", [(1, "甲；"), (2, "乙。")]),
        ("下列：\n(一) 甲；\n(二) 乙。", [(1, "甲；"), (2, "乙。")]),
        ("下列：\n（1）甲；\n（2）乙。", [(1, "甲；"), (2, "乙。")]),
        ("下列：\n1.甲；\n2.乙。", [(1, "甲；"), (2, "乙。")]),
        ("下列：\n（一）甲：\n1.子。\n（二）乙。", [(1, "甲：\n1.子。"), (2, "乙。")]),
        ("适用前款第（一）、（二）项的规定。", []),
        ("依照第十条第（三）项处罚。", []),
        ("税率为1.5%。", []),
        ("没有项。", []),
    ],
)
def test_splits_items(paragraph, expected):
    assert split_items(paragraph) == expected


@pytest.mark.parametrize("text", ["：（一）甲；（三）乙。", "下列：\n（二）乙。", "：\n1.甲\n3.丙"])
def test_refuses_items_that_do_not_count_up(text):
    with pytest.raises(ValueError, match="count up"):
        split_items(text)


def test_splits_subitems():
    item = "下列证件：\n1.护照；\n２．签证；\n3、其他。"
    assert split_subitems(item) == [(1, "护照；"), (2, "签证；"), (3, "其他。")]


def test_finds_the_words_before_the_parts():
    assert lead("下列：\n（一）甲；\n（二）乙。") == "下列："
    assert lead("没有项。") == "没有项。"


words = st.text("甲乙丙丁，。", min_size=1, max_size=8)


@given(words, st.lists(words, min_size=1, max_size=30), st.sampled_from(["\n（{}）", "\n({})"]))
def test_reads_back_the_items_it_is_given(opening, items, form):
    marks = [form.format(numerals.spell(i)) for i in range(1, len(items) + 1)]
    paragraph = opening + "".join(f"{m}{item}" for m, item in zip(marks, items, strict=True))
    assert split_paragraphs(paragraph) == [paragraph]
    assert split_items(paragraph) == list(enumerate(items, start=1))


@given(
    st.lists(st.sampled_from(["甲。", "（一）乙", "（二）丙", "1.丁", "2.戊", "|己|"]), max_size=9)
)
def test_paragraphs_joined_are_the_text(lines):
    text = "\n".join(lines)
    assert "\n".join(split_paragraphs(text)) == text
