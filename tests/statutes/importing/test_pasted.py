"""What people paste with a law: marks, decrees, words of pages, lines cut and lines joined."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.importing.doubts import doubts, far_fewer
from statutes.importing.parse_markdown import HEADER_END, parse_markdown
from statutes.importing.parse_text import parse_text
from statutes.importing.parsed import ParseError
from tests.statutes.sources import law_file, law_source, laws_folder

TITLE = "中华人民共和国养犬法"
HISTORY = "（2025年6月27日第十四届全国人民代表大会常务委员会第十六次会议通过）"
HEAD = f"{TITLE}\n{HISTORY}\n"
PROVISIONS = [(1, "甲。"), (2, "乙。"), (3, "本法自2026年1月1日起施行。")]
PLAIN = "第一章　总则\n第一条　甲。\n第二条　乙。\n第二章　附则\n第三条　本法自2026年1月1日起施行。"


def read(text, kind="法律"):
    return parse_text(text, kind=kind)


def provisions(parsed):
    return [(p.number, p.text) for p in parsed.provisions]


# --- Markdown ------------------------------------------------------------------------------

MARKDOWN = f"""# {TITLE}

{HISTORY}

## 目录

- 第一章 总则
- 第二章 附则

## 第一章 总则

**第一条** 甲。

### 第二条 乙。

## 第二章 附则 ##

第三条 本法自2026年1月1日起施行。
"""


def test_markdown_is_read_by_its_marks():
    parsed = read(MARKDOWN)
    assert parsed.title == TITLE
    assert parsed.header == (HISTORY,)
    assert [(d.level, d.heading) for d in parsed.divisions] == [
        (1, "第一章 总则"),
        (1, "第二章 附则"),
    ]
    assert provisions(parsed) == PROVISIONS
    assert parsed.warnings == ()


def test_a_file_of_the_collection_is_read_as_the_importer_reads_it():
    source = law_source("社会法/公益事业捐赠法(1999-06-28)")
    assert read(source) == parse_markdown(source, kind="法律")


def test_the_files_of_the_collection_are_read_without_the_end_of_their_header():
    different = set()
    for file in laws_folder().rglob("*.md"):
        if file.name == "README.md" or file.parent.name == "民法典":
            continue
        source = file.read_text(encoding="utf-8")
        marked = parse_markdown(source, kind="法律")
        bare = read(source.replace(HEADER_END, ""))
        if _words(bare) != _words(marked):
            different.add(file.name)
    assert different == set()


def _words(parsed):
    headings = [division.heading for division in parsed.divisions]
    return "".join(parsed.title.split()), headings, [(p.label, p.text) for p in parsed.provisions]


def test_lines_may_end_as_browsers_send_them():
    assert provisions(read(MARKDOWN.replace("\n", "\r\n"))) == PROVISIONS


def test_a_plain_text_keeps_what_looks_like_a_mark():
    assert provisions(read(f"{HEAD}第一条　甲：\n- 子；\n> 丑。")) == [(1, "甲：\n- 子；\n> 丑。")]


# --- Decrees, courts, words of pages ---------------------------------------------------------

DECREE = """中华人民共和国主席令
第四十九号

《中华人民共和国养犬法》已由第十四届全国人民代表大会常务委员会第十六次会议于2025年6月27日通过，\
现予公布，自2026年1月1日起施行。

中华人民共和国主席　习近平
2025年6月27日

