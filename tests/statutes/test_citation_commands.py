"""cite and compare_quotations: formats that others rely on, and bad input named."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from statutes.importing import load
from tests.factories import make_version

pytestmark = pytest.mark.django_db

RULE = "业主对建筑物内的住宅享有所有权，对共有部分享有共有和共同管理的权利。"
OTHER = "相邻权利人之间应当按照有利生产、方便生活的原则处理相邻关系。"


@pytest.fixture(autouse=True)
def law():
    make_version(
        "中华人民共和国示例物权法",
        provisions=[RULE, OTHER],
        promulgated_on=date(2020, 1, 1),
        effective_from=date(2021, 1, 1),
    )
    load.refresh_aliases()


@pytest.fixture
def run(capsys, tmp_path):
    def run(command, name, content, **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command(command, file, **options)
        return capsys.readouterr().out

    return run


def test_a_text_is_answered_in_words(run):
    said = run("cite", "a.txt", f"《示例物权法》第一条规定：“{OTHER}”")
    assert (
        said == "《示例物权法》第一条：引文不符；引文见《示例物权法》第二条；文中的话与条文有出入\n"
    )


def test_a_text_is_answered_for_machines(run):
    said = run("cite", "a.txt", f"依《示例物权法》第一条：{RULE}", json=True)
    (row,) = json.loads(said)["citations"]
    assert row["law"] == "中华人民共和国示例物权法"
    assert (row["article"], row["article_suffix"], row["paragraph"], row["item"]) == (
        1,
        0,
        None,
        None,
    )
    assert (row["start"], row["end"], row["text"]) == (1, 11, "《示例物权法》第一条")
    assert (row["state"], row["agreement"]) == ("current", "exact")


def test_the_day_can_be_given(run):
    said = run("cite", "a.txt", "《示例物权法》第一条", json=True, on="2019-01-01")
    (row,) = json.loads(said)["citations"]
    assert (row["state"], row["questions"]) == (None, ["basis"])


def test_json_lines_keep_their_ids_and_mean_their_own_document_by_self_title(run):
    lines = [
        {"id": "x", "text": "违反《示例物权法》的规定，依照第二条处理。"},
        {"id": "y", "text": "依照本法第二条。", "self_title": "中华人民共和国示例物权法"},
    ]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    answers = [json.loads(line) for line in run("cite", "a.jsonl", content).splitlines()]
    assert [answer["id"] for answer in answers] == ["x", "y"]
    assert [row["article"] for row in answers[0]["citations"]] == [2]
    assert [row["law"] for row in answers[0]["law_mentions"]] == []
    assert [row["law"] for row in answers[1]["citations"]] == ["中华人民共和国示例物权法"]


@pytest.mark.parametrize(
    ("command", "name", "content", "complaint"),
    [
        ("cite", "a.txt", b"\xff\xfe", "not UTF-8"),
        ("cite", "a.jsonl", "{}", ":1: not a line"),
        ("cite", "a.jsonl", '{"id": 1, "text": "a"}\n[]', ":2: not a line"),
        ("cite", "a.jsonl", '{"id": 1, "text": 5}', ":1: not a line"),
        ("compare_quotations", "a.jsonl", "no JSON", ":1: not a line"),
        ("compare_quotations", "a.jsonl", '{"id": 1, "citation": {}}', ":1: not a line"),
        (
            "compare_quotations",
            "a.jsonl",
            '{"id": 1, "citation": {"law": "x", "article": -4}, "quote_text": "y"}',
            ":1: not a line",
        ),
    ],
)
def test_bad_input_is_named(run, command, name, content, complaint):
    with pytest.raises(CommandError, match=complaint):
        run(command, name, content)


def test_a_missing_file_and_a_bad_date_are_named(run):
    with pytest.raises(CommandError, match="No such file"):
        call_command("cite", "/nowhere/a.txt")
    with pytest.raises(CommandError, match="no date"):
        run("cite", "a.txt", "", on="yesterday")


def test_quotations_are_labelled_by_the_newest_text(run):
    def pair(number, article, words, law="示例物权法"):
        citation = {"law": law, "article": article, "article_suffix": 0}
        row = {"id": number, "citation": citation, "quote_text": words}
        return json.dumps(row, ensure_ascii=False)

    lines = [
        pair(1, 1, RULE),
        pair(2, 1, "业主对建筑物内的住宅享有所有权"),
        pair(3, 1, RULE.replace("享有所有权", "不享有所有权")),
        pair(4, 1, OTHER),
        pair(5, 9, RULE),
        pair(6, 1, RULE, law="没有的法"),
    ]
    said = run("compare_quotations", "a.jsonl", "\n".join(lines))
    answers = [json.loads(line) for line in said.splitlines()]
    assert [answer["label"] for answer in answers] == [
        *("exact", "partial", "altered", "wrong", "wrong", "no_official_text")
    ]
    places = [a["belongs_to"] and a["belongs_to"]["article"] for a in answers]
    assert places == [None, None, None, 2, 1, None]
