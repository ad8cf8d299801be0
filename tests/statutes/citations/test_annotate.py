"""Links go into HTML around citations, and come out again to the character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from statutes.citations.annotate import Link, annotate, link_markdown, strip
from statutes.citations.find import find_citations
from tests.statutes.citations.library import NAMES


def linked(html: str) -> str:
    links = [Link(c.start, c.end, "<a>", "</a>", "<i></i>") for c in find_citations(html, NAMES)]
    return annotate(html, links)


def plain(html: str) -> str:
    return linked(html).replace("<!--c-->", "").replace("<!--/c-->", "")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>按《民法典》第八条办。</p>", "<p>按<a>《民法典》第八条</a><i></i>办。</p>"),
        (
            "<p><strong>《民法典》</strong>第八条</p>",
            "<p><a><strong>《民法典》</strong>第八条</a><i></i></p>",
        ),
        (
            "<p><em>《民法典》第八条</em></p>",
            "<p><em><a>《民法典》第八条</a><i></i></em></p>",
        ),
        (
            "<p><em>按《民法典》</em>第八条</p>",
            "<p><em>按<a>《民法典》</a></em><a>第八条</a><i></i></p>",
        ),
        (
            "<td>第八条</td><td>《刑法》第三条</td>",
            "<td>第八条</td><td><a>《刑法》第三条</a><i></i></td>",
        ),
        (
            "<tr><td>《刑法》</td><td>第三条</td></tr>",
            "<tr><td><a>《刑法》</a></td><td><a>第三条</a><i></i></td></tr>",
        ),
    ],
)
def test_a_citation_becomes_a_link(html, expected):
    assert plain(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="/x">《民法典》第八条</a></p>',
        "<p><code>《民法典》第八条</code></p>",
        "<pre><code>《民法典》第八条</code></pre>",
        '<h2 id="a">《民法典》第八条</h2>',
        '<p><img alt="《民法典》第八条" src="x"></p>',
        '<p><img alt="a > 《民法典》第八条" src="x"></p>',
        '<p title="《民法典》第八条">无</p>',
    ],
)
def test_what_is_a_link_code_or_a_heading_already_is_left_alone(html):
    assert linked(html) == html


WORDS = ["《民法典》", "第八条", "刑法第三条", "，", "。", "第一款", "本法", "同", "a>b", "&lt;"]
TAGS = ["strong", "em", "a", "code", "p", "td", "h2", "span"]


@st.composite
def fragments(draw, depth=3):
    parts = []
    for _ in range(draw(st.integers(0, 5))):
        if depth and draw(st.booleans()):
            tag = draw(st.sampled_from(TAGS))
            parts.append(f"<{tag}>{draw(fragments(depth - 1))}</{tag}>")
        else:
            parts.append(draw(st.sampled_from(WORDS)).replace("a>b", "a&gt;b"))
    return "".join(parts)


@given(fragments())
def test_without_its_links_the_html_is_what_it_was(html):
    assert strip(linked(html)) == html


@given(fragments())
def test_linking_changes_no_word(html):
    before = fragment_fromstring(html, create_parent="div").text_content()
    after = fragment_fromstring(plain(html), create_parent="div").text_content()
    assert after == before


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300))))
def test_no_input_raises(html, spans):
    links = [Link(min(a, b), max(a, b) + 1, "<a>", "</a>") for a, b in spans]
    assert isinstance(annotate(html, links), str)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("按《民法典》第八条办", "按[《民法典》第八条](/u)办"),
        ("按[《民法典》第八条](/x)办", "按[《民法典》第八条](/x)办"),
        ("## 《民法典》第八条", "## 《民法典》第八条"),
        ("`《民法典》第八条`", "`《民法典》第八条`"),
        ("```\n《民法典》第八条\n```\n", "```\n《民法典》第八条\n```\n"),
        ("**《民法典》**第八条", "**《民法典》**第八条"),
        ("**《民法典》第八条**", "**[《民法典》第八条](/u)**"),
    ],
)
def test_markdown_is_linked_where_it_stays_markdown(source, expected):
    links = [(c.start, c.end, "/u") for c in find_citations(source, NAMES)]
    assert link_markdown(source, links) == expected
