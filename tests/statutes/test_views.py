"""What readers of statutes get: the law of the day, its other versions, its provisions."""

import itertools
import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import fromstring

from statutes.importing import load
from statutes.locators import Locator
from statutes.models import Statute
from tests.factories import make_parsed, make_statute, make_version

pytestmark = pytest.mark.django_db

TITLE = "中华人民共和国治安甲法"
PURPOSE = "为了维护社会治安秩序，保障公共安全，保护公民的合法权益，制定本法。"
RAILWAY = "擅自进入铁路、城市轨道交通防护网，影响行车安全的，处警告或者五百元以下罚款。"
THREATS = (
    "有下列行为之一的，处五日以下拘留或者五百元以下罚款：\n"
    "（一）写恐吓信或者以其他方法威胁他人人身安全的；\n"
    "（二）多次发送淫秽、侮辱、恐吓信息，干扰他人正常生活的。\n"
    "盲人违反前款规定的，可以从轻处罚。"
)
BLUFF = "冒充国家机关工作人员招摇撞骗的，处五日以上十日以下拘留；情节较轻的，处警告。"
PETS = "饲养动物，干扰他人正常生活的，处警告；放任动物恐吓他人的，处二百元以下罚款。"
OLD, NEW = date(2012, 10, 26), date(2025, 6, 27)
OLD_FROM, NEW_FROM = date(2013, 1, 1), date(2026, 1, 1)
TODAY = date(2026, 11, 23)


@pytest.fixture
def today(monkeypatch):
    """Set the day: today(date(…)); without a call it is TODAY."""

    def set_day(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)

    set_day(TODAY)
    return set_day


@pytest.fixture
def act(today):
    """A statute revised once: its second 条 became the third, amended; its fourth was deleted."""
    make_version(
        TITLE,
        provisions=[PURPOSE, THREATS, BLUFF, PETS],
        promulgated_on=OLD,
        effective_from=OLD_FROM,
        label="修正",
    )
    version = make_version(
        TITLE,
        provisions=[PURPOSE, RAILWAY, THREATS.replace("五百元", "一千元"), BLUFF],
        promulgated_on=NEW,
        effective_from=NEW_FROM,
        label="修订",
    )
    return version.statute


def page_of(response, status=200):
    assert response.status_code == status
    return fromstring(response.content.decode())


def select(element, selector):
    """Return what ".class tag #id" finds below an element: names, classes, ids, descendants."""
    path = "."
    for step in selector.split():
        tag, mark, name = re.fullmatch(r"(\w*)([.#]?)([\w-]*)", step).groups()
        path += f"//{tag or '*'}"
        if mark == "#":
            path += f"[@id='{name}']"
        elif mark:
            path += f"[contains(concat(' ', @class, ' '), ' {name} ')]"
    return element.xpath(path)


def words(element):
    return " ".join(element.text_content().split())


def all_words(elements):
    return [words(element) for element in elements]


def canonical(page):
    return page.xpath("//link[@rel='canonical']/@href")


def json_ld(page, kind):
    blocks = (json.loads(s.text) for s in page.xpath("//script[@type='application/ld+json']"))
    return next(block for block in blocks if block.get("@type") == kind)


# --- The law today ------------------------------------------------------------------------


def test_the_statute_page_shows_the_text_in_force_today(client, act):
    page = page_of(client.get(act.get_absolute_url()))
    assert all_words(page.iter("h1")) == [TITLE]
    assert len(select(page, "h1 wbr")) == 1, "a narrow screen breaks after 中华人民共和国"
    assert all_words(select(page, ".law-head .status")) == ["现行有效"]
    assert canonical(page) == [settings.SITE_URL + act.get_absolute_url()]
    assert "一千元以下罚款" in words(select(page, "#article-3")[0])
    assert "2026年1月1日" in words(select(page, ".facts")[0])


