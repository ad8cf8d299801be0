"""Which pages of statutes search engines are told of."""

import re

import pytest
from django.conf import settings

from statutes import sitemaps
from statutes.models import Provision, Statute
from tests.factories import make_statute, make_version

pytestmark = pytest.mark.django_db


def test_statutes_are_listed_by_ranges_of_their_ids(client, settings):
    settings.SITEMAP_SIZE = 10
    for pk in (1, 9, 25):
        Statute.objects.create(pk=pk, title=f"第{pk}号条例", slug=f"no-{pk}")
    index = client.get("/sitemap.xml").content.decode()
    assert re.findall(r"statutes-([0-9]+)\.xml", index) == ["0", "2"]
    for section, expected in (("0", ["no-1", "no-9"]), ("2", ["no-25"])):
        page = client.get(f"/sitemaps/statutes-{section}.xml").content.decode()
        assert re.findall(r"/statutes/([^/]+)/</loc>", page) == expected


@pytest.mark.parametrize("section", [1, 2**40, 10**30])
def test_an_empty_section_is_not_found(client, section):
    make_statute()
    assert client.get(f"/sitemaps/statutes-{section}.xml").status_code == 404


def test_only_the_law_today_is_listed_not_its_versions_or_provisions(client):
    statute = make_version().statute
    page = client.get("/sitemaps/statutes-0.xml").content.decode()
    assert page.count("<loc>") == 1
    assert f"<loc>{settings.SITE_URL}{statute.get_absolute_url()}</loc>" in page
    assert f"{settings.SITE_URL}/statutes/" in client.get("/sitemaps/pages.xml").content.decode()


def test_a_provision_is_listed_under_the_address_of_its_page(settings):
    settings.SITEMAP_SIZE = 10**9
    versions = [make_version(name, provisions=["甲。", "乙。"]) for name in ("刑法", "民法典")]
    Provision.objects.create(version=versions[0], number=133, suffix=1, position=9, text="丙。")
    pages = [each.get_absolute_url() for each in Provision.objects.order_by("pk")]
    assert sitemaps.provisions(Provision.objects.all(), 0) == pages
    assert len(set(pages)) == 5
