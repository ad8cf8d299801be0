"""Files of ready pages: whole or not there, of a bounded size, one newest generation."""

import gzip
import os
import threading
import time

import brotli
import pytest

from lawsite import page_store
from lawsite.page_store import HEAD, SHARDS, Page, PageStore, pack

MB = 1024 * 1024


@pytest.fixture
def store(tmp_path):
    store = PageStore(tmp_path, "release", 64 * MB)
    store.move_to("1-0-20260101", seen="")
    return store


def put(store, key="/hf/1.html", body=b"<p>one</p>", *, generation=None, digest=None):
    store.put(
        Page(
            key=key,
            generation=generation or store.generation(),
            modified=0,
            digest=digest or str(hash(body)),
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            plain=0,
            br=0,
            gzip=0,
            published_as=f"word{key}",
        ),
        body,
    )


def read(store, key="/hf/1.html"):
    """Return the stored page's head and its three bodies; None where there is none."""
    found = store.read(key)
    if found is None:
        return None
    return found.page, [found.body(coding) for coding in ("br", "gzip", "identity")]


def published(store):
    """Return what nginx would serve: paths below the newest generation with their bytes."""
    root = store.folder / "release" / "pages" / "word"
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_a_page_is_kept_in_both_compressed_forms(store):
    put(store, body=b"<p>one</p>" * 99)
    page, (br, packed, plain) = read(store)
    assert plain == brotli.decompress(br) == gzip.decompress(packed) == b"<p>one</p>" * 99
    assert (page.plain, page.br, page.gzip) == (len(plain), len(br), len(packed))
    assert published(store) == {"hf/1.html.br": br, "hf/1.html.gz": packed}


def test_the_home_page_and_lists_have_a_file_too(store):
    put(store, key="/")
    put(store, key="/categories/finance/")
    assert {".br", ".gz", "categories/finance/.br", "categories/finance/.gz"} == set(
        published(store)
    )


def test_the_same_bytes_keep_their_age_and_others_are_younger(store):
    put(store)
    first = read(store)[0].modified
    put(store, generation="2-0-20260101")
    assert read(store)[0].modified == first
    put(store, body=b"<p>two</p>")
    assert read(store)[0].modified > first, "even within one second"


def test_the_three_forms_never_share_a_validator():
    for body in (b"", b"a", b"ab" * 7, os.urandom(20), os.urandom(50)):
        assert len({len(body), *map(len, pack(body).values())}) == 3


def test_a_new_generation_shows_nothing_of_the_old_but_keeps_it_in_store(store):
    put(store)
    assert store.move_to("2-0-20260101", seen="1-0-20260101")
    assert published(store) == {}
    assert read(store)[0].generation == "1-0-20260101"
    assert store.was_newest("1-0-20260101", within=60)
    assert not store.was_newest("1-0-20260101", within=0)
    assert not store.was_newest("0-0-20260101", within=60), "older than the one before"
    tomorrow = time.time() + 86_400
    os.utime(store.root / "pages", (tomorrow, tomorrow), follow_symlinks=False)
    assert not store.was_newest("1-0-20260101", within=60), "a clock set back gives no grace"
    store.drop_old_generations()
    assert os.listdir(store.folder / "release" / "generations") == ["2-0-20260101"]


def test_nobody_turns_the_link_back_to_what_others_left_behind(store):
    seen = store.generation()
    assert store.move_to("3-0-20260101", seen=seen)
    assert not store.move_to("2-0-20260101", seen=seen), "asked the database before the other did"
    assert store.generation() == "3-0-20260101"
    assert store.move_to("2-0-20260101", seen="3-0-20260101"), "a database restored from a copy"


def test_a_file_cut_short_or_spoilt_is_no_page(store):
    put(store)
    place = next(path for path in (store.root / "store").rglob("*") if path.is_file())
    whole = place.read_bytes()
    for spoilt in (whole[:-1], whole[:HEAD], whole[:10], b"", b"[]\n", b"{}\n", b"\xff\n" + whole):
        place.write_bytes(spoilt)
        assert store.read("/hf/1.html") is None
    put(store)
    assert read(store)


def test_who_reads_a_page_keeps_it_whole_while_it_is_replaced(store):
    put(store, body=b"old" * 99)
    found = store.read("/hf/1.html")
    put(store, body=b"new" * 99)
    assert found.body("identity") == b"old" * 99


