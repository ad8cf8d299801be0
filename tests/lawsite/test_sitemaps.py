"""Sitemaps: every public page, cut by ranges of ids."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from lxml import etree

from articles.models import Article
from tests.factories import make_article, make_author, make_category

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
    with django_assert_num_queries(1):
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
