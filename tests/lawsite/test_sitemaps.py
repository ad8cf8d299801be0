"""Sitemaps: every public page, cut by ranges of ids."""

import gzip
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from lxml import etree

from articles import publishing, rechecking, sitemaps
from articles.models import Article
from statutes.importing import load
from tests.factories import make_article, make_author, make_category, make_tag, make_version

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def read(client):
    """Read a sitemap; return its addresses with their lastmod or None."""

    def read(path):
        response = client.get(path)
        assert response.status_code == 200
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        root = etree.fromstring(response.content)
        assert root.tag in {f"{{{NAMESPACE['s']}}}{tag}" for tag in ("urlset", "sitemapindex")}
        return {
            entry.findtext("s:loc", namespaces=NAMESPACE): entry.findtext(
                "s:lastmod", namespaces=NAMESPACE
            )
            for entry in root
        }

    return read


@pytest.fixture
def article_sections(read):
    return lambda: [address for address in read("/sitemap.xml") if "/articles-" in address]


def test_articles_are_cut_by_ranges_of_ids(settings, client, read, article_sections):
    settings.SITEMAP_SIZE = 10
    for pk in (1, 9, 10, 1199564):
        make_article(id=pk)
    assert article_sections() == [f"{SITE}/sitemaps/articles-{n}.xml" for n in (0, 1, 119956)]
    assert list(read("/sitemaps/articles-0.xml")) == [f"{SITE}/hf/1.html", f"{SITE}/hf/9.html"]
    assert list(read("/sitemaps/articles-1.xml")) == [f"{SITE}/hf/10.html"]
    assert client.get("/sitemaps/articles-2.xml").status_code == 404


def test_each_section_costs_one_look_up(
    settings, client, article_sections, django_assert_num_queries
):
    settings.SITEMAP_SIZE = 10
    for pk in (1, 2, 3, 15, 1199564):
        make_article(id=pk)
    assert len(article_sections()) == 3
    with django_assert_num_queries(3):  # nothing but what is kept
        client.get("/sitemap.xml")
    with django_assert_num_queries(2):
        client.get("/sitemaps/articles-0.xml")
    with django_assert_num_queries(1):  # its file is there
        client.get("/sitemaps/articles-0.xml")


def test_only_visible_articles_stand_in_a_sitemap(read, article_sections):
    make_article(state="draft")
    make_article(state="withdrawn")
    make_article(published_at=timezone.now() + timedelta(days=1))
    assert article_sections() == []
    visible = make_article()
    assert len(article_sections()) == 1
    section = article_sections()[0].removeprefix(SITE)
    assert list(read(section)) == [SITE + visible.get_absolute_url()]


def test_an_article_says_when_it_last_changed(read):
    make_article(id=1, published_at="2026-03-12T00:30+08:00")  # the day before in UTC
    assert read("/sitemaps/articles-0.xml")[f"{SITE}/hf/1.html"] == "2026-03-12"
    Article.objects.update(updated_at="2026-04-01T09:30+08:00")
    sitemaps.renew([1])
    assert read("/sitemaps/articles-0.xml")[f"{SITE}/hf/1.html"] == "2026-04-01"


def test_lists_stand_in_the_sitemap_of_pages(client, read):
    category, author = make_category("金融债务"), make_author("林知远")
    addresses = read("/sitemaps/pages.xml")
    for path in ("/", "/categories/", category.get_absolute_url(), author.get_absolute_url()):
        assert SITE + path in addresses
    assert f"{SITE}/sitemaps/pages.xml" in read("/sitemap.xml")


def test_every_address_in_a_sitemap_is_a_page(client, read):
    make_article(authors=[make_author()])
    for section in read("/sitemap.xml"):
        for address in read(section.removeprefix(SITE)):
            assert client.get(address.removeprefix(SITE)).status_code == 200, address


@pytest.mark.parametrize("section", ["1", "99999999999", str(2**40), str(2**63), "9" * 100, "x"])
def test_a_section_that_holds_nothing_is_not_found(client, section):
    make_article(id=1)
    assert client.get(f"/sitemaps/articles-{section}.xml").status_code == 404


