import os
import shutil

import pytest

from statutes.index import engine
from statutes.index.engine import Document, Index, IndexFailedError, IndexMissingError, Term


@pytest.fixture
def index(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "RELOAD_SECONDS", 0)
    return Index(tmp_path / "index")


@pytest.fixture
def filled(index):
    with index.rebuilding() as writer:
        writer.add(
            [
                Document(1, ["借款", "利息"], ["转账", "记录"], facets=["year:2025"], moment=100),
                Document(2, ["离婚"], ["借款", "转账"], facets=["year:2026", "a"], moment=200),
                Document(3, ["离婚"], ["财产"] * 5, ["分割"], facets=["year:2026"], moment=300),
            ]
        )
        writer.commit(7)
    return index


def keys(hits):
    return [hit.key for hit in hits]


def test_an_index_that_was_never_built_says_so(index):
    assert not index.exists()
    with pytest.raises(IndexMissingError):
        index.search([Term("借款")])


def test_finds_by_the_weight_of_terms_in_fields(filled):
    both = [Term("借款", 2, "title"), Term("借款", 1, "body"), Term("转账", 1, "body")]
    assert keys(filled.search(both)) == [1, 2]
    assert keys(filled.search([Term("借款", 1, "title"), Term("借款", 9, "body")])) == [2, 1]
    assert keys(filled.search([Term("分割", 1, "more")])) == [3]
    assert filled.search([Term("仲裁", 1)]) == []
    assert filled.search([]) == []


def test_narrows_by_facets_of_which_one_in_each_group_must_be_there(filled):
    divorce = [Term("离婚", 1, "title"), Term("借款", 1, "title")]
    assert set(keys(filled.search(divorce, facets=[["year:2026"]]))) == {2, 3}
    assert keys(filled.search(divorce, facets=[["year:2026", "year:2025"], ["a"]])) == [2]
    assert filled.count([["year:2026"]]) == 2
    assert filled.holding(["a", "none"]) == [2]
    assert filled.holding([]) == []


def test_keeps_back_what_is_still_to_come(filled):
    divorce = [Term("离婚", 1, "title")]
    assert keys(filled.search(divorce, until=200)) == [2]
    assert filled.newest(until=250) == [2, 1]


def test_looks_further_where_many_must_be_passed_over(index):
    with index.rebuilding() as writer:
        writer.add(Document(n, ["词"], moment=n) for n in range(2_000))
    assert set(keys(index.search([Term("词", 1, "title")], 2, until=1))) == {0, 1}
    assert len(index.search([Term("词", 1, "title")], 5, without=range(1_990))) == 5


def test_a_document_takes_the_place_of_the_one_with_its_key(filled):
    with filled.writer() as writer:
        assert writer.cursor == 7
        writer.put([Document(1, ["彩礼"])])
        writer.remove([2])
        writer.commit(8)
    assert keys(filled.search([Term("彩礼", 1, "title")])) == [1]
    assert filled.search([Term("借款", 1, "title"), Term("借款", 1, "body")]) == []
    assert filled.size() == 2
    assert filled.cursor() == 8


def test_what_was_not_committed_is_forgotten(filled):
    with filled.writer() as writer:
        writer.put([Document(9, ["彩礼"])])
    assert filled.search([Term("彩礼", 1, "title")]) == []
    assert filled.cursor() == 7


def test_what_one_killed_before_its_commit_left_behind_is_in_nobodys_way(filled, tmp_path):
    def change():
        with filled.writer() as writer:
            writer.remove([1])
            writer.commit(8)

    generation = filled.serving()
    # The list of all files that were ever begun is written before each of them: it stays.
    the_list = shutil.ignore_patterns(".managed.json")
    committed = shutil.copytree(generation, tmp_path / "committed", ignore=the_list)
    change()
    left = [path for path in generation.glob("*.del") if not (committed / path.name).exists()]
    assert left, "what is deleted stands in files whose names tell how many changes came before"
    shutil.copytree(committed, generation, dirs_exist_ok=True)  # the last step, undone
    (generation / ".tmpa1B2c3").write_text("{")  # half of such a list
    change()
    assert not list(generation.glob(".tmp*"))
    assert filled.cursor() == 8
    assert keys(filled.search([Term("利息", 1, "title")])) == []