@pytest.mark.parametrize(
    ("fragment", "opens"),
    [
        ("article-3", "第三条"),
        ("article-3-p1", "有下列行为之一的"),
        ("article-3-p1-i2", "（二）多次发送"),
        ("article-3-p2", "盲人违反前款规定"),
    ],
)
def test_every_part_has_the_address_of_its_locator(client, act, fragment, opens):
    page = page_of(client.get(act.get_absolute_url()))
    (part,) = select(page, f"#{fragment}")
    assert words(part).startswith(opens)


def test_an_item_cited_without_its_paragraph_is_found_too(client, act):
    page = page_of(client.get(act.get_absolute_url()))
    (mark,) = select(page, "#article-3-i2")
    assert mark.getparent().get("id") == "article-3-p1-i2"


def test_no_address_stands_twice_in_a_page(client, act):
    ids = page_of(client.get(act.get_absolute_url())).xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_number_leads_to_the_page_of_its_provision(client, act):
    page = page_of(client.get(act.get_absolute_url()))
    links = select(page, ".provision-number a")
    assert [link.get("href") for link in links] == [
        f"{act.get_absolute_url()}{number}/" for number in (1, 2, 3, 4)
    ]


def test_notes_beside_the_text_say_what_each_provision_was(client, act):
    page = page_of(client.get(act.get_absolute_url()))
    notes = {
        section.get("id"): all_words(select(section, ".provision-aside"))
        for section in select(page, ".provision")
    }
    assert notes == {
        "article-1": [],
        "article-2": ["2025年修订新增"],
        "article-3": ["原第二条，有修改"],
        "article-4": ["原第三条"],
    }


@pytest.mark.parametrize(
    ("day", "status", "shown"),
    [
        (date(2012, 12, 31), "尚未施行", "五百元"),
        (date(2013, 1, 1), "现行有效", "五百元"),
        (date(2025, 12, 31), "现行有效", "五百元"),
        (date(2026, 1, 1), "现行有效", "一千元"),
    ],
)
def test_which_text_is_shown_follows_the_day(client, act, today, day, status, shown):
    today(day)
    page = page_of(client.get(act.get_absolute_url()))
    assert all_words(select(page, ".law-head .status")) == [status]
    assert f"{shown}以下罚款" in words(page.xpath("//p[contains(., '有下列行为')]")[0])


def test_a_version_to_come_is_announced_with_its_day(client, act, today):
    today(date(2025, 12, 31))
    page = page_of(client.get(act.get_absolute_url()))
    (notice,) = select(page, ".validity-notice")
    assert words(notice) == "2026年1月1日起施行2025年修订，改动见新旧对照。"
    assert [a.get("href") for a in notice.iter("a")] == [
        f"{act.get_absolute_url()}@2025-06-27/",
        f"{act.get_absolute_url()}compare/2012-10-26/2025-06-27/",
    ]


@pytest.mark.parametrize("revised_from", [None, date(2027, 1, 1)])
def test_without_a_known_day_no_text_is_called_in_force(client, today, revised_from):
    make_version(TITLE, promulgated_on=OLD, effective_from=None)
    statute = make_version(
        TITLE,
        provisions=["新的第一条。"],
        promulgated_on=NEW,
        effective_from=revised_from,
        label="修订",
    ).statute
    page = page_of(client.get(statute.get_absolute_url()))
    assert all_words(select(page, ".law-head .status")) == ["待核"]
    assert "施行日期未经核实" in words(select(page, ".validity-notice")[0])
    assert "现行有效" not in words(select(page, ".facts")[0])
    assert ("新的第一条" in words(select(page, ".law")[0])) == (revised_from is None)
    assert "legislationLegalForce" not in json_ld(page, "Legislation")


def test_a_repealed_statute_says_since_when_by_what_and_what_replaced_it(client, act):
    code = make_statute("中华人民共和国乙法典")
    Statute.objects.filter(pk=act.pk).update(
        repealed_on=date(2026, 8, 15), repeal_source="《乙法典》第九条", replaced_by=code
    )
    act.refresh_from_db()
    load.settle(act)
    page = page_of(client.get(act.get_absolute_url()))
    notice = words(select(page, ".validity-notice")[0])
    assert "自2026年8月15日起废止，依据是《乙法典》第九条" in notice
    assert select(page, ".validity-notice a")[0].get("href") == code.get_absolute_url()
    assert all_words(select(page, ".law-head .status")) == ["已废止"]
    assert "一千元" in words(select(page, ".law")[0])
    code_page = page_of(client.get(code.get_absolute_url()))
    assert act.get_absolute_url() in code_page.xpath("//main//a/@href")


