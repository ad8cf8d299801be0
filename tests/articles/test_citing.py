"""An article's citations: stored with verdicts, linked, told to readers, watched."""

import re
from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from articles import citing, publishing
from articles.models import ArticleCitation
from statutes.citations.annotate import strip
from statutes.importing import load
from statutes.verdicts import Attention
from tests.factories import BEIJING, make_article, make_statute, make_version

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
TITLE = "中华人民共和国治安处罚示例法"
PURPOSE = "为维护社会治安秩序，保障公共安全，制定本法。"
MESSAGES = (
    "有下列行为之一的，处五日以下拘留或者五百元以下罚款：\n"
    "（一）写恐吓信或者以其他方法威胁他人人身安全的；\n"
    "（二）多次发送淫秽、侮辱、恐吓或者其他信息，干扰他人正常生活的。"
)
ANIMALS = "饲养动物，干扰他人正常生活的，处警告；警告后不改正的，处二百元以上五百元以下罚款。"
NOISE = "违反关于社会生活噪声污染防治的法律规定，制造噪声干扰他人正常生活的，处警告。"
TRACKS = "擅自进入铁路防护网或者火车来临时在铁路线路上行走坐卧，影响行车安全的，处警告。"


def old_law():
    """The text of 2012: purpose, messages, animals, noise."""
    version = make_version(
        TITLE,
        provisions=[PURPOSE, MESSAGES, ANIMALS, NOISE],
        promulgated_on=date(2012, 10, 26),
        effective_from=date(2013, 1, 1),
        label="修正",
    )
    load.refresh_aliases()
    return version


def new_law():
    """The text of 2025: messages moved to 3 and changed, noise changed, animals gone."""
    return make_version(
        TITLE,
        provisions=[
            PURPOSE,
            TRACKS,
            MESSAGES.replace("五百元", "一千元"),
            NOISE.replace("处警告", "处警告；拒不改正的，处五百元以下罚款"),
        ],
        promulgated_on=date(2025, 6, 27),
        effective_from=date(2026, 1, 1),
        label="修订",
    )


def on(year, month=3, day=1):
    return datetime(year, month, day, 9, tzinfo=BEIJING)


def states(article) -> list[str]:
    return list(article.citations.in_order().values_list("state", flat=True))


def page(client, article):
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def words_of(element) -> str:
    return "".join(element.get_text().split())


def test_a_current_citation_is_linked_with_its_text_and_no_notice(client):
    old_law()
    article = make_article(body="依照《治安处罚示例法》第二条处理。", published_at=on(2020))
    assert states(article) == ["current"]
    root = page(client, article)
    (link,) = root.select(".prose a.citation")
    assert link.get_text() == "《治安处罚示例法》第二条"
    assert link.get("href").endswith("/2/")
    (note,) = root.select(".provision-note")
    assert "多次发送淫秽、侮辱、恐吓或者其他信息" in words_of(note)
    assert "现行有效" in words_of(note)
    assert not root.select("aside.validity-notice")


def test_a_renumbered_citation_is_told_before_the_body_with_its_changes(client):
    old_law()
    new_law()
    article = make_article(body="依照《治安处罚示例法》第二条第二项处理。", published_at=on(2020))
    assert states(article) == ["renumbered"]
    root = page(client, article)
    (notice,) = root.select("aside.validity-notice")
    assert "自2026年1月1日起" in words_of(notice)
    assert "第二条第二项现为第三条第一款第二项" in words_of(notice)
    assert [e.text for e in notice.select("ins")] == ["一千元以下"]
    assert [e.text for e in notice.select("del")] == ["五百元以下"]
    (link,) = root.select(".prose a.citation")
    assert link.get("href").endswith("/3/#article-3-p1-i2")
    assert "一千元" in words_of(root.select(".provision-note")[0])


def test_an_amended_citation_is_told(client):
    old_law()
    new_law()
    article = make_article(body="依照《治安处罚示例法》第四条处理。", published_at=on(2020))
    assert states(article) == ["amended"]
    assert "第四条文字有修改" in words_of(page(client, article).select(".validity-notice")[0])


