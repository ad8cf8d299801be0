"""Statutes as .docx files, as the national database of laws publishes them.

Only the words are taken, paragraph by paragraph, and read like pasted text. A file comes from
outside, so nothing is unpacked that is larger than a law can be, and entities are refused.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from statutes.importing.parse_text import parse_lines
from statutes.importing.parsed import ParsedVersion, ParseError

LARGEST_MEMBER = 20_000_000  # bytes, unpacked
MOST_MEMBERS = 1_000
DOCUMENT = "word/document.xml"

Element = etree._Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
_NOT_SHOWN = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", _FALLBACK}


def parse_docx(content: bytes, *, kind: str = "") -> ParsedVersion:
    """Read a Word file. `kind` is what the editor chose. Raises ParseError naming the reason."""
    return parse_lines(_paragraphs(content), kind=kind)


def _paragraphs(content: bytes) -> Iterator[str]:
    body = _document(content).find(f"{_W}body")
    if body is None:
        raise ParseError("Word文件没有正文")
    yield from _blocks(body)


def _blocks(parent: Element) -> Iterator[str]:
    """Yield paragraphs, and the rows of tables as | … | … |, in their order."""
    for element in parent:
        if element.tag == f"{_W}p":
            yield from _words(element).split("\n")
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                cells = (" ".join(_blocks(cell)) for cell in row.iter(f"{_W}tc"))
                yield f"| {' | '.join(cells)} |"
        elif element.tag not in _NOT_SHOWN:
            yield from _blocks(element)


def _words(paragraph: Element) -> str:
    words = []
    for element in _shown(paragraph):
        if element.tag == f"{_W}t":
            words.append(element.text or "")
        else:
            words.append(_BREAKS.get(element.tag, ""))
    return "".join(words)


def _shown(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag not in _NOT_SHOWN:
            yield child
            yield from _shown(child)


def _document(content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(_member(content, DOCUMENT), parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"Word文件的内容无法解析：{error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ParseError("Word文件的内容带有文档类型声明，拒绝读取")
    return root


def _member(content: bytes, name: str) -> bytes:
    """Return one part of the package, once the whole has been looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if len(members) > MOST_MEMBERS:
                raise ParseError(f"Word文件含{len(members)}个部件，过多")
            if large := next((m for m in members if m.file_size > LARGEST_MEMBER), None):
                raise ParseError(f"Word文件的部件{large.filename}解压后过大")
            if name not in package.namelist():
                raise ParseError(f"不是Word文件（.docx）：缺少{name}")
            with package.open(name) as member:  # what the index says need not be true
                unpacked = member.read(LARGEST_MEMBER + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ParseError("不是Word文件（.docx），或文件已损坏") from error
    except zlib.error as error:
        raise ParseError("Word文件已损坏") from error
    if len(unpacked) > LARGEST_MEMBER:
        raise ParseError(f"Word文件的部件{name}解压后过大")
    return unpacked