def test_a_repealed_statute_without_text_still_has_a_page(client, today):
    statute = make_statute(
        "中华人民共和国合同法",
        repealed_on=date(2021, 1, 1),
        repeal_source="《民法典》第一千二百六十条",
    )
    page = page_of(client.get(statute.get_absolute_url()))
    assert all_words(select(page, ".status")) == ["已废止"]
    assert "本站没有收录它的文本" in words(select(page, ".validity-notice")[0])
    assert client.get(statute.get_absolute_url() + "1/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "none/",
        "none.md",
        "none/1/",
        "none/@2012-10-26/",
        "none/compare/2012-10-26/2025-06-27/",
        "zhi-an-jia-fa/99/",
        "zhi-an-jia-fa/0/",
        "zhi-an-jia-fa/01/",
        "zhi-an-jia-fa/2-1/",
        "zhi-an-jia-fa/@2012-10-27/",
        "zhi-an-jia-fa/@2012-13-45/",
        "zhi-an-jia-fa/@v1/",
        "zhi-an-jia-fa/compare/2012-10-26/2012-10-26/",
        "zhi-an-jia-fa/compare/2012-10-26/2013-10-26/",
        "zhi-an-jia-fa/compare/2012-10-26/2025-06-27/?page=2",
        "zhi-an-jia-fa/compare/2012-10-26/2025-06-27/?page=1",
        "zhi-an-jia-fa/compare/2012-10-26/2025-06-27/?page=x",
    ],
)
def test_what_was_never_there_is_not_found(client, act, path):
    assert act.slug == "zhi-an-jia-fa"
    assert client.get("/statutes/" + path).status_code == 404


def test_law_is_text_not_markup(client, today):
    statute = make_version(TITLE, provisions=["<script>alert(1)</script>&amp;为了甲。"]).statute
    text = client.get(statute.get_absolute_url()).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;为了甲。" in text


# --- A version for ever -------------------------------------------------------------------


def test_an_old_version_keeps_its_text_and_says_what_took_its_place(client, act):
    address = f"{act.get_absolute_url()}@2012-10-26/"
    page = page_of(client.get(address))
    assert canonical(page) == [settings.SITE_URL + address]
    assert "五百元以下罚款" in words(select(page, "#article-2")[0])
    notice = words(select(page, ".validity-notice")[0])
    assert "自2026年1月1日起已由2025年修订代替" in notice
    assert act.get_absolute_url() in page.xpath("//*[@class='validity-notice']//a/@href")
    assert words(next(page.iter("h1"))) == f"{TITLE}2012年修正"


def test_numbers_of_an_old_version_do_not_lead_to_todays_other_rule(client, act):
    page = page_of(client.get(f"{act.get_absolute_url()}@2012-10-26/"))
    section = select(page, "#article-2")[0]
    assert select(section, ".provision-number a")[0].get("href") == "#article-2"
    (note,) = select(section, ".provision-aside a")
    assert (words(note), note.get("href")) == (
        "2025年修订为第三条",
        f"{act.get_absolute_url()}3/",
    )
    assert words(select(page, "#article-4 .provision-aside")[0]) == "2025年修订删去"


def test_the_version_of_today_has_an_address_of_its_own_without_notice(client, act):
    page = page_of(client.get(f"{act.get_absolute_url()}@2025-06-27/"))
    assert all_words(select(page, ".law-head .status")) == ["现行有效"]
    assert select(page, ".validity-notice") == []


def test_a_version_without_a_day_has_its_number_as_address(client, today):
    version = make_version(TITLE, promulgated_on=None, effective_from=None)
    assert version.get_absolute_url().endswith(f"/@v{version.pk}/")
    assert client.get(version.get_absolute_url()).status_code == 200


# --- Comparison -----------------------------------------------------------------------------


