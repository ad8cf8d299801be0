"""A .sql dump of a database → rows, one after the other. Pure: no database.

Reads what mysqldump, mariadb-dump, phpMyAdmin, Navicat and `sqlite .dump` write: CREATE TABLE
for the names of columns, INSERT or REPLACE … VALUES for the rows. Everything else is passed by;
nothing is run. Memory holds one row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1 << 20  # bytes
MAX_TOKEN = 64 << 20  # bytes of one value

Value = str | bytes | None


class DumpError(ValueError):
    """A dump that cannot be read; says where, in bytes, and why."""


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[str, ...]


_SPACE = rb"(?:\s+|--[ \t\-][^\n]*\n|--\n|\#[^\n]*\n|/\*(?!!).*?\*/)"
_TOKEN = re.compile(
    rb"(?P<space>" + _SPACE + rb"+)"
    rb"|(?P<open>/\*!\d*|/\*M!\d*)"  # what MySQL alone runs: its content is read
    rb"|(?P<close>\*/)"
    rb"|(?P<hex>0x[0-9A-Fa-f]+|[xX]'[0-9A-Fa-f]*')"
    rb"|(?P<word>[A-Za-z_\x80-\xff@$][\w\x80-\xff@$.]*)"
    rb"|(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    rb"|(?P<name>`(?:[^`]|``)*`)"
    rb"|(?P<sign>[(),;=.:*<>!|&%/+\-?{}\[\]~^\\])",
    re.DOTALL,
)
_MYSQL_STRING = re.compile(rb"'(?:[^'\\]++|\\.|'')*+'", re.DOTALL)
_PLAIN_STRING = re.compile(rb"'(?:[^']++|'')*+'", re.DOTALL)
_DOUBLE = re.compile(rb'"(?:[^"\\]++|\\.|"")*+"', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANT = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a"}


def read_dump(file: BinaryIO, wanted: set[str]) -> Iterator[tuple[Table, list[Value]]]:
    """Yield (table, values) of the rows of tables whose small-lettered names end in `wanted`.

    Text is given as bytes, for the caller to decode. Raises DumpError.
    """
    yield from _Dump(file).rows(wanted)


class _Dump:
    def __init__(self, file: BinaryIO):
        self.file = file
        self.buffer = b""
        self.at = 0
        self.passed = 0  # bytes before the buffer
        self.ended = False
        self.pushed: list[tuple[str, bytes]] = []
        self.string = _MYSQL_STRING
        self.tables: dict[str, Table] = {}
        self.fill()
        head = self.buffer[:4000]
        if head.startswith(b"** This file contains an SQLite 2"):
            raise DumpError("这是SQLite 2的数据库，请先用旧版sqlite程序导出（.dump）为.sql文件")
        if re.match(rb"\s*(?:PRAGMA |BEGIN TRANSACTION)", head):
            self.string = _PLAIN_STRING

    # --- tokens

    def fill(self) -> None:
        # What is asked for doubles, so that one long value is not read over and over.
        chunk = self.file.read(max(CHUNK, len(self.buffer) - self.at))
        self.passed += self.at
        self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        self.ended = not chunk
        if len(self.buffer) > 4 * MAX_TOKEN:
            raise DumpError(f"字节{self.passed}起的一个值过大")

    def token(self) -> tuple[str, bytes]:
        """Return the next token's kind and text; ("", b"") at the end."""
        if self.pushed:
            return self.pushed.pop()
        while True:
            first = self.buffer[self.at : self.at + 1]
            if first in (b"-", b"#", b"/") and not self.ended and self.is_cut_off():
                self.fill()
                continue
            pattern = self.string if first == b"'" else _DOUBLE if first == b'"' else _TOKEN
            found = pattern.match(self.buffer, self.at) if first else None
            if (found is None or found.end() == len(self.buffer)) and not self.ended:
                self.fill()
                continue
            if not first:
                return "", b""
            if found is None:
                raise DumpError(f"字节{self.passed + self.at}处无法读取")
            self.at = found.end()
            if first == b"'":
                return "string", found[0]
            if first == b'"':
                return "name", found[0]
            kind = found.lastgroup or ""
            if kind not in ("space", "open", "close"):
                return kind, found[0]

    def is_cut_off(self) -> bool:
        """Whether a comment begins here whose end is not yet in the buffer."""
        two = self.buffer[self.at : self.at + 2]
        if len(two) < 2:
            return True
        if two == b"/*":
            return self.buffer.find(b"*/", self.at) < 0
        return (
            two != b"//"
            and (two == b"--" or two[:1] == b"#")
            and (self.buffer.find(b"\n", self.at) < 0)
        )

    # --- statements

    def rows(self, wanted: set[str]) -> Iterator[tuple[Table, list[Value]]]:
        while True:
            kind, text = self.token()
            if not kind:
                return
            word = text.upper()
            if kind == "word" and word == b"CREATE":
                self.create()
            elif kind == "word" and word in (b"INSERT", b"REPLACE"):
                yield from self.insert(wanted)
            elif kind == "word" and word == b"DELIMITER":
                self.skip_line()
            elif text != b";":
                self.skip()

    def skip(self) -> None:
        """Pass by the rest of a statement."""
        while True:
            kind, text = self.token()
            if not kind or (kind == "sign" and text == b";"):
                return

    def skip_line(self) -> None:
        while b"\n" not in self.buffer[self.at :] and not self.ended:
            self.fill()
        end = self.buffer.find(b"\n", self.at)
        self.at = len(self.buffer) if end < 0 else end

    def name(self) -> str | None:
        """Read a name, the last part of database.table."""
        kind, text = self.token()
        if kind not in ("name", "word"):
            return None
        name = _unquoted(text)
        while self.peek() == b".":
            self.token()
            name = _unquoted(self.token()[1])
        return name.rpartition(".")[2]

    def peek(self) -> bytes:
        if self.at + 1 >= len(self.buffer) and not self.ended:
            self.fill()
        return self.buffer[self.at : self.at + 1]

    def create(self) -> None:
        kind, text = self.token()
        if text.upper() in (b"TEMPORARY", b"OR"):
            self.skip()
            return
        if text.upper() != b"TABLE":
            if text != b";":
                self.skip()
            return
        name = self.name()
        if name and name.upper() == "IF":
            self.token(), self.token()
            name = self.name()
        columns: list[str] = []
        depth, begins = 0, False
        while True:
            kind, text = self.token()
            if not kind or (text == b";" and kind == "sign"):
                break
            if kind == "sign" and text in b"()":
                depth += 1 if text == b"(" else -1
                begins = depth == 1 and text == b"("
            elif kind == "sign" and text == b"," and depth == 1:
                begins = True
            else:
                is_column = kind == "name" or text.upper() not in _NOT_COLUMNS
                if begins and depth == 1 and kind in ("name", "word") and is_column:
                    columns.append(_unquoted(text))
                begins = False
        if name:
            self.tables[name.lower()] = Table(name, tuple(columns))

    def insert(self, wanted: set[str]) -> Iterator[tuple[Table, list[Value]]]:
        kind, text = self.token()
        while kind == "word" and text.upper() in (b"IGNORE", b"DELAYED", b"LOW_PRIORITY"):
            kind, text = self.token()
        name = self.name() if text.upper() == b"INTO" else None
        if not name or not any(name.lower().endswith(ending) for ending in wanted):
            self.skip()
            return
        table = self.tables.get(name.lower(), Table(name, ()))
        kind, text = self.token()
        if text == b"(":
            columns = []
            while text != b")" and kind:
                kind, text = self.token()
                if kind in ("name", "word"):
                    columns.append(_unquoted(text))
            table = Table(name, tuple(columns))
            kind, text = self.token()
        if text.upper() not in (b"VALUES", b"VALUE"):
            self.skip()
            return
        while True:
            kind, text = self.token()
            if text == b"(" and kind == "sign":
                yield table, self.values()
            elif not kind or (kind == "sign" and text == b";"):
                return
            elif not (kind == "sign" and text == b","):
                self.skip()  # ON DUPLICATE KEY UPDATE …
                return

    def values(self) -> list[Value]:
        """Read one row up to its closing bracket."""
        values: list[Value] = []
        while True:
            values.append(self.value())
            kind, text = self.token()
            if not kind:
                raise DumpError("文件在一行数据的中间结束")
            if text == b")":
                return values
            if text != b",":
                raise DumpError(f"字节{self.passed + self.at}处的一行数据无法读取")

    def value(self, depth: int = 0) -> Value:
        kind, text = self.token()
        if kind == "string":
            return self.unescaped(text)
        if kind == "name":  # "…" as MySQL reads it without ANSI_QUOTES
            return self.unescaped(b"'" + text[1:-1] + b"'")
        if kind == "number":
            return text
        if kind == "hex":
            digits = text[2:].strip(b"'")
            return bytes.fromhex(digits.decode().rjust(len(digits) + len(digits) % 2, "0"))
        if kind == "word" and text.upper() in (b"NULL", b"TRUE", b"FALSE", b"DEFAULT"):
            return {b"TRUE": b"1", b"FALSE": b"0"}.get(text.upper())
        if kind == "word" and depth < 50:
            following = self.token()
            if following[1] == b"(":
                return _call(text.upper(), self.arguments(depth))
            self.pushed.append(following)
            return self.value(depth + 1)  # after _binary, N or b
        raise DumpError(f"字节{self.passed + self.at}处的一个值无法读取")

    def arguments(self, depth: int) -> list[Value]:
        values = [self.value(depth + 1)]
        while self.token()[1] == b",":
            values.append(self.value(depth + 1))
        return values

    def unescaped(self, text: bytes) -> bytes:
        text = text[1:-1]
        if self.string is _PLAIN_STRING:
            return text.replace(b"''", b"'")
        if b"\\" not in text and b"''" not in text:
            return text
        return _ESCAPED.sub(lambda found: _meant(found[1]), text)


