"""Hostile input through every door: no 500, no stored script, nothing half-done.

The doors: paths, query strings, headers, import files, Markdown, pictures, the admin.
"""

import io
import json
import string
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import document_fromstring

from articles import publishing
from articles.importing.load import ArticleImportError, import_file
from articles.importing.parse_markdown import ArticleDraft, ParseError, decode, parse
from articles.models import Article, ArticleImage, Author, Authorship, Category, Tag
from articles.rendering import RenderError, render
from lawsite.models import SiteProfile
from tests.factories import (
    PUBLISHED_AT,
    article_file,
    make_article,
    make_articles,
    make_author,
    make_category,
    make_image,
    make_tag,
)

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"

SLOW = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@pytest.fixture
def site(client):
    """A small site with a page of every kind, whose client tells of errors by a 500."""
    client.raise_request_exception = False
    category = make_category("民间借贷", slug="loans")
    author = make_author("林知远", slug="lin")
    make_tag("借条", slug="jietiao")
    articles = make_articles(25, category=category)
    for article in articles:
        article.tags.add("借条")
        article.bylines.create(author=author)
    return client


def assert_answered(response, path):
    """Hold an answer to a hostile request: a page or a refusal, never an error of ours."""
    assert response.status_code in (200, 301, 302, 304, 400, 404, 405, 410, 412, 416), path
    assert "Set-Cookie" not in response.headers, path


# --- Paths -----------------------------------------------------------------------------

PATHS = [
    *("/hf/.html", "/hf/-1.html", "/hf/0.html", "/hf/00000001.html", "/hf/1e5.html", "/hf/+1.html"),
    *(f"/hf/{10**n}.html" for n in (15, 18, 19, 20, 100, 1000)),
    *(f"/hf/{2**n}.html" for n in (31, 32, 53, 63, 64, 128)),
    *(f"/hf/{2**63 - 1}.html.md", f"/hf/{2**63}.html.md", "/hf/9" + "9" * 4_000 + ".html"),
    *("/hf/１２.html", "/hf/١.html", "/hf/一.html", "/hf/1%00.html", "/hf/1%0a.html"),
    "/hf/%31.html",
    *("/hf/1.html%00", "/hf/1.html;x", "/hf/1.html//", "/hf//1.html", "/hf/1.html.md.md"),
    "/hf/1 .html",
    *("/hf/' OR 1=1--.html", "/hf/1'.html", "/hf/1;drop table articles_article.html"),
    "/hf/{{1}}.html",
    *("//", "///evil.cn/", "//evil.cn/%2e%2e", "/\\evil.cn", "/%2f%2fevil.cn", "/%5c%5cevil.cn"),
    "/%",
    *("/%ff", "/%c0%af", "/%e4%b8", "/%00", "/%0d%0aSet-Cookie:%20x=1", "/%ED%A0%80", "/\u202e"),
    "/𝒳",
    *("/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.git/config"),
    "/.env",
    *("/media/../../etc/passwd", "/media/%2e%2e/%2e%2e/x", "/media/..%5c..%5cx"),
    "/media//etc/passwd",
    *("/media/%00", "/media/a%00.png", "/media/.", "/media/..", "/media/" + "a" * 5_000),
    "/media/\\x",
    *("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/%00", "/static//etc/passwd"),
    *("/categories/%20/", "/categories/a%00b/", "/categories/" + "a" * 5_000 + "/"),
    "/categories/-/",
    *("/categories/'/", "/categories/<script>/", "/categories/中/", "/categories/a/b/"),
    "/categories//",
    *("/tags/%00/", "/tags/" + "a" * 5_000 + "/", "/tags/é/", "/tags/../admin/", "/tags/_/"),
    "/tags/%25/",
    *("/authors/%00/", "/authors/" + "9" * 5_000 + "/", "/authors/lin/../", "/authors/LIN/"),
    "/authors/*/",
    *("/sitemaps/articles-.xml", "/sitemaps/articles--1.xml", "/sitemaps/articles-1e9.xml"),
    *(f"/sitemaps/articles-{10**n}.xml" for n in (6, 12, 15, 18, 19, 30, 300)),
    *(f"/sitemaps/articles-{2**n}.xml" for n in (39, 40, 49, 50, 63)),
    *("/sitemaps/articles-" + "9" * 5_000 + ".xml", "/sitemaps/articles-00.xml", "/sitemap.xml.gz"),
    *("/feeds/articles/../", "/feeds/articles/%00", "/feeds/", "/robots.txt/", "/llms.txt%00"),
    "/health",
    *("/admin/..;/", "/admin/%00/", "/admin/articles/article/%00/change/", "/index.php?x=1"),
    "/wp-login.php",
    *("/?" + "a=1&" * 2_000, "/" + "a/" * 2_000, "/" + "%E4%B8%AD" * 1_000, "/" + "a" * 60_000),
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_no_path_breaks_the_site(site, path):
    response = site.generic("GET", path)
    assert response.status_code < 500, path
    assert response.get("Location", "/").startswith("/")
    assert not response.get("Location", "/").startswith(("//", "/\\"))


LETTERS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("/%.\\\x00\n\r?#&=;'\"<>{}中１-"),
    ),
    max_size=60,
)


