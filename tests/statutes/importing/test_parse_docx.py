"""Word files, good and hostile."""

import io
import zipfile

import pytest

from statutes.importing.parse_docx import DOCUMENT, parse_docx
from statutes.importing.parsed import ParseError

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(*paragraphs):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{NAMESPACE}"><w:body>'
        f"{''.join(paragraphs)}<w:sectPr/></w:body></w:document>"
    )


def paragraph(*runs):
    return f"<w:p><w:pPr/>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"


def packed(xml, name=DOCUMENT, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, xml)
    return content.getvalue()


LAW = document(
    paragraph("中华人民共和国", "甲法"),
    paragraph("（2025年6月27日会议通过）"),
    paragraph("目　　录"),
    paragraph("第一章　总则"),
    paragraph("第一章　总则"),
    paragraph("第一条", "　为了甲，", "制定本法。"),
    "<w:p><w:r><w:t>第二条　乙。</w:t><w:br/><w:t>第二款。</w:t></w:r>"
    "<w:del><w:r><w:delText>删去的。</w:delText></w:r></w:del></w:p>",
    "<w:tbl><w:tr><w:tc>" + paragraph("税目") + "</w:tc><w:tc>" + paragraph("税率")
    + "</w:tc></w:tr></w:tbl>",
    paragraph("第三条　本法自2026年1月1日起施行。"),
)  # fmt: skip


def test_reads_a_law():
    version = parse_docx(packed(LAW), kind="法律")
    assert version.title == "中华人民共和国甲法"
    assert [p.text for p in version.provisions] == [
        "为了甲，制定本法。",
        "乙。\n第二款。\n| 税目 | 税率 |",
        "本法自2026年1月1日起施行。",
    ]
    assert str(version.effective_from) == "2026-01-01"
    assert len(version.divisions) == 1


ENTITIES = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "甲">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<w:document xmlns:w="NAMESPACE"><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>
""".replace("NAMESPACE", NAMESPACE)

FILES = ENTITIES.replace('"甲"', 'SYSTEM "file:///etc/passwd"').replace("&c;", "&a;")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "损坏"),
        (b"\xd0\xcf\x11\xe0 an old .doc", "不是Word文件"),
        (packed(LAW)[:400], "损坏"),
        (packed(LAW, name="xl/workbook.xml"), "缺少"),
        (packed("<w:document"), "无法解析"),
        (packed(LAW.replace("w:body", "w:other")), "没有正文"),
        (packed(document()), "没有内容"),
        (packed(ENTITIES), "文档类型声明"),
        (packed(FILES), "文档类型声明"),
        (packed("甲" * 7_000_000), "解压后过大"),
        (packed(LAW + " " * 21_000_000), "解压后过大"),
    ],
    ids=range(11),
)
def test_refuses_what_is_no_law(content, reason):
    with pytest.raises(ParseError, match=reason):
        parse_docx(content)


def test_does_not_believe_the_sizes_that_the_index_gives():
    bomb = bytearray(packed(document(paragraph("甲" * 8_000_000))))
    at = bomb.rindex(b"PK\x01\x02") + 24  # the size unpacked, in the last entry of the index
    bomb[at : at + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(ParseError):
        parse_docx(bytes(bomb))


def test_refuses_a_package_of_very_many_parts():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for number in range(1_001):
            package.writestr(f"{number}.xml", "")
    with pytest.raises(ParseError, match="部件"):
        parse_docx(content.getvalue())
