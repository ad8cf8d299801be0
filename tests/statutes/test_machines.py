"""Data for machines: what it says, and that nothing breaks out of its <script>."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from statutes import machines
from statutes.trail import Crumb


def read_back(html):
    element = fragment_fromstring(html)
    assert (element.tag, element.get("type")) == ("script", "application/ld+json")
    assert len(element) == 0
    return json.loads(element.text)


@pytest.mark.parametrize(
    "text",
    [
        "</script><script>alert(1)</script>",
        "</script ",
        "<!--<script>",
        "]]>",
        "&lt;/script&gt;",
        "a\u2028b\u2029c",
        '\\"quote',
        "《民法典》\n第一条",
    ],
)
def test_no_text_breaks_out_of_its_script(text):
    html = machines.script({"name": text})
    inner = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set(inner) & set("<>&\u2028\u2029")
    assert read_back(html) == {"name": text}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_reads_back_as_it_was(text):
    assert read_back(machines.script({"name": text})) == {"name": text}


def test_a_breadcrumb_counts_its_steps_from_one(settings):
    steps = machines.breadcrumb([Crumb("首页", "/"), Crumb("正文内容", "/hf/1.html")])
    assert steps["@id"] == f"{settings.SITE_URL}/hf/1.html#breadcrumb"
    assert [
        (step["position"], step["name"], step["item"]) for step in steps["itemListElement"]
    ] == [
        (1, "首页", f"{settings.SITE_URL}/"),
        (2, "正文内容", f"{settings.SITE_URL}/hf/1.html"),
    ]


def test_the_time_factor_is_in_beijing_time_without_an_offset():
    moment = datetime(2026, 3, 12, 16, 30, 5, tzinfo=UTC)
    factor = machines.time_factor("https://a.cn/", "题", "述", moment, moment)
    assert factor == {
        "@context": "https://ziyuan.baidu.com/contexts/cambrian.jsonld",
        "@id": "https://a.cn/",
        "title": "题",
        "images": [],
        "description": "述",
        "pubDate": "2026-03-13T00:30:05",
        "upDate": "2026-03-13T00:30:05",
    }
