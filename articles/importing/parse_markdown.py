"""A Markdown file with a YAML header → ArticleDraft. Pure: no Django.

    ---
    id: 1001
    title: 没有借条，怎样要回借款？
    category: 金融债务/民间借贷
    tags: [民间借贷, 转账记录]
    ---
    正文……

Only title and category are required; the other keys are FIELDS. Every value is read as
text, so that `id: 010` or `title: yes` mean what is written.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from ..tags import MAX_LENGTH as MAX_TAG
from ..tags import fold

MAX_FILE = 1_000_000  # bytes
MAX_HEADER = 20_000  # characters

FIELDS = {
    "id",
    "title",
    "category",
    "tags",
    "author",
    "reviewer",
    "published_at",
    "reviewed_on",
    "status",
    "origin",
    "source_name",
    "source_url",
    "summary",
    "cover",
    "ai_assisted",
}
STATUSES = {"draft", "published"}
ORIGINS = {"original", "reprint"}
MAX_ID = 2**53 - 1
LENGTHS = {"title": 120, "summary": 300, "source_name": 100, "source_url": 500}


class ParseError(ValueError):
    """A file that cannot be read: `line` (from 1) and the reason."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class ArticleDraft:
    """What one file says. Times without an offset mean the site's own time zone."""

    title: str
    category: tuple[str, ...]  # names from the root down
    body: str
    body_line: int  # where the body begins in the file
    id: int | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    reviewer: str = ""
    published_at: datetime | None = None
    reviewed_on: date | None = None
    status: str = "draft"
    origin: str = "original"
    source_name: str = ""
    source_url: str = ""
    summary: str = ""
    cover: str = ""
    ai_assisted: bool = False
    images: tuple[str, ...] = field(default=())  # local files the body shows


