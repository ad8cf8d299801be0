"""The Markdown files of LawRefBook, small ones made up and the whole collection."""

import re
from datetime import date

import pytest

from statutes.importing.parse_markdown import (
    HEADER_END,
    KIND_OF_FOLDER,
    merge_books,
    parse_markdown,
)
from statutes.importing.parsed import ParseError
from tests.statutes.sources import law_file, laws_folder

SMALL = """# 中华人民共和国甲法

2005年8月28日 第十届全国人民代表大会常务委员会第十七次会议通过

2012年10月26日 第十一届全国人民代表大会常务委员会第二十九次会议《关于修改<中华人民共和国甲法>
的决定》修正

2013年1月1日 施行

<!-- INFO END -->

## 第一章 总　则

第一条 为了甲，制定本法。

\u200b
<!-- FORCE BREAK -->

第二款。

第二条 本法自2006年3月1日起施行。

附件

名单
"""


def test_reads_a_file():
    version = parse_markdown(SMALL, name="甲法(2012-10-26).md", folder="行政法")
    assert version.title == "中华人民共和国甲法"
    assert (version.kind, version.label) == ("法律", "修正")
    assert version.issuer == "全国人民代表大会常务委员会"
    assert version.promulgated_on == date(2012, 10, 26)
    assert version.effective_from == date(2013, 1, 1)
    assert [event.kind for event in version.events] == ["通过", "修正", "施行"]
    assert version.divisions[0].heading == "第一章 总则"
    assert [p.text for p in version.provisions] == [
        "为了甲，制定本法。\n第二款。",
        "本法自2006年3月1日起施行。",
    ]
    assert version.body.attachment == "附件\n名单"


def test_the_same_text_gives_the_same_version():
    assert parse_markdown(SMALL) == parse_markdown(SMALL)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "INFO END"),
        ("# 甲法\n\n第一条 甲。", "INFO END"),
        ("<!-- INFO END -->\n第一条 甲。", "标题"),
        ("# 甲法\n<!-- INFO END -->\n", "没有正文"),
        ("# 甲法\n# 乙\n# 丙\n<!-- INFO END -->\n第一条 甲。", "标题多于两行"),
        ("# 甲法\x00\n<!-- INFO END -->\n第一条 甲。", "文本"),
        ("# 甲法\n<!-- INFO END -->\n第二条 甲。\n第一条 乙。", "顺序"),
    ],
)
def test_names_what_cannot_be_read(text, reason):
    with pytest.raises(ParseError, match=reason):
        parse_markdown(text)


def test_refuses_an_impossible_date_in_the_name():
    with pytest.raises(ParseError, match="日期"):
        parse_markdown(SMALL, name="甲法(2012-13-26).md")


# --- single files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "number", "opening"),
    [
        ("民法商法/农民专业合作社法(2017-12-27)", 54, "清算组成员"),
        ("诉讼与非诉讼程序法/刑事诉讼法(2018-10-26)", 128, "侦查人员"),
        ("司法解释/最高人民法院关于适用《刑事诉讼法》的解释(2021-01-26)", 124, "采用刑讯逼供"),
        ("司法解释/最高人民法院关于适用《刑事诉讼法》的解释(2021-01-26)", 271, "法庭对证据"),
        ("司法解释/最高人民法院关于适用《刑事诉讼法》的解释(2021-01-26)", 372, "适用速裁程序"),
        ("司法解释/最高人民法院关于适用《刑事诉讼法》的解释(2021-01-26)", 414, "报请最高人民法院"),
        (
            "司法解释/最高人民法院关于人民法院执行工作若干问题的规定（试行）(2020-12-29)",
            31,
            "人民法院",
        ),
        ("刑法/刑法修正案（十二）(2023-12-29)", 3, "在刑法第一百六十九条中"),
        ("宪法/宪法修正案（2018年）", 52, "宪法第三章"),
    ],
)
def test_reads_provisions_that_are_damaged_or_not_called_articles(path, number, opening):
    provision = next(p for p in law_file(path).provisions if p.number == number)
    assert provision.text.startswith(opening)


def test_reads_the_suffixes_of_the_criminal_law():
    law = law_file("刑法/刑法")
    assert sum(p.suffix > 0 for p in law.provisions) == 53
    assert law.body.attachment.startswith("附件一")


@pytest.mark.parametrize(
    ("path", "label", "promulgated_on", "effective_from"),
    [
        ("民法商法/公司法(2023-12-29)", "修订", date(2023, 12, 29), date(2024, 7, 1)),
        ("民法商法/公司法(2018-10-26)", "修正", date(2018, 10, 26), None),
        ("诉讼与非诉讼程序法/民事诉讼法(2023-09-01)", "修正", date(2023, 9, 1), None),
        ("行政法/治安管理处罚法(2012-10-26)", "修正", date(2012, 10, 26), None),
        ("刑法/刑法修正案（十二）(2023-12-29)", "修正案", date(2023, 12, 29), date(2024, 3, 1)),
        # the name of the file says 1958, its header 1985
        (
            "行政法规/森林和野生动物类型自然保护区管理办法(1958-07-06)",
            "制定",
            date(1985, 7, 6),
            date(1985, 7, 6),
        ),
    ],
)
def test_dates_a_version(path, label, promulgated_on, effective_from):
    version = law_file(path)
    assert (version.label, version.promulgated_on, version.effective_from) == (
        label,
        promulgated_on,
        effective_from,
    )


