"""Word files (.docx) → articles, through the HTML that mammoth makes of them. Pure: no Django.

A file comes from outside: it is looked at before it is unpacked, document types are refused,
and nothing outside of it is read. What mammoth would lose is first written where it finds it:
numbers that Word only shows (word_numbers.py), formulas, boxes.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator

import mammoth
from lxml import etree

from .old import DRAFT, OldArticle, plain
from .word_numbers import W, read_lists, read_styles, write_numbers

LARGEST_PART = 40_000_000  # bytes, unpacked
LARGEST_PACKAGE = 150_000_000
MOST_PARTS = 2_000
MAX_TITLE = 80  # characters of a first line that is taken for the title

STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name='标题'] => h1:fresh
p[style-name='文档标题'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='标题 1'] => h1:fresh
p[style-name='标题 2'] => h2:fresh
p[style-name='标题 3'] => h3:fresh
p[style-name='标题 4'] => h4:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='引用'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
u => u
"""

_CORE = "{http://purl.org/dc/elements/1.1/}title"


class WordError(ValueError):
    """A file that is no Word file, or that is not taken; says why, in Chinese."""


def parse_word(content: bytes, *, key: str, name: str, category: tuple[str, ...]) -> OldArticle:
    """Read one file as a draft; `name` is its title if it says none itself. Raises WordError."""
    package, style_map, notes = _prepared(_checked(content))
    pictures: dict[str, bytes] = {}

    def keep(image):
        with image.open() as stream:
            data = stream.read()
        address = f"word/{len(pictures) + 1}.{image.content_type.rpartition('/')[2][:8]}"
        pictures[address] = data
        return {"src": address, "alt": image.alt_text or ""}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(package),
            convert_image=mammoth.images.img_element(keep),
            style_map=style_map,
            external_file_access=False,
        )
    except Exception as error:  # mammoth raises whatever a broken file makes it raise
        raise WordError(f"Word文件无法解析（{type(error).__name__}）") from None
    title, html = _title(result.value, plain(_core_title(package)) or name)
    notes += dict.fromkeys(
        message.message
        for message in result.messages
        if message.type == "error" or "w:sym" in message.message
    )
    return OldArticle(
        key=key,
        title=title,
        html=html,
        category=category,
        state=DRAFT,
        notes=tuple(notes),
        pictures=pictures,
    )


