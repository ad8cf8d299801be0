"""Reading the site as its readers do: on a phone, on a wide screen, without script, on paper."""

import pytest

from .conftest import DESK, PHONE

ARTICLE = "/hf/1004.html"


def bottom(page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return box["y"] + box["height"]


def test_a_phones_first_screen_holds_title_dates_and_first_paragraph(visit):
    page = visit(ARTICLE)
    assert bottom(page, "h1") < PHONE["height"] / 3
    assert bottom(page, ".byline") < PHONE["height"] / 2
    assert bottom(page, ".prose > p") < PHONE["height"]


@pytest.mark.parametrize("path", ["/", ARTICLE, "/categories/finance/", "/authors/", "/nothing/"])
@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_is_wider_than_the_screen(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_lines_of_text_are_at_most_38_characters(visit):
    page = visit(ARTICLE, viewport=DESK)
    paragraph = page.locator(".prose > p").first
    size = paragraph.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert paragraph.bounding_box()["width"] / size <= 38
    assert 17 <= size <= 18


def test_a_footnotes_number_stands_beside_it_however_long_the_notes_in_the_margin(visit):
    page = visit("/hf/1019.html", viewport=DESK)
    page.locator(".prose").evaluate(
        """prose => {
          const note = document.createElement('div');
          note.style.cssText = 'float: right; width: 1px; height: 9000px';
          prose.prepend(note);
        }"""
    )
    number = page.locator(".footnote-number").first.bounding_box()
    text = page.locator(".footnotes p").first.bounding_box()
    assert text["y"] <= number["y"] < text["y"] + text["height"]


def test_the_search_page_has_one_box_to_ask_in(visit):
    page = visit("/search/", viewport=DESK)
    assert [box.is_visible() for box in page.get_by_role("searchbox").all()].count(True) == 1


def test_a_reader_leaves_no_cookie_and_asks_no_one_else(visit):
    page = visit(ARTICLE)
    page.goto(page.url.replace(ARTICLE, "/"))
    assert page.context.cookies() == []
    assert page.foreign == []


def test_the_phone_menu_opens_by_touch_and_closes_by_keyboard(visit):
    page = visit(ARTICLE, has_touch=True)
    menu = page.get_by_role("navigation", name="全站")
    assert not menu.is_visible()
    page.get_by_role("button", name="菜单", exact=True).tap()
    assert menu.is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    page.get_by_role("button", name="菜单", exact=True).tap()
    menu.get_by_role("link", name="栏目").tap()
    page.wait_for_url("**/categories/")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(visit):
    page = visit(ARTICLE, viewport=DESK)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "跳到正文"
    assert page.locator(".skip-link").bounding_box()["y"] >= 0


def test_the_text_size_works_and_is_remembered(visit):
    page = visit(ARTICLE)
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.get_by_text("目录与字号").click()
    page.get_by_text("特大", exact=True).click()
    after = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert after > before * 1.3
    page.reload()
    again = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert again == after


def test_the_contents_lead_to_their_headings(visit):
    page = visit(ARTICLE, viewport=DESK)
    link = page.get_by_role("navigation", name="本文目录").get_by_role("link").nth(2)
    link.click()
    heading = page.get_by_role("heading", name=link.inner_text(), exact=False).first
    assert 0 <= heading.bounding_box()["y"] < DESK["height"] / 2


def test_everything_is_read_without_script(visit):
    page = visit(ARTICLE, java_script_enabled=False)
    for text in ("当前位置：", "发布", "目录与字号", "扫描二维码推送至手机访问。", "的相关文章"):
        assert page.get_by_text(text).first.is_visible(), text
    page.get_by_text("目录与字号").click()
    assert page.get_by_role("navigation", name="本文目录").is_visible()
    page.get_by_role("link", name="返回列表").click()
    assert page.locator(".article-card").count() > 1


def test_print_holds_text_dates_and_address_but_no_navigation(visit):
    page = visit(ARTICLE, viewport=DESK)
    page.emulate_media(media="print")
    for selector in (".prose", ".byline", ".credit", ".source"):
        assert page.locator(selector).first.is_visible(), selector
    for selector in (".site-nav", ".contents", ".neighbours", ".related", ".skip-link"):
        assert not page.locator(selector).first.is_visible(), selector


def test_nothing_moves_while_the_page_loads(visit):
    page = visit("/hf/1003.html")
    shift = page.evaluate(
        """() => new Promise(resolve => {
            let total = 0;
            const add = list => list.getEntries().forEach(entry => total += entry.value);
            new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});
            window.scrollTo(0, document.body.scrollHeight);
            setTimeout(() => resolve(total), 500);
        })"""
    )
    assert shift <= 0.02


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_paper_follows_the_readers_scheme(visit, scheme):
    page = visit(ARTICLE, color_scheme=scheme)
    red = page.evaluate("parseInt(getComputedStyle(document.body).backgroundColor.slice(4))")
    assert (red > 200) == (scheme == "light")


def test_pictures_of_an_article_have_their_size_and_load(visit):
    page = visit("/hf/1003.html")
    picture = page.locator(".prose figure img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.prose figure img').complete")
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert picture.get_attribute("width") == "1440"
