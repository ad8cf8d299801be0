"""The tables of an old system's database, read row by row: SQLite, MySQL/MariaDB, a .sql dump.

Only SELECTs are sent, by key and in batches, so that memory stays small and the old site can
go on running.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from .old import MovingError
from .parse_dump import DumpError, read_dump

try:
    import pymysql
except ImportError:  # only who reads a live MySQL needs it
    pymysql = None

BATCH = 200  # rows


class Tables(Protocol):
    """A database that can be asked for its tables' rows."""

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of every table, by the table's name."""

    def select(self, sql: str, values: Sequence = ()) -> list[tuple]:
        """Return the rows of one SELECT, whose placeholders are ?."""

    def quoted(self, name: str) -> str:
        """Return a table's or column's name as SQL writes it."""

    def close(self) -> None: ...


def open_tables(address: str) -> Tables:
    """Open mysql://user:password@host:port/name, an SQLite file or a .sql dump.

    Raises MovingError.
    """
    if address.startswith(("mysql://", "mariadb://")):
        return MySQL(address)
    path = Path(address)
    if not path.is_file():
        raise MovingError(f"{address}：没有这个文件")
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"SQLite format 3\0"):
        return SQLite(path)
    if head.startswith(b"** This file contains an SQLite 2"):
        raise MovingError(
            f"{address}：这是SQLite 2的数据库，今天的程序不能直接读取。"
            "请用旧版sqlite程序执行 sqlite 文件 .dump > 导出.sql，再导入该.sql文件"
        )
    if b"\0" in head:
        raise MovingError(f"{address}：既不是SQLite数据库，也不是.sql文件")
    return Dump(path)


def rows(
    tables: Tables, table: str, columns: Sequence[str], key: str, after: int = 0
) -> Iterator[dict]:
    """Yield a table's rows in the order of a numeric key, from the one after `after` on."""
    names = ", ".join(tables.quoted(column) for column in [key, *columns])
    by = tables.quoted(key)
    sql = f"SELECT {names} FROM {tables.quoted(table)} WHERE {by} > ? ORDER BY {by} LIMIT {BATCH}"  # noqa: S608 (names come from the database, quoted)
    while batch := tables.select(sql, [after]):
        for row in batch:
            yield dict(zip(columns, row[1:], strict=True))
        after = int(batch[-1][0])


def every_row(tables: Tables, table: str, columns: Sequence[str]) -> Iterator[dict]:
    """Yield all rows of a small table."""
    names = ", ".join(tables.quoted(column) for column in columns)
    for row in tables.select(f"SELECT {names} FROM {tables.quoted(table)}"):  # noqa: S608
        yield dict(zip(columns, row, strict=True))


def count(tables: Tables, table: str) -> int:
    return int(tables.select(f"SELECT COUNT(*) FROM {tables.quoted(table)}")[0][0])  # noqa: S608


class SQLite:
    """An SQLite file, opened so that it cannot be written."""

    def __init__(self, path: Path):
        try:
            self.connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            self.connection.text_factory = _text
            self.connection.execute("PRAGMA trusted_schema = OFF")
            self.connection.execute("PRAGMA query_only = ON")
            self.connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.Error as error:
            raise MovingError(f"{path}：无法作为SQLite数据库打开（{error}）") from None

    def columns(self) -> dict[str, list[str]]:
        names = self.select("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: [row[1] for row in self.select(f"PRAGMA table_info({self.quoted(name)})")]
            for (name,) in names
        }

    def select(self, sql: str, values: Sequence = ()) -> list[tuple]:
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise MovingError(f"数据库读取失败：{error}") from None

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def close(self) -> None:
        self.connection.close()