@pytest.fixture
def compared(client, act):
    return page_of(
        client.get(f"{act.get_absolute_url()}compare/2012-10-26/2025-06-27/"),
    )


def test_a_comparison_marks_the_changed_words(compared):
    (row,) = [
        r
        for r in select(compared, ".comparison-row")
        if r.xpath(".//del/following-sibling::*[1][self::ins]")
    ]
    assert all_words(select(row, ".comparison-old h2")) == ["第二条现为第三条"]
    assert all_words(select(row, ".comparison-new h2")) == ["第三条原第二条"]
    assert all_words(select(row, ".comparison-new del")) == ["五百元以下"]
    assert all_words(select(row, ".comparison-new ins")) == ["一千元以下"]
    assert select(row, ".comparison-old ins") == []


def test_a_comparison_shows_added_and_removed_provisions(compared):
    rows = {row.get("aria-label"): row for row in select(compared, ".comparison-row")}
    assert list(rows) == ["新增，第二条", "第二条，第三条", "第四条，删去"]
    assert words(select(rows["新增，第二条"], "ins")[0]) == RAILWAY
    assert words(select(rows["第四条，删去"], "del")[0]) == PETS


def test_a_comparison_folds_what_has_the_same_words(compared):
    assert all_words(select(compared, ".comparison-same summary")) == [
        "第一条，1条文字未变",
        "第四条，1条文字未变，其中1条移动条号",
    ]
    assert "原第三条" in words(select(compared, ".comparison-same ul")[1])


def test_a_comparison_the_wrong_way_round_is_sent_the_right_way(client, act):
    response = client.get(f"{act.get_absolute_url()}compare/2025-06-27/2012-10-26/")
    assert response.status_code == 301
    assert response["Location"] == (f"{act.get_absolute_url()}compare/2012-10-26/2025-06-27/")


def test_versions_further_apart_are_compared_through_those_between(client, act, today):
    make_version(
        TITLE,
        provisions=[PURPOSE, RAILWAY, BLUFF, THREATS.replace("五百元", "二千元")],
        promulgated_on=date(2026, 9, 1),
        effective_from=date(2026, 10, 1),
        label="修正",
    )
    address = f"{act.get_absolute_url()}compare/2012-10-26/2026-09-01/"
    with CaptureQueriesContext(connection) as queries:
        page = page_of(client.get(address))
    rows = [row.get("aria-label") for row in select(page, ".comparison-row")]
    assert "第二条，第四条" in rows
    assert len(queries) <= 6


def test_a_long_comparison_is_paged(client, today, monkeypatch):
    monkeypatch.setattr("statutes.comparison.PAGE_ROWS", 5)
    monkeypatch.setattr("statutes.comparison.pages_of.__defaults__", (5,))
    old = [f"第{n}件事由主管机关依照第{n}号目录登记，费用{n}元。" for n in range(1, 13)]
    make_version(TITLE, provisions=old, promulgated_on=OLD, effective_from=OLD_FROM)
    new = [text.replace("登记", "备案") for text in old]
    statute = make_version(
        TITLE, provisions=new, promulgated_on=NEW, effective_from=NEW_FROM, label="修订"
    ).statute
    address = f"{statute.get_absolute_url()}compare/2012-10-26/2025-06-27/"
    seen = []
    for query in ("", "?page=2", "?page=3"):
        page = page_of(client.get(address + query))
        assert canonical(page) == [settings.SITE_URL + address + query]
        seen += [row.get("aria-label") for row in select(page, ".comparison-row")]
    assert len(seen) == len(set(seen)) == 12
    assert client.get(f"{address}?page=4").status_code == 404


# --- One provision ----------------------------------------------------------------------------


