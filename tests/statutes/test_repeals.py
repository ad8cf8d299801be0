"""The list of repeals holds together, and says what its sources say."""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from statutes.aliases import assign, normalise
from statutes.importing.parsed import ParsedVersion
from statutes.models import Statute
from statutes.repeals import REPEALS, Repeal

from . import sources

BY_TITLE = {normalise(repeal.title): repeal for repeal in REPEALS}

# Read elsewhere, because neither the folder nor the package has the text, or the day.
GAZETTE = "《最高人民法院关于废止部分司法解释及相关规范性文件的决定》"
DAY_IN_THE_GAZETTE = {
    # 法释〔2015〕5号, gazette 2015/5: 自2015年2月4日起施行. The folder has the amended texts only.
    "最高人民法院关于适用《中华人民共和国民事诉讼法》若干问题的意见": date(2015, 2, 4),
}

_SOURCE = re.compile(
    r"《(?P<title>.+)》(?P<provision>第[^章节]+?条|[一二三四五六七八九十]+、|\d+\.)(?P<annex>及附件一)?"
)
_TAKES_EFFECT = re.compile(
    r"[自于](\d{4})年(\d{1,2})月(\d{1,2})日(?:零时)?起?(?:施行|实施|生效|执行)"
)
_COURT = re.compile(r"^最高人民法院(?:、最高人民检察院)?|^全国人民代表大会常务委员会")


def named(repeal: Repeal) -> str:
    return repeal.title


def test_no_statute_ends_twice():
    assert [
        title for title, n in Counter(normalise(r.title) for r in REPEALS).items() if n > 1
    ] == []


@pytest.mark.parametrize("repeal", REPEALS, ids=named)
def test_titles_are_written_as_printed(repeal):
    for title in filter(None, (repeal.title, repeal.replaced_by)):
        assert "".join(title.split()) == title
        assert not set("()〈〉<>") & set(title)
        assert not title.startswith(("《", "关于修改"))
    assert repeal.kind in Statute.Kind.values


@pytest.mark.parametrize("repeal", REPEALS, ids=named)
def test_what_replaces_a_statute_outlives_it(repeal):
    assert normalise(repeal.replaced_by) != normalise(repeal.title)
    successor = BY_TITLE.get(normalise(repeal.replaced_by))
    assert successor is None or successor.repealed_on > repeal.repealed_on
    assert repeal.enacted_on is None or repeal.enacted_on < repeal.repealed_on


@pytest.mark.parametrize(
    ("title", "repealed_on", "replaced_by"),
    [
        ("合同法", date(2021, 1, 1), "民法典"),
        ("婚姻法", date(2021, 1, 1), "民法典"),
        ("继承法", date(2021, 1, 1), "民法典"),
        ("物权法", date(2021, 1, 1), "民法典"),
        ("侵权责任法", date(2021, 1, 1), "民法典"),
        ("担保法", date(2021, 1, 1), "民法典"),
        ("收养法", date(2021, 1, 1), "民法典"),
        ("民法通则", date(2021, 1, 1), "民法典"),
        ("民法总则", date(2021, 1, 1), "民法典"),
        ("外资企业法", date(2020, 1, 1), "外商投资法"),
        ("环境保护法", date(2026, 8, 15), "生态环境法典"),
        ("水污染防治法", date(2026, 8, 15), "生态环境法典"),
        ("治安管理处罚条例", date(2006, 3, 1), "治安管理处罚法"),
        ("行政监察法", date(2018, 3, 20), "监察法"),
        ("执业医师法", date(2022, 3, 1), "医师法"),
        ("增值税暂行条例", date(2026, 1, 1), "增值税法"),
        ("公司登记管理条例", date(2022, 3, 1), "市场主体登记管理条例"),
    ],
)
def test_what_old_articles_cite_every_day_is_there(title, repealed_on, replaced_by):
    repeal = BY_TITLE[f"中华人民共和国{title}"]
    assert (repeal.repealed_on, repeal.replaced_by) == (
        repealed_on,
        f"中华人民共和国{replaced_by}",
    )


