"""Who may read from a copy of the database, from which, and what is never written to it.

A real replica that streams from a real primary is in tests/serving.
"""

from io import BytesIO

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, router
from django.http import HttpResponse

from articles.models import Article
from lawsite import replicas
from lawsite.views import AWAY
from statutes import changes


@pytest.fixture
def site(monkeypatch):
    """A site with two replicas: `states` says what each knows, `read` who was asked."""
    aliases = (DEFAULT_DB_ALIAS, "replica1", "replica2")
    monkeypatch.setattr(replicas, "connections", dict.fromkeys(aliases, BytesIO()))
    monkeypatch.setattr(replicas, "_left_out_until", {})
    return Site(monkeypatch)


class Site:
    def __init__(self, monkeypatch):
        self.states = {"replica1": 7, "replica2": 7}  # newest change known, or an error
        self.fails = set()
        self.read = []
        self.application = replicas.read_from_replicas(self.answer)
        monkeypatch.setattr(changes, "stamp", self.stamp)

    def stamp(self):
        state = self.states[router.db_for_read(Article)]
        if isinstance(state, Exception):
            raise state
        return state

    def answer(self, request):
        alias = router.db_for_read(Article)
        self.read.append(alias)
        if alias in self.fails:
            request.META[AWAY] = True
            return HttpResponse("away", status=503)
        return HttpResponse("page")

    def ask(self, request, known="7-0-20260101"):
        token = changes.known.set(known)
        try:
            return self.application(request)
        finally:
            changes.known.reset(token)


def test_readers_take_turns_between_replicas(site, rf):
    for _ in range(4):
        site.ask(rf.get("/"))
    assert sorted(site.read) == ["replica1", "replica1", "replica2", "replica2"]
    assert router.db_for_read(Article) == DEFAULT_DB_ALIAS, "only while a request lasts"


def test_one_that_lacks_the_newest_change_is_left_out_until_it_has_it(site, rf):
    site.states["replica1"] = 6
    for _ in range(3):
        site.ask(rf.get("/"))
    assert site.read == ["replica2"] * 3
    site.states["replica1"] = 7
    for _ in range(2):
        site.ask(rf.get("/"))
    assert "replica1" in site.read


def test_one_that_is_dead_is_left_out_and_taken_back_later(site, rf, monkeypatch):
    site.states["replica1"] = OperationalError("the connection is lost")
    for _ in range(3):
        assert site.ask(rf.get("/")).content == b"page"
    assert site.read == ["replica2"] * 3
    site.states["replica1"] = 7
    monkeypatch.setattr(replicas, "_left_out_until", {"replica1": 0.0})  # its time is over
    for _ in range(2):
        site.ask(rf.get("/"))
    assert "replica1" in site.read


def test_one_that_dies_in_the_middle_of_a_page_is_not_noticed_by_the_reader(site, rf):
    site.fails = {"replica1", "replica2"}
    request = rf.get("/")
    assert site.ask(request).content == b"page"
    assert {*site.read[:2]} == {"replica1", "replica2"}
    assert site.read[2] == DEFAULT_DB_ALIAS
    assert AWAY not in request.META
    site.ask(rf.get("/"))
    assert site.read[3] == DEFAULT_DB_ALIAS, "both are left out"


def test_who_may_not_read_old_things_reads_from_the_primary(site, rf):
    editor = rf.get("/")
    editor.COOKIES["sessionid"] = "abc"
    for request in (editor, rf.post("/")):
        site.ask(request)
    site.ask(rf.get("/"), known="")  # nothing is known of how new a replica must be
    assert site.read == [DEFAULT_DB_ALIAS] * 3


def test_nothing_is_written_to_a_replica():
    with replicas.reading_from("replica1"):
        assert router.db_for_write(Article) == DEFAULT_DB_ALIAS
        assert router.db_for_read(Article) == "replica1"
        assert router.allow_relation(Article(), Article())
    assert not router.allow_migrate("replica1", "articles")
    assert router.allow_migrate(DEFAULT_DB_ALIAS, "articles")
