"""Writing at the desk as an editor does: by keys, by mouse, by paste, with a tab lost."""

import base64
from pathlib import Path

import pytest

from articles.models import Article, ArticleImage, Draft, RestrictedTerm
from tests.articles.importing.test_word import make_docx
from tests.articles.importing.test_word import p as paragraph
from tests.factories import make_article, make_author, make_version

from .conftest import DESK, PHONE
from .pasting import PICTURE, paste

ADD = "/admin/articles/article/add/"
BODY = "#id_body"


@pytest.fixture
def write(enter, admin_user):
    """Open the form of an article, or of a new one, signed in: write(path, viewport)."""
    visit = enter(admin_user)

    def open_form(path=ADD, viewport=DESK, **options):
        return visit(path, viewport, **options)

    return open_form


@pytest.fixture
def long_article():
    table = "| 项目 | 说明 |\n|---|---|\n| 利率 | 四倍 |"
    blocks = ["## 先留证据", "转账记录要保存。" * 12, table, "> 《甲法》规定，乙应当登记。"]
    return make_article(body="\n\n".join(blocks * 8), state="draft")


def change(article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def text_of(page) -> str:
    return page.locator(BODY).input_value()


def wait_for_text(page, text: str) -> None:
    """Wait until the text is this: a dialog tells that it closed a moment after it did."""
    script = "([box, text]) => document.querySelector(box).value.trim() === text"
    page.wait_for_function(script, arg=[BODY, text])


def prose(page):
    return page.frame_locator(".desk-screen iframe").locator(".prose")


def type_in(page, text: str) -> None:
    page.locator(BODY).focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.insert_text(text)


# --- Typing ---------------------------------------------------------------------------------


def test_the_preview_follows_what_is_typed_and_nothing_else_moves(write):
    page = write()
    page.fill("#id_title", "没有借条，怎样要回借款？")
    type_in(page, "先说结论。\n\n## 先留证据\n\n**保存**原件。")
    prose(page).locator("h2", has_text="先留证据").wait_for()
    assert prose(page).locator("strong").inner_text() == "保存"
    assert "没有借条" in page.frame_locator("iframe").locator("h1").inner_text()
    assert "正文14字" in page.locator(".desk-length").inner_text()
    assert not Article.objects.filter(title="没有借条，怎样要回借款？").exists()


def test_a_script_in_the_text_never_runs(write):
    page = write()
    type_in(page, "<img src=x onerror=\"parent.document.title='bad'\"><script>alert(1)</script>甲")
    prose(page).get_by_text("甲").wait_for()
    assert page.title() != "bad"
    assert page.locator("iframe").get_attribute("sandbox") == "allow-same-origin"


def test_the_preview_has_the_width_of_a_phone_or_of_a_desk(write, long_article):
    page = write(change(long_article))
    inside = page.frame_locator("iframe").locator("html")
    assert inside.evaluate("() => innerWidth") == 390
    page.get_by_role("button", name="电脑").click()
    assert inside.evaluate("() => innerWidth") == 1280
    frame, room = page.locator("iframe").bounding_box(), page.locator(".desk-screen").bounding_box()
    assert frame["width"] <= room["width"] + 1


@pytest.mark.parametrize(
    ("keys", "before", "after"),
    [
        ("ControlOrMeta+b", "重点", "**重点**"),
        ("Control+Alt+Digit2", "证据", "## 证据"),
        ("Control+Alt+Digit3", "## 证据", "### 证据"),
        ("Control+Alt+Digit2", "## 证据", "证据"),
        ("Control+Alt+KeyU", "甲", "- 甲"),
        ("Control+Alt+KeyO", "甲\n乙", "1. 甲\n2. 乙"),
        ("Control+Alt+KeyO", "- 甲\n- 乙", "1. 甲\n2. 乙"),
        ("Control+Alt+KeyQ", "引文", "> 引文"),
        ("ControlOrMeta+k", "网站", "[网站](https://)"),
    ],
)
def test_marks_are_set_and_taken_off_by_keys_and_can_be_undone(write, keys, before, after):
    page = write()
    type_in(page, before)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press(keys)
    assert text_of(page) == after
    page.keyboard.press("ControlOrMeta+z")
    assert text_of(page) == before


def test_the_toolbar_is_one_stop_of_the_keyboard_with_arrows_inside(write):
    page = write()
    type_in(page, "甲")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "标题"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "列表"
    page.keyboard.press("Enter")
    assert text_of(page) == "- 甲"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("乙")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert text_of(page) == "- 甲\n- 乙\n"


def test_a_table_is_put_in_with_room_around_it(write):
    page = write()
    type_in(page, "前文")
    page.get_by_role("button", name="表格").click()
    assert text_of(page).startswith("前文\n\n| 项目 | 说明 |\n| --- | --- |\n")
    prose(page).locator("table").wait_for()


def test_every_button_says_what_it_does_and_is_large_enough(write):
    page = write(viewport=PHONE)
    for button in page.locator(".desk-toolbar button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        assert "Ctrl" in button.get_attribute("title")


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_the_form_is_never_wider_than_the_screen(write, long_article, width):
    page = write(change(long_article), {"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# --- Citing ----------------------------------------------------------------------------------


def test_a_provision_is_found_and_cited_by_keyboard(write):
    make_version("中华人民共和国甲法", provisions=("为了甲，制定本法。", "乙应当登记。"))
    page = write()
    type_in(page, "依照")
    page.keyboard.press("Control+Alt+KeyL")
    page.keyboard.insert_text("甲法2")
    page.locator("#desk-found li").wait_for()
    page.keyboard.press("Enter")
    wait_for_text(page, "依照《甲法》第二条")
    assert text_of(page) == "依照《甲法》第二条"
    assert page.evaluate("document.activeElement.id") == "id_body"


def test_the_official_words_come_along_as_a_quotation(write):
    make_version("中华人民共和国甲法", provisions=("为了甲。", "乙登记。\n丙也登记。"))
    page = write()
    page.get_by_role("button", name="法条").click()
    page.keyboard.insert_text("甲法")
    page.locator("#desk-found li").nth(2).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_label("连同条文原文").check()
    page.locator("#desk-picker").get_by_role("button", name="插入").click()
    wait_for_text(page, "《甲法》第二条规定：\n\n> 乙登记。\n>\n> 丙也登记。")
    assert prose(page).locator("blockquote p").first.inner_text() == "乙登记。"


def test_escape_leaves_the_text_as_it_was(write):
    page = write()
    type_in(page, "依照")
    page.keyboard.press("Control+Alt+KeyL")
    page.keyboard.press("Escape")
    page.keyboard.insert_text("法律")
    assert text_of(page) == "依照法律"


# --- Pictures, paste ----------------------------------------------------------------------------


def test_a_dropped_picture_asks_for_its_words(write):
    page = write()
    page.evaluate(
        """content => {
            const held = new DataTransfer();
            const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
            held.items.add(new File([bytes], 'a.png', {type: 'image/png'}));
            const event = new DragEvent(
                'drop', {dataTransfer: held, bubbles: true, cancelable: true});
            document.querySelector('#id_body').dispatchEvent(event);
        }""",
        PICTURE,
    )
    page.get_by_label("文字说明").fill("借条的样子")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("图一 借条")
    page.keyboard.press("Enter")
    picture = prose(page).locator("figure img")
    picture.wait_for()
    assert text_of(page).startswith("![借条的样子](images/")
    assert picture.get_attribute("alt") == "借条的样子"
    assert "借条" in prose(page).locator("figcaption").inner_text()


def test_a_pasted_picture_can_be_left_out(write):
    page = write()
    paste(page, files=[PICTURE])
    page.locator("#desk-pictures").get_by_role("button", name="取消").click()
    assert text_of(page) == ""


WEB = """<meta charset='utf-8'><h2 style="color:red">先留证据</h2><p>转账<b>记录</b>要保存。</p>
<ul><li>银行流水</li><li>微信记录</li></ul><table><tr><th>项目</th><th>说明</th></tr>
<tr><td>利率</td><td>四倍</td></tr></table><script>alert(1)</script>"""


def test_a_web_page_is_pasted_as_clean_markdown(write):
    page = write()
    paste(page, html=WEB, text="先留证据 转账记录要保存。")
    page.get_by_text("已整理格式").wait_for()
    text = text_of(page)
    for part in ("## 先留证据", "转账**记录**要保存。", "- 银行流水", "| 利率 | 四倍 |"):
        assert part in text
    assert "alert" not in text
    assert "style" not in text
    prose(page).locator("td", has_text="四倍").wait_for()


def test_words_pictures_come_out_of_its_rtf(write):
    page = write()
    digits = base64.b64decode(PICTURE).hex()
    html = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>
    <p class=MsoNormal>甲方<b>应当</b>还款。<o:p></o:p></p>
    <p class=MsoNormal><img width=320 src="file:///C:/Users/a/clip_image001.png"></p></body></html>"""
    rtf = r"{\rtf1{\*\shppict{\pict{\*\picprop}\picw320\pngblip\bliptag1{\*\blipuid 0a0b}" + (
        digits + r"}}{\nonshppict{\pict\wmetafile8 0100}}}"
    )
    paste(page, html=html, text="甲方应当还款。", rtf=rtf)
    page.get_by_label("文字说明").fill("还款约定")
    page.locator("#desk-pictures").get_by_role("button", name="插入").click()
    page.get_by_text("已整理格式").wait_for()
    assert "甲方**应当**还款。" in text_of(page)
    assert "![还款约定](images/" in text_of(page)
    prose(page).locator("img").wait_for()


WORD_FILE = make_docx(paragraph("先看借条。") + paragraph("再看转账记录。"))
DROP = """([target, name, digits]) => {
    const bytes = Uint8Array.from(atob(digits), character => character.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], name));
    const options = {bubbles: true, cancelable: true, dataTransfer: files};
    document.querySelector(target).dispatchEvent(new DragEvent('drop', options));
}"""


def drop(page, target, name, content):
    page.evaluate(DROP, [target, name, base64.b64encode(content).decode()])


def test_a_word_file_dropped_on_the_form_is_read_into_it(write):
    page = write()
    drop(page, ".field-category", "借条怎么写.docx", WORD_FILE)
    page.get_by_text("已导入借条怎么写.docx").wait_for()
    assert page.locator("#id_title").input_value() == "借条怎么写"
    assert text_of(page).strip() == "先看借条。\n\n再看转账记录。"
    prose(page).get_by_text("再看转账记录。").wait_for()
    drop(page, BODY, "坏的.docx", b"no zip")
    page.get_by_text("坏的.docx没有导入：不是Word文件").wait_for()
    assert text_of(page).strip() == "先看借条。\n\n再看转账记录。"


def test_a_word_file_is_chosen_and_keeps_the_title_that_is_there(write):
    page = write()
    page.fill("#id_title", "自己的标题")
    box = page.locator("#desk-word")
    box.evaluate("box => box.addEventListener('click', () => { box.dataset.asked = 'yes'; })")
    page.locator(BODY).focus()
    page.keyboard.press("Control+Alt+i")
    page.locator("#desk-word[data-asked=yes]").wait_for(state="attached")
    word = {"name": "别的.docx", "mimeType": "application/octet-stream", "buffer": WORD_FILE}
    box.set_input_files(word)
    page.get_by_text("已导入别的.docx").wait_for()
    assert page.locator("#id_title").input_value() == "自己的标题"
    assert "再看转账记录。" in text_of(page)


def test_every_box_is_named_and_a_chosen_author_is_kept(write):
    make_author("林律师")
    page = write()
    page.fill("#id_title", "还没有写完")
    page.get_by_role("combobox", name="栏目").wait_for()
    page.get_by_role("combobox", name="作者").first.click()
    page.get_by_role("searchbox", name="查找作者").fill("林")
    with page.expect_response("**/keep/"):
        page.locator(".select2-results__option", has_text="林律师").click()
    page.goto(page.url)
    page.get_by_role("link", name="恢复").click()
    page.get_by_role("combobox", name="作者 林律师").first.wait_for()


def test_plain_text_is_pasted_as_it_is_and_an_address_makes_a_link(write):
    page = write()
    type_in(page, "法院网站")
    page.keyboard.press("ControlOrMeta+a")
    paste(page, text="https://www.court.gov.cn/")
    assert text_of(page) == "[法院网站](https://www.court.gov.cn/)"


# --- Hints ---------------------------------------------------------------------------------------


def test_a_hint_leads_to_its_place(write):
    rule = "《律师业务推广行为规则（试行）》第十条第五项"
    RestrictedTerm.objects.get_or_create(words="包赢", defaults={"rule": rule})
    page = write()
    type_in(page, "𠮷祥。\n\n" * 60 + "本所官司包赢。\n\n![](none.png)\n\n" + "结尾。\n\n" * 60)
    page.get_by_role("tab", name="检查").click()
    page.get_by_role("button", name="“包赢”可能不合律师推广规则").click()
    selected = "document.querySelector('#id_body')"
    assert (
        page.evaluate(f"{selected}.value.slice({selected}.selectionStart, {selected}.selectionEnd)")
        == "包赢"
    )
    assert page.evaluate("document.activeElement.id") == "id_body"
    assert page.evaluate("scrollY") > 500
    assert "第十条第五项" in page.locator("#desk-hints").inner_text()
    page.keyboard.press("F8")
    picked = page.evaluate(
        f"{selected}.value.slice({selected}.selectionStart, {selected}.selectionEnd)"
    )
    assert picked == "none.png"


# --- Keeping ---------------------------------------------------------------------------------


def test_a_closed_tab_loses_nothing(write):
    page = write()
    page.fill("#id_title", "写了一半的文章")
    type_in(page, "写到这里。")
    page.get_by_text("已暂存").wait_for()
    page.close()
    assert Draft.objects.get().fields["body"] == "写到这里。"
    again = write()
    again.get_by_role("link", name="恢复").click()
    assert again.locator("#id_title").input_value() == "写了一半的文章"
    assert text_of(again) == "写到这里。"
    again.get_by_role("button", name="不要了，丢弃").click()
    again.wait_for_url("**/add/")
    assert text_of(again) == ""


def test_what_the_server_could_not_keep_this_machine_keeps(write):
    article = make_article(state="draft")
    address = change(article)
    page = write(address)
    page.route("**/keep/", lambda route: route.abort())
    type_in(page, "\n\n又写了一段。")
    page.get_by_text("已存在本机").wait_for()
    page.unroute("**/keep/")
    page.reload()
    page.get_by_role("button", name="恢复").click()
    assert "又写了一段。" in text_of(page)


def test_control_s_saves_and_goes_on(write):
    article = make_article(state="draft")
    page = write(change(article))
    type_in(page, "\n\n新的一段。")
    page.get_by_text("已暂存").wait_for()
    with page.expect_navigation():
        page.keyboard.press("ControlOrMeta+s")
    article.refresh_from_db()
    assert article.body.endswith("新的一段。")
    assert not Draft.objects.exists()
    assert "/change/" in page.url


def test_a_picture_put_in_while_writing_is_published_with_the_article(write):
    article = make_article(state="draft")
    page = write(change(article))
    paste(page, files=[PICTURE])
    page.get_by_label("文字说明").fill("借条的样子")
    page.locator("#desk-pictures").get_by_role("button", name="插入").click()
    prose(page).locator("img").wait_for()
    with page.expect_navigation():
        page.keyboard.press("ControlOrMeta+s")
    assert ArticleImage.objects.filter(article=article).count() == 1


def test_the_form_can_be_filled_in_and_previewed_without_script(write):
    page = write(java_script_enabled=False)
    page.fill("#id_title", "没有借条")
    page.fill(BODY, "正文。\n\n![](a.png)")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="预览与检查").click()
    opened.value.get_by_text("图片没有文字说明").wait_for()


def test_nothing_of_the_desk_comes_from_elsewhere(write, long_article):
    page = write(change(long_article))
    assert page.foreign == []
    assert Path("static/css/desk.css").stat().st_size < 30_000