# How a line in a CREATE TABLE begins that is no column.
_NOT_COLUMNS = {b"PRIMARY", b"KEY", b"UNIQUE", b"INDEX", b"CONSTRAINT", b"FULLTEXT", b"SPATIAL"}
_NOT_COLUMNS |= {b"FOREIGN", b"CHECK"}


def _call(name: bytes, values: list[Value]) -> Value:
    """Return what the functions give that sqlite's .dump writes around line ends."""
    texts = [value if isinstance(value, bytes) else b"" for value in values]
    if name == b"REPLACE" and len(texts) == 3:
        return texts[0].replace(texts[1], texts[2])
    if name == b"CHAR" and all(text.isdigit() for text in texts):
        return b"".join(chr(int(text)).encode() for text in texts if int(text) < 0x110000)
    if name == b"UNISTR":
        return re.sub(
            rb"\\u([0-9a-fA-F]{4})",
            lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"),
            texts[0],
        )
    raise DumpError(f"不认识的函数{name.decode(errors='replace')}")


def _meant(character: bytes | None) -> bytes:
    if character is None:
        return b"'"
    return _MEANT.get(character, b"\\" + character if character in b"%_" else character)


def _unquoted(text: bytes) -> str:
    if text[:1] in (b"`", b'"'):
        quote = text[:1]
        text = text[1:-1].replace(quote * 2, quote)
    return text.decode("utf-8", "replace")
