"""What a reader on a phone learns of the law behind the shared seed's page."""

from datetime import date

import pytest
from django.core.management import call_command

from lawsite.models import SiteProfile
from statutes.importing import load
from tests.statutes.sources import laws_folder, packaged_laws
from tests.test_seed_page import Seed

from .conftest import DESK, PHONE


@pytest.fixture
def seed_page(transactional_db, live_server, settings, tmp_path, shared):
    """The seed's page on a site that holds the three laws it cites; its path."""
    settings.SITE_URL = live_server.url
    wanted = {"中华人民共和国治安管理处罚法", "中华人民共和国民法典"}
    for parsed in packaged_laws()[0]:
        if parsed.title in wanted:
            load.load(parsed, known_until=date(2026, 8, 28))
    (old,) = (laws_folder() / "行政法").glob("治安管理处罚法(2012*.md")
    call_command("import_statutes", old)
    load.refresh_aliases()
    (file,) = (shared / "seed").glob("*.txt")
    seed = Seed(file.read_text("utf-8"))
    SiteProfile(site_name="普法知识库", firm_name=seed.author).save()
    (tmp_path / "seed.md").write_text(
        f"---\nid: {seed.id}\ntitle: '{seed.title}'\ncategory: {seed.category}\n"
        f"published_at: 2026-03-02 09:00\n---\n{seed.markdown()}\n",
        "utf-8",
    )
    call_command("import_articles", tmp_path)
    return f"/hf/{seed.id}.html"


@pytest.fixture
def read(chromium, live_server, seed_page):
    contexts = []

    def open_page(viewport=PHONE, **options):
        contexts.append(chromium.new_context(viewport=viewport, **options))
        page = contexts[-1].new_page()
        page.goto(live_server.url + seed_page)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_notice_says_what_moved_and_which_body_was_renamed(read):
    notice = read().get_by_role("complementary", name="法规时效提示")
    text = "".join(notice.inner_text().split())
    assert "《治安管理处罚法》自2026年1月1日起有变动" in text
    assert "第四十二条现为第五十条，文字有修改" in text
    assert "银保监会" in text
    assert "国家金融监督管理总局" in text
    notice.get_by_text("第四十二条改了什么").click()
    assert notice.locator("ins").first.inner_text() == "一千元以下"
    assert notice.locator("del").first.inner_text() == "五百元以下"


def test_both_mentions_lead_to_the_rule_where_it_stands_now(read):
    page = read()
    links = page.locator(".prose a.citation[href$='/50/']")
    assert links.count() == 2
    assert page.locator(".prose a.citation[href$='/1032/']").count() == 1
    assert page.locator(".prose a.citation").count() == 3  # the rules at hand in no source: none
    assert page.get_by_text("（现为第五十条）").count() == 2


def test_one_tap_opens_the_text_in_force_and_nothing_moves(read):
    page = read(has_touch=True)
    button = page.get_by_role("button", name="看条文：《治安管理处罚法》第五十条").first
    button.scroll_into_view_if_needed()
    before = button.bounding_box()
    button.tap()
    note = page.locator(".provision-note:popover-open")
    assert "一千元以下罚款" in note.inner_text()
    assert "本文所引的规定现为第五十条" in "".join(note.inner_text().split())
    assert button.bounding_box() == before
    note.get_by_role("button", name="关闭").tap()
    assert page.locator(".provision-note:popover-open").count() == 0


def test_the_keyboard_opens_and_closes_it(read):
    page = read()
    page.get_by_role("button", name="看条文：《民法典》第一千零三十二条").focus()
    page.keyboard.press("Enter")
    assert "自然人享有隐私权" in page.locator(".provision-note:popover-open").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".provision-note:popover-open").count() == 0


def test_on_a_wide_screen_the_text_stands_beside_the_line(read):
    page = read(viewport=DESK)
    prose = page.locator(".prose").bounding_box()
    note = page.locator(".provision-note").first.bounding_box()
    assert note["x"] >= prose["x"] + prose["width"]


def test_without_script_and_in_print_the_texts_are_listed(read):
    page = read(java_script_enabled=False)
    listed = page.get_by_role("region", name="引用法条")
    assert "自然人享有隐私权" in listed.inner_text()
    page.emulate_media(media="print")
    assert listed.is_visible()
    assert not page.locator(".provision-note").first.is_visible()


@pytest.mark.parametrize("width", [360, 390, 414])
def test_the_button_of_a_provision_never_begins_a_line(read, width):
    page = read({"width": width, "height": 844})
    parted = page.locator(".prose .citation-open:not(td *)").evaluate_all(
        """buttons => buttons.filter(button => {
          const line = [...button.parentElement.previousElementSibling.getClientRects()].at(-1);
          return button.getBoundingClientRect().top > line.bottom;
        }).map(button => button.ariaLabel)"""
    )
    assert parted == []
