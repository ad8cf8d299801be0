"""The text of a statute: divisions and provisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes import numerals
from statutes.importing.parsed import ParseError
from statutes.importing.text import Line, read_body


def read(text, title=""):
    """Read lines; # marks headings as in Markdown."""
    lines = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        words = line.strip()
        bare = words.lstrip("#")
        lines.append(Line(number, bare.strip(), len(words) - len(bare)))
    return read_body(lines, title)


def numbers(body):
    return [(provision.number, provision.suffix) for provision in body.provisions]


def test_reads_divisions_and_provisions():
    body = read("""
        # 第一编 总　则
        ## 第一章 基本规定
        第一条 甲。
        二款。
        # 第二编 分则
        ## 第一章 一般规定
        ### 第一节 乙
        第二条 丙。
        第二条之一 丁。
    """)
    assert [(d.level, d.kind, d.number, d.heading, d.parent) for d in body.divisions] == [
        (1, "编", 1, "第一编 总则", None),
        (2, "章", 1, "第一章 基本规定", 0),
        (1, "编", 2, "第二编 分则", None),
        (2, "章", 1, "第一章 一般规定", 2),
        (3, "节", 1, "第一节 乙", 3),
    ]
    assert numbers(body) == [(1, 0), (2, 0), (2, 1)]
    assert [p.division for p in body.provisions] == [1, 4, 4]
    assert body.provisions[0].text == "甲。\n二款。"
    assert body.provisions[0].line == 3
    assert body.warnings == ()


def test_keeps_preamble_preface_and_attachment_apart():
    body = read("""
        为了……，制定本规定。
        # 序言
        中国是……。
        # 第一章 总则
        第一条 甲。
        第二条 见附件一。
        附件是本规定的一部分。
        附件一：名单
        第一条 附件中的条文。
    """)
    assert body.preamble == "为了……，制定本规定。"
    assert body.divisions[0].text == "中国是……。"
    assert body.provisions[1].text == "见附件一。\n附件是本规定的一部分。"
    assert body.attachment == "附件一：名单\n第一条 附件中的条文。"


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("第二条 乙。", "第二条"),
        ("第二条　乙。", "第二条"),
        ("笫二条 乙。", "笫二条"),
        ("第二 条乙。", "第二 条"),
        ("第2条 乙。", "第2条"),
        ("第二条乙。", "第二条"),
    ],
)
def test_reads_damaged_numbers(line, label):
    body = read(f"第一条 甲。\n{line}")
    assert numbers(body) == [(1, 0), (2, 0)]
    assert (body.provisions[1].label, body.provisions[1].text) == (label, "乙。")


@pytest.mark.parametrize(
    "line", ["第二条规定的", "第二条、第三条的规定", "第五条甲事项", "第二条第一款"]
)
def test_a_reference_at_the_start_of_a_line_is_no_provision(line):
    body = read(f"第一条 甲，依照\n{line}\n第二条 乙。")
    assert numbers(body) == [(1, 0), (2, 0)]


def test_reads_articles_that_share_a_line():
    body = read("第一条 甲。 第二条 乙。 第三条 丙，依照本法第二条 的规定。\n第四条 丁。")
    assert numbers(body) == [(1, 0), (2, 0), (3, 0), (4, 0)]


@pytest.mark.parametrize(
    ("text", "expected", "divisions"),
    [
        ("为了……：\n一、甲：\n1.子；\n2.丑。\n二、乙：\n1.寅。", ["一、", "二、"], []),
        (
            "# 一、机构\n1.甲。\n2.乙。\n# 二、管辖\n3.丙。\n4.丁。",
            ["1.", "2.", "3.", "4."],
            ["一、机构", "二、管辖"],
        ),
        ("# 一、机构\n1.甲。\n二、管辖\n2.乙。", ["1.", "2."], ["一、机构", "二、管辖"]),
        ("# 一、损失的范围\n甲。\n# 二、限额\n乙。", ["一、", "二、"], []),
        ("(一) 甲。\n(二) 乙。", ["(一)", "(二)"], []),
        ("三、丙。\n四、丁。", ["三、", "四、"], []),
    ],
)
def test_reads_documents_without_articles(text, expected, divisions):
    body = read(text)
    assert [p.label for p in body.provisions] == expected
    assert [d.heading for d in body.divisions] == divisions
    assert [p.number for p in body.provisions] == [
        numerals.parse(x.strip("、.()")) for x in expected
    ]