"""


def test_a_decree_gives_number_and_days_and_is_no_law():
    parsed = read(f"首页 > 政策 > 法律\n{DECREE}{HEAD}{PLAIN}")
    assert parsed.title == TITLE
    assert provisions(parsed) == PROVISIONS
    assert parsed.body.preamble == ""
    assert parsed.document_number == "中华人民共和国主席令第四十九号"
    assert (str(parsed.promulgated_on), str(parsed.effective_from)) == ("2025-06-27", "2026-01-01")
    assert parsed.warnings == (
        "没有收入网页上的字：第1行“首页 > 政策 > 法律”",
        "第1至8行是公布令，没有收入正文，文号和日期取自其中",
    )


def test_a_regulation_has_no_days_but_those_of_its_decree():
    text = (
        "中华人民共和国国务院令\n第786号\n《养犬条例》已经2025年6月20日国务院第60次常务会议修订通过，"
        "现予公布，自2025年9月1日起施行。\n总理　李强\n2025年6月27日\n养犬条例\n第一条　甲。\n"
        "责任编辑：张三\n【打印】【关闭】"
    )
    parsed = read(text, kind="行政法规")
    assert (parsed.title, parsed.label) == ("养犬条例", "修订")
    assert parsed.header == (
        "2025年6月27日 中华人民共和国国务院令第786号修订发布　自2025年9月1日起施行",
    )
    assert (str(parsed.promulgated_on), str(parsed.effective_from)) == ("2025-06-27", "2025-09-01")
    assert provisions(parsed) == [(1, "甲。")]


def test_an_interpretation_has_its_title_in_two_lines():
    body = (
        "法释〔2025〕9号\n（2025年6月20日最高人民法院审判委员会通过）\n为审理案件，制定本解释。\n"
        "第一条　甲。"
    )
    lines = f"最高人民法院\n关于适用《{TITLE}》的解释\n{body}"
    announced = (
        f"《最高人民法院关于适用〈{TITLE}〉的解释》已于2025年6月20日由审判委员会通过，现予公布，"
        f"自2025年9月1日起施行。\n最高人民法院\n2025年6月27日\n{lines}"
    )
    for text in (lines, announced):
        parsed = read(text, kind="司法解释")
        assert parsed.title == f"最高人民法院关于适用《{TITLE}》的解释"
        assert parsed.document_number == "法释〔2025〕9号"
        assert parsed.body.preamble == "为审理案件，制定本解释。"
        assert provisions(parsed) == [(1, "甲。")]
    assert str(parsed.promulgated_on) == "2025-06-27"


@pytest.mark.parametrize(
    "opening",
    [
        "中华人民共和国国务院令\n《养犬条例》已经通过，现予公布。\n",  # its text is missing
        "为了规范养犬，现将有关事项通知如下。\n",
        "法释〔2025〕9号\n",
    ],
)
def test_a_text_that_begins_with_no_title_is_refused(opening):
    with pytest.raises(ParseError, match="请从标题开始粘贴") as refused:
        read(f"\n{opening}第一条　甲。")
    assert refused.value.line == 2


@pytest.mark.parametrize(
    "word", ["来源：全国人大网　发布时间：2025-06-27", "字号：大 中 小", "打印本页"]
)
def test_words_of_a_page_are_left_out_and_told(word):
    parsed = read(f"{TITLE}\n{word}\n{HISTORY}\n{PLAIN}")
    assert provisions(parsed) == PROVISIONS
    assert str(parsed.promulgated_on) == "2025-06-27"
    assert parsed.warnings == (f"没有收入网页上的字：第2行“{word}”",)


@pytest.mark.parametrize("number", ["— 3 —", "－3－", "第 4 页 共 10 页", "第4页"])
def test_numbers_of_pages_are_left_out_and_told(number):
    parsed = read(f"{HEAD}第一条　甲，\n{number}\n乙。")
    assert provisions(parsed) == [(1, "甲，\n乙。")]
    assert "没有收入页码1处：第4行" in parsed.warnings


# --- Lines joined and cut --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "第一条　甲。第二条　乙。第三条　本法自2026年1月1日起施行。",
        "第一条甲。第二条乙。\n第三条本法自2026年1月1日起施行。",
        "第一章　总则 第一条　甲。　第二条　乙。第二章　附则　第三条　本法自2026年1月1日起施行。",
    ],
)
def test_provisions_that_share_a_line_are_parted_and_told(text):
    parsed = read(HEAD + text)
    assert provisions(parsed) == PROVISIONS
    assert [note for note in parsed.warnings if "已经分开，请核对：第3行" in note]


def test_a_whole_law_in_one_line_is_read():
    contents = "目　录 第一章　总则 第二章　附则"
    parsed = read(f"{TITLE}{HISTORY} {contents} {PLAIN}".replace("\n", " "))
    assert (parsed.title, parsed.header) == (TITLE, (HISTORY,))
    assert [d.heading for d in parsed.divisions] == ["第一章 总则", "第二章 附则"]
    assert provisions(parsed) == PROVISIONS


@pytest.mark.parametrize(
    "reference",
    ["依照本法第二条 的规定办理。", "甲。第二条规定的除外。", "“第二条 甲。”", "乙。第七条　丙。"],
)
def test_a_reference_is_not_parted(reference):
    assert provisions(read(f"{HEAD}第一条　{reference}\n第二条　乙。"))[0] == (1, reference)


def test_lines_that_the_paper_cut_are_joined_and_told():
    parsed = read(
        f"{HEAD}第一条　为了规范养犬行为，保障公民人身\n安全，制定本法。\n"
        "第二条　养犬人应当依法\n办理登记，有下列情形的：\n"
        "（一）携犬出户不束犬绳的，并处罚\n款；\n— 1 —\n（二）丑。\n"
    )
    assert provisions(parsed) == [
        (1, "为了规范养犬行为，保障公民人身安全，制定本法。"),
        (
            2,
            "养犬人应当依法办理登记，有下列情形的：\n（一）携犬出户不束犬绳的，并处罚款；\n（二）丑。",
        ),
    ]
    assert "在句子中间换行的3处已经接上，请核对：第3、5、7行" in parsed.warnings


def test_a_table_is_not_joined():
    table = "级数\t应纳税所得额的范围\t税率\n一\t不超过三万六千元的部分\t百分之三"
    parsed = read(
        f"{HEAD}第一条　税率如下：\n{table}\n第二条　乙。\n附件：个人所得税税率表\n{table}"
    )
    assert provisions(parsed) == [(1, f"税率如下：\n{table}"), (2, "乙。")]
    assert parsed.body.attachment == f"附件：个人所得税税率表\n{table}"
    assert doubts(parsed) == ["第一条里有表格，按行存为文字"]


def test_hostile_texts_take_linear_time():
    for unit in (
        "第一条 ",
        "《甲》现予",
        "（2025年1月1日",
        "。第二条　",
        "# ",
        "**",
        "第一章 ",
        "- 3 ",
    ):
        with suppress(ParseError):
            read(f"{HEAD}第一条　甲。{unit * 60_000}\n" + f"{unit}\n" * 20_000)
    read(f"{HEAD}{'#' * 400_000}甲\n第一条　甲。")


PIECES = [
    "第一条",
    "第二条 ",
    "第二条之一　",
    "第一章 ",
    "目 录",
    "\n",
    "# ",
    "**",
    "- ",
    HEADER_END,
]
PIECES += [
    "《甲法》已经通过，现予公布",
    "2025年1月1日",
    "（",
    "）",
    "甲法",
    "关于修改《甲法》的决定",
]
PIECES += [
    "。",
    "，",
    "— 3 —",
    "来源：甲",
    "附件：",
    "|甲|",
    "\t",
    "一、",
    "（一）",
    "法释〔2025〕1号",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_is_pasted_is_read_or_refused(text):
    for whole in (text, f"甲法\n{text}"):
        with suppress(ParseError):
            doubts(read(whole))


# --- Doubts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (HEAD + PLAIN, None),
        ("养犬须知事项\n第一条　甲。", "“养犬须知事项”不像法规名称：第一行应是标题"),
        (f"{HEAD}第七条　甲。\n第八条　乙。", "从第七条开始，前面的条文没有读到"),
        (f"{HEAD}第一条　甲。\n第二条　乙，由", "第二条没有在句末结束：全文是否粘贴完整？"),
        (f"{HEAD}第一条　甲。\n2\n第二条　乙。", "第一条里有单独一行的数字，是不是页码"),
        (f"{HEAD}第一条　甲。\n{TITLE}\n第二条　乙。", "第一条里又出现了法规名称，是不是页眉"),
        (f"{HEAD}第一条　<b>甲</b>。", "第一条里有网页或Markdown的标记"),
        (f"{HEAD}<p>第一条　甲。</p>", "第一条之前有网页或Markdown的标记：请粘贴网页上显示的文字"),
        (f"{HEAD}第一条　甲。第九条　乙。", "第一条里似乎连着别的条"),
        (
            f"{HEAD}第一条　为了规范养犬行为，保障公民\n安全。\n第二条　乙。\n第三条　丙。",
            "第一条里有不在句末的换行，会被当作另一款",
        ),
    ],
)
def test_what_is_doubtful_is_said(text, doubt):
    assert doubts(read(text)) == ([doubt] if doubt else [])


def test_an_amending_decision_is_no_new_version():
    parsed = read(
        f"全国人民代表大会常务委员会关于修改《{TITLE}》的决定\n{HISTORY}\n一、将第二条修改为：“乙。”\n"
        f"二、本决定自2026年1月1日起施行。\n{TITLE}\n第一条　甲。\n第二条　乙。"
    )
    assert parsed.kind == "决定"
    assert doubts(parsed) == [
        "这是一份修改文件，载入后自成一部，不会成为所修改法规的新版本；"
        "要更新那部法规，请粘贴它修改后的全文",
        "后面似乎附有修改后的全文（在“二、”之后），请把它单独载入",
    ]


def test_of_many_provisions_the_first_are_named():
    text = HEAD + "\n".join(f"第{n}条　甲。\n7" for n in range(1, 12))
    assert doubts(read(text)) == [
        "第1条、第2条、第3条、第4条、第5条等11条里有单独一行的数字，是不是页码"
    ]


def test_far_fewer_provisions_than_before_are_told():
    parsed = read(HEAD + PLAIN)
    assert far_fewer(parsed, 6) == []
    assert far_fewer(parsed, 144) == ["前一版本有144条，这里只读到3条：全文是否粘贴完整？"]


def test_the_laws_at_hand_raise_few_doubts():
    law = law_file("社会法/公益事业捐赠法(1999-06-28)")
    assert doubts(law) == []
