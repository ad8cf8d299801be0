"""Pasted text."""

import re
from datetime import date

import pytest

from statutes.importing.parse_markdown import HEADER_END, parse_markdown
from statutes.importing.parse_text import parse_text
from statutes.importing.parsed import ParseError
from tests.statutes.sources import law_file, laws_folder

PASTED = """中华人民共和国甲法

（1994年8月31日第八届全国人民代表大会常务委员会第九次会议通过　根据2009年8月27日
第十一届全国人民代表大会常务委员会第十次会议《关于修改部分法律的决定》第一次修正　2025年
9月12日第十四届全国人民代表大会常务委员会第十七次会议修订）

目　　录

第一章　总则……………1
第二章　附则……………9

第一章
总　则
第一条　为了甲，制定本法。
　　第二款。
第二条　有下列情形的：
　　（一）子；
　　（二）丑。
第二章　附则
第三条　本法自2026年3月1日起施行。
"""


def test_reads_what_an_editor_pastes():
    version = parse_text(PASTED, kind="法律")
    assert version.title == "中华人民共和国甲法"
    assert (version.label, version.kind) == ("修订", "法律")
    assert [event.kind for event in version.events] == ["通过", "修正", "修订"]
    assert version.promulgated_on == date(2025, 9, 12)
    assert version.effective_from == date(2026, 3, 1)
    assert [d.heading for d in version.divisions] == ["第一章 总则", "第二章 附则"]
    assert [p.text for p in version.provisions] == [
        "为了甲，制定本法。\n第二款。",
        "有下列情形的：\n（一）子；\n（二）丑。",
        "本法自2026年3月1日起施行。",
    ]
    assert version.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "甲法\n第一条 甲。\n第二条 乙。",
        "《甲法》\n\n第一条　甲。\n\n第二条　乙。",
        "甲法\n目录\n第一章 总则\n第一条 甲。\n第二条 乙。",
        "甲法\n第一章 总则\n第一章 总则\n第一条 甲。\n第二条 乙。",
        "甲法\r\n第一条甲。\r\n第二条乙。",
        "\ufeff甲法\n第1条 甲。\n第2条 乙。",
    ],
)
def test_needs_nothing_but_title_and_provisions(text):
    version = parse_text(text)
    assert version.title == "甲法"
    assert [(p.number, p.text) for p in version.provisions] == [(1, "甲。"), (2, "乙。")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "没有内容"),
        ("   \n\n", "没有内容"),
        ("甲法", "没有正文"),
        ("第一条 甲。\n第二条 乙。", "没有标题"),
        ("第一章 总则\n第一条 甲。", "没有标题"),
        ("甲" * 300, "第一行过长"),
        ("甲法\n（2020年1月1日通过", "括号没有关闭"),
        ("甲法\n第二条 甲。\n第一条 乙。", "顺序"),
        ("甲法\n第一条 甲。\n第一条 甲。", "顺序"),
        ("甲法\nPK\x00\x01", "不是文本"),
    ],
)
def test_names_what_cannot_be_read(text, reason):
    with pytest.raises(ParseError, match=reason):
        parse_text(text)


def test_refuses_a_text_longer_than_any_law():
    with pytest.raises(ParseError, match="过长"):
        parse_text("甲" * 20_000_001)


def test_hostile_lines_take_linear_time():
    lines = ["甲法", *(["第一章"] * 20_000), *(["（" * 50] * 2_000), "第一条 甲" + "（一" * 20_000]
    assert parse_text("\n".join(lines)).provisions


# Where the marks of the Markdown tell what a plain text cannot.
NEEDS_MARKS = {
    "监狱法(2012-10-26).md",  # a heading that ends like a sentence: 第五节 生活、卫生。
    "关于职工全年月平均工作时间和工资折算问题的通知(2009-03-29).md",  # a heading 三, no more
}


def test_reads_plain_text_as_well_as_marked():
    """Every file with its marks taken off, its history in parentheses, its contents in front."""
    folder = laws_folder()
    different = set()
    for file in folder.rglob("*.md"):
        if file.name == "README.md" or file.parent.name == "民法典":
            continue
        source = file.read_text(encoding="utf-8")
        marked = parse_markdown(source, name=file.name, folder="行政法")
        if not marked.provisions:
            continue
        numbered = marked.divisions and marked.divisions[0].kind
        contents = ["目　录", *(d.heading for d in marked.divisions)] if numbered else []
        text = re.sub(r"<!--[^>]*-->|^#+ ", "", source.split(HEADER_END)[1], flags=re.MULTILINE)
        plain = parse_text("\n".join([marked.title, *contents, text]))
        if _provisions(plain) != _provisions(marked):
            different.add(file.name)
    assert different == NEEDS_MARKS


def _provisions(version):
    return [(p.number, p.suffix, p.text) for p in version.provisions]


def test_reads_the_history_of_a_real_law():
    law = law_file("诉讼与非诉讼程序法/民事诉讼法(2023-09-01)")
    text = f"{law.title}\n（{'　'.join(law.header).rstrip('）')}）\n第一条 甲。"
    assert [e.on for e in parse_text(text).events] == [e.on for e in law.events]
