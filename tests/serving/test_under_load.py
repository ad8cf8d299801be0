"""Publishing, amending and withdrawing while clients read, through granian and through nginx."""

import re
import threading
import time
from typing import NamedTuple

import pytest

from tests.serving.machines import NGINX, Client, Reply, wait_until

LIMIT = 2.0  # seconds after a change, when no client may see what was before
CLIENTS = 6


class Seen(NamedTuple):
    asked: float
    answered: float
    path: str
    reply: Reply


class Change(NamedTuple):
    began: float
    committed: float
    value: int


def allowed(changes, seen, first) -> set[int]:
    """Return the values that a client may have seen: the last one known for long enough when it
    asked, and those that came since."""
    old = [change.value for change in changes if change.committed + LIMIT < seen.asked]
    since = [
        change.value
        for change in changes
        if change.committed + LIMIT >= seen.asked and change.began <= seen.answered
    ]
    return {old[-1] if old else first, *since}


class Readers:
    """Clients that read pages all the time, and remember what they saw and when they asked."""

    def __init__(self, ports, paths) -> None:
        self.seen: list[Seen] = []
        self.errors = []
        self._ends = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(ports[n % len(ports)], paths, n))
            for n in range(CLIENTS)
        ]

    def _read(self, port, paths, number):
        client = Client(port)
        coding = ("br", "gzip", "identity")[number % 3]
        turn = number
        while not self._ends.is_set():
            path = paths[turn % len(paths)]
            turn += 1
            asked = time.monotonic()
            try:
                reply = client.get(path, coding=coding)
                self.seen.append(Seen(asked, time.monotonic(), path, reply))
            except Exception as error:
                self.errors.append((path, repr(error)))
                client = Client(port)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._ends.set()
        for thread in self._threads:
            thread.join()


def test_no_client_sees_an_old_page_two_seconds_after_a_change(site, request):
    ports = [site.port]
    if NGINX:
        request.getfixturevalue("nginx")
        ports.append(site.nginx_port)
    page, list_, gone = "/hf/1.html", "/", "/hf/2.html"
    versions, states = [], []  # of Change
    site.edit("amend", number=1, title="第0版")
    site.edit("write", number=99, title="第0版")
    wait_until(lambda: "第0版" in site.client.get("/").text, "the first version")
    with Readers(ports, [page, list_, gone, "/hf/3.html"]) as readers:
        time.sleep(0.5)
        for number in range(1, 5):
            began = time.monotonic()
            site.edit("amend", number=1, title=f"第{number}版")
            _, committed = site.edit("amend", number=99, title=f"第{number}版")
            versions.append(Change(began, committed, number))
            began = time.monotonic()
            do = "withdraw" if number % 2 else "republish"
            _, committed = site.edit(do, number=2)
            states.append(Change(began, committed, 410 if number % 2 else 200))
            time.sleep(LIMIT + 0.7)
    assert not readers.errors
    assert len(readers.seen) > 200
    for seen in readers.seen:
        reply = seen.reply
        assert reply.is_whole
        if seen.path == gone:
            assert reply.status in allowed(states, seen, 200), (seen, reply.how)
        else:
            assert reply.status == 200
        if seen.path in (page, list_):
            version = int(re.search(r"第(\d)版", reply.text)[1])
            assert version in allowed(versions, seen, 0), (seen, reply.how)
    hits = sum("hit" in seen.reply.how for seen in readers.seen)
    assert hits > len(readers.seen) * 0.8, "the cache did its work meanwhile"


def test_a_scheduled_article_is_read_two_seconds_after_its_publication(site):
    site.client.get("/")
    site.edit("write", number=500, title="定时发布", wait=1)
    time.sleep(1.2)
    site.run("publish_due")
    time.sleep(LIMIT)
    assert "定时发布" in site.client.get("/").text
    assert site.client.get("/hf/500.html").status == 200


def test_the_operator_sees_the_hit_rate(site):
    for _ in range(20):
        site.client.get("/hf/4.html")
    time.sleep(2.5)
    shown = site.run("page_cache")
    assert re.search(r"^ *[\d,]+  ready$", shown, re.MULTILINE)
    assert "Hit rate of the site's own door" in shown


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_granian_sends_what_the_door_says(site, method):
    first = site.client.get("/hf/5.html", method=method)
    again = site.client.get("/hf/5.html", method=method)
    assert again.headers["content-length"] == first.headers["content-length"] != "0"
    assert bool(again.text) == (method == "GET")
    etag = again.headers["etag"]
    assert site.client.get("/hf/5.html", method=method, If_None_Match=etag).status == 304


def test_a_workers_memory_stays_small_whatever_is_asked(site):
    def memory():
        """The largest resident memory of a worker, in MB."""
        with open(f"/proc/{site.granian.pid}/task/{site.granian.pid}/children") as children:
            workers = children.read().split()
        sizes = []
        for worker in workers:
            with open(f"/proc/{worker}/status") as status:
                sizes.append(int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024)
        return max(sizes)

    for number in range(1, 41):
        site.client.get(f"/hf/{number}.html")
    before = memory()
    for number in range(1500):
        site.client.get(f"/statutes/?page={number}&after=1-{number}")
        site.client.get(f"/hf/{number % 40 + 1}.html?utm_id={number}")
    assert memory() < min(250, before + 60)
