"""`make manual`: take the screenshots of docs/编辑手册.md from a fresh demo site."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests.audit.machine import demo  # noqa: E402
from tests.browser.find_chromium import LAUNCH, find  # noqa: E402

PICTURES = ROOT / "docs" / "img"
WINDOW = {"width": 1280, "height": 800}
TITLE = "朋友借钱不还，利息怎么算？"
BODY = """没有约定利息的，不能要利息。

《民法典》第六百八十条规定：“禁止高利放贷，借款的利率由双方约定。”

## 先留证据

- 转账记录
- 聊天记录
"""


def sign_in() -> dict:
    """Make the account that the pictures are taken as; return the cookie of its session."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    user = User.objects.create_superuser("陈编辑")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value}


def take(page, site: str) -> None:
    """Write an article as the manual tells it, and keep a picture of each step."""

    def keep(name: str) -> None:
        page.screenshot(path=PICTURES / f"desk-{name}.png")

    with page.expect_response("**/look/"):
        page.goto(f"{site}/admin/articles/article/add/")
    page.fill("#id_title", TITLE)
    page.fill("#id_body", BODY)
    page.frame_locator(".desk-screen iframe").locator(".prose h2").wait_for()
    keep("writing")
    page.get_by_role("tab", name="引用").click()
    page.locator("#desk-citations li").first.wait_for()
    keep("citations")
    page.get_by_role("tab", name="检查").click()
    keep("hints")
    page.locator(".field-category .select2-selection").click()
    page.keyboard.insert_text("民间借贷")
    page.locator(".select2-results__option", has_text="民间借贷").first.click()
    page.get_by_role("button", name="保存并送审").click()
    page.get_by_text("现在是“待审”").wait_for()
    page.goto(f"{site}/admin/")
    keep("queue")
    page.get_by_role("link", name=TITLE).first.click()
    with page.expect_response("**/look/"):
        page.fill("#id_body", BODY.replace("- 转账记录", "- 银行转账记录"))
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="历史").first.click()
    page.locator(".desk-history a").first.click()
    page.locator(".desk-change").first.wait_for()
    keep("history")


def main() -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with (
        tempfile.TemporaryDirectory(prefix="lawsite-manual-") as folder,
        demo(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        django.setup()
        browser = playwright.chromium.launch(executable_path=find(), args=LAUNCH)
        context = browser.new_context(viewport=WINDOW, color_scheme="light")
        context.add_cookies([sign_in() | {"url": site}])
        take(context.new_page(), site)
        browser.close()
    print(f"The pictures of docs/编辑手册.md are in {PICTURES.relative_to(ROOT)}/.")


if __name__ == "__main__":
    main()