@settings(max_examples=120, **SLOW)
@given(
    start=st.sampled_from(
        "/ /hf/ /categories/ /tags/ /authors/ /archive/ /media/ /sitemaps/articles-".split()
    ),
    rest=LETTERS,
    end=st.sampled_from(["", "/", ".html", ".html.md", ".xml"]),
)
def test_no_generated_path_breaks_the_site(site, start, rest, end):
    path = f"{start}{rest}{end}"
    response = site.generic("GET", path)
    assert response.status_code < 500, path


# --- Query strings ---------------------------------------------------------------------

LISTS = ["/categories/loans/", "/tags/jietiao/", "/authors/lin/", "/archive/2026/03/"]
KEY = "1773279000000000-1"
MOMENTS = ["0", "1", "9" * 16, "9" * 17, "9" * 18, "-1", "1e9"]
IDS = ["0", "9" * 15, "9" * 16, "9" * 17, "-1", "x"]
QUERIES = [
    *("before=", "before=x", "before=0", "before=-1", f"before={KEY}", f"before={KEY}&page=1"),
    *("page=0", "page=-1", "page=2", "page=1e3", "page=99999", "page=100000", "page=２"),
    "page=%00",
    *("page=", "page=1.0", "page=+1", "page= 1", "page=1%0a", "page=one", "page=last"),
    "page=1&page=2",
    *("page=" + "9" * n for n in (5, 18, 19, 100, 4_300, 4_301, 50_000)),
    *(f"{way}={moment}-1&page=2" for way in ("before", "after") for moment in MOMENTS),
    *(f"{way}=1773279000000000-{pk}&page=2" for way in ("before", "after") for pk in IDS),
    *("after=99999999999999999-9999999999999999&page=2", "after=253402300799999999-1&page=2"),
    *("before=253402300800000000-1&page=2", "before=%00-1&page=2", "before=１-１&page=2"),
    "before=1-1%0a&page=2",
    *(f"before={KEY}&after={KEY}&page=2", f"before={KEY}&before=x&page=2"),
    f"after=x&after={KEY}&page=2",
    *(f"before={KEY}&page=2&page=x", f"before={KEY}&page=1' OR '1'='1"),
    f"before={KEY}' OR 1=1--&page=2",
    *("before=<script>alert(1)</script>&page=2", f"before={KEY}&page=2<script>"),
    "before[]=1&page[]=2",
    *("before=%ff%fe&page=2", "before=%E4%B8%AD&page=2", "before=" + "9" * 50_000 + "&page=2", "%"),
    *("&&&", "=", "?"),
    *("page=%", "page=%zz", "page=%ED%A0%80", "a" * 50_000, "a=1&" * 900),
    *(f"before={KEY}&page=2#x", f"before={KEY};page=2", "before={{7*7}}&page=2"),
    "before=${7*7}&page=2",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_no_query_string_breaks_a_list(site, path, query):
    response = site.get(f"{path}?{query}")
    assert response.status_code in (200, 301, 302, 404), query
    if response.status_code in (301, 302):  # to where the page is now, in the same list
        assert response["Location"].partition("?")[0] == path
    assert b"<script>" not in response.content


@settings(max_examples=120, **SLOW)
@given(
    path=st.sampled_from([*LISTS, "/", "/feeds/articles/", "/sitemap.xml", "/categories/"]),
    parameters=st.lists(
        st.tuples(
            st.sampled_from(["before", "after", "page", "utm", "next", "format"]),
            st.one_of(
                LETTERS,
                st.integers().map(str),
                st.from_regex(r"[0-9]{1,18}-[0-9]{1,18}", fullmatch=True),
                st.sampled_from(["1", "2", KEY]),
            ),
        ),
        max_size=4,
    ),
)
def test_no_generated_query_breaks_a_page(site, path, parameters):
    assert_answered(site.get(path, parameters), (path, parameters))


# --- Headers ---------------------------------------------------------------------------

HEADERS = {
    "Host": [
        *("", "evil.cn", "evil.cn:80", "a b", "[::1]", "x:y", "'", "中.cn", "a" * 5_000),
        *("www.example.com@evil.cn", "evil.cn/www.example.com"),
    ],
    "X-Forwarded-Host": ["evil.cn"],
    "X-Forwarded-Proto": ["javascript"],
    "Forwarded": ["host=evil.cn"],
    "If-None-Match": ["", "*", "x", '"', '""', 'W/"', '"a' * 999, "中", "\0"],
    "If-Match": ["*", "x", '"a"'],
    "If-Modified-Since": [
        *("x", "0", "", "-1", "Thu, 31 Feb 2026 00:00:00 GMT", "Thu, 01 Jan 99999 00:00:00 GMT"),
    ],
    "If-Unmodified-Since": ["x"],
    "Range": ["bytes=0-", "bytes=5-1", "bytes=-1", "x", "bytes=" + "0-," * 999],
    "Accept": ["", "x", "*/*;q=x", "text/html;q=" + "9" * 999, "中", ",;,;"],
    "Accept-Encoding": ["gzip", "br", "gzip;q=0", "x" * 9_999, "gzip, gzip", ""],
    "Accept-Language": ["x", "zh" * 9_999, "../../etc", "zh-hans;q=x", "\0"],
    "Cookie": [
        *("sessionid=x", "sessionid=" + "a" * 9_999, "x" * 9_999, "=;=;", "csrftoken=x"),
        *("messages=x", "django_language=../../x", "\0"),
    ],
    "Referer": ["javascript:1", "x" * 9_999, "中", ""],
    "User-Agent": ["", "x" * 9_999, "${jndi:ldap://x}", "<script>", "中\0"],
    "Content-Length": ["-1", "x", "9" * 30],
    "Content-Type": ["x", "multipart/form-data", "text/html; charset=x"],
    "X-HTTP-Method-Override": ["DELETE"],
    "Authorization": ["Basic x"],
    "X-Real-IP": ["x"],
    "Origin": ["null"],
    "Upgrade": ["h2c"],
    "Expect": ["x"],
    "Connection": ["x"],
    "TE": ["x"],
}
HEADER_VALUES = [(name, value) for name, values in HEADERS.items() for value in values]


@pytest.mark.parametrize(("name", "value"), HEADER_VALUES, ids=range(len(HEADER_VALUES)))
def test_no_header_breaks_a_page_or_leaves_a_mark_on_it(site, settings, name, value):
    article = Article.objects.first().get_absolute_url()
    plain = {path: site.get(path).content for path in ("/", article, LISTS[0], "/sitemap.xml")}
    for path, content in plain.items():
        response = site.get(path, headers={name: value})
        assert_answered(response, (name, value))
        if response.status_code == 200 and name != "Accept-Encoding":
            assert response.content == content, "a page must not depend on who asks"


@pytest.mark.parametrize("host", ["evil.cn", "www.example.com.evil.cn", "a b", "", "中.cn"])
def test_another_host_is_refused(client, settings, host):
    settings.ALLOWED_HOSTS = ["www.example.com"]
    assert client.get("/", headers={"host": host}).status_code == 400
    assert client.get("/", headers={"host": "www.example.com"}).status_code == 200


# --- Import files ----------------------------------------------------------------------

XSS = "</script ><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
SHORT_XSS = '"><svg onload=alert(1)>'
BOMB = "a: &a [x,x]\n" + "\n".join(
    f"{name}: &{name} [*{before},*{before},*{before},*{before},*{before}]"
    for before, name in zip(string.ascii_lowercase[:20], string.ascii_lowercase[1:21], strict=True)
)

HEADERLESS = [
    "",
    "\n",
    "---",
    "---\n",
    "---\n---",
    "正文",
    "--- \n---\n",
    "----\na: 1\n----\n正文",
    "\ufeff",
]
BROKEN_HEADERS = [
    *("[", "]", "{", "a", "- a", "a: [", "a: {", 'a: "', "a: '", "a: |", "a: >", ": :", "? a"),
    "? [a]: b",
    *("\tid: 1", "id:\t1", " id: 1\ntitle: x", "title: x\n  y: z", "title: x: y", "title: @x"),
    "title: `x`",
    *("title: *x", "title: &x", "title: !!python/object/apply:os.system ['true']", "<<: *x"),
    "<<: {a: b}",
    *("!!python/name:os.system x: y", "%YAML 9.9", "%TAG ! x", "a: *a"),
    *("--- a\n...\nb", "title: x\n...\ncategory: y", "title: x\ntitle: y", "title: x\n'title': y"),
    "~: x",
    *("title: [x]", "title: {x: y}", "category: [x]", "tags: {a: b}", "tags: [[a]]"),
    "tags: [{a: b}]",
    *("id: x", "id: -1", "id: 0", "id: 1.5", "id: 1e3", "id: 0x10", "id: " + "9" * 17),
    "id: 9007199254740992",
    *("id: １", "id: [1]", "id: 1 2", "id: " + "9" * 5_000, "category: /", "category: a//b"),
    "category: a/b/c/d/e",
    *("category: " + "字" * 41, "category: /a", "category: a/", "title: " + "字" * 121),
    *("title: ''", "title: ~"),
    *('title: "\\0"', 'title: "\\x1b[31m"', 'title: "\\u202e"', "title: \x01", "title: \ud800"),
    'title: "\\ud800"',
    *("published_at: x", "published_at: 2026-13-01", "published_at: 2026-02-30"),
    "published_at: 0001-01-01",
    *("published_at: 9999-12-31T23:59:59+00:00", "published_at: 10000-01-01", "published_at: 1"),
    "published_at: [x]",
    *("published_at: 2026-01-01T00:00:00+99:99", "published_at: 2026-01-01T25:00"),
    "published_at: 昨天",
    *("reviewed_on: x", "reviewed_on: 1800-01-01", "status: x", "status: [published]"),
    "status: withdrawn",
    *("origin: x", "origin: reprint", "origin: reprint\nsource_name: ' '"),
    "source_name: " + "字" * 101,
    *("source_url: x", "source_url: javascript:alert(1)", "source_url: data:text/html,x"),
    "source_url: //evil.cn",
    *('source_url: http://a"onclick=1', "source_url: http://a b", "source_url: http://<x>"),
    "source_url: ftp://a",
    *("source_url: http://" + "a" * 500, "summary: " + "字" * 301, "summary: [x]"),
    *("ai_assisted: x", "unknown: x"),
    *("tags: [" + ",".join(map(str, range(51))) + "]", "tags: [" + "字" * 41 + "]"),
    "author: " + "字" * 41,
    *("author: {a: b}", "reviewer: [a]", "reviewer: " + "字" * 41, 'author: "\\x07"'),
    'tags: ["\\x00"]',
    *("cover: ../secret.png", "cover: /etc/passwd", "cover: C:\\x.png", "cover: ..\\x.png"),
    "cover: none.png",
    *('cover: "a\\0b"', "cover: http://evil.cn/x.png", "cover: file:///etc/passwd", "cover: [a]"),
    "cover: .",
    *("cover: " + "a" * 300, "cover: " + "a/" * 90, "x: " + "字" * 20_001, BOMB),
    *("x: " + "[" * 5_000, "{" * 5_000),
    *("a: &a [*a]", "&a a: *a", "a: &a\n  b: *a", "x: " + "- " * 3_000, "? " * 3_000),
    *("x: !!set {a}", "x: !!omap [a: b]"),
]  # fmt: skip


def rows():
    """Return how many rows there are of everything an import may make."""
    models = (Article, ArticleImage, Author, Authorship, Category, Tag)
    return {model.__name__: model.objects.count() for model in models}


def write(path: Path, content) -> Path:
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    )
    return path


