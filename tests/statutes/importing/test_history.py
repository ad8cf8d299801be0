"""Headers: events, labels, issuers, numbers; and dates of entry into force."""

from datetime import date

import pytest

from statutes.importing.dates import effective_date
from statutes.importing.history import document_number, events_of, issuer_of, kind_of, label_of
from statutes.importing.parsed import Body, ParsedProvision

CONGRESS = "第十四届全国人民代表大会常务委员会第五次会议"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["1991年4月9日 第七届全国人民代表大会第四次会议通过"], [("1991-04-09", "通过")]),
        (["2012年10月26日 会议《关于修改<某法>的决定》修正"], [("2012-10-26", "修正")]),
        (["2022年10月30日 会议修订）"], [("2022-10-30", "修订")]),
        (["2024年1月1日 施行"], [("2024-01-01", "施行")]),
        (["2006年4月1日 起生效）"], [("2006-04-01", "施行")]),
        (
            ["1985年7月6日 林业部发布", "公布之日施行"],
            [("1985-07-06", "公布"), ("1985-07-06", "施行")],
        ),
        (["1982年12月4日 公告公布施行"], [("1982-12-04", "公布"), ("1982-12-04", "施行")]),
        # wrapped, in one line, in parentheses, full-width
        (
            ["2015年8月29日 会议《关于修改〈甲法〉", "〈乙法〉的决定》第三次修正"],
            [("2015-08-29", "修正")],
        ),
        (
            ["2016年2月6日 第二次修订  根据", "2020年11月29日 《国务院决定》第三次修订"],
            [("2016-02-06", "修订"), ("2020-11-29", "修订")],
        ),
        (
            ["（1994年8月31日通过　根据2009年8月27日《决定》第一次修正）"],
            [("1994-08-31", "通过"), ("2009-08-27", "修正")],
        ),
        (["２０１２年１２月１９日 公安部令第１２５号发布，"], [("2012-12-19", "公布")]),
        (
            ["2021年4月7日 会议修正，该修正自2021年4月15日施行"],
            [("2021-04-07", "修正"), ("2021-04-15", "施行")],
        ),
        (["1999年12月25日 会议通过的《中华人民共和国刑法修正案》"], [("1999-12-25", "修正")]),
        (["第三十一条的决定》第一次修正"], []),
        (["2021年13月41日 通过"], []),
        ([], []),
    ],
)
def test_reads_events(header, expected):
    assert [(str(event.on), event.kind) for event in events_of(header)] == expected


@pytest.mark.parametrize(
    ("title", "header", "label"),
    [
        ("甲法", ["2020年1月1日 会议通过"], "制定"),
        ("甲法", ["2020年1月1日 会议通过", "2021年1月1日 会议修订"], "修订"),
        (
            "甲法",
            ["2020年1月1日 会议通过", "2021年1月1日 会议《关于修改〈甲法〉的决定》修正"],
            "修正",
        ),
        # State Council: 修订 by a decision changes single articles
        ("甲条例", ["2020年1月1日 公布", "2021年1月1日 《国务院关于修改的决定》修订"], "修正"),
        # a court that adopts the same interpretation again, years later, amends it
        ("甲解释", ["1998年6月11日 第992次会议通过", "2020年12月23日 第1823次会议通过"], "修正"),
        ("甲解释", ["2023年1月3日 最高人民法院通过", "2023年3月2日 最高人民检察院通过"], "制定"),
        ("中华人民共和国刑法修正案（十二）", ["2023年12月29日 会议通过"], "修正案"),
        ("甲法", [], ""),
    ],
)
def test_says_what_a_version_is(title, header, label):
    assert label_of(title, events_of(header)) == label


@pytest.mark.parametrize(
    ("title", "header", "kind", "issuer"),
    [
        ("甲法", [f"2023年9月1日 {CONGRESS}通过"], "法律", "全国人民代表大会常务委员会"),
        (
            "甲法",
            ["1997年3月14日 第八届全国人民代表大会第五次会议修订"],
            "法律",
            "全国人民代表大会",
        ),
        (
            "最高人民法院、最高人民检察院关于甲的解释",
            [],
            "司法解释",
            "最高人民法院、最高人民检察院",
        ),
        ("关于甲的解释", ["2020年1月1日 最高人民法院审判委员会通过"], "司法解释", "最高人民法院"),
        ("甲条例", ["2020年1月1日 公布"], "行政法规", "国务院"),
        ("甲办法", [], "部门规章", ""),
    ],
)
def test_says_who_made_it(title, header, kind, issuer):
    assert issuer_of(title, events_of(header), kind) == issuer


def test_reads_the_number_of_the_document():
    assert document_number(["2024年1月1日 法释〔2024〕3号公布"]) == "法释〔2024〕3号"
    assert "令第786号" in document_number(["2024年7月10日 中华人民共和国国务院令第786号修订"])
    assert document_number(["2024年1月1日 通过"]) == ""


@pytest.mark.parametrize(
    ("title", "folder_kind", "kind"),
    [
        ("中华人民共和国刑法修正案（十）", "法律", "修正案"),
        ("中华人民共和国宪法修正案（2018年）", "宪法", "修正案"),
        ("全国人民代表大会常务委员会关于《中华人民共和国刑法》第三十条的解释", "法律", "立法解释"),
        ("全国人民代表大会常务委员会关于设立台湾光复纪念日的决定", "法律", "决定"),
        ("最高人民法院关于修改《甲》的决定", "司法解释", "司法解释"),
        ("中华人民共和国公司法", "法律", "法律"),
    ],
)
def test_says_of_what_kind_it_is(title, folder_kind, kind):
    assert kind_of(title, folder_kind) == kind


# --- entry into force ----------------------------------------------------------------------

PROMULGATED = date(2025, 10, 28)


def body(closing):
    return Body(provisions=(ParsedProvision(79, 0, "第七十九条", closing, None),))


@pytest.mark.parametrize(
    ("closing", "label", "header", "expected"),
    [
        ("本法自2026年1月1日起施行。", "制定", [], date(2026, 1, 1)),
        ("本法自2026年1月1日起施行。", "修正", [], date(2026, 1, 1)),
        ("本法自2017年6月1日起施行。", "修正", [], None),
        ("本法自2017年6月1日起施行。", "修正", ["2026年1月1日 施行"], date(2026, 1, 1)),
        ("本法自2026年1月1日起施行。", "修正", ["2015年1月1日 施行"], date(2026, 1, 1)),
        ("本法自公布之日起施行。", "制定", [], PROMULGATED),
        ("本法自公布之日起施行。", "修订", [], PROMULGATED),
        ("本法自公布之日起施行。", "修正", [], None),
        ("本办法自公布之日起施行。", "制定", ["2025年10月28日 部务会议通过"], None),
        (
            "本法自公布之日起施行。",
            "制定",
            ["2025年10月28日 全国人民代表大会常务委员会第十八次会议通过"],
            PROMULGATED,
        ),
        ("本法自公布之日起施行。", "", [], None),
        ("本法由国务院解释。", "制定", [], None),
        ("本法自2026年13月1日起施行。", "制定", [], None),
    ],
)
def test_a_day_before_promulgation_is_no_day_of_this_version(closing, label, header, expected):
    found = effective_date(body(closing), PROMULGATED, label, events_of(header))
    assert found.on == expected
    assert found.basis


def test_says_why_an_earlier_day_was_passed_over():
    found = effective_date(body("本法自2017年6月1日起施行。"), PROMULGATED, "修正")
    assert found.warnings == ("条文的施行日期2017年6月1日早于公布日期，属于以前的版本",)