@pytest.mark.parametrize(
    "title",
    [
        "中华人民共和国国家安全法",  # of 1993; the law of 2015 has its title
        "信访条例",  # of 1995; revised in 2005
        "中华人民共和国劳动改造条例",  # only what it said of detention houses
    ],
)
def test_what_did_not_end_as_a_whole_is_not_there(title):
    assert normalise(title) not in BY_TITLE


@pytest.mark.parametrize("repeal", REPEALS, ids=named)
def test_the_source_names_the_statute_and_the_day(repeal):
    if repeal.source.startswith(GAZETTE):
        where = "read in 13098806890/laws-data" if "第" in repeal.source else "read nowhere"
        pytest.skip(f"the list of 法释〔2020〕16号 is in neither source; {where}")
    source = _SOURCE.fullmatch(repeal.source)
    assert source, repeal.source
    texts = _texts(source)
    if not texts:
        pytest.skip(f"《{source['title']}》 is in no source at hand")
    saying = [(version, text) for version, text in texts if _says_it_ends(text, repeal.title)]
    assert saying, f"no text of {repeal.source} says so"
    days = {day for version, text in saying for day in _days(version, text)}
    days |= {DAY_IN_THE_GAZETTE.get(repeal.title)}
    assert repeal.repealed_on in days


def test_no_text_at_hand_is_newer_than_its_end():
    """A newer text would mean that the title lives on."""
    newest = defaultdict(lambda: date.min)
    for title, days in _days_of_titles_at_hand().items():
        newest[title] = max(days)
    ended = [r.title for r in REPEALS if newest[normalise(r.title)] >= r.repealed_on]
    assert ended == []


def test_no_title_takes_a_name_from_a_statute_at_hand():
    at_hand = list(_days_of_titles_at_hand())
    before = assign(at_hand).titles
    ended = {repeal.title for repeal in REPEALS}
    after = assign([*at_hand, *ended], ended).titles
    assert [name for name, title in before.items() if after.get(name) != title] == []


# --- the sources ---------------------------------------------------------------------------


def _texts(source: re.Match[str]) -> list[tuple[ParsedVersion, str]]:
    """Return the provision that the source names, in every version at hand."""
    found = []
    for version in _versions(normalise(source["title"])):
        for provision in version.provisions:
            if provision.label == source["provision"]:
                # An annex of the folder's files stands below the last provision.
                annex = version.joined().rpartition("附件一")[2] if source["annex"] else ""
                found.append((version, provision.text + annex))
    return found


def _versions(title: str) -> list[ParsedVersion]:
    files = _files().get(title, [])
    return [sources.law_file(path) for path in files] + _packaged().get(title, [])


@cache
def _files() -> dict[str, list[str]]:
    """Return title → files of the collection, by the first line of each."""
    found = defaultdict(list)
    for file in sorted(sources.laws_folder().rglob("*.md")):
        with file.open(encoding="utf-8") as lines:
            title = normalise(next(lines).lstrip("# "))
        found[title].append(str(file.relative_to(sources.LAWS).with_suffix("")))
    return found


@cache
def _packaged() -> dict[str, list[ParsedVersion]]:
    found = defaultdict(list)
    for version in sources.packaged_laws()[0]:
        found[normalise(version.title)].append(version)
    return found


@cache
def _days_of_titles_at_hand() -> dict[str, list[date]]:
    """Return title → days of its texts, by the names of the files and the package's column."""
    found = defaultdict(list)
    for title, paths in _files().items():
        days = (re.search(r"\((\d{4}-\d\d-\d\d)\)$", Path(path).name) for path in paths)
        found[title] += [date.fromisoformat(day[1]) for day in days if day] or [date.min]
    for title, versions in _packaged().items():
        found[title] += [v.promulgated_on for v in versions if v.promulgated_on]
    return found


def _says_it_ends(text: str, title: str) -> bool:
    bare = normalise(text)
    names = {normalise(title), _COURT.sub("", normalise(title))}
    return "废止" in bare and any(name in bare for name in names)


def _days(version: ParsedVersion, text: str) -> set[date]:
    """The day that a provision names for its statute, else (自公布之日起) those of the header."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    days = {date(*map(int, day)) for day in _TAKES_EFFECT.findall(plain)}
    return days or {event.on for event in version.events}
