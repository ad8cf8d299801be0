"""A day at the desk: one writes, another reviews and schedules, a third may do none of it."""

import base64
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import roles
from articles.models import Article
from statutes.importing import load
from tests.articles.test_citing import ANIMALS, PURPOSE, new_law, old_law, states
from tests.factories import (
    make_author,
    make_category,
    make_lawyer,
    make_site,
    make_user,
    make_version,
)

from .pasting import PICTURE, paste

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES = "多次发送淫秽、侮辱、恐吓或者其他信息，干扰他人正常生活的"
TITLE = "邻居深夜吵闹，怎么办？"
LAW = "《治安处罚示例法》"
# As Word puts it on the clipboard: a list of its own kind, a table, a picture that is a file of
# the writer's machine and comes beside it as RTF. Eight citations, the first renumbered, the
# second misquoted.
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator
content="Microsoft Word 15"><style>p.MsoNormal {{margin:0}}</style></head><body lang=ZH-CN>
<!--StartFragment-->
<p class=MsoNormal><b>发骚扰信息</b>的，{LAW}第二条第二项规定：“{MESSAGES}”<o:p></o:p></p>
<p class=MsoNormal>{LAW}第一条规定：“{ANIMALS}”<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-21pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span
style='font:7.0pt'>&nbsp; </span></span></span><![endif]>噪声，看{LAW}第四条；<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-21pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span
style='font:7.0pt'>&nbsp; </span></span></span><![endif]>登记，看《甲法》第二条。<o:p></o:p></p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>事项</p></td>
<td><p class=MsoNormal>依据</p></td></tr><tr><td><p class=MsoNormal>目的</p></td>
<td><p class=MsoNormal>《甲法》第一条</p></td></tr><tr><td><p class=MsoNormal>处理</p></td>
<td><p class=MsoNormal>《甲法》第三条</p></td></tr></table>
<p class=MsoNormal><img width=320 src="file:///C:/Users/a/clip_image001.png"><o:p></o:p></p>
<p class=MsoNormal>立法目的见{LAW}第一条，登记另见《甲法》第二条。<o:p></o:p></p>
<!--EndFragment--></body></html>"""
RTF = r"{\rtf1{\*\shppict{\pict\pngblip " + base64.b64decode(PICTURE).hex() + "}}}"


@pytest.fixture
def firm():
    make_site()
    make_category("治安")
    old_law()
    new_law()
    make_version()
    load.refresh_aliases()


def change(article, more="change") -> str:
    return f"/admin/articles/article/{article.pk}/{more}/"


def write_and_send(page) -> Article:
    """Paste the document, put its citations right by two clicks, send it to review."""
    page.fill("#id_title", TITLE)
    paste(page, html=WORD, text="发骚扰信息", rtf=RTF)
    page.get_by_label("文字说明").fill("录音的步骤")
    page.locator("#desk-pictures").get_by_role("button", name="插入").click()
    page.get_by_text("已整理格式").wait_for()
    text = page.locator("#id_body").input_value()
    for part in (
        "**发骚扰信息**",
        "- 噪声，看",
        "| 目的 | 《甲法》第一条 |",
        "![录音的步骤](images/",
    ):
        assert part in text
    page.get_by_role("tab", name="引用").click()
    panel = page.locator("#desk-citations")
    panel.locator("li.renumbered").wait_for()
    assert panel.locator("li").count() == 8
    panel.get_by_role("button", name="改为第三条第一款第二项").click()
    panel.locator("li.renumbered").wait_for(state="detached")
    panel.get_by_role("button", name="引文改为第一条原文").click()
    panel.locator("li.misquoted").wait_for(state="detached")
    assert panel.locator("li.current").count() == 8
    page.locator(".field-category .select2-selection").click()
    page.keyboard.insert_text("治安")
    page.locator(".select2-results__option", has_text="治安").click()
    page.get_by_role("button", name="保存并送审").click()
    page.get_by_text("现在是“待审”").wait_for()
    return Article.objects.get(title=TITLE)


def review_and_schedule(page) -> None:
    """Go from the queue to the article, approve it, set its day."""
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="审核通过").click()
    page.get_by_text("现在是“待发布”").wait_for()
    page.get_by_role("button", name="定时发布").click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.locator("#id_at_0").fill(tomorrow.isoformat())
    page.locator("#id_at_1").fill("08:00")
    page.get_by_role("button", name="定时发布").click()
    page.get_by_text("现在是“").wait_for()


def may_do_nothing(user, enter, article) -> None:
    """Hold that a user neither sees an article at the desk nor moves it by any address."""
    before = Article.objects.values().get(pk=article.pk)
    page = enter(user)("/admin/articles/article/")
    assert page.get_by_role("link", name=TITLE).count() == 0
    page.goto(page.url.rsplit("/admin/")[0] + change(article, "history"))
    assert page.get_by_text(TITLE).count() == 0
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    newest = article.history.first().history_id if article.history.exists() else 1
    sent = {"title": "改了", "body": "改了", "note": "理由", "_move": "approve", "post": "yes"}
    sent |= {"at_0": "2099-01-01", "at_1": "08:00"}
    steps = ["submit", "recall", "approve", "return", "publish", "schedule", "withdraw", "review"]
    for more in [
        *("change", "delete", "history", f"history/{newest}", f"history/{newest}/restore"),
        *(f"move/{step}" for step in steps),
    ]:
        assert client.post(change(article, more), sent).status_code in (302, 403, 404), more
    assert Article.objects.values().get(pk=article.pk) == before


def test_from_a_word_document_to_a_page_that_is_right_and_back_again(
    firm, enter, live_server, client
):
    writer = make_user("writer", roles.WRITER, author=make_author("李四"))
    reviewer = make_lawyer("reviewer", roles.EDITOR)
    stranger = make_user("stranger", roles.WRITER)

    article = write_and_send(enter(writer)("/admin/articles/article/add/"))
    assert states(article) == ["current"] * 8
    may_do_nothing(stranger, enter, article)

    review_and_schedule(enter(reviewer)("/admin/"))
    article.refresh_from_db()
    assert article.state == Article.State.SCHEDULED
    address = article.get_absolute_url()
    assert client.get(address).status_code == 404
    call_command("publish_due")
    assert client.get(address).status_code == 404

    due = timezone.now() - timedelta(minutes=1)
    Article.objects.filter(pk=article.pk).update(published_at=due)
    call_command("publish_due")
    page = enter(stranger)(address)
    assert reviewer.author.signature in page.locator(".byline").inner_text()
    link = page.locator(".prose a.citation").first
    assert link.inner_text() == f"{LAW}第三条第一款第二项"
    assert link.get_attribute("href").endswith("/3/#article-3-p1-i2")
    assert page.locator(".prose .citation").count() == 8
    assert page.locator(".prose blockquote, .prose p", has_text=PURPOSE.rstrip("。")).count()
    assert page.locator("aside.validity-notice").count() == 0
    assert page.locator(".prose li").count() == 2
    assert page.locator(".prose td", has_text="《甲法》第三条").count() == 1
    assert page.locator(".prose figure img, .prose img").first.get_attribute("alt") == "录音的步骤"
    may_do_nothing(stranger, enter, article)

    # What is public is an editor's to change; now she is one.
    assert client.get(address).status_code == 200
    page = enter(writer)(change(article, "history"))
    page.goto(live_server.url + change(article))
    assert page.get_by_role("button", name="保存", exact=True).count() == 0
    writer.groups.add(Group.objects.get(name=roles.EDITOR))
    page = enter(writer)(change(article))
    text = page.locator("#id_body").input_value()
    page.locator("#id_body").fill(text.replace("**的，", "**的，先报警，"))
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    assert "先报警，" in client.get(address).content.decode()
    page.goto(live_server.url + change(article, "history"))
    page.get_by_role("link", name="保存了文字").first.click()
    assert page.locator("#changes ~ .desk-change ins").all_inner_texts() == ["先报警，"]
    page.go_back()
    page.get_by_role("link", name="保存了文字").nth(1).click()
    assert page.locator("#since ~ .desk-change ins").all_inner_texts() == ["先报警，"]
    page.get_by_role("button", name="恢复到这一版").click()
    page.get_by_text("已恢复").wait_for()
    article.refresh_from_db()
    assert article.body.replace("\r\n", "\n") == text.strip()
    assert "先报警，" not in client.get(address).content.decode()
    assert states(article) == ["current"] * 8
