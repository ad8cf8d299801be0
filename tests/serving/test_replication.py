"""A real primary and a real replica that streams from it, behind a real site."""

import time

import pytest

from tests.serving.machines import Site, postgres, wait_until

TABLE = "articles_article"


@pytest.fixture(scope="module")
def primary(database):
    if database is None:
        pytest.skip("SQLite has no replicas")
    return database


@pytest.fixture(scope="module")
def cluster(folder, primary):
    """A site that writes to a primary and reads from a replica: site, its database, the replica."""
    place = folder / "replicated"
    place.mkdir()
    site = Site(place, DATABASE_URL=primary.url, DATABASE_POOL="4")
    site.prepare()
    with postgres(folder / "replica", primary) as replica, site.editor() as edit:
        site.environment["DATABASE_REPLICA_URL"] = replica.url
        site.edit = edit
        edit("write_many", first=1001, last=1060)
        with site.serve(workers=1):
            time.sleep(1.5)
            yield site, primary, replica


@pytest.fixture
def fresh(cluster):
    """Let the next pages be ones that nobody asked for: an iterator of their addresses."""
    site, *_ = cluster
    site.numbers = getattr(site, "numbers", None) or iter(range(1001, 1061))
    return (f"/hf/{number}.html" for number in site.numbers)


def asked(server, action) -> int:
    """Return how many statements about articles a server was asked meanwhile."""
    before = server.statements(TABLE)
    action()
    return server.statements(TABLE) - before


def settle(site, replica):
    """Wait until the replica has what the primary has, and the site knows."""
    wait_until(
        lambda: replica.ask("SELECT pg_last_wal_replay_lsn() = pg_last_wal_receive_lsn()") == "t",
        "the replica's reading",
    )
    time.sleep(1.5)


def test_readers_read_from_the_replica(cluster, fresh):
    site, _, replica = cluster
    settle(site, replica)
    path = next(fresh)
    assert asked(replica, lambda: site.client.get(path)) > 0
    assert site.client.get(path).status == 200


def test_who_has_a_session_reads_from_the_primary(cluster, fresh):
    site, _, replica = cluster
    path = next(fresh)
    assert asked(replica, lambda: site.client.get(path, Cookie="sessionid=abc")) == 0


def test_a_replica_that_lags_is_left_out_and_taken_back(cluster, fresh):
    site, _, replica = cluster
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        path = next(fresh)
        number = int(path.removeprefix("/hf/").removesuffix(".html"))
        site.edit("amend", number=number, title="副本还不知道的新题")
        time.sleep(2)
        assert "副本还不知道的新题" in site.client.get(path).text
        assert asked(replica, lambda: site.client.get(next(fresh))) == 0
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")
    settle(site, replica)
    assert asked(replica, lambda: site.client.get(next(fresh))) > 0


def test_a_dead_replica_is_not_noticed_by_readers_and_taken_back(cluster, fresh):
    site, _, replica = cluster
    replica.stop()
    for _ in range(3):
        assert site.client.get(next(fresh)).status == 200
    replica.start()
    time.sleep(6)  # it is left out for five seconds
    settle(site, replica)
    wait_until(lambda: asked(replica, lambda: site.client.get(next(fresh))) > 0, "its return", 15)


def test_while_the_primary_is_away_readers_read_from_the_replica(cluster, fresh):
    site, primary, replica = cluster
    settle(site, replica)
    primary.stop()
    try:
        for _ in range(3):
            assert site.client.get(next(fresh)).status == 200
    finally:
        primary.start()


def test_a_replica_takes_no_writes(cluster):
    _, _, replica = cluster
    assert replica.ask("SELECT pg_is_in_recovery()") == "t"