@pytest.mark.parametrize("text", HEADERLESS)
def test_a_file_without_a_header_is_named_with_its_line(tmp_path, text):
    with pytest.raises(ArticleImportError, match=r"bad\.md:\d+: "):
        import_file(write(tmp_path / "bad.md", text))
    assert set(rows().values()) == {0}


@pytest.mark.parametrize("header", BROKEN_HEADERS, ids=range(len(BROKEN_HEADERS)))
def test_a_broken_header_is_named_with_its_line_and_leaves_nothing(tmp_path, header):
    """Each stands beside a good title and category, unless it is about these."""
    key = header.partition(":")[0]
    good = {"title": "好", "category": "甲/乙", "author": "新作者", "tags": "[新标签]"}
    lines = [f"{name}: {value}" for name, value in good.items() if name != key]
    text = "\n".join(["---", header, *lines, "---", "正文", ""])
    with pytest.raises(ArticleImportError, match=r"bad\.md:[1-9]\d*: ."):
        import_file(write(tmp_path / "bad.md", text))
    assert set(rows().values()) == {0}


BAD_BYTES = {
    "nul": article_file().encode() + b"\0",
    "utf-16": article_file().encode("utf-16"),
    "utf-32": article_file().encode("utf-32"),
    "half a character": article_file().encode()[:-2] + b"\xff\xff\xff",
    "a picture": make_image(),
    "too large": article_file("字" * 400_000).encode(),
    "body too long": article_file("字" * 100_001).encode(),
    "body of brackets": article_file("[" * 4_000).encode(),
    "body of quotations": article_file(">" * 500 + "甲").encode(),
    "body of nothing": article_file(" \n\n　").encode(),
    "picture missing": article_file("![甲](none.png)").encode(),
    "picture outside": article_file("![甲](../x.png)").encode(),
    "picture in a folder that is none": article_file("![甲](bad.md/x.png)").encode(),
    "picture that is the file": article_file("![甲](bad.md)").encode(),
    "picture that is a folder": article_file("![甲](.)").encode(),
}


