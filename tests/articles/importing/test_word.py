"""Word files move in as drafts: words, lists, tables, footnotes, pictures, shown numbers."""

import io
import re
import zipfile

import pytest
from django.core.management import call_command

from articles.importing.parse_word import WordError, parse_word
from articles.importing.word_numbers import chinese
from articles.models import Article
from tests.factories import make_image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def p(text, *, style="", number=None, level=0, extra="") -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
        properties += f"<w:numPr>{place}</w:numPr>"
    words = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{words}{extra}</w:p>"


def level(number, form, text, more="") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="0">
{level(0, "chineseCounting", "%1、")}{level(1, "chineseCounting", "（%2）")}</w:abstractNum>
<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""


def make_docx(body, **parts) -> bytes:
    """Return a .docx of these paragraphs; `parts` are further ones by their place."""
    document = f'<w:document {W} xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    members = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": document,
        "word/numbering.xml": NUMBERING,
        "word/_rels/document.xml.rels": relations(
            ("numbering", "numbering.xml"), ("footnotes", "footnotes.xml"), ("image", "a.png")
        ),
        "word/footnotes.xml": f'<w:footnotes {W}><w:footnote w:id="2">{p("注文")}</w:footnote>'
        "</w:footnotes>",
        "word/a.png": make_image(),
    } | parts
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def parse(body, **parts):
    return parse_word(make_docx(body, **parts), key="k", name="文件名", category=("甲",))


PICTURE = (
    f'<w:r><w:drawing><wp:inline xmlns:wp="{A}/wordprocessingDrawing"><wp:docPr id="1" name="x" '
    f'descr="流程图"/><a:graphic xmlns:a="{A}/main"><a:graphicData>'
    f'<pic:pic xmlns:pic="{A}/picture">'
    '<pic:blipFill><a:blip r:embed="rId3"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r>"
)
TABLE = (
    "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    "</w:tbl>"
).format(*map(p, ("项", "额", "本金", "1000元")))
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
BODY = (
    p("怎样要回借款", style="Title")
    + p("先留证据", number=1)
    + p("转账记录", number=1, level=1)
    + p("聊天记录", number=1, level=1)
    + p("再起诉。", number=1, extra=NOTE)
    + p("甲", number=2)
    + p("乙", number=2)
    + TABLE
    + p("", extra=PICTURE)
)


@pytest.fixture
def move_in(tmp_path):
    def move_in(content, *arguments, name="借贷/文件.docx"):
        path = tmp_path / "word" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        out = io.StringIO()
        call_command("import_word", str(tmp_path / "word"), *arguments, stdout=out, stderr=out)
        return out.getvalue()

    return move_in


@pytest.mark.django_db
def test_a_file_comes_in_as_a_draft_with_all_its_words(move_in):
    move_in(make_docx(BODY), "--author", "林知远")
    article = Article.objects.get()
    assert (article.title, str(article.category), article.state) == (
        "怎样要回借款",
        "借贷",
        "draft",
    )
    assert article.body.split("\n\n") == [
        "一、先留证据",
        "（一）转账记录",
        "（二）聊天记录",
        "二、再起诉。[^1]",
        "1. 甲\n2. 乙",
        "| 项 | 额 |\n| --- | --- |\n| 本金 | 1000元 |",
        "![流程图](word/1.png)",
        "[^1]: 注文",
    ]
    assert article.images.get().width == 80
    assert [author.name for author in article.signers] == ["林知远"]


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_a_bad_file_is_named(move_in):
    move_in(make_docx(BODY))
    assert "1 unchanged" in move_in(make_docx(BODY))
    with pytest.raises(SystemExit):
        move_in(b"no zip", name="坏.docx")
    assert Article.objects.count() == 1


def test_a_short_first_line_is_the_title():
    assert parse(p("怎样要回借款") + p("正文。")).title == "怎样要回借款"