def test_a_process_holds_pages_of_the_newest_generation_and_no_others(store):
    put(store)
    newest = store.generation()
    assert store.read("/hf/1.html", newest) is store.read("/hf/1.html", newest)
    put(store, body=b"<p>two</p>", generation="2-0-20260101")
    assert store.read("/hf/1.html", "2-0-20260101").body("identity") == b"<p>two</p>"


def test_what_a_process_holds_is_bounded(store, monkeypatch):
    monkeypatch.setattr(page_store, "HELD", 64 * (HEAD + 2_000))
    newest = store.generation()
    held = []
    for number in range(100):
        put(store, key=f"/hf/{number}.html", body=os.urandom(900))
        store.read(f"/hf/{number}.html", newest)
        held.append(len(store._held))
    assert 60 < max(held) < 70
    put(store, body=os.urandom(9_000))
    store.read("/hf/1.html", newest)
    assert store.read("/hf/1.html", newest) is not store.read("/hf/1.html", newest), "too large"


def test_every_process_knows_at_once_that_another_moved_the_link(store):
    other = PageStore(store.folder, "release", 64 * MB)
    assert other.generation() == store.generation() == "1-0-20260101"
    assert store.move_to("2-0-20260101", seen="1-0-20260101")
    assert other.generation() == "2-0-20260101"


def test_a_move_whose_process_died_before_it_told_is_found_at_the_next_look(store):
    other = PageStore(store.folder, "release", 64 * MB)
    assert other.generation() == "1-0-20260101"
    link = store.root / "pages"
    link.unlink()
    link.symlink_to("generations/2-0-20260101")
    assert other.generation(anew=True) == other.generation() == "2-0-20260101"


def test_the_store_has_its_size_at_last(tmp_path):
    size = 32 * MB
    store = PageStore(tmp_path, "release", size)
    store.move_to("1", seen="")
    for number in range(1500):
        put(store, key=f"/hf/{number}.html", body=os.urandom(20_000))
    pages, total = store.size()
    assert 200 < pages < 500
    assert total < 1.5 * size, "a shard may be an eighth and a page above its own"
    assert read(store, "/hf/1499.html"), "the newest are kept"
    names = {path.removesuffix(".br").removesuffix(".gz") for path in published(store)}
    assert all(store.read(f"/{name}") for name in names), "nothing is served that was dropped"


def test_a_page_larger_than_a_shard_is_kept_all_the_same(tmp_path):
    store = PageStore(tmp_path, "release", SHARDS)
    store.move_to("1", seen="")
    put(store)
    assert read(store)


def test_a_dropped_page_is_nowhere(store):
    put(store)
    store.drop("/hf/1.html")
    store.drop("/hf/never.html")
    assert read(store) is None
    assert published(store) == {}


def test_one_at_a_time_holds_a_lock_and_others_wait_no_longer_than_they_will(store):
    with store.lock("/a") as first, store.lock("/a") as second:
        assert first
        assert not second
        with store.lock("/a", patience=0.02) as third:
            assert not third
    with store.lock("/a") as again:
        assert again


def test_who_waits_gets_the_lock(store):
    held = threading.Event()
    got = []

    def wait():
        with store.lock("/a", patience=10) as is_mine:
            got.append(is_mine)

    with store.lock("/a"):
        thread = threading.Thread(target=wait)
        thread.start()
        held.wait(0.02)
        assert not got
    thread.join()
    assert got == [True]


def test_a_new_release_takes_over_and_drops_those_before_the_last(tmp_path):
    for release in ("first", "second", "third"):
        PageStore(tmp_path, release, MB).take_over()
        PageStore(tmp_path, release, MB).take_over()  # its second process
    assert sorted(os.listdir(tmp_path)) == ["current", "second", "third"]
    assert os.readlink(tmp_path / "current") == "third"


def test_counts_of_all_processes_add_up(tmp_path):
    for _ in range(2):
        PageStore(tmp_path, "release", MB).keep_counts({"hit": 3})
    assert PageStore(tmp_path, "release", MB).counts() == {"hit": 6}


def test_a_disk_that_is_full_leaves_nothing_half(store, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    put(store)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        put(store, body=b"new")
    assert read(store)[1][2] == b"<p>one</p>"
    assert set(published(store)) == {"hf/1.html.br", "hf/1.html.gz"}


def test_too_much_in_the_headers_is_refused(store):
    page = Page("/", "1", 0, "", (("X", "x" * HEAD),), 0, 0, 0)
    with pytest.raises(ValueError, match="headers"):
        store.put(page, b"")
