"""Locators: to and from fragments and labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.locators import Locator, article_label, parse_fragment, parse_label

FORMS = [
    (Locator(16), "article-16", "第十六条"),
    (Locator(133, suffix=1), "article-133-1", "第一百三十三条之一"),
    (Locator(16, paragraph=2), "article-16-p2", "第十六条第二款"),
    (Locator(16, item=2), "article-16-i2", "第十六条第二项"),
    (Locator(1032, paragraph=1, item=3), "article-1032-p1-i3", "第一千零三十二条第一款第三项"),
    (
        Locator(133, suffix=1, paragraph=2, item=3, subitem=1),
        "article-133-1-p2-i3-s1",
        "第一百三十三条之一第二款第三项第1目",
    ),
]


@pytest.mark.parametrize(("locator", "fragment", "label"), FORMS)
def test_writes_and_reads_both_forms(locator, fragment, label):
    assert (locator.fragment, locator.label) == (fragment, label)
    assert parse_fragment(fragment) == parse_label(label) == locator


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("第133条之一", Locator(133, suffix=1)),
        ("第１０条第２款", Locator(10, paragraph=2)),
        ("第22 条", Locator(22)),
        ("第五条第（二）项", Locator(5, item=2)),
        ("第五条（二）项", Locator(5, item=2)),
        ("第五条第(二)项第一目", Locator(5, item=2, subitem=1)),
    ],
)
def test_reads_labels_as_people_write_them(label, expected):
    assert parse_label(label) == expected


@pytest.mark.parametrize(
    "text",
    ["", "第十六", "第零条", "第十六条第二", "第二款", "第十六条规定", "公司法第十六条",
     "第十六条第1目", "第一百五条", "第十六条之"],
)  # fmt: skip
def test_refuses_what_is_no_label(text):
    with pytest.raises(ValueError, match="not a part of a statute"):
        parse_label(text)


@pytest.mark.parametrize(
    "text",
    ["", "article", "article-0", "article-016", "article-16-", "article-16-q2", "article-16-i2-p1",
     "article-16-s1", "Article-16", "article-１６", "article-123456", "article-16\n"],
)  # fmt: skip
def test_refuses_what_is_no_fragment(text):
    with pytest.raises(ValueError, match="not a part of a statute"):
        parse_fragment(text)


@pytest.mark.parametrize(
    "parts", [{"article": 0}, {"article": 1, "suffix": -1}, {"article": 1, "paragraph": 0}]
)
def test_counts_from_one(parts):
    with pytest.raises(ValueError, match="numbered from 1"):
        Locator(**parts)


def test_stands_in_the_order_of_the_text():
    in_order = [
        Locator(2),
        Locator(2, paragraph=1),
        Locator(2, paragraph=1, item=2),
        Locator(2, paragraph=2),
        Locator(2, suffix=1),
        Locator(10),
    ]
    assert sorted(set(in_order)) == in_order


def test_names_an_article():
    assert article_label(120, 2) == "第一百二十条之二"


numbers = st.integers(1, 99_999)
optional = st.none() | numbers
locators = st.builds(Locator, numbers, st.integers(0, 99), optional, numbers, optional) | st.builds(
    Locator, numbers, st.integers(0, 99), optional
)


@given(locators)
def test_reads_back_what_it_writes(locator):
    assert parse_fragment(locator.fragment) == locator
    assert parse_label(locator.label) == locator
    assert locator.fragment.isascii()