def test_a_sentence_is_no_title():
    assert parse(p("借款人应当还款。") + p("正文。")).title == "文件名"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百〇一")]
)
def test_numbers_are_written_as_chinese_counts(number, text):
    assert chinese(number) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "不是Word"),
        (b"\xd0\xcf\x11\xe0 old doc", "不是Word"),
        (make_docx("", **{"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "文档类型"),
        (make_docx("", **{"word/x.bin": b"\0" * 41_000_000}), "解压后过大"),
        (make_docx("", **{f"x{n}": b"" for n in range(2_001)}), "过多"),
        (make_docx("<w:p>"), "无法解析"),
    ],
    ids=["empty", "doc", "entities", "bomb", "parts", "broken"],
)
def test_what_is_no_sound_word_file_is_refused(content, reason):
    with pytest.raises(WordError, match=reason):
        parse_word(content, key="k", name="n", category=("甲",))


def test_a_picture_outside_of_the_file_is_not_read(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(make_image())
    link = PICTURE.replace('r:embed="rId3"', 'r:link="rId1"')
    rels = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{R}/image" '
        f'Target="{secret.as_uri()}" TargetMode="External"/></Relationships>'
    )
    body = p("标题") + p("正文。", extra=link)
    try:
        article = parse(body, **{"word/_rels/document.xml.rels": rels})
    except WordError:
        return
    assert not article.pictures


# --- What real files hold ------------------------------------------------------------------


def numbering(*definitions, numbers=((1, 0, ""),)) -> dict[str, str]:
    """Return the part with lists: levels of each definition; (number, definition, override)."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{levels}</w:abstractNum>'
        for n, levels in enumerate(definitions)
    )
    nums = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{definition}"/>{override}</w:num>'
        for n, definition, override in numbers
    )
    return {"word/numbering.xml": f"<w:numbering {W}>{abstract}{nums}</w:numbering>"}


def text(body, **parts) -> str:
    """Return what comes in of a document, tags taken for line ends."""
    html = parse(p("标题", style="Title") + body, **parts).html
    return " ".join(re.sub(r"<[^>]+>", "|", html).replace("|", " ").split())


DECIMAL = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")
ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'


@pytest.mark.parametrize(
    ("form", "shown", "expected"),
    [
        ("chineseCounting", "第%1条", ["第一条　甲", "第二条　甲"]),
        ("decimal", "第%1条", ["第1条　甲", "第2条　甲"]),
        ("decimal", "（%1）", ["（1）甲", "（2）甲"]),
        ("decimalEnclosedCircle", "%1", ["① 甲", "② 甲"]),
        ("chineseLegalSimplified", "%1、", ["壹、甲", "贰、甲"]),
        ("upperRoman", "%1.", ["I. 甲", "II. 甲"]),
        ("lowerLetter", "%1)", ["a) 甲", "b) 甲"]),
        ("ideographTraditional", "%1、", ["甲、甲", "乙、甲"]),
    ],
)
def test_a_number_that_our_lists_would_not_show_is_a_word(form, shown, expected):
    parts = numbering(level(0, form, shown))
    html = parse(p("标题") + p("甲", number=1) * 2, **parts).html
    assert re.findall(r"<p>(.*?)</p>", html) == expected


def test_a_list_that_counts_as_ours_stays_a_list():
    parts = numbering(level(0, "decimal", "%1、") + level(1, "bullet", "·"))
    body = p("甲", number=1) + p("乙", number=1, level=1) + p("丙", number=1)
    html = parse(p("标题") + body, **parts).html
    assert html == "<ol><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>"


def test_a_list_that_goes_on_after_other_words_keeps_its_numbers():
    parts = numbering(DECIMAL)
    assert text(p("甲", number=1) + p("说明。") + p("乙", number=1) * 2, **parts) == (
        "甲 说明。 2. 乙 3. 乙"
    )


def test_lists_of_one_definition_count_on_unless_one_begins_anew():
    one = numbering(DECIMAL, numbers=((1, 0, ""), (2, 0, "")))
    body = p("甲", number=1) + p("说明。") + p("乙", number=2)
    assert text(body, **one) == "甲 说明。 2. 乙"
    anew = numbering(DECIMAL, numbers=((1, 0, ""), (2, 0, ANEW)))
    assert text(body, **anew) == "甲 说明。 乙"
    side_by_side = p("甲", number=1) + p("乙", number=2)
    assert text(side_by_side, **anew) == "1. 甲 1. 乙"


def test_levels_name_the_levels_above_them():
    parts = numbering(DECIMAL)
    body = p("甲", number=1) + p("乙", number=1, level=1) * 2 + p("丙", number=1)
    assert text(body, **parts) == "甲 1.1 乙 1.2 乙 2. 丙"


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        ("", "第一编 第一章 第一条 第二条 第二章 第一条 第二编 第一章 第一条"),
        (
            '<w:lvlRestart w:val="0"/>',
            "第一编 第一章 第一条 第二条 第二章 第三条 第二编 第一章 第四条",
        ),
        (
            '<w:lvlRestart w:val="1"/>',
            "第一编 第一章 第一条 第二条 第二章 第三条 第二编 第一章 第一条",
        ),
    ],
)
def test_the_articles_of_a_law_count_on_over_its_chapters_where_word_says_so(restart, expected):
    forms = [("第%1编", ""), ("第%2章", ""), ("第%3条", restart)]
    levels = (level(n, "chineseCounting", *form) for n, form in enumerate(forms))
    body = "".join(p("", number=1, level=int(n)) for n in "012212012")
    assert text(body, **numbering("".join(levels))) == expected


STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr>
<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="a7"><w:name w:val="公文二级"/><w:basedOn w:val="1"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr>
</w:style>
<w:style w:type="paragraph" w:styleId="a8"><w:name w:val="二级之一"/><w:basedOn w:val="a7"/>
</w:style>
<w:style w:type="paragraph" w:styleId="a9"><w:name w:val="标题 3"/></w:style>
</w:styles>"""


def test_headings_are_known_by_their_styles_and_keep_the_numbers_of_these():
    levels = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%2.")
    parts = numbering(levels) | {"word/styles.xml": STYLES}
    none = (
        '<w:p><w:pPr><w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>{}</w:p>'
    )
    body = (
        p("正文。") + p("总则", style="1") + p("甲", style="a8") + p("丙", style="a9")
        + none.format("<w:r><w:t>附则</w:t></w:r>")
    )  # fmt: skip
    html = parse(body, **parts).html
    assert re.findall(r"<(h\d)>(.*?)</h\d>", html) == [
        ("h1", "第一章　总则"),
        ("h2", "1. 甲"),
        ("h3", "丙"),
        ("h1", "附则"),
    ]


M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
BOX = '<w:r><mc:AlternateContent {}><mc:Choice Requires="wps"><x>{}</x></mc:Choice>{}</{}></w:r>'


def word(text, tag="t") -> str:
    return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<w:ins>{word('增')}</w:ins><w:del>{word('删', 'delText')}</w:del>", "增"),
        (f"<w:moveFrom>{word('旧')}</w:moveFrom><w:moveTo>{word('新')}</w:moveTo>", "新"),
        (f"<m:oMath {M}><m:r><m:t>a+b</m:t></m:r></m:oMath>", "a+b"),
        (f"<m:oMathPara {M}><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></m:oMathPara>", "x=1"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase>"
         f"{word('漢')}</w:rubyBase></w:ruby><w:t>字</w:t></w:r>", "漢字"),
        (f'<w:fldSimple w:instr="REF x">{word("第三条")}</w:fldSimple>', "第三条"),
        (f"<w:bdo>{word('甲')}</w:bdo><w:smartTag>{word('乙')}</w:smartTag>", "甲乙"),
        ("<w:r><w:t>甲</w:t><w:cr/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>", "甲 乙 丙"),
        (f"<w:sdt><w:sdtContent>{word('控件')}</w:sdtContent></w:sdt>", "控件"),
        (BOX.format(MC, f"<w:txbxContent>{p('框')}</w:txbxContent>", "",
                    "mc:AlternateContent"), "框"),
        (BOX.format(MC, f"<w:txbxContent>{p('框')}</w:txbxContent>", "<mc:Fallback><w:pict>"
                    f'<v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent>{p("框")}'
                    "</w:txbxContent></v:textbox></w:pict></mc:Fallback>", "mc:AlternateContent"),
         "框"),
    ],
)  # fmt: skip
def test_every_word_that_word_shows_comes_in_and_none_that_it_does_not(body, expected):
    assert text(p("", extra=body)) == expected


