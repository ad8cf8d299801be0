"""What belongs to the site as a whole: robots, llms.txt, health, errors."""

import urllib.robotparser

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from lxml.html import fromstring

from articles.models import Category
from lawsite.models import SiteProfile
from tests.factories import make_article, make_articles, make_category, make_site

pytestmark = pytest.mark.django_db


# --- Home ------------------------------------------------------------------------------


def test_the_home_page_asks_one_thing_and_shows_categories_and_the_newest(client):
    root = make_category("金融债务")
    make_category("民间借贷", parent=root)
    make_articles(13, category=root)
    page = fromstring(client.get("/").content.decode())
    assert page.findtext(".//h1") == "你遇到了什么问题？"
    text = page.text_content()
    assert "民间借贷" in text
    assert "第13篇" in text
    assert "第1篇" not in text, "the newest twelve only"


def test_an_empty_site_has_a_home_page(client):
    assert "还没有发布文章" in client.get("/").content.decode()


# --- The site's record -----------------------------------------------------------------


def test_what_the_record_leaves_empty_is_not_printed(client):
    text = fromstring(client.get("/").content.decode()).text_content()
    for label in ("执业许可证号", "地址：", "电话：", "备"):
        assert label not in text


def test_the_record_is_printed_on_every_page_at_once(client):
    make_site(icp_number="浙ICP备00000000号-1", telephone="0571-00000000")
    article = make_article()
    for path in ("/", article.get_absolute_url(), "/categories/"):
        page = fromstring(client.get(path).content.decode())
        assert "0571-00000000" in page.text_content()
        record = page.xpath("//a[@href='https://beian.miit.gov.cn/']")
        assert [link.text for link in record] == ["浙ICP备00000000号-1"]
    make_site(telephone="0571-11111111")
    assert "0571-11111111" in client.get("/").content.decode(), "no cache keeps the old one"


def test_there_is_one_record():
    make_site(site_name="甲")
    make_site(site_name="乙")
    assert [site.site_name for site in SiteProfile.objects.all()] == ["乙"]
    assert SiteProfile.current().site_name == "乙"


def test_a_site_without_a_record_has_a_name():
    assert SiteProfile.current().site_name == "普法知识库"
    assert not SiteProfile.objects.exists()


def test_a_public_page_looks_for_no_session(client, admin_client):
    address = make_article().get_absolute_url()
    for path in ("/", address, "/categories/", "/hf/1.html"):
        assert not hasattr(client.get(path).wsgi_request, "session"), path
        assert client.head(path).wsgi_request.resolver_match.func.reads is not None
        assert admin_client.get(path).wsgi_request.user.is_staff, path
    assert hasattr(client.get("/search/").wsgi_request, "session")
    assert hasattr(client.post(address).wsgi_request, "session")
    assert client.get("/categories").headers["Location"] == "/categories/"


# --- robots.txt and llms.txt -----------------------------------------------------------

SEARCH_ENGINES = ["Baiduspider", "Googlebot", "bingbot", "Sogou web spider", "360Spider"]


def robots(client):
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(client.get("/robots.txt").content.decode().splitlines())
    return parser


@pytest.mark.parametrize(
    ("policy", "trains", "answers"),
    [("all", True, True), ("search", False, True), ("none", False, False)],
)
def test_robots_of_ai_companies_are_let_in_by_the_setting(
    client, settings, policy, trains, answers
):
    settings.AI_ROBOTS = policy
    parser = robots(client)
    for robot in ("GPTBot", "ClaudeBot", "CCBot", "Bytespider", "Google-Extended"):
        assert parser.can_fetch(robot, "/hf/1.html") == trains, robot
    for robot in ("OAI-SearchBot", "PerplexityBot", "Claude-User", "ChatGPT-User"):
        assert parser.can_fetch(robot, "/hf/1.html") == answers, robot
    for robot in SEARCH_ENGINES:
        assert parser.can_fetch(robot, "/hf/1.html"), robot


def test_robots_keep_out_of_what_is_no_page_for_readers(client, settings):
    parser = robots(client)
    for path in ("/admin/", "/admin/articles/article/", "/search/?q=x"):
        assert not parser.can_fetch("Baiduspider", path)
    assert parser.site_maps() == [f"{settings.SITE_URL}/sitemap.xml"]


def test_llms_txt_names_the_site_and_its_categories(client, settings):
    make_site(site_name="普法知识库", description="法律常识。")
    category = make_category("金融债务", intro="借钱与还钱。")
    text = client.get("/llms.txt").content.decode()
    assert text.startswith("# 普法知识库\n\n> 法律常识。\n")
    address = f"{settings.SITE_URL}{category.get_absolute_url()}"
    assert f"- [金融债务]({address}): 借钱与还钱。" in text


# --- Health and errors -----------------------------------------------------------------


def test_health_says_that_the_site_can_answer(client, settings):
    settings.SECURE_SSL_REDIRECT = True  # a load balancer asks in plain http
    response = client.get("/health/")
    assert (response.status_code, response.json()["database"]) == (200, "ok")


def test_health_says_when_the_database_cannot_answer(client, monkeypatch):
    def unreachable():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", unreachable)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"database": "unreachable"})


def test_an_error_of_ours_is_a_page_that_needs_no_database(monkeypatch, django_assert_num_queries):
    def fail(*args):
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr("lawsite.views.Category.objects.tree", fail)
    with django_assert_num_queries(0):
        response = Client(raise_request_exception=False).get("/llms.txt")
    assert response.status_code == 500
    text = response.content.decode()
    assert "页面暂时无法显示" in text
    assert "secret" not in text
    assert not Category.objects.exists()


def test_the_admin_is_for_those_who_sign_in(client):
    response = client.get("/admin/articles/article/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