def _checked(content: bytes) -> bytes:
    """Return the package once it is known that it can be unpacked without harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS:
                raise WordError(f"Word文件含{len(parts)}个部件，过多")
            if not any(name.startswith("word/document") for name in package.namelist()):
                raise WordError("不是Word文件（.docx）：旧的.doc请先另存为.docx")
            unpacked = 0
            for part in parts:
                with package.open(part) as stream:  # what the index says need not be true
                    read = stream.read(LARGEST_PART + 1)
                unpacked += len(read)
                if len(read) > LARGEST_PART or unpacked > LARGEST_PACKAGE:
                    raise WordError(f"Word文件的部件{part.filename}解压后过大")
                is_xml = part.filename.lower().endswith((".xml", ".rels"))
                if is_xml and re.search(rb"<!(?:DOCTYPE|ENTITY)", read.replace(b"\0", b"")):
                    raise WordError("Word文件的内容带有文档类型声明，拒绝读取")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise WordError("不是Word文件（.docx），或文件已损坏") from None
    return content


def _part(package: bytes, name: str) -> etree._Element | None:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        if name not in opened.namelist():
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            return etree.fromstring(opened.read(name).replace(_STRICT, W[1:-1].encode()), parser)
        except etree.XMLSyntaxError as error:
            raise WordError(f"Word文件的内容无法解析：{error.msg}") from None


def _core_title(package: bytes) -> str:
    core = _part(package, "docProps/core.xml")
    return "" if core is None else core.findtext(_CORE) or ""


def _title(html: str, otherwise: str) -> tuple[str, str]:
    """Return the title and the rest: the first heading, or a short first line, or a name."""
    found = re.match(r"\s*<h1>(.{1,2000}?)</h1>", html, re.DOTALL)
    if found and plain(found[1]):
        return plain(found[1]), html[found.end() :]
    found = re.match(r"\s*<p>(.{1,2000}?)</p>", html, re.DOTALL)
    line = plain(found[1]) if found and "<img" not in found[1] else ""
    is_title = 2 <= len(line) <= MAX_TITLE and not re.search(r"[。；;：:，,]$|。", line)
    if found and is_title and html[found.end() :].strip():
        return line, html[found.end() :]
    return otherwise, html


# --- What mammoth would lose --------------------------------------------------------------

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def _prepared(package: bytes) -> tuple[bytes, str, list[str]]:
    """Return the package with all its words where mammoth finds them, a style map, and what is
    not carried."""
    main = _main_part(package)
    document = _part(package, main)
    if document is None:
        raise WordError("Word文件里没有正文")
    styles = read_styles(_related(package, main, "styles"))
    _unwrap(document)
    write_numbers(document, read_lists(_related(package, main, "numbering"), styles), styles)
    content = etree.tostring(document, encoding="UTF-8", standalone=True)
    headings = {
        style.name: min(style.heading, 6)
        for style in styles.values()
        if style.heading and re.fullmatch(r"[^'\\\x00-\x1f]{1,200}", style.name)
    }
    lines = (f"p[style-name='{name}'] => h{level}:fresh" for name, level in headings.items())
    comments = _related(package, main, "comments")
    left = {
        "图表": sum(1 for _ in document.iter(_CHART)),
        "图示（SmartArt）": sum(1 for _ in document.iter(_DIAGRAM)),
        "批注": 0 if comments is None else sum(1 for _ in comments.iter(f"{W}comment")),
    }
    notes = [f"{number}处{what}未迁入" for what, number in left.items() if number]
    return _with_document(package, main, content), STYLE_MAP + "\n".join(lines), notes


def _unwrap(document: etree._Element) -> None:
    """Turn what mammoth passes over into what it reads: formulas, words over words, boxes."""
    for formula in list(document.iter(f"{_MATH}oMath")):
        words = "".join(text.text or "" for text in formula.iter(f"{_MATH}t"))
        run = etree.Element(f"{W}r")
        etree.SubElement(run, f"{W}t").text = words
        _replace(formula, [run])
    for group in list(document.iter(f"{_MATH}oMathPara")):
        _replace(group, list(group.iterchildren(f"{W}r")))
    for run in [run for run in document.iter(f"{W}r") if run.find(f"{W}ruby") is not None]:
        runs: list[etree._Element] = []
        for child in list(run):
            if child.tag == f"{W}ruby":
                runs += child.iterfind(f"{W}rubyBase/{W}r")
            elif child.tag != f"{W}rPr":
                runs.append(etree.Element(f"{W}r"))
                runs[-1].append(child)
        _replace(run, runs)
    for name in ("fldSimple", "dir", "bdo"):
        for element in list(document.iter(f"{W}{name}")):
            _replace(element, list(element))
    for line_end in document.iter(f"{W}cr"):
        line_end.tag = f"{W}br"
    for choice in list(document.iter(f"{_CHOICES}AlternateContent")):
        if choice.find(f"{_CHOICES}Fallback") is None:
            fallback = etree.SubElement(choice, f"{_CHOICES}Fallback")
            fallback.extend(list(choice.iter(f"{W}txbxContent")))


def _replace(element: etree._Element, others: list[etree._Element]) -> None:
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        parent[at : at + 1] = others


def _main_part(package: bytes) -> str:
    """Return the place of the text, which is not always word/document.xml."""
    for target in _targets(package, "_rels/.rels", "officeDocument"):
        return target.lstrip("/")
    return "word/document.xml"


def _related(package: bytes, main: str, kind: str) -> etree._Element | None:
    folder, _, name = main.rpartition("/")
    for target in _targets(package, f"{folder}/_rels/{name}.rels", kind):
        place = target if target.startswith("/") else f"/{folder}/{target}"
        return _part(package, posixpath.normpath(place).lstrip("/"))
    return _part(package, f"{folder}/{kind}.xml")


def _targets(package: bytes, place: str, kind: str) -> Iterator[str]:
    relations = _part(package, place)
    for relation in relations if relations is not None else ():
        is_outside = relation.get("TargetMode") == "External"
        if relation.get("Type", "").endswith(f"/{kind}") and not is_outside:
            yield relation.get("Target", "")


def _with_document(package: bytes, main: str, document: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target,
    ):
        for name in dict.fromkeys(source.namelist()):
            target.writestr(name, document if name == main else source.read(name))
    return buffer.getvalue()