def test_joined_cells_stay_joined():
    def cell(text, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    rows = [
        cell("甲", '<w:gridSpan w:val="2"/>') + cell("乙", '<w:vMerge w:val="restart"/>'),
        cell("丙") + cell("丁") + cell("", "<w:vMerge/>"),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    html = parse(p("标题") + table).html
    assert '<td colspan="2">' in html
    assert '<td rowspan="2">' in html


def test_the_text_may_stand_elsewhere_and_be_of_the_strict_kind():
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f"<w:document {W}><w:body>{p('标题') + p('甲', number=1)}</w:body></w:document>"
    parts = {
        "_rels/.rels": relations(("officeDocument", "/word/document2.xml")),
        "word/document.xml": "",
        "word/document2.xml": document.replace(transitional, strict),
        "word/_rels/document2.xml.rels": relations(("numbering", "numbering.xml")),
    }
    assert parse("", **parts).html == "<p>一、甲</p>"


def test_what_is_not_carried_is_told():
    comments = f'<w:comments {W}><w:comment w:id="0">{p("批")}</w:comment></w:comments>'
    chart = '<w:r><w:drawing><c:chart xmlns:c="{}/chart"/></w:drawing></w:r>'.format(
        "http://schemas.openxmlformats.org/drawingml/2006"
    )
    article = parse(p("标题") + p("甲", extra=chart), **{"word/comments.xml": comments})
    assert article.notes == ("1处图表未迁入", "1处批注未迁入")


@pytest.mark.django_db
def test_a_picture_of_a_kind_that_no_browser_shows_is_told(move_in):
    types = TYPES.replace(
        "<Override", '<Default Extension="emf" ContentType="image/x-emf"/><Override'
    )
    rels = relations(("numbering", "x.xml"), ("footnotes", "y.xml"), ("image", "a.emf"))
    parts = {
        "[Content_Types].xml": types,
        "word/_rels/document.xml.rels": rels,
        "word/a.emf": b"\x01\0\0\0 EMF",
    }
    out = move_in(make_docx(p("标题") + p("甲") + p("", extra=PICTURE), **parts))
    assert "word/1.x-emf：不是" in out
    assert Article.objects.get().body.startswith("甲")


@pytest.mark.django_db
def test_files_of_a_folder_are_known_by_any_ending_and_others_are_told(move_in, tmp_path):
    (tmp_path / "word").mkdir()
    for name in ("旧.doc", "稿.wps", "表.xlsx", "~$文件.docx"):
        (tmp_path / "word" / name).write_bytes(b"x")
    out = move_in(make_docx(p("标题") + p("甲")), name="文件.DOCX")
    assert Article.objects.get().title == "标题"
    assert "跳过：2" in out
