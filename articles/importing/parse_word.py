"""Word files (.docx) → articles, through the HTML that mammoth makes of them. Pure: no Django.

A file comes from outside: it is looked at before it is unpacked, document types are refused,
and nothing outside of it is read. Numbers that Word only shows (一、 （一） 第一条) are written
into the text first, since mammoth would make them 1. 2. 3.
"""

import io
import re
import zipfile
import zlib

import mammoth
from lxml import etree

from .old import DRAFT, OldArticle, plain

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

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CORE = "{http://purl.org/dc/elements/1.1/}title"


class WordError(ValueError):
    """A file that is no Word file, or that is not taken; says why, in Chinese."""


def parse_word(content: bytes, *, key: str, name: str, category: tuple[str, ...]) -> OldArticle:
    """Read one file as a draft; `name` is its title if it says none itself. Raises WordError."""
    package = _write_numbers(_checked(content))
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
            style_map=STYLE_MAP,
            external_file_access=False,
        )
    except Exception as error:  # mammoth raises whatever a broken file makes it raise
        raise WordError(f"Word文件无法解析（{type(error).__name__}）") from None
    title, html = _title(result.value, plain(_core_title(package)) or name)
    notes = dict.fromkeys(m.message for m in result.messages if m.type == "error")
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
            if "word/document.xml" not in package.namelist():
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
            return etree.fromstring(opened.read(name), parser)
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


# --- Numbers that Word only shows --------------------------------------------------------

_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting"}
_CHINESE |= {"taiwaneseCounting", "taiwaneseCountingThousand", "chineseLegalSimplified"}
_CHINESE |= {"japaneseDigitalTenThousand", "koreanDigital2"}


def chinese(number: int) -> str:
    """Return a number below 1000 as it counts headings: 12 → 十二."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones or not number else "")


def _write_numbers(package: bytes) -> bytes:
    """Write the numbers of paragraphs that count in Chinese into their text."""
    numbering = _part(package, "word/numbering.xml")
    document = _part(package, "word/document.xml")
    if numbering is None or document is None:
        return package
    levels = _levels(numbering)
    if not any(form in _CHINESE for form, _, _ in levels.values()):
        return package
    counts: dict[tuple[str, int], int] = {}
    for paragraph in document.iter(f"{_W}p"):
        place = paragraph.find(f"{_W}pPr/{_W}numPr")
        number = place.find(f"{_W}numId") if place is not None else None
        if number is None:
            continue
        level_at = place.find(f"{_W}ilvl")
        level = _whole(level_at.get(f"{_W}val"), 0) if level_at is not None else 0
        key = (number.get(f"{_W}val", ""), level)
        form, text, start = levels.get(key, ("", "", 1))
        counts[key] = counts.get(key, start - 1) + 1
        for other in [k for k in counts if k[0] == key[0] and k[1] > level]:
            del counts[other]
        if form not in _CHINESE or counts[key] > 999:
            continue
        place.getparent().remove(place)
        label = _label(text, key[0], counts, levels)
        run = etree.Element(f"{_W}r")
        etree.SubElement(run, f"{_W}t").text = label
        properties = paragraph.find(f"{_W}pPr")
        paragraph.insert(1 if properties is not None else 0, run)
    return _with_document(package, etree.tostring(document, encoding="UTF-8", standalone=True))


def _label(text: str, number: str, counts, levels) -> str:
    """Return a paragraph's number as its level writes it: （%1） → （三）."""
    parts = re.split(r"%([1-9])", text)
    return "".join(
        _count(number, int(part) - 1, counts, levels) if place % 2 else part
        for place, part in enumerate(parts)
    )


def _count(number: str, level: int, counts, levels) -> str:
    count = counts.get((number, level), 1)
    form = levels.get((number, level), ("", "", 1))[0]
    return chinese(count) if form in _CHINESE and count < 1_000 else str(count)


def _levels(numbering) -> dict[tuple[str, int], tuple[str, str, int]]:
    """Return the form, text and start of each level: (numId, level) → (…, "（%1）", 1)."""
    abstract = {}
    for definition in numbering.iter(f"{_W}abstractNum"):
        for level in definition.findall(f"{_W}lvl"):
            values = [level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start")]
            form, text, start = (
                value.get(f"{_W}val", "") if value is not None else "" for value in values
            )
            place = (definition.get(f"{_W}abstractNumId"), _whole(level.get(f"{_W}ilvl"), 0))
            abstract[place] = (form, text, _whole(start, 1))
    levels = {}
    for number in numbering.iter(f"{_W}num"):
        refers = number.find(f"{_W}abstractNumId")
        if refers is None:
            continue
        for (definition, level), value in abstract.items():
            if definition == refers.get(f"{_W}val"):
                levels[number.get(f"{_W}numId"), level] = value
    return levels


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,6}", value) else otherwise


def _with_document(package: bytes, document: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target,
    ):
        for name in dict.fromkeys(source.namelist()):
            target.writestr(name, document if name == "word/document.xml" else source.read(name))
    return buffer.getvalue()