def test_a_deleted_provision_is_told(client):
    old_law()
    new_law()
    article = make_article(body="依照《治安处罚示例法》第三条处理。", published_at=on(2020))
    assert states(article) == ["repealed"]
    assert "第三条已不再施行" in words_of(page(client, article).select(".validity-notice")[0])


def test_who_quotes_the_old_text_after_the_change_is_taken_at_his_word(client):
    old_law()
    new_law()
    body = (
        "按《治安处罚示例法》第二条，发这种信息要受罚。\n\n"
        "- 《治安处罚示例法》第二条：有下列行为之一的，处五日以下拘留或者五百元以下罚款："
        "（二）多次发送淫秽、侮辱、恐吓或者其他信息，干扰他人正常生活的。"
    )
    article = make_article(body=body, published_at=on(2026))
    assert states(article) == ["renumbered", "renumbered"]


def test_an_old_number_without_quotation_after_the_change_is_a_question(client):
    old_law()
    new_law()
    body = "根据《治安处罚示例法》第二条，多次发送侮辱、恐吓信息，干扰他人正常生活的，可处罚款。"
    article = make_article(body=body, published_at=on(2026))
    row = article.citations.get()
    assert (row.state, row.questions) == ("", ["version"])
    assert not page(client, article).select("aside.validity-notice, .provision-note")


def test_a_misquotation_is_linked_and_accuses_nobody(client):
    old_law()
    body = f"《治安处罚示例法》第四条规定：“{ANIMALS}”"
    article = make_article(body=body, published_at=on(2020))
    row = article.citations.get()
    assert (row.state, row.agreement, str(row.match)) == (
        "misquoted",
        "elsewhere",
        "《治安处罚示例法》第三条",
    )
    root = page(client, article)
    assert root.select(".prose a.citation")
    assert not root.select("aside.validity-notice, .provision-note")


@pytest.mark.parametrize(
    ("official", "quoted"),
    [("处警告。", "可以处警告。"), ("不改正", "改正"), ("二百元", "三百元")],
)
def test_a_changed_word_is_a_misquotation(official, quoted):
    old_law()
    text = (ANIMALS + NOISE).replace(official, quoted)
    number, words = ("三", ANIMALS) if official in ANIMALS else ("四", NOISE)
    words = words.replace(official, quoted)
    assert words in text
    article = make_article(body=f"《治安处罚示例法》第{number}条规定：“{words}”")
    assert states(article) == ["misquoted"]


def test_what_is_not_there_stays_plain_text(client):
    old_law()
    body = "《治安处罚示例法》第九十条和《没有这部条例》第三条。"
    article = make_article(body=body, published_at=on(2020))
    assert states(article) == ["missing", "unknown"]
    assert not page(client, article).select(".prose a.citation")


def test_a_repealed_statute_is_told_with_what_replaced_it_in_old_and_new_articles(client):
    code = make_version("中华人民共和国示例民法典").statute
    make_statute(
        "中华人民共和国示例合同法",
        repealed_on=date(2021, 1, 1),
        repeal_source="示例",
        replaced_by=code,
    )
    load.refresh_aliases()
    for year in (2018, 2026):
        article = make_article(body="《示例合同法》第五十二条。", published_at=on(year))
        assert states(article) == ["repealed"]
        notice = words_of(page(client, article).select(".validity-notice")[0])
        assert "《示例合同法》自2021年1月1日起已废止，由《示例民法典》代替" in notice


def test_each_provision_is_noted_once_and_every_mention_opens_it(client):
    old_law()
    article = make_article(body="《治安处罚示例法》第二条。" * 3, published_at=on(2020))
    root = page(client, article)
    assert len(root.select(".provision-note")) == 1
    targets = [button.get("popovertarget") for button in root.select(".citation-open")]
    assert targets == ["note-1"] * 3
    assert len(root.select(".cited-provisions li")) == 1