def test_a_provision_shows_its_text_its_history_and_its_neighbours(client, act):
    address = reverse("statutes:provision", args=[act.slug, Locator(3)])
    page = page_of(client.get(address))
    assert words(next(page.iter("h1"))) == f"{TITLE}第三条"
    assert "一千元以下罚款" in words(select(page, ".provision-text")[0])
    assert all_words(select(page, ".history h3")) == [
        "2025年修订，第三条",
        "2012年修正，第二条",
    ]
    assert all_words(select(page, ".history ins")) == ["一千元以下"]
    assert "原为第二条" in words(select(page, ".history li")[0])
    assert [a.get("href") for a in select(page, ".provision-steps a")] == [
        f"{act.get_absolute_url()}2/",
        f"{act.get_absolute_url()}4/",
    ]


def test_a_provision_is_not_indexed_until_an_article_cites_it(client, act):
    page = page_of(client.get(f"{act.get_absolute_url()}3/"))
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex,follow"]
    assert canonical(page) == [f"{settings.SITE_URL}{act.get_absolute_url()}3/"]


def test_an_old_number_tells_where_its_rule_stands_now(client, act):
    page = page_of(client.get(f"{act.get_absolute_url()}2/"))
    assert RAILWAY in words(select(page, ".provision-text")[0])
    (note,) = select(page, ".namesake")
    assert words(note) == "2012年修正的第二条是另一条规定，现为第三条。"
    assert f"{act.get_absolute_url()}3/" in note.xpath(".//a/@href")


def test_a_number_may_mean_another_rule_from_a_day_on(client, act, today):
    today(date(2025, 12, 31))
    page = page_of(client.get(f"{act.get_absolute_url()}2/"))
    assert "五百元" in words(select(page, ".provision-text")[0])
    (note,) = select(page, ".namesake")
    assert words(note) == "自2026年1月1日起，第二条是另一条规定：见2025年修订。"


def test_a_number_that_is_gone_says_so(client, today):
    make_version(
        TITLE, provisions=[PURPOSE, BLUFF, PETS], promulgated_on=OLD, effective_from=OLD_FROM
    )
    statute = make_version(
        TITLE,
        provisions=[PURPOSE, PETS],
        promulgated_on=NEW,
        effective_from=NEW_FROM,
        label="修订",
    ).statute
    page = page_of(client.get(f"{statute.get_absolute_url()}3/"))
    notice = select(page, ".validity-notice")[0]
    assert words(notice) == "2025年修订里没有第三条。下面是2012年制定的文字，内容现为第二条。"
    assert f"{statute.get_absolute_url()}2/" in notice.xpath(".//a/@href")
    assert all_words(select(page, ".facts .status")) == ["已被修改"]


def test_a_provision_of_a_repealed_statute_leads_to_its_place_in_the_new_one(client, today):
    code = make_version("中华人民共和国乙法典", provisions=[RAILWAY, THREATS, PETS]).statute
    statute = make_version(TITLE, provisions=[BLUFF, THREATS]).statute
    Statute.objects.filter(pk=statute.pk).update(
        repealed_on=date(2020, 7, 1), repeal_source="《乙法典》第三条", replaced_by=code
    )
    statute.refresh_from_db()
    load.settle(statute)
    page = page_of(client.get(f"{statute.get_absolute_url()}2/"))
    assert "这一条的内容现见《乙法典》第二条" in words(select(page, ".validity-notice")[0])
    page = page_of(client.get(f"{code.get_absolute_url()}2/"))
    assert "《治安甲法》2020年制定，第二条" in all_words(select(page, ".history h3"))
    page = page_of(client.get(code.get_absolute_url()))
    assert words(select(page, "#article-2 .provision-aside")[0]) == "源自《治安甲法》第二条"


# --- The list -----------------------------------------------------------------------------------


@pytest.fixture
def shelf(act):
    make_statute("中华人民共和国合同法", repealed_on=NEW, repeal_source="《丙法典》第一条")
    make_version("丁条例", kind="行政法规", effective_from=None)
    make_version("戊条例", kind="行政法规", effective_from=date(2027, 1, 1))


