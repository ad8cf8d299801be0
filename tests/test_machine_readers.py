"""The demo as machines read it: structured data, reader mode, feed, and each page's size."""

import gzip
import re

import extruct
import feedparser
import pytest
import trafilatura
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from lxml import html

from articles.models import Article
from statutes.importing import load
from tests.factories import make_article, make_version

from .visible import folded, visible_text

CAMBRIAN = "https://ziyuan.baidu.com/contexts/cambrian.jsonld"


@pytest.fixture
def demo(db):
    """The demonstration site, loaded as `make run` loads it."""
    call_command("load_demo")
    return Article.objects.visible().order_by("pk").with_authors()


def test_the_demo_is_what_a_firm_would_show(demo):
    assert demo.count() >= 30
    assert len({article.category_id for article in demo}) >= 8
    assert len({author for article in demo for author in article.signers}) >= 4
    assert any(article.is_reprint and article.source_url for article in demo)
    assert sum(bool(article.cover) for article in demo) >= 10
    assert any("<table" in article.body_html for article in demo)
    assert any('class="footnotes"' in article.body_html for article in demo)
    for article in demo:
        assert 600 <= article.length <= 1800, article.title
        assert 60 <= len(article.description) <= 125, article.title


def test_structured_data_agrees_with_the_visible_page(demo, client):
    for article in demo:
        page = client.get(article.get_absolute_url()).content.decode()
        text = visible_text(page)
        blocks = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
        by_type = {block.get("@type", block["@context"]): block for block in blocks}
        url = settings.SITE_URL + article.get_absolute_url()

        data = by_type["Article"]
        assert data["headline"] == article.title
        assert data["headline"] in text
        assert data["mainEntityOfPage"]["@id"] == url
        assert [author["name"] + "律师" for author in data["author"]] == [
            author.signature for author in article.signers
        ]
        for author in data["author"]:
            assert author["name"] in text
            assert author["jobTitle"] == "律师"
            assert author["url"].startswith(settings.SITE_URL + "/authors/")
        for moment in (data["datePublished"], data["dateModified"]):
            assert moment.endswith("+08:00")
        published = timezone.localtime(article.published_at)
        assert data["datePublished"][:16] == published.strftime("%Y-%m-%dT%H:%M")
        assert f"{published.year}年{published.month}月{published.day}日" in text
        assert all(keyword in text for keyword in data["keywords"])
        assert data["articleSection"] in text
        assert ("image" in data) == bool(article.cover)
        assert data["inLanguage"] == "zh-CN"

        firm = by_type["LegalService"]
        assert data["publisher"]["@id"] == firm["@id"]
        for key in ("name", "telephone", "address", "identifier"):
            assert firm[key] in text

        web_page = by_type["WebPage"]
        assert web_page["@id"] == web_page["url"] == url
        if article.reviewed_on:
            assert web_page["lastReviewed"] == article.reviewed_on.isoformat()
            assert web_page["reviewedBy"]["name"] in text
        else:
            assert "lastReviewed" not in web_page

        crumbs = by_type["BreadcrumbList"]["itemListElement"]
        assert [crumb["position"] for crumb in crumbs] == list(range(1, len(crumbs) + 1))
        assert "当前位置：" + " > ".join(crumb["name"] for crumb in crumbs) in text
        assert by_type["BreadcrumbList"]["@id"] == web_page["breadcrumb"]["@id"]

        factor = by_type[CAMBRIAN]
        assert factor["@id"] == url
        assert factor["title"] == article.title
        assert factor["description"] == data["description"]
        assert factor["pubDate"] == data["datePublished"][:19]
        assert factor["upDate"] == data["dateModified"][:19]


def test_the_head_says_what_search_engines_ask_for(demo, client):
    seen = {}
    for article in demo:
        root = html.fromstring(client.get(article.get_absolute_url()).content.decode())
        metas = {
            meta.get("name") or meta.get("property"): meta.get("content")
            for meta in root.iter("meta")
        }
        assert root.get("lang") == "zh-CN"
        assert root.findtext(".//title") == f"{article.title} - 普法知识库"
        assert metas["applicable-device"] == "pc,mobile"
        assert metas["format-detection"] == "telephone=no"
        assert metas["og:type"] == "article"
        assert metas["og:url"] == settings.SITE_URL + article.get_absolute_url()
        assert metas["og:title"] == article.title
        assert metas["og:locale"] == "zh_CN"
        assert metas["article:section"] == article.category.name
        assert "maximum-scale" not in metas["viewport"]
        assert metas["description"] not in seen
        seen[metas["description"]] = article.pk
        assert [h1.text_content() for h1 in root.iter("h1")] == [article.title]


def test_a_reader_mode_finds_title_author_date_and_the_whole_body(demo, client):
    for article in demo:
        page = client.get(article.get_absolute_url()).content.decode()
        found = trafilatura.bare_extraction(page, with_metadata=True)
        assert folded(found.title) == folded(article.title)
        assert article.is_reprint or article.signers[0].name in found.author
        assert found.date == timezone.localtime(article.published_at).date().isoformat()
        text = folded(found.text)
        body = html.fromstring(f"<div>{article.body_html}</div>")
        # Pictures with their captions are left out: reader modes take them by choice.
        for paragraph in body.iter("p", "li", "td", "th", "h2", "h3"):
            words = folded(re.sub(r"\[\d+\]|↩", "", paragraph.text_content()))
            assert words in folded(re.sub(r"\[\d+\]|↩", "", text)), (article.title, words)


def test_a_reader_mode_leaves_the_law_beside_the_text_out(db, client):
    make_version("示例物权法", provisions=["业主对建筑物内的住宅享有所有权，这是甲的规定。"])
    load.refresh_aliases()
    before = "楼上漏水，先找物业拍照留证，再谈修理和赔偿，这是多数纠纷的解法。" * 3
    sentence = "依照《示例物权法》第一条，住宅归业主所有，他人不得随意进入，也不得损坏。"
    article = make_article(body=f"{before}\n\n{sentence}\n\n{before}")
    page = client.get(article.get_absolute_url()).content.decode()
    assert "这是甲的规定" in page
    text = trafilatura.extract(page)
    assert folded(sentence) in folded(text)
    assert text.count("这是甲的规定") == 1  # in the list of what it cites, after the body


def test_the_feed_is_well_formed_and_complete(demo, client):
    feed = feedparser.parse(client.get("/feeds/articles/").content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    newest = list(demo.order_by("-published_at", "-pk")[:30])
    assert [entry.title for entry in feed.entries] == [article.title for article in newest]
    for entry, article in zip(feed.entries, newest, strict=True):
        assert entry.link == settings.SITE_URL + article.get_absolute_url()
        assert entry.summary == article.description


def test_pages_and_their_parts_are_small(demo, client):
    longest = max(demo, key=lambda article: article.length)
    page = client.get(longest.get_absolute_url()).content
    assert len(gzip.compress(page, 6)) <= 15_000


@pytest.mark.parametrize("path", ["/", "/hf/1004.html", "/categories/", "/archive/"])
def test_a_page_asks_for_little_css_and_script(demo, client, path):
    root = html.fromstring(client.get(path).content.decode())
    sheets = root.xpath("//link[@rel='stylesheet']/@href")
    scripts = root.xpath("//script/@src")
    for files, most in ((sheets, 30_000), (scripts, 10_000)):
        assert files
        assert sum(_size(file) for file in files) <= most, files


def _size(address: str) -> int:
    return (settings.BASE_DIR / address.removeprefix("/")).stat().st_size
