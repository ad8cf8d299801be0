"""The desk's panel of citations in a real browser: wrong ones are put right by clicks."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.articles.test_citing import ANIMALS, NOISE, new_law, old_law, on, states
from tests.factories import make_article

from .conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

LAW = "《治安处罚示例法》"
BODY = f"发骚扰信息，按{LAW}第二条第二项处理。\n\n{LAW}第一条规定：“{ANIMALS}”\n\n😀结尾。"


@pytest.fixture
def write(visit, site, admin_user):
    """Open an article's form as an editor: write(article, viewport)."""
    client = Client()
    client.force_login(admin_user, "django.contrib.auth.backends.ModelBackend")
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "domain": urlsplit(site).hostname,
        "path": "/",
    }

    def open_form(article, viewport=DESK, **options):
        state = {"cookies": [{"expires": -1, **cookie}], "origins": []}
        path = f"/admin/articles/article/{article.pk}/change/"
        return visit(path, viewport, storage_state=state, **options)

    return open_form


@pytest.fixture
def article():
    old_law()
    new_law()
    return make_article(body=BODY, published_at=on(2020))


def test_a_moved_number_and_wrong_words_are_put_right_by_two_clicks_and_saved(article, write):
    assert states(article) == ["renumbered", "misquoted"]
    page = write(article)
    page.get_by_role("tab", name="引用").click()
    panel = page.locator("#desk-citations")
    panel.get_by_role("button", name="改为第三条第一款第二项").click()
    panel.locator("li.current").wait_for()
    panel.get_by_role("button", name="引文改为第一条原文").click()
    panel.locator("li.misquoted").wait_for(state="detached")
    assert panel.locator("li.current").count() == 2
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_load_state()
    article.refresh_from_db()
    assert states(article) == ["current", "current"]
    assert f"按{LAW}第三条第一款第二项处理。" in article.body
    assert article.body.endswith("😀结尾。")
    assert NOISE not in article.body


def test_a_correction_is_undone_by_one_step(article, write):
    page = write(article)
    page.get_by_role("tab", name="引用").click()
    button = page.get_by_role("button", name="改为第三条第一款第二项")
    button.focus()
    page.keyboard.press("Enter")
    body = page.locator("#id_body")
    assert "第三条第一款第二项" in body.input_value()
    assert "Ctrl+Z" in page.locator(".desk-done").inner_text()
    page.keyboard.press("Control+z")
    assert body.input_value() == BODY


def test_what_one_checked_is_said_so_at_once(article, write):
    page = write(article)
    page.get_by_role("tab", name="引用").click()
    page.get_by_role("button", name="已由我核对").click()
    page.locator(".desk-checked").wait_for()
    assert states(article) == ["renumbered", "current"]


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_the_panel_is_no_wider_than_the_screen(article, write, viewport):
    page = write(article, viewport)
    page.get_by_role("tab", name="引用").click()
    page.locator("#desk-citations li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.keyboard.press("Home")