def titles(page):
    return all_words(select(page, ".statute-list h2"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["中华人民共和国合同法", TITLE, "丁条例", "戊条例"]),
        ("?kind=法律", ["中华人民共和国合同法", TITLE]),
        ("?kind=行政法规", ["丁条例", "戊条例"]),
        ("?standing=现行有效", [TITLE]),
        ("?standing=待核", ["丁条例"]),
        ("?standing=尚未施行", ["戊条例"]),
        ("?standing=已废止", ["中华人民共和国合同法"]),
        ("?kind=法律&standing=已废止", ["中华人民共和国合同法"]),
        ("?kind=宪法", []),
    ],
)
def test_the_list_is_narrowed_by_kind_and_standing(client, shelf, query, expected):
    assert titles(page_of(client.get("/statutes/" + query))) == expected


@pytest.mark.parametrize(
    "query",
    [
        "?kind=小说",
        "?standing=有效",
        "?subject=民法",
        "?standing=已被修改",
        "?page=2",
        "?after=1-a",
        "?after=1-zz&page=2",
        "?after=1-%00&page=2",
        "?after=x&page=2",
        "?page=x",
        "?before=1-a&after=1-b&page=2",
    ],
)
def test_what_the_list_never_offered_is_not_found(client, shelf, query):
    if query == "?after=1-zz&page=2":
        query = "?kind=法律&after=1-zz&page=2"
    assert client.get("/statutes/" + query).status_code == 404


def test_the_standing_in_the_list_is_that_of_the_page(client, shelf):
    for statute in Statute.objects.with_standing(TODAY):
        page = page_of(client.get(statute.get_absolute_url()))
        assert all_words(select(page, ".law-head .status")) == [statute.standing]


def test_the_pages_of_the_list_hold_every_statute_once(client, today):
    for number in range(120):
        make_statute(f"第{number:03}号条例", kind="行政法规" if number % 2 else "法律")
    address, seen = "/statutes/", []
    back = []
    while address:
        page = page_of(client.get(address))
        assert canonical(page) == [settings.SITE_URL + address]
        seen += titles(page)
        back.append(address)
        address = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen)) == 120
    assert len(back) == 3
    previous = page_of(client.get(page.xpath("//a[@rel='prev']/@href")[0]))
    assert titles(previous) == seen[50:100]
    assert previous.xpath("//a[@rel='prev']/@href") == ["/statutes/"]


def test_narrowed_lists_are_left_out_of_indexes(client, shelf):
    for query, robots in [("", []), ("?kind=法律", []), ("?standing=待核", ["noindex,follow"])]:
        page = page_of(client.get("/statutes/" + query))
        assert page.xpath("//meta[@name='robots']/@content") == robots


# --- Changes ------------------------------------------------------------------------------------


def test_changes_are_listed_newest_first_with_what_changed(client, shelf):
    page = page_of(client.get("/statutes/changes/"))
    entries = [
        (words(select(li, ".when")[0]), words(select(li, "h2")[0]))
        for li in select(page, ".law-changes li")
    ]
    assert entries == [
        ("2027年1月1日起将施行", "戊条例（2020年制定）"),
        ("2026年1月1日起施行", "治安甲法（2025年修订）"),
        ("2025年6月27日起废止", "合同法"),
        ("2013年1月1日起施行", "治安甲法（2012年修正）"),
    ]
    revised = select(page, ".law-changes li")[1]
    assert "与2012年修正相比：修改1条，新增1条，删去1条，仅移动条号1条。" in words(revised)
    assert "/statutes/zhi-an-jia-fa/compare/2012-10-26/2025-06-27/" in revised.xpath(".//a/@href")


def test_older_changes_are_on_further_pages(client, today, monkeypatch):
    monkeypatch.setattr("statutes.views.CHANGES_ON_A_PAGE", 3)
    for number in range(5):
        make_version(f"第{number}号条例")
        make_statute(f"第{number}号法", repealed_on=OLD, repeal_source="《己法》第一条")
    address, seen = "/statutes/changes/", []
    while address:
        page = page_of(client.get(address))
        seen += all_words(select(page, ".law-changes h2"))
        address = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize("before", ["x", "2026-13-01-v1", "2026-01-01", "1900-01-01-v1"])
def test_a_place_that_the_list_of_changes_never_had_is_not_found(client, act, before):
    assert client.get(f"/statutes/changes/?before={before}").status_code == 404


