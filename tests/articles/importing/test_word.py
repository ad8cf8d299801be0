"""Word files move in as drafts: words, lists, tables, footnotes, pictures, shown numbers."""

import io
import zipfile

import pytest
from django.core.management import call_command

from articles.importing.parse_word import WordError, chinese, parse_word
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


def level(number, form, text) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
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
