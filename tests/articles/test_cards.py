"""Terms are marked in cards of related articles where they stand whole."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from articles.cards import mark_terms
from articles.relatedness import parted


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        ("没有借条怎么办", ["借条"], "没有<mark>借条</mark>怎么办"),
        ("借条，借条", ["借条"], "<mark>借条</mark>，<mark>借条</mark>"),
        ("信用卡逾期", ["信用"], "信用卡逾期"),
        ("借条", ["条", "借"], "借条"),  # one character is no term
        ("<b>借条</b>", ["借条"], "&lt;b&gt;<mark>借条</mark>&lt;/b&gt;"),
        ("借条<svg onload=1>", ["借条"], "<mark>借条</mark>&lt;svg onload=1&gt;"),
        ("甲 & 乙", [], "甲 &amp; 乙"),
        ("<script>", ["script", "<script>"], "<mark>&lt;script&gt;</mark>"),
    ],
)
def test_marks_whole_terms_and_nothing_else(text, terms, marked):
    assert mark_terms(text, terms) == marked
    assert mark_terms(text, terms, parted(text)) == marked
    assert mark_terms(text, terms, parted("另一段文字")) == marked


@given(
    st.lists(st.sampled_from(["借条", "<b>", "&amp;", '"', "信用卡", " ", "a", "，"])).map("".join),
    st.lists(st.sampled_from(["借条", "<b>", "&amp;", "信用", "amp"])),
)
def test_without_the_marks_it_is_the_same_text(text, terms):
    marked = mark_terms(text, terms)
    assert marked.replace("<mark>", "").replace("</mark>", "") == escape(text)