def test_the_old_and_the_new_law_of_one_number_lead_to_their_own_texts(client):
    old_law()
    new_law()
    body = "旧《治安处罚示例法》第二条处罚骚扰；新《治安处罚示例法》第二条处罚铁路上的行走。"
    article = make_article(body=body, published_at=on(2026))
    assert states(article) == ["renumbered", "current"]
    old, new = (link["href"] for link in page(client, article).select(".prose a.citation"))
    assert (old[-3:], new[-3:]) == ("/3/", "/2/")


def test_a_number_that_is_in_doubt_once_is_told_of_nowhere(client):
    old_law()
    new_law()
    body = (
        f"《治安处罚示例法》第二条规定：“{TRACKS}”\n\n"
        "2023年5月，派出所依《治安处罚示例法》第二条处罚了他。"
    )
    article = make_article(body=body, published_at=on(2026))
    assert states(article) == ["current", ""]
    assert [law["state"] for law in article.cited] == [""]


def test_links_never_touch_code_links_or_headings(client):
    old_law()
    body = (
        "## 《治安处罚示例法》第二条\n\n`《治安处罚示例法》第二条`\n\n"
        "[《治安处罚示例法》第二条](https://www.example.com/)"
    )
    article = make_article(body=body, published_at=on(2020))
    assert not page(client, article).select("a.citation")


def test_without_its_links_the_stored_html_is_what_rendering_made():
    old_law()
    article = make_article(body="**《治安处罚示例法》**第二条、第三条。", published_at=on(2020))
    linked = article.body_html
    publishing.render_article(article)
    assert linked != article.body_html == strip(linked)


def test_links_survive_rendering_anew():
    old_law()
    article = make_article(body="《治安处罚示例法》第二条。", published_at=on(2020))
    linked = article.body_html
    call_command("render_articles", verbosity=0)
    article.refresh_from_db()
    assert article.body_html == linked


def test_machines_are_told_what_the_page_says(client):
    old_law()
    article = make_article(body="《治安处罚示例法》第二条。", published_at=on(2020))
    text = client.get(article.get_absolute_url() + ".md").content.decode()
    assert re.search(r"\[《治安处罚示例法》第二条\]\(http\S+/2/\)", text)
    assert '"citation": [{"@type": "Legislation"' in client.get(
        article.get_absolute_url()
    ).content.decode().replace('":[', '": [').replace('":"', '": "').replace(',"', ', "')


def test_the_provision_and_statute_pages_name_the_articles_that_explain_them(client):
    old_law()
    new_law()
    article = make_article(
        "骚扰信息怎么办？", body="《治安处罚示例法》第二条。", published_at=on(2020)
    )
    for address in ("3/", ""):
        url = f"/statutes/zhi-an-chu-fa-shi-li-fa/{address}"
        root = BeautifulSoup(client.get(url).content, "lxml")
        titles = [a.text for a in root.select("#explained ~ div article h3 a")]
        assert titles == [article.title], url
    body = client.get("/statutes/zhi-an-chu-fa-shi-li-fa/3/").content.decode()
    assert "noindex" not in body
    assert "noindex" in client.get("/statutes/zhi-an-chu-fa-shi-li-fa/4/").content.decode()


def test_what_a_person_checked_stays_checked_until_the_law_changes(admin_user):
    old_law()
    body = f"《治安处罚示例法》第四条规定：“{NOISE.replace('处警告', '可以处警告')}”"
    article = make_article(body=body, published_at=on(2020))
    assert states(article) == ["misquoted"]
    article.citations.update(checked_by=admin_user, checked_on=date(2025, 1, 1))
    publishing.refresh(article)
    assert states(article) == ["current"]
    new_law()
    publishing.refresh(article)
    assert states(article) == ["amended"]


def test_what_was_checked_is_open_again_when_its_words_change(admin_user):
    old_law()
    wrong = NOISE.replace("处警告", "可以处警告")
    article = make_article(body=f"《治安处罚示例法》第四条规定：“{wrong}”", published_at=on(2020))
    article.citations.update(checked_by=admin_user, checked_on=date(2025, 1, 1))
    publishing.refresh(article)
    assert states(article) == ["current"]
    article.body = article.body.replace("制造噪声", "制造烟尘")
    publishing.refresh(article)
    assert states(article) == ["misquoted"]