BOOKS = ["总则", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编", "附则"]


def test_joins_the_eight_files_of_the_civil_code():
    parts = [law_file(f"民法典/{book}") for book in BOOKS]
    code = merge_books(reversed(parts))
    assert (code.title, code.book) == ("中华人民共和国民法典", "")
    assert [p.number for p in code.provisions] == list(range(1, 1261))
    assert code.effective_from == date(2021, 1, 1)
    assert [d.heading for d in code.divisions if d.level == 1] == [
        "第一编 总则",
        "第二编 物权",
        "第三编 合同",
        "第四编 人格权",
        "第五编 婚姻家庭",
        "第六编 继承",
        "第七编 侵权责任",
        "附则",
    ]
    chapter = code.divisions[code.provisions[204].division]
    assert (chapter.heading, chapter.level) == ("第一章 一般规定", 3)
    assert code.divisions[chapter.parent].heading == "第一分编 通则"


def test_refuses_books_with_one_missing():
    with pytest.raises(ParseError, match="缺少条文"):
        merge_books([law_file("民法典/总则"), law_file("民法典/合同编")])
    with pytest.raises(ParseError, match="分编"):
        merge_books([law_file("刑法/刑法")])


# --- the whole collection ------------------------------------------------------------------


@pytest.fixture(scope="module")
def collection():
    """Every file as (path, source, version)."""
    folder = laws_folder()
    files = sorted(path for path in folder.rglob("*.md") if path.name != "README.md")
    read = []
    for file in files:
        path = file.relative_to(folder)
        source = file.read_text(encoding="utf-8")
        version = parse_markdown(source, name=file.name, folder=path.parts[0])
        read.append((path, source, version))
    return read


def test_reads_every_file(collection):
    assert len(collection) == 1510
    assert {path.parts[0] for path, _, _ in collection} == set(KIND_OF_FOLDER)


def squeezed(text):
    """Leave out what reading may lose: space, marks of headings, comments, what has no shape."""
    text = re.sub(r"<!--[^>]*-->", "", text)
    text = re.sub(r"^\s*#+", "", text, flags=re.MULTILINE)
    return re.sub("[\\s\u200b-\u200d\u2060\ufeff\ue000-\uf8ff]", "", text)


def test_loses_not_a_character(collection):
    lossy = [
        path
        for path, source, version in collection
        if squeezed(source) != squeezed(version.joined())
    ]
    assert lossy == []


LINE = re.compile(r"^[第笫][零〇一二三四五六七八九十百千]+\s?条", re.MULTILINE)

# Files whose provisions are not their lines 第N条: by how many they differ, and why.
DIFFERENT = {
    # the five articles of the Constitution that it quotes
    "宪法/宪法修正案（2018年）": -5,
    # the interpretation that it supplements is attached
    "司法解释/最高人民法院关于适用《婚姻法》若干问题的解释（二）的补充规定(2017-02-28)": -29,
    # whose other articles share the line of the first of each chapter
    "行政法规/飞行基本规则(2007-10-18)": 112,
}


def _count_lines(source):
    return len(LINE.findall(source.split(HEADER_END)[1]))


def test_finds_every_provision(collection):
    lines = {path: _count_lines(source) for path, source, _ in collection}
    assert sum(lines.values()) == 64_671
    different = {
        str(path.with_suffix("")): len(version.provisions) - lines[path]
        for path, _, version in collection
        if lines[path] and len(version.provisions) != lines[path]
    }
    assert different == DIFFERENT


def test_documents_without_articles_are_read_by_their_own_numbers(collection):
    without = [version for _, source, version in collection if not _count_lines(source)]
    assert len(without) == 81
    unnumbered = [version for version in without if not version.provisions]
    assert len(unnumbered) == 25  # replies of a paragraph or two, and tables of crimes
    assert sum(len(version.provisions) for version in without) == 823


def test_numbers_are_unique_and_count_up(collection):
    for path, _, version in collection:
        places = [(p.number, p.suffix) for p in version.provisions]
        assert places == sorted(set(places)), path


def test_no_version_takes_effect_before_it_is_promulgated(collection):
    for path, _, version in collection:
        if version.effective_from:
            assert version.promulgated_on <= version.effective_from, path


def test_every_version_is_dated_and_has_a_kind(collection):
    assert all(version.promulgated_on and version.kind for _, _, version in collection)