def test_a_section_is_written_anew_only_where_an_article_changed(settings, client, read):
    settings.SITEMAP_SIZE = 10
    first, second = make_article(id=1), make_article(id=11)
    before = {number: client.get(f"/sitemaps/articles-{number}.xml").content for number in (0, 1)}
    written = {path.name: path.stat().st_mtime_ns for path in settings.SITEMAP_ROOT.rglob("*.gz")}
    assert len(written) == 2
    publishing.withdraw(second)
    make_article(id=12)
    after = read("/sitemaps/articles-1.xml")
    assert list(after) == [f"{SITE}/hf/12.html"]
    assert client.get("/sitemaps/articles-0.xml").content == before[0]
    now = {path.name: path.stat().st_mtime_ns for path in settings.SITEMAP_ROOT.rglob("*.gz")}
    assert len(now) == 2, "the old revision is gone"
    assert len(now.items() & written.items()) == 1, "the other file was left alone"
    publishing.withdraw(first)
    assert client.get("/sitemaps/articles-0.xml").status_code == 404
    assert f"{SITE}/sitemaps/articles-0.xml" not in read("/sitemap.xml")


def test_what_a_killed_process_left_of_a_section_goes_with_its_next_file(settings, client):
    make_article(id=1)
    client.get("/sitemaps/articles-0.xml")
    [path] = settings.SITEMAP_ROOT.rglob("*.gz")
    path.with_name(f".{path.name}.1-1").write_bytes(b"ha")
    make_article(id=2)
    client.get("/sitemaps/articles-0.xml")
    [path] = settings.SITEMAP_ROOT.rglob("*.gz")
    assert list(path.parent.iterdir()) == [path]


def test_the_index_says_when_a_section_changed(read):
    make_article(id=1)
    lastmod = read("/sitemap.xml")[f"{SITE}/sitemaps/articles-0.xml"]
    assert datetime.fromisoformat(lastmod) <= timezone.now()
    assert lastmod.endswith("+08:00")


def test_a_section_is_sent_as_its_compressed_file(client):
    make_article(id=1)
    packed = client.get("/sitemaps/articles-0.xml", headers={"accept-encoding": "br, gzip"})
    plain = client.get("/sitemaps/articles-0.xml")
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"


def test_a_section_is_served_though_its_file_cannot_be_written(settings, read, tmp_path):
    make_article(id=1)
    settings.SITEMAP_ROOT = tmp_path / "file"
    settings.SITEMAP_ROOT.write_text("in the way")
    assert list(read("/sitemaps/articles-0.xml")) == [f"{SITE}/hf/1.html"]


def test_sections_made_anew_are_the_same(settings, read):
    settings.SITEMAP_SIZE = 10
    make_article(id=1)
    make_article(id=25)
    make_article(id=35, state="draft")
    before = list(read("/sitemap.xml"))
    assert sitemaps.rebuild() == 2
    assert list(read("/sitemap.xml")) == before
    assert list(read("/sitemaps/articles-2.xml")) == [f"{SITE}/hf/25.html"]


def test_archives_and_tags_worth_it_stand_in_the_sitemap_of_pages(read):
    tag = make_tag("借条", intro="借条怎样写才有用。")
    make_tag("空的", intro="没有文章。")
    for _ in range(5):
        make_article(tags=["借条", "欠条"])
    addresses = read("/sitemaps/pages.xml")
    for path in (tag.get_absolute_url(), "/archive/", "/archive/2026/", "/archive/2026/03/"):
        assert SITE + path in addresses
    assert sum("/tags/" in address for address in addresses) == 1


def test_a_provision_stands_in_a_sitemap_once_an_article_explains_it(client, read):
    version = make_version("示例物权法", provisions=["甲。", "乙。"])
    load.refresh_aliases()
    section = version.provisions.first().pk // settings.SITEMAP_SIZE
    path = f"/sitemaps/provisions-{section}.xml"
    assert client.get(path).status_code == 404
    make_article(body="《示例物权法》第二条。")
    rechecking.count()
    assert list(read(path)) == [f"{SITE}/statutes/shi-li-wu-quan-fa/2/"]
    assert SITE + path in read("/sitemap.xml")
