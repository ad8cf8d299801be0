"""What templates ask of articles: marked terms, QR codes, thumbnails."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from articles.models import Article
from articles.relatedness import parted
from articles.templatetags.articles import body, mark_terms, qr_code, thumbnail


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


def test_a_qr_code_is_an_image_with_words():
    svg = fragment_fromstring(qr_code(Article(pk=1)))
    assert (svg.tag, svg.get("role"), svg.get("aria-label")) == ("svg", "img", "本文网址的二维码")
    assert svg.get("style") is None
    assert qr_code(Article(pk=1)) != qr_code(Article(pk=2))


def test_a_thumbnail_is_there_if_there_is_a_cover():
    assert thumbnail(Article()) == ""
    article = Article(cover="images/ab/ab.png", cover_width=900, cover_height=600)
    image = fragment_fromstring(thumbnail(article))
    assert image.get("src") == "/media/images/ab/ab-320.png"
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("900", "600", "")


def test_a_small_cover_is_its_own_thumbnail():
    small = Article(cover="images/ab/ab.png", cover_width=320, cover_height=200)
    assert fragment_fromstring(thumbnail(small)).get("src") == "/media/images/ab/ab.png"


def test_a_body_goes_to_the_page_as_it_was_stored():
    assert body(Article(body_html="<p>甲</p>")) == "<p>甲</p>"