def decode(content: bytes) -> str:
    """Return a file's text: UTF-8, or GB18030 as old Chinese editors wrote. Raises ParseError."""
    if len(content) > MAX_FILE:
        raise ParseError(1, f"the file is larger than {MAX_FILE:,} bytes")
    if b"\0" in content:
        raise ParseError(content[: content.index(b"\0")].count(b"\n") + 1, "not a text file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise ParseError(line, "neither UTF-8 nor GB18030")


def parse(text: str) -> ArticleDraft:
    """Read one file's text. Raises ParseError for the first thing that is wrong."""
    header, body, body_line = _split(text)
    values, lines = _read_header(header)
    read = _Header(values, lines)
    for key in values:
        if key not in FIELDS:
            raise ParseError(lines[key], f"unknown key {key!r}")
    status = read.choice("status", STATUSES, "published" if "published_at" in values else "draft")
    origin = read.choice("origin", ORIGINS, "original")
    if origin == "reprint" and not read.text("source_name"):
        raise ParseError(lines.get("origin", 2), "a reprint must name its source (source_name)")
    if not body.strip():
        raise ParseError(body_line, "the article has no body")
    cover = read.text("cover")
    if cover:
        check_image_path(cover, lines["cover"])
    return ArticleDraft(
        title=read.required("title"),
        category=read.path("category"),
        body=body.strip("\n"),
        body_line=body_line,
        id=read.id(),
        tags=read.list("tags", max_length=MAX_TAG),
        authors=read.list("author", max_length=40),
        reviewer=read.text("reviewer", 40),
        published_at=read.moment("published_at"),
        reviewed_on=read.day("reviewed_on"),
        status=status,
        origin=origin,
        source_name=read.text("source_name"),
        source_url=read.url("source_url"),
        summary=read.text("summary"),
        cover=cover,
        ai_assisted=read.choice("ai_assisted", {"true", "false"}, "false") == "true",
        images=tuple(_image_names(body, body_line)),
    )


def _split(text: str) -> tuple[str, str, int]:
    """Return header, body and the line on which the body begins."""
    if not re.match(r"---[ \t]*\n", text):
        raise ParseError(1, "no header: the first line must be ---")
    opened = text.index("\n") + 1
    closing = re.compile(r"^---[ \t]*$\n?", re.MULTILINE).search(text, opened)
    if not closing:
        raise ParseError(1, "the header is not closed by a line ---")
    header = text[opened : closing.start()]
    if len(header) > MAX_HEADER:
        raise ParseError(1, f"the header is longer than {MAX_HEADER:,} characters")
    return header, text[closing.end() :], text[: closing.end()].count("\n") + 1


_YAML_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # to YAML; to editors they are no lines


def _read_header(header: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the header's values, all text or lists of text, and the file's line of each."""
    header = _YAML_LINE_ENDS.sub(" ", header)
    try:
        root = yaml.compose(header, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ParseError(mark.line + 2 if mark else 2, f"bad YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ParseError(2, f"bad YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(root, yaml.MappingNode):
        raise ParseError(2, "the header must be lines of the form key: value")
    values, lines = {}, {}
    for key_node, value_node in root.value:
        line = key_node.start_mark.line + 2
        if not isinstance(key_node, yaml.ScalarNode):
            raise ParseError(line, "a key must be a word")
        key = key_node.value
        if key in values:
            raise ParseError(line, f"{key} stands twice")
        values[key] = _value(value_node, line)
        lines[key] = line
    return values, lines


def _value(node, line: int) -> str | list[str]:
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else node.value.strip()
    is_list = isinstance(node, yaml.SequenceNode)
    if is_list and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return [item.value.strip() for item in node.value]
    raise ParseError(line, "a value must be a text or a list of texts")


class _Header:
    """Reads typed values out of a header; each error names its line."""

    def __init__(self, values: dict[str, Any], lines: dict[str, int]):
        self.values = values
        self.lines = lines

    def fail(self, key: str, reason: str):
        raise ParseError(self.lines.get(key, 1), reason)

    def text(self, key: str, max_length: int | None = None) -> str:
        value = self.values.get(key, "")
        if isinstance(value, list):
            self.fail(key, f"{key} must be a text, not a list")
        value = " ".join(value.split())
        if not value.isprintable():
            self.fail(key, f"{key} holds a control character")
        limit = max_length or LENGTHS.get(key, 200)
        if len(value) > limit:
            self.fail(key, f"{key} is longer than {limit} characters")
        return value

    def required(self, key: str) -> str:
        return self.text(key) or self.fail(key, f"{key} is missing")

    def list(self, key: str, max_length: int) -> tuple[str, ...]:
        value = self.values.get(key) or []
        parts = value if isinstance(value, list) else re.split(r"[,，、;；]", value)
        names = list(dict.fromkeys(name for part in parts if (name := fold(part))))
        for name in names:
            if len(name) > max_length or not name.isprintable():
                self.fail(key, f"{key}: {name[:50]!r} is longer than {max_length} characters")
        if len(names) > 50:
            self.fail(key, f"{key} holds more than 50 entries")
        return tuple(names)

    def path(self, key: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in self.required(key).split("/"))
        if not all(names) or len(names) > 4 or max(map(len, names)) > 40:
            self.fail(key, f"{key} must be 1 to 4 names of at most 40 characters, parted by /")
        return names

    def id(self) -> int | None:
        value = self.text("id")
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,16}", value) or not 0 < int(value) <= MAX_ID:
            self.fail("id", f"id must be a whole number from 1 to {MAX_ID}")
        return int(value)

    def choice(self, key: str, choices: set[str], default: str) -> str:
        value = self.text(key).lower() or default
        if value not in choices:
            self.fail(key, f"{key} must be one of: {', '.join(sorted(choices))}")
        return value

    def moment(self, key: str) -> datetime | None:
        value = self.text(key)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(key, f"{key} must look like 2026-03-12 09:30")
        return self._in_our_time(key, moment)

    def day(self, key: str) -> date | None:
        moment = self.moment(key)
        return moment.date() if moment else None

    def _in_our_time(self, key: str, moment):
        if not 1949 <= moment.year <= 2199:
            self.fail(key, f"{key}: the year {moment.year} cannot be meant")
        return moment

    def url(self, key: str) -> str:
        value = self.text(key)
        if value and not re.fullmatch(r"https?://[^\s<>\"'`\\]+", value):
            self.fail(key, f"{key} must be an http(s) address")
        return value


# ![alt](name "caption"): the name, without the <> that Markdown allows around it
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\(\s{0,5}<?([^\s()<>\"']{1,300})")


def _image_names(body: str, body_line: int):
    """Yield the local picture files a body shows, each once."""
    seen = set()
    for found in _IMAGE.finditer(body):
        name = found[1]
        if name in seen or re.match(r"[a-z]+:|/", name, re.IGNORECASE):
            continue
        seen.add(name)
        check_image_path(name, body_line + body[: found.start()].count("\n"))
        yield name


def check_image_path(name: str, line: int) -> None:
    """Raise ParseError for a path that leads out of the file's own folder."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise ParseError(line, f"picture {name!r} must stand beside the file")