@pytest.mark.parametrize("pattern", ["meta.json", ".managed.json", "*.idx", "*.term", "*.store"])
@pytest.mark.parametrize("kept", [0, 0.5])
def test_files_cut_short_are_told_from_a_missing_index(filled, pattern, kept):
    for path in filled.serving().glob(pattern):
        os.truncate(path, int(path.stat().st_size * kept))
    index = Index(filled.folder)  # as another process sees it
    assert index.exists()
    for ask in (index.cursor, index.size, lambda: index.search([Term("借款")])):
        with pytest.raises(IndexFailedError):
            ask()
    with pytest.raises(IndexFailedError), index.writer():
        pass


def test_who_had_opened_an_index_goes_on_reading_it_when_it_is_damaged(filled):
    filled.search([Term("借款", 1, "title")])
    os.truncate(filled.serving() / "meta.json", 0)
    assert keys(filled.search([Term("借款", 1, "title")])) == [1]


def test_a_panic_of_the_engine_is_an_error_and_an_interruption_stays_one(filled, monkeypatch):
    class PanicException(BaseException):
        pass

    for raised, seen in ((PanicException, IndexFailedError), (KeyboardInterrupt,) * 2):

        def fail(_, raised=raised):
            raise raised("unknown compressor id 183")

        monkeypatch.setattr(Index, "_searcher", fail)
        with pytest.raises(seen):
            filled.search([Term("借款")])


def test_there_is_one_writer(filled):
    with filled.writer(), pytest.raises(IndexFailedError, match="Lock"), filled.writer():
        pass


def test_the_old_index_serves_until_the_new_one_is_ready(filled):
    with filled.rebuilding() as writer:
        writer.add([Document(5, ["彩礼"])])
        writer.commit(9)
        assert set(keys(filled.search([Term("离婚", 1, "title")]))) == {2, 3}
    assert keys(filled.search([Term("彩礼", 1, "title")])) == [5]
    assert filled.size() == 1
    assert len(list(filled.folder.glob("g-*"))) == 1


def test_the_old_index_stays_when_building_fails(filled):
    with pytest.raises(ZeroDivisionError), filled.rebuilding() as writer:
        writer.add(Document(1 // n, ["彩礼"]) for n in (1, 0))
    assert filled.size() == 3
    assert len(list(filled.folder.glob("g-*"))) == 1


def test_tells_how_many_documents_have_a_word(filled):
    assert filled.frequencies(["借款", "没有的"], "body") == {"借款": 1, "没有的": 0}
    assert filled.words_from("离", "title") == ["离婚"]


def test_gives_back_what_was_stored(index):
    with index.rebuilding() as writer:
        writer.add([Document(1, ["词"], stored="甲"), Document(2, ["词"])])
    assert index.stored([2, 1, 8]) == {1: "甲", 2: ""}


def test_a_query_of_thousands_of_words_is_cut(filled):
    terms = [Term(f"w{n}", 0.1) for n in range(5_000)] + [Term("离婚", 5, "title")]
    assert set(keys(filled.search(terms))) == {2, 3}


def test_warming_reads_and_changes_nothing(filled):
    filled.warm()
    assert filled.size() == 3


def test_warming_bears_that_a_generation_is_gone(filled):
    filled.sweep()
    for path in filled.serving().iterdir():
        path.unlink()
    filled.serving().rmdir()
    filled.warm()


def test_an_index_reached_by_a_link_outlives_its_rebuilding(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    linked = Index(tmp_path / "data" / "index")
    for key in (1, 2):
        with linked.rebuilding() as writer:
            writer.add([Document(key, ["借款"], [])])
            writer.commit(7)
        assert keys(Index(tmp_path / "data" / "index").search([Term("借款", 1, "title")])) == [key]