def test_the_home_page_shows_the_newest_changes(client, shelf):
    page = page_of(client.get("/"))
    assert len(select(page, ".law-changes li")) == 4
    assert "/statutes/changes/" in page.xpath("//main//a/@href")


# --- Machines -----------------------------------------------------------------------------------


def test_the_markdown_is_the_text_for_machines(client, act):
    response = client.get(f"/statutes/{act.slug}.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == f'<{settings.SITE_URL}{act.get_absolute_url()}>; rel="canonical"'
    text = response.content.decode()
    assert text.startswith(f"# {TITLE}\n")
    assert "- 效力：现行有效\n" in text
    assert f"**第二条** {RAILWAY}\n" in text
    assert "\n（一）写恐吓信或者以其他方法威胁他人人身安全的；\n" in text


def test_structured_data_names_the_statute_its_dates_and_its_force(client, act):
    page = page_of(client.get(act.get_absolute_url()))
    data = json_ld(page, "Legislation")
    assert data["name"] == TITLE
    assert data["alternateName"] == "治安甲法"
    assert data["legislationType"] == "法律"
    assert data["legislationDate"] == "2025-06-27"
    assert data["temporalCoverage"] == "2026-01-01/.."
    assert data["legislationLegalForce"] == "https://schema.org/InForce"
    crumbs = json_ld(page, "BreadcrumbList")["itemListElement"]
    assert [crumb["name"] for crumb in crumbs] == ["首页", "法律法规", "法律", "治安甲法"]

    old = json_ld(page_of(client.get(f"{act.get_absolute_url()}@2012-10-26/")), "Legislation")
    assert old["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert old["temporalCoverage"] == "2013-01-01/2026-01-01"
    assert old["url"].endswith("/@2012-10-26/")

    part = json_ld(page_of(client.get(f"{act.get_absolute_url()}3/")), "Legislation")
    assert part["isPartOf"]["@id"] == data["@id"]
    assert part["text"] == THREATS.replace("五百元", "一千元")


@pytest.mark.parametrize("end", ["", "@2012-10-26/", "compare/2012-10-26/2025-06-27/", "3/", "2/"])
def test_headings_step_down_one_level_at_a_time(client, act, end):
    page = page_of(client.get(act.get_absolute_url() + end))
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize(
    "path", ["", "changes/", "zhi-an-jia-fa/", "zhi-an-jia-fa/3/", "zhi-an-jia-fa.md"]
)
def test_pages_are_the_same_for_every_reader(client, act, path):
    response = client.get(f"/statutes/{path}")
    assert "public" in response["Cache-Control"]
    assert "ETag" in response
    assert not response.cookies
    assert client.post(f"/statutes/{path}").status_code == 405


# --- Cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [3, 300])
@pytest.mark.parametrize(
    ("end", "most"), [("", 8), (".md", 8), ("@2025-06-27/", 8), ("2/", 10), ("compare", 6)]
)
def test_the_number_of_queries_does_not_grow_with_the_text(client, today, number, end, most):
    texts = [f"第{n}件事由主管机关依照第{n}号目录登记，费用{n}元。" for n in range(number)]
    for day, word in ((OLD, "登记"), (NEW, "备案")):
        parsed = make_parsed(
            TITLE,
            provisions=[text.replace("登记", word) for text in texts],
            promulgated_on=day,
            effective_from=day,
        )
        load.load(parsed)
    slug = Statute.objects.get().slug
    path = f"/statutes/{slug}/{end}"
    if end == ".md":
        path = f"/statutes/{slug}.md"
    elif end == "compare":
        path = f"/statutes/{slug}/compare/{OLD}/{NEW}/"
    client.get(path)  # the site's own record is cached from here on
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= most


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize("path", ["/statutes/", "/statutes/changes/", "/"])
def test_lists_ask_the_same_few_questions_however_long(client, today, number, path):
    for index in range(number):
        make_version(f"第{index}号条例")
        make_version(
            f"第{index}号条例",
            provisions=["甲乙丙丁。"],
            promulgated_on=NEW,
            effective_from=NEW_FROM,
        )
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 8