class Dump(SQLite):
    """A .sql dump: its rows of interest are put into a database of its own first."""

    WANTED = {"post", "log", "category", "tag", "member", "upload", "config", "comment", "module"}

    def __init__(self, path: Path):
        self.folder = tempfile.TemporaryDirectory(prefix="moving-")
        copy = Path(self.folder.name) / "dump.sqlite3"
        try:
            with closing(sqlite3.connect(copy)) as target, path.open("rb") as file:
                self._copy(file, target)
        except DumpError as error:
            self.folder.cleanup()
            raise MovingError(f"{path}：{error}") from None
        super().__init__(copy)

    def _copy(self, file, target: sqlite3.Connection) -> None:
        made: dict[str, tuple[str, ...]] = {}
        for table, values in read_dump(file, self.WANTED):
            columns = table.columns or tuple(f"column{n}" for n in range(len(values)))
            if len(values) != len(columns):
                raise DumpError(f"表{table.name}的一行有{len(values)}个值，应为{len(columns)}个")
            name = self.quoted(table.name)
            if table.name not in made:
                if not values or len(columns) > 200:
                    raise DumpError(f"表{table.name}的列数不对")
                listed = ", ".join(self.quoted(column) for column in columns)
                target.execute(f"CREATE TABLE {name} ({listed})")
                made[table.name] = columns
            if set(columns) - set(made[table.name]):
                raise DumpError(f"表{table.name}前后的列不一致")
            listed = ", ".join(self.quoted(column) for column in columns)
            marks = ", ".join("?" * len(columns))
            sql = f"INSERT INTO {name} ({listed}) VALUES ({marks})"  # noqa: S608
            target.execute(sql, [_decoded(value) for value in values])
        for name, columns in made.items():
            key = next((column for column in columns if column.lower().endswith("_id")), None)
            if key:
                target.execute(
                    f"CREATE INDEX {self.quoted('by_' + name)}"
                    f" ON {self.quoted(name)} ({self.quoted(key)})"
                )
        target.commit()

    def close(self) -> None:
        super().close()
        self.folder.cleanup()


def _decoded(value: bytes | str | None):
    """Return a dump's value as text, a whole number as one, so that keys are in their order."""
    if value is None or isinstance(value, str):
        return value
    if len(value) < 19 and value.isdigit() and (value == b"0" or not value.startswith(b"0")):
        return int(value)
    return _text(value)


def _text(value: bytes) -> str:
    """Return a text in UTF-8, even if it was cut within a character, or in GB18030."""
    text = value.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken and 2 * broken > sum(letter > "\x7f" for letter in text):
        with suppress(UnicodeDecodeError):
            return value.decode("gb18030")
    return text


class MySQL:
    """A running MySQL or MariaDB."""

    def __init__(self, address: str):
        if pymysql is None:
            raise MovingError(
                "读取运行中的MySQL要先安装requirements-moving.txt；也可以改为导入mysqldump的.sql文件"
            )
        parts = urlsplit(address)
        options = parse_qs(parts.query)
        try:
            self.connection = pymysql.connect(
                host=parts.hostname or "127.0.0.1",
                port=parts.port or 3306,
                user=unquote(parts.username or "root"),
                password=unquote(parts.password or ""),
                database=unquote(parts.path.strip("/")),
                charset=options.get("charset", ["utf8mb4"])[0],
                unix_socket=options.get("socket", [None])[0],
                local_infile=False,
                connect_timeout=10,
                read_timeout=120,
            )
        except (pymysql.MySQLError, ValueError, OSError) as error:
            raise MovingError(f"无法连接数据库：{error}") from None

    def columns(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for table, column in self.select(
            "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS"
            " WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION"
        ):
            found.setdefault(table, []).append(column)
        return found

    def select(self, sql: str, values: Sequence = ()) -> list[tuple]:
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(sql.replace("%", "%%").replace("?", "%s"), list(values))
                return list(cursor.fetchall())
        except pymysql.MySQLError as error:
            raise MovingError(f"数据库读取失败：{error}") from None

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def close(self) -> None:
        self.connection.close()