@pytest.mark.parametrize("kind", BAD_BYTES)
def test_a_bad_file_leaves_nothing(tmp_path, kind):
    with pytest.raises(ArticleImportError, match=r"bad\.md:[1-9]\d*: ."):
        import_file(write(tmp_path / "bad.md", BAD_BYTES[kind]))
    assert set(rows().values()) == {0}


def test_bad_files_do_not_keep_the_good_ones_out(tmp_path, capsys):
    for number, header in enumerate(BROKEN_HEADERS[:40]):
        write(tmp_path / f"{number:03}.md", f"---\n{header}\ntitle: 甲\ncategory: 乙\n---\n正文\n")
    for number, content in enumerate(BAD_BYTES.values()):
        write(tmp_path / f"bytes-{number:03}.md", content)
    write(tmp_path / "zz.md", article_file(id=7, published_at="2026-03-12 09:30"))
    errors = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_articles", str(tmp_path), stderr=errors)
    assert rows()["Article"] == Article.objects.visible().filter(pk=7).count() == 1
    assert rows()["Category"] == 2
    assert all(".md:" in line for line in errors.getvalue().splitlines())
    assert len(errors.getvalue().splitlines()) == 40 + len(BAD_BYTES)


YAML = st.lists(
    st.sampled_from(
        [
            *("title", "category", "id", "tags", "author", "cover", "published_at", "status", "甲"),
            "x",
            *(": ", ":", "\n", "\n  ", "- ", "[", "]", "{", "}", ", ", '"', "'", "|\n  ", ">\n  "),
            "#",
            *("&a ", "*a", "!!", "!!int ", "<<: ", "? ", "---\n", "...\n", "%", "@", "`", "\t"),
            *("\\", "~"),
            *("1", "-1", "2026-01-01", "true", "null", ".inf", "0x1", "\x00", "\x85", "\u2028"),
            "\ufeff",
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def read_or_refuse(content: bytes) -> ArticleDraft | ParseError:
    try:
        return parse(decode(content))
    except ParseError as refusal:
        return refusal


@settings(max_examples=300, **SLOW)
@given(st.one_of(YAML, st.text(max_size=200)))
def test_any_header_is_read_or_refused_with_a_line(header):
    for text in (
        f"---\n{header}\n---\n正文\n",
        f"---\ntitle: 甲\ncategory: 乙\n{header}\n---\n正文\n",
    ):
        outcome = read_or_refuse(text.encode())
        if isinstance(outcome, ParseError):
            assert 1 <= outcome.line <= text.count("\n") + 1
            assert outcome.reason
        else:
            assert outcome.title.isprintable()


@settings(max_examples=200, **SLOW)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused_with_a_line(content, with_header):
    content = b"---\ntitle: x\ncategory: y\n" + content if with_header else content
    outcome = read_or_refuse(content)
    assert isinstance(outcome, ArticleDraft) or outcome.line >= 1


# --- Pictures --------------------------------------------------------------------------


def gif(width, height):
    """Return a GIF of some bytes that says it is so large."""
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return b"GIF89a" + size + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0" + size + b"\0\x02\x02D\x01\0;"


PICTURES = {
    "empty": b"",
    "text": b"x",
    "html": b"<html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "php": b"<?php system($_GET[0]);",
    "script named as GIF": b"GIF89a/*<script>alert(1)</script>*/",
    "pixel bomb": gif(60_000, 60_000),
    "truncated PNG": make_image(500, 500)[:200],
    "truncated JPEG": make_image(500, 500, kind="JPEG")[:300],
    "truncated WebP": make_image(500, 500, kind="WEBP")[:30],
    "broken PNG": make_image()[:40] + b"\xff" * 50 + make_image()[90:],
    "TIFF": make_image(kind="TIFF"),
    "ICO": make_image(32, 32, kind="ICO"),
    "PDF": make_image(kind="PDF"),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "too many bytes": make_image() + b"\0" * (12 * 1024 * 1024),
    "only a head": b"\x89PNG\r\n\x1a\n",
    "JPEG head": b"\xff\xd8\xff\xe0",
}  # fmt: skip


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("use", ["cover", "body"])
def test_a_hostile_picture_stops_its_article_and_leaves_nothing(tmp_path, settings, kind, use):
    write(tmp_path / "x.png", PICTURES[kind])
    body, cover = ("正文", "x.png") if use == "cover" else ("甲\n\n![乙](x.png)", None)
    text = article_file(body, cover=cover, author="新作者", tags="[新标签]")
    with pytest.raises(ArticleImportError, match=r"bad\.md:\d+: picture 'x\.png'"):
        import_file(write(tmp_path / "bad.md", text))
    assert set(rows().values()) == {0}
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


# --- The admin: XSS in every field of every model --------------------------------------


@pytest.fixture
def editor(client):
    """A client of a signed-in editor, which tells of errors by a 500."""
    client.force_login(User.objects.create_superuser("editor"), BACKEND)
    client.raise_request_exception = False
    return client


def inlines(**counts):
    """Return the management forms of the article's inlines."""
    forms = {"bylines": 0, "images": 0, "related": 0} | counts
    return {
        f"{prefix}-{key}": value
        for prefix, count in forms.items()
        for key, value in [("TOTAL_FORMS", count), ("INITIAL_FORMS", 0)]
    }


def saved(response):
    """Hold the admin's answer to a form: saved, so that what follows is about stored words."""
    errors = response.context and response.context["adminform"].form.errors
    assert response.status_code == 302, errors
    return response


PAGE_KINDS = 10


@pytest.fixture
def poisoned(editor):
    """A site with hostile words in every field of every model, stored through the admin."""
    x, short = XSS, SHORT_XSS
    add = lambda model, values: saved(editor.post(f"/admin/{model}/add/", values))  # noqa: E731
    profile = {
        field.name: x[: field.max_length] if field.max_length else x
        for field in SiteProfile._meta.fields
        if not field.primary_key
    }
    add("lawsite/siteprofile", profile)
    add("articles/category", {"name": short, "slug": "x", "position": 0, "intro": x})
    root = Category.objects.get()
    add(
        "articles/category",
        {"name": short[::-1], "slug": "y", "parent": root.pk, "position": 0, "intro": x},
    )
    category = Category.objects.get(slug="y")
    author = {"name": short, "slug": "x", "job_title": short, "licence": x[:60]}
    add("articles/author", author | {"practice": x, "bio": x})
    add("articles/tag", {"name": short, "slug": "x", "intro": x})
    common = {
        "category": category.pk,
        "summary": x,
        "tags": f"{short}、借条",
        "ai_assisted": "on",
        "bylines-0-author": Author.objects.get().pk,
        "bylines-0-position": 0,
        "images-0-name": f"{short}.png",
        "source_name": x[:100],
        "source_url": "https://evil.cn/?x=<script>",
    }
    picture = f"![{short}](<{short}.png> '{short}')"
    body = f"借条{x}\n\n## {x}\n\n{picture}\n\n[甲](javascript:alert(1))\n\n借条借条"
    for number, origin in enumerate(["original", "reprint"]):
        upload = SimpleUploadedFile(f"{short}.png", make_image(number + 500), "text/html")
        cover = SimpleUploadedFile(f"{short}.gif", make_image(number + 600), "x")
        values = {"title": f"借条{short}{number}", "body": body, "origin": origin, "cover": cover}
        add(
            "articles/article",
            common | values | {"images-0-file": upload} | inlines(bylines=1, images=1),
        )
    for article in Article.objects.all():
        article.reviewer, article.reviewed_on = Author.objects.get(), date(2026, 3, 11)
        article.published_at = PUBLISHED_AT
        publishing.publish(article)
    cache.clear()
    editor.logout()
    return editor


def public_pages():
    objects = [*Article.objects.all(), *Category.objects.all(), *Author.objects.all()]
    pages = [thing.get_absolute_url() for thing in [*objects, *Tag.objects.all()]]
    return ["/", "/categories/", "/authors/", "/nothing", *pages]


def test_hostile_words_of_every_field_are_only_words_on_every_page(poisoned):
    seen = 0
    for path in public_pages():
        content = poisoned.get(path).content.decode()
        assert "alert(1)" in content or path == "/nothing", path
        page = document_fromstring(content)
        for script in page.iter("script"):
            if script.get("type") == "application/ld+json":
                assert json.loads(script.text)["@context"]
                seen += "alert(1)" in script.text
            else:
                assert script.get("src").startswith("/static/"), path
                assert not script.text
        for element in page.iter(etree.Element):
            assert not [name for name in element.attrib if name.lower().startswith("on")], path
            assert element.get("style") is None
            for name in ("href", "src", "action", "content", "srcset"):
                value = element.get(name, "").lower().replace("\t", "").replace("\n", "").strip()
                assert not value.startswith(("javascript:", "data:", "vbscript:")), path
        pictures = page.xpath("//svg")
        assert all(svg.get("onload") is None for svg in pictures)
        assert len(pictures) == (1 if path.startswith("/hf/") else 0), path
    assert seen > PAGE_KINDS


def test_hostile_words_do_not_break_what_machines_read(poisoned):
    for path in (
        "/feeds/articles/",
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/sitemaps/articles-0.xml",
    ):
        response = poisoned.get(path)
        tree = etree.fromstring(response.content)
        assert not list(tree.iter("{*}script", "{*}svg", "{*}img")), path
    for path in ("/llms.txt", "/robots.txt", Article.objects.first().get_absolute_url() + ".md"):
        response = poisoned.get(path)
        assert response["Content-Type"].startswith(("text/plain", "text/markdown"))
        assert response["X-Content-Type-Options"] == "nosniff"


def test_hostile_words_are_only_words_in_the_admin_too(poisoned):
    poisoned.force_login(User.objects.get(), BACKEND)
    paths = ["/admin/"]
    for model in ("article", "category", "author", "tag"):
        pk = {"article": Article, "category": Category, "author": Author, "tag": Tag}[model]
        first = pk.objects.first().pk
        paths += [f"/admin/articles/{model}/", f"/admin/articles/{model}/{first}/change/"]
    for path in paths:
        content = poisoned.get(path).content.decode()
        assert "<script>alert" not in content, path
        assert "<svg onload" not in content, path


FORM_VALUES = {
    "title": ["", " ", "\0", "字" * 121, "\ud800".encode(errors="surrogatepass").decode("latin-1")],
    "category": ["", "0", "-1", "x", "1 OR 1=1", "９９", "9" * 400],
    "tags": ["\0", "字" * 5_000, "、、，；", "a" * 101],
    "summary": ["字" * 301, "\0"],
    "body": ["", "\0", "[" * 4_000, ">" * 500 + "甲", "字" * 100_001, "<b>" * 60],
    "seal": ["x", "\0", "1" * 5_000],
    "_move": ["x", "\0", "publish", "approve", "submit", "../.."],
    "origin": ["", "x", "reprint"],
    "source_name": ["字" * 101, "\0"],
    "source_url": ["javascript:alert(1)", "x y", "http://[", "http://" + "a" * 500, "data:,x"],
    "bylines-0-author": ["", "0"],
    "bylines-0-position": ["x", "-1", "9" * 30],
    "images-0-name": ["\0", "字" * 201],
    "bylines-TOTAL_FORMS": ["x", "-1", ""],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [(name, value) for name, values in FORM_VALUES.items() for value in values]
)
def test_no_form_value_breaks_the_admin(editor, field, value):
    category, author = make_category("民间借贷"), make_author("林知远")
    values = {
        "title": "没有借条",
        "category": category.pk,
        "body": "正文",
        "origin": "original",
        "bylines-0-author": author.pk,
        "bylines-0-position": 0,
    } | inlines(bylines=1, images=1 if field.startswith("images") else 0)
    response = editor.post("/admin/articles/article/add/", values | {field: value})
    assert response.status_code in (200, 302, 400), field
    for article in Article.objects.all():
        assert editor.get(article.get_absolute_url()).status_code in (200, 404)


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("field", ["cover", "images-0-file"])
def test_a_hostile_upload_is_a_form_error(editor, settings, kind, field):
    values = {
        "title": "没有借条",
        "category": make_category().pk,
        "body": "正文",
        "origin": "original",
        "images-0-name": "a.png",
    } | inlines(images=1 if field != "cover" else 0)
    upload = SimpleUploadedFile("a.png", PICTURES[kind], "image/png")
    response = editor.post("/admin/articles/article/add/", values | {field: upload})
    assert response.status_code == 200, "the form is shown again"
    assert not Article.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


# --- Markdown that does not render never replaces what is public -----------------------


@settings(max_examples=60, **SLOW)
@given(st.text(max_size=120))
def test_an_articles_page_shows_any_body(site, body):
    article = Article.objects.first()
    try:
        article.body_html = render(body, title=article.title).html
    except RenderError:
        return
    article.title = body.replace("\0", "")[:120] or "甲"
    article.excerpt = article.title
    article.save()
    content = site.get(article.get_absolute_url()).content.decode()
    for script in document_fromstring(content).iter("script"):
        assert script.get("src") or json.loads(script.text)


def test_an_article_with_every_hostile_word_still_has_its_neighbours(client):
    make_article(XSS[:120], tags=[SHORT_XSS])
    article = make_article(SHORT_XSS, tags=[SHORT_XSS], published_at="2026-03-13T09:30+08:00")
    page = document_fromstring(client.get(article.get_absolute_url()).content.decode())
    assert XSS[:100] in page.text_content()
