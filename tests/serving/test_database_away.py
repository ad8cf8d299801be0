"""PostgreSQL stops and comes back while the site runs."""

import time

import pytest

from tests.serving.machines import Client, wait_until

READY = [f"/hf/{number}.html" for number in range(1, 11)]


@pytest.fixture(autouse=True)
def _on_postgresql(database):
    if database is None:
        pytest.skip("SQLite is a file: it is never away")


def test_ready_pages_are_served_others_say_when_to_come_back_and_all_is_well_after(site, database):
    client = site.client
    for path in READY:
        assert client.get(path).status == 200
    database.stop()
    try:
        slowest = 0
        for turn in range(40):
            began = time.monotonic()
            reply = client.get(READY[turn % len(READY)])
            slowest = max(slowest, time.monotonic() - began)
            assert (reply.status, reply.is_whole) == (200, True)
            other = Client(site.port).get(f"/hf/{turn + 11}.html" if turn < 9 else "/search/?q=x")
            assert other.status == 503
            assert int(other.headers["retry-after"]) > 0
            assert other.headers["cache-control"] == "no-store"
            assert "请过半分钟再打开这个地址" in other.text
        assert slowest < 2, "nobody waits in vain for the database"
        assert client.get("/health/").status == 503
        assert client.get("/admin/").status in (302, 503)
    finally:
        database.start()
    wait_until(lambda: client.get("/hf/20.html").status == 200, "the site after the return", 15)
    wait_until(lambda: client.get("/health/").status == 200, "health after the return", 15)
    assert client.get("/hf/21.html").status == 200
    assert client.get("/hf/1.html").how == "lawsite; hit"


def test_pages_go_on_being_made_anew_after_the_return(site, database):
    client = site.client
    client.get("/hf/1.html")
    database.stop()
    database.start()
    with site.editor() as edit:  # the other one lost its connection, as any command would
        edit("amend", number=1, title="数据库回来以后")
    wait_until(lambda: "数据库回来以后" in client.get("/hf/1.html").text, "the change", 15)
