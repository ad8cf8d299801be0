"""import_statutes: what goes in, what is said, and the exit code."""

import pytest
from django.core.management import CommandError, call_command

from statutes.importing import load
from statutes.management.commands import import_statutes
from statutes.models import Provision, Statute, StatuteAlias, StatuteVersion, Succession
from tests.statutes.importing.test_sources import ARTICLES, HEADER, MARKDOWN, TEXT, book, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command without the table of repeals; return exit code, stdout, stderr."""
    monkeypatch.setattr(load, "apply_repeals", lambda: 0)

    def run(*paths, **options):
        code = 0
        try:
            call_command("import_statutes", *map(str, paths), **options)
        except SystemExit as stopped:
            code = stopped.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "laws/行政法/甲法(2020-03-01).md", MARKDOWN)
    put(tmp_path, "laws/行政法/乙法.txt", TEXT)
    put(tmp_path, "laws/README.md", "not a law")
    return tmp_path / "laws"


def test_a_folder_goes_in(run, folder):
    code, out, err = run(folder)
    assert (code, err) == (0, "")
    assert "2 created, 0 unchanged, 0 failed" in out
    assert "0 ambiguous names refused" in out
    assert set(Statute.objects.values_list("title", "kind", "subject")) == {
        ("中华人民共和国甲法", "法律", "行政法"),
        ("中华人民共和国乙法", "法律", "行政法"),
    }
    assert Statute.objects.called("甲法").exists()
    assert set(StatuteVersion.objects.values_list("source", flat=True)) == {
        "甲法(2020-03-01).md",
        "乙法.txt",
    }


def test_several_paths_go_in_one_run(run, folder):
    file = put(folder.parent, "丙法.txt", TEXT.replace("乙法", "丙法"))
    code, out, _ = run(folder, file)
    assert code == 0
    assert "3 created" in out


def test_a_second_run_changes_nothing(run, folder):
    models = (Statute, StatuteAlias, StatuteVersion, Provision, Succession)
    run(folder)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    code, out, err = run(folder)
    assert (code, err) == (0, "")
    assert "0 created, 2 unchanged, 0 failed" in out
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_in(run, folder):
    bad = put(folder, "丙法.txt", "丙法\n（2020年3月1日通过\n第一条 甲。")
    twice = put(folder, "丁法.md", HEADER.format(title="丁法") + "第一条 甲。\n\n第一条 乙。\n")
    code, out, err = run(folder)
    assert code == 1
    assert "2 created, 0 unchanged, 2 failed" in out
    assert f"{bad}:3: 题注的括号没有关闭\n" in err
    assert f"{twice}:6: 条文顺序有误：第一条在第一条之后\n" in err
    assert Statute.objects.count() == 2


def test_an_interrupted_run_resumes(run, folder, monkeypatch):
    """Each version is whole or not there."""
    real = load._link

    def fail(before, after):
        raise KeyboardInterrupt

    run(folder)
    put(folder, "行政法/甲法(2021-03-01).md", MARKDOWN.replace("为了甲", "为了甲和乙"))
    monkeypatch.setattr(load, "_link", fail)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert StatuteVersion.objects.count() == 2
    monkeypatch.setattr(load, "_link", real)
    code, out, _ = run(folder)
    assert code == 0
    assert "1 created, 2 unchanged" in out
    assert Succession.objects.count() == 2


@pytest.mark.parametrize("path", ["nowhere", "nowhere/laws.md"])
def test_a_path_that_is_nothing_is_an_error(run, path):
    with pytest.raises(CommandError, match=f"{path}: no such file, folder or data package"):
        run(path)


def test_a_differing_text_is_told_and_is_no_failure(run, folder):
    run(folder)
    put(folder, "行政法/甲法(2020-03-01).md", MARKDOWN.replace("为了甲", "为了乙"))
    code, out, err = run(folder)
    assert code == 0
    assert "1 differs" in out
    assert "甲法(2020-03-01).md: 与已存文本有1处不同：第一条。保留已存文本。\n" in err


def test_warnings_are_told_when_asked_for(run, folder):
    gap = ARTICLES.replace("第二条", "第四条")
    put(folder, "丙法(2020-03-01).md", HEADER.format(title="丙法") + gap)
    assert run(folder)[2] == ""
    StatuteVersion.objects.all().delete()
    _, _, err = run(folder, verbosity=2)
    assert "丙法(2020-03-01).md: " in err


def test_progress_is_shown(run, folder, monkeypatch):
    monkeypatch.setattr(import_statutes, "PROGRESS_SECONDS", -1)
    _, out, _ = run(folder)
    first, second, *_ = out.splitlines()
    assert first.startswith("1 read, at ")
    assert second.startswith("2 read, at ")


def test_the_parts_of_a_code_go_in_as_one(run, tmp_path):
    put(tmp_path, "laws/民法典/总则.md", book("总则", "一", "二"))
    put(tmp_path, "laws/民法典/附则.md", book("附则", "三"))
    code, out, _ = run(tmp_path / "laws")
    assert code == 0
    assert "1 created" in out
    assert StatuteVersion.objects.get().provision_count == 3


def test_a_code_with_a_part_missing_is_named(run, tmp_path):
    put(tmp_path, "laws/民法典/总则.md", book("总则", "一"))
    put(tmp_path, "laws/民法典/附则.md", book("附则", "三"))
    code, _, err = run(tmp_path / "laws")
    assert code == 1
    assert "民法典:1: 附则之前缺少条文：应从第2条开始" in err
    assert not Statute.objects.exists()


def test_repeals_are_noted_once(capsys, folder):
    call_command("import_statutes", str(folder))
    first = capsys.readouterr().out
    call_command("import_statutes", str(folder))
    assert " 0 repeals noted" not in first
    assert "\n0 repeals noted" in capsys.readouterr().out
    assert load.find_statute("中华人民共和国合同法").repealed_on.isoformat() == "2021-01-01"


def test_refused_names_are_listed_when_asked_for(run, tmp_path):
    for title in ("若干问题的解释", "的解释"):
        name = f"最高人民法院关于适用《中华人民共和国甲法》{title}"
        put(tmp_path, f"laws/{title}.txt", TEXT.replace("中华人民共和国乙法", name))
    _, out, _ = run(tmp_path / "laws", verbosity=2)
    assert "refused: 甲法解释\n" in out