def test_items_that_a_sentence_announces_are_no_provisions():
    body = read("下列情形属于有能力执行而拒不执行：\n（一）甲；\n（二）乙。")
    assert body.provisions == ()


def test_a_document_without_numbers_is_all_preamble():
    body = read("最高人民法院：\n你院请示收悉。\n此复。")
    assert body.provisions == ()
    assert body.preamble.endswith("此复。")
    assert body.warnings == ("没有编号的条文",)


def test_numbers_out_of_turn_in_an_amendment_are_quotations():
    text = (
        "第五十二条 增加五条，内容如下：\n第一百二十三条 各级监察委员会……。\n第七节相应改为第八节。"
    )
    body = read(text, title="中华人民共和国宪法修正案（2018年）")
    assert numbers(body) == [(52, 0)]
    listed = "一、将第五条修改为：\n第五条 甲。\n二、删去第六条。"
    assert len(read(listed, title="关于修改某条例的决定").provisions) == 2


def test_an_amending_decision_can_republish_the_whole_text():
    text = "一、删除第二项。\n附：\n关于审理某案的\n解释\n第一条 甲。\n第二条 乙。"
    assert numbers(read(text, title="关于审理某案的解释")) == [(1, 0), (2, 0)]
    other = read(text, title="关于审理某案的解释的补充规定")
    assert [p.label for p in other.provisions] == ["一、"]
    assert other.attachment.startswith("附：")


def test_unmarked_headings_right_before_a_provision_are_headings():
    body = read("# 第一章 总则\n第一条 甲。\n附 则\n第二条 乙。")
    assert body.divisions[1].heading == "附则"
    assert body.provisions[0].text == "甲。"
    parts = (
        "# 三、担保物权\n（一）抵押\n第一条 甲。\n（二）质权\n第二条 下列：\n（一）子；\n（二）丑\n"
    )
    body = read(parts + "（三）留置权\n第三条 丙。")
    assert [d.heading for d in body.divisions] == [
        "三、担保物权",
        "（一）抵押",
        "（二）质权",
        "（三）留置权",
    ]
    assert body.provisions[1].text == "下列：\n（一）子；\n（二）丑"


def test_a_table_of_contents_makes_no_divisions():
    contents = "# 一、管辖\n# 二、回避\n# 三、附则\n"
    body = read(
        contents + "# 一、管辖\n第一条 甲。\n# 二、回避\n第二条 乙。\n# 三、附则\n第三条 丙。"
    )
    assert [d.heading for d in body.divisions] == ["一、管辖", "二、回避", "三、附则"]
    assert body.preamble == "一、管辖\n二、回避\n三、附则"


def test_a_gap_is_a_warning():
    assert "第五条在第一条之后" in read("第一条 甲。\n第五条 乙。").warnings[0]


@pytest.mark.parametrize("text", ["第二条 甲。\n第一条 乙。", "第一条 甲。\n第一条 乙。"])
def test_a_step_back_is_an_error_that_names_the_line(text):
    with pytest.raises(ParseError, match="line 2: 条文顺序有误") as caught:
        read(text)
    assert caught.value.line == 2


@given(
    st.lists(
        st.sampled_from(
            [
                "# 第一章 甲",
                "## 一、乙",
                "第一条 丙",
                "第二条 丁",
                "第九条戊",
                "（一）己",
                "1.庚",
                "附：",
                "辛。",
            ]
        ),
        max_size=12,
    )
)
def test_loses_nothing(lines):
    text = "\n".join(lines)
    try:
        body = read(text)
    except ParseError:
        return
    assert "".join(body.joined().split()) == "".join(text.replace("#", "").split())


def test_a_law_of_20_000_provisions_takes_seconds():
    lines = [Line(i, f"第{numerals.spell(i)}条 附件一：第三条 三、甲") for i in range(1, 20_001)]
    assert len(read_body(lines).provisions) == 20_000