def test_a_slip_in_a_later_paragraph_of_an_unmarked_text_is_seen():
    first = "业主对建筑物内的住宅享有所有权。"
    second = "业主转让住宅的，其对共有部分享有的权利一并转让。"
    make_version("示例物权法", provisions=[f"{first}\n{second}"])
    load.refresh_aliases()
    for words, state in ((second, "current"), (second.replace("一并", "不一并"), "misquoted")):
        article = make_article(body=f"《示例物权法》第一条：{first}\n\n{words}")
        assert states(article) == [state], words


def test_storing_costs_the_same_however_many_citations_there_are(django_assert_max_num_queries):
    old_law()
    article = make_article(body="《治安处罚示例法》第二条。" * 40, published_at=on(2020))
    with django_assert_max_num_queries(12):
        citing.store(article, citing.assess(article))
    assert ArticleCitation.objects.count() == 40


def test_a_body_that_no_longer_exists_is_told(client):
    article = make_article(body="发现违法行为，及时向银保监会投诉。", published_at=on(2026))
    notice = words_of(page(client, article).select("aside.validity-notice")[0])
    assert "文中的银保监会，自2023年5月18日起由国家金融监督管理总局履行职责。" in notice


def test_who_issued_a_document_back_then_is_right(client):
    body = "2020年银保监会发布的《某某办法》已经施行。"
    article = make_article(body=body, published_at=on(2026))
    assert not page(client, article).select("aside.validity-notice")


def test_a_number_brought_to_the_text_of_today_is_read_in_it_from_now_on():
    old_law()
    new_law()
    article = make_article(body="依照《治安处罚示例法》第三条第二项处理。", published_at=on(2020))
    assert states(article) == ["repealed"]  # of the day of publication: animals
    publishing.refresh(article, renewed=[(TITLE, "article-3")])
    assert states(article) == ["current"]
    publishing.refresh(article)
    assert states(article) == ["current"], "kept when it is saved again"
    assert article.citations.get().stated_on == timezone.localdate()


def test_a_renewed_number_whose_law_changes_again_is_told(client):
    old_law()
    article = make_article(body="依照《治安处罚示例法》第四条处理。", published_at=on(2020))
    publishing.refresh(article, renewed=[(TITLE, "article-4")])
    article.citations.update(stated_on=date(2024, 1, 1))
    new_law()
    publishing.refresh(article)
    assert states(article) == ["amended"]


@pytest.mark.parametrize(
    ("body", "attention"),
    [
        ("《治安处罚示例法》第一条。", Attention.NONE),
        ("《没有这部条例》第三条。", Attention.UNKNOWN),
        ("《治安处罚示例法》第二条。", Attention.CHANGED),
        ("《治安处罚示例法》第九十条。", Attention.ERROR),
    ],
)
def test_what_wants_a_person_is_weighed(body, attention):
    old_law()
    new_law()
    make_article(body=body, published_at=on(2020))
    assert ArticleCitation.objects.get().attention == attention


def test_what_one_found_right_is_written_down_and_the_page_follows(admin_user):
    old_law()
    new_law()
    article = make_article(body="依照《治安处罚示例法》第四条处理。", published_at=on(2020))
    assert article.cited[0]["is_noticed"]
    citing.check(article.citations.get(), admin_user)
    row = article.citations.get()
    assert (row.state, row.checked_by, row.checked_on) == (
        "current",
        admin_user,
        timezone.localdate(),
    )
    article.refresh_from_db()
    assert not article.cited[0]["is_noticed"]


def test_a_table_of_the_old_and_the_new_law_links_each_cell_to_its_text(client):
    old_law()
    new_law()
    body = (
        "《治安处罚示例法》第二条处罚铁路上的行走。\n\n"
        "| 旧法 | 新法 |\n|---|---|\n| 《治安处罚示例法》第二条 | 《治安处罚示例法》第二条 |\n"
    )
    article = make_article(body=body, published_at=on(2026))
    assert states(article) == ["current", "renumbered", "current"]
    links = [link["href"][-3:] for link in page(client, article).select(".prose a.citation")]
    assert links == ["/2/", "/3/", "/2/"]
