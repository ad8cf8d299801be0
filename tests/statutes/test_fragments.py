"""Templates rendered once and filled again and again say what Django would have them say."""

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from statutes import fragments
from statutes.fragments import filled, fragment

LINK = "components/tag_link.html"
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(TEXTS, TEXTS)
def test_a_filled_template_is_what_django_renders(url, name):
    rendered = render_to_string(LINK, {"url": url, "name": name})
    assert filled(LINK, url=url, name=name) == rendered.strip()


def test_text_is_escaped_and_html_is_not():
    assert "&lt;b&gt; 100%s" in filled(LINK, url="/", name="<b> 100%s")
    assert "<b>甲</b>" in filled(LINK, url="/", name=mark_safe("<b>甲</b>"))


def test_what_is_empty_is_left_out():
    card = dict.fromkeys(("title", "excerpt", "url"), "甲")
    with_law = filled("components/related_card.html", **card, shared_law="《甲法》", thumbnail="")
    without = filled("components/related_card.html", **card, shared_law="", thumbnail="")
    assert "同引《甲法》" in with_law
    assert "同引" not in without


def test_a_template_that_does_more_than_print_is_noticed(monkeypatch):
    monkeypatch.setattr(fragments, "render_to_string", lambda name, values: values["word"][:1])
    with pytest.raises(ValueError, match=r"cut\.html"):
        filled("cut.html", word="甲乙")


def test_a_fragment_is_rendered_once_for_what_it_prints(monkeypatch):
    rendered = []
    monkeypatch.setattr(
        fragments, "render_to_string", lambda name, values: rendered.append(values) or "html"
    )
    for word in ("甲", "甲", "乙"):
        assert fragment("once.html", word=word) == "html"
    assert rendered == [{"word": "甲"}, {"word": "乙"}]
