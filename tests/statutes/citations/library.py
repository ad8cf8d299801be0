"""The names and texts that the tests of citations know."""

import importlib.util
import json
import sys
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from statutes import aliases, repeals
from statutes.citations.names import Names
from statutes.importing import sources
from statutes.importing.parsed import ParsedVersion
from tests.statutes.sources import laws_folder, packaged_laws

CITATIONS = Path(__file__).resolve().parents[4] / "shared" / "citations"

TITLES = [
    "中华人民共和国宪法",
    "中华人民共和国民法典",
    "中华人民共和国刑法",
    "中华人民共和国刑法修正案（十一）",
    "中华人民共和国公司法",
    "中华人民共和国证券法",
    "中华人民共和国劳动法",
    "中华人民共和国劳动合同法",
    "中华人民共和国劳动合同法实施条例",
    "中华人民共和国劳动争议调解仲裁法",
    "中华人民共和国合同法",
    "中华人民共和国婚姻法",
    "中华人民共和国刑事诉讼法",
    "中华人民共和国民事诉讼法",
    "中华人民共和国消费者权益保护法",
    "中华人民共和国治安管理处罚法",
    "中华人民共和国香港特别行政区基本法",
    "物业管理条例",
    "工伤保险条例",
    "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）",
    "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
    "最高人民法院关于适用《中华人民共和国公司法》若干问题的规定（三）",
    "最高人民法院关于审理劳动争议案件适用法律若干问题的解释",
    "最高人民法院关于审理劳动争议案件适用法律若干问题的解释（三）",
    "最高人民法院关于审理行政协议案件若干问题的规定",
    "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释",
    "最高人民法院关于审理城镇房屋租赁合同纠纷案件具体应用法律若干问题的解释",
]
DOCUMENT_NUMBERS = {
    "法释〔2020〕22号": "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"
}

NAMES = Names(aliases.assign(TITLES).titles, DOCUMENT_NUMBERS)


def short(title: str) -> str:
    """Return a title as the tables of the tests have it."""
    return title.replace(aliases.STATE, "").replace("最高人民法院", "")


# --- the whole of the law, where it is at hand -----------------------------------------------


@cache
def versions() -> list[ParsedVersion]:
    read = [source.parsed for source in sources.read(str(laws_folder())) if source.parsed]
    return [*read, *packaged_laws()[0]]


@cache
def all_names() -> Names:
    printed = {aliases.normalise(version.title): version.title for version in versions()}
    ended = [repeal.title for repeal in repeals.REPEALS]
    numbers = {version.document_number: version.title for version in versions()}
    return Names(aliases.assign([*printed.values(), *ended], ended=ended).titles, numbers)


@cache
def newest() -> dict[str, ParsedVersion]:
    """Return the newest version of every statute, by its title as names are compared."""
    by_day = sorted(versions(), key=lambda version: version.promulgated_on or date.min)
    return {aliases.normalise(version.title): version for version in by_day}


# --- the development set -----------------------------------------------------------------------


def development_set(name: str) -> list[dict]:
    path = CITATIONS / name
    if not path.is_file():
        pytest.skip(f"the development set is not at {path}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scorer() -> ModuleType:
    path = CITATIONS / "score.py"
    if not path.is_file():
        pytest.skip(f"the scorer is not at {path}")
    spec = importlib.util.spec_from_file_location("citation_scorer", path)
    module = importlib.util.module_from_spec(spec)
    keep, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = keep
    return module
