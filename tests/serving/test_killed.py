"""Killed -9 at any moment of an import, a bulk replace or a publication: of each article all or
nothing is done, what is done is done once, and running it again completes it."""

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.factories import article_file, make_image
from tests.serving.machines import ROOT, Site

# So many commits after the beginning, and so many calls of functions after that (killing.py). An
# article takes some tens of thousands.
MOMENTS = [(0, 30_000), (1, 0), (0, 70_000), (1, 30_000)]
KILLING = Path(__file__).with_name("killing.py")
TOKEN = "k" * 32


class Desk:
    """A site whose articles are watched while its processes are killed."""

    def __init__(self, site: Site, edit) -> None:
        self.site, self._edit = site, edit
        self.cookie = self.do("open_desk")
        self.kills = 0

    def do(self, deed: str, **values):
        return self._edit(deed, **values)[0]

    def tell(self, ids) -> dict[int, list[str]]:
        """Return all that is stored of each article."""
        told = self.do("tell")
        return {pk: told.get(str(pk), []) for pk in ids}

    def run(self, moment: tuple[int, int], *command) -> bool:
        """Run a command that is killed at that moment; return whether it lived to its end."""
        done = subprocess.run(
            [sys.executable, KILLING, *map(str, moment), *map(str, command)],
            env=self.site.environment,
            cwd=ROOT,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
        self.kills += done.returncode != 0
        return done.returncode == 0

    def post(self, port: int, path: str, **fields) -> int:
        """Send a form as the lawyer; return the status, 0 if the server died of it."""
        headers = {
            "Cookie": f"{self.cookie}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def post_and_kill(self, moment: tuple[int, int], path: str, **fields) -> bool:
        """Send a form to a server that is killed by it; return whether it answered before."""
        self.site.environment["DIE_AFTER"] = "{} {}".format(*moment)
        with self.site.serve(1, "tests.serving.killing:application"):
            status = self.post(self.site.port, path, **fields)
        assert status in (0, 302), status
        self.kills += status == 0
        return status == 302


@pytest.fixture(scope="module")
def desk(folder, database):
    site = Site(folder, **({"DATABASE_URL": database.url} if database else {}))
    site.prepare()
    # Today's law is asked now: else a run of work_due would do so, and change more than is due.
    site.run("check_citations")
    with site.editor() as edit:
        yield Desk(site, edit)


class Watch:
    """Looks at articles after every kill, and judges when all is done."""

    def __init__(self, desk: Desk, ids) -> None:
        self.desk, self.ids = desk, list(ids)
        self.kills = desk.kills
        self.seen = [desk.tell(self.ids)]

    def look(self) -> None:
        self.seen.append(self.desk.tell(self.ids))

    def judge(self, least: int = 3) -> dict[int, list[str]]:
        """Hold that there were kills enough, and of each article all or nothing after each."""
        assert self.desk.kills - self.kills >= least
        before, after = self.seen[0], self.desk.tell(self.ids)
        for pk in self.ids:
            assert before[pk] != after[pk]
            states = [told[pk] == after[pk] for told in self.seen]
            assert states == sorted(states), "what is done stays done, and is not done again"
            for told in self.seen:
                assert told[pk] in (before[pk], after[pk])
        return after


def count(rows: list[str], kind: str, *words: str) -> int:
    return sum(row.startswith(f"{kind} ") and all(w in row for w in words) for row in rows)


def test_an_import_is_whole_for_each_article(desk, tmp_path):
    (tmp_path / "证据.png").write_bytes(make_image())
    ids = range(5001, 5013)
    for pk in ids:
        header = {"id": pk, "category": "治安/骚扰", "tags": "[骚扰, 短信]", "author": "林律师"}
        header |= {"published_at": "2026-03-12 09:30", "status": "published", "title": f"第{pk}篇"}
        body = f"依据《甲法》第一条，维护秩序。这是第{pk}篇。\n\n![截图](证据.png)"
        (tmp_path / f"{pk}.md").write_text(article_file(body, **header))
    watch = Watch(desk, ids)
    for moment in MOMENTS:
        desk.run(moment, "import_articles", tmp_path)
        watch.look()
    said = desk.site.run("import_articles", tmp_path)
    assert "0 failed" in said
    for rows in watch.judge().values():
        assert count(rows, "Article", "'state': 'published'", "<p>依据") == 1
        assert count(rows, "Authorship") == 1
        assert count(rows, "ArticleCitation") == count(rows, "ArticleImage") == 1
        assert count(rows, "TaggedArticle") == 2
        assert count(rows, "Listing") == count(rows, "Change") == 1
    assert "12 unchanged" in desk.site.run("import_articles", tmp_path)


def test_a_citation_is_replaced_in_all_of_an_article_or_not_at_all(desk):
    change, ids = desk.do("prepare_replacing", number=6)
    form = f"/admin/articles/bulkchange/{change}/do"
    watch = Watch(desk, ids)
    for moment in ((1, 10_000), (0, 30_000)):
        deed = "confirm" if desk.do("stage_of", change=change) == "ready" else "continue"
        desk.post_and_kill(moment, f"{form}/{deed}/")
        watch.look()
    for moment in MOMENTS[2:]:
        desk.run(moment, "work_due")
        watch.look()
    desk.site.run("work_due")
    assert desk.do("stage_of", change=change) == "done"
    for rows in watch.judge().values():
        assert count(rows, "Article", "依据《甲法》第三条", "又见《甲法》第三条与第一条") == 1
        assert count(rows, "ArticleCitation", "'state': 'renumbered'") == 0
        assert count(rows, "BulkItem", "'state': 'applied'") == 1
        assert count(rows, "HistoricalArticle") == 2

    back = Watch(desk, ids)
    desk.post_and_kill((1, 20_000), f"{form}/undo/")
    back.look()
    desk.site.run("work_due")
    assert desk.do("stage_of", change=change) == "undone"
    for rows in back.judge(least=1).values():
        assert count(rows, "Article", "依据《甲法》第二条", "又见《甲法》第二条与第一条") == 1
        assert count(rows, "BulkItem", "'state': 'undone'") == 1


def test_what_is_due_is_published_whole_and_once(desk):
    ids = desk.do("schedule_several", number=5)
    watch = Watch(desk, ids)
    for moment in MOMENTS:
        desk.run(moment, "publish_due")
        watch.look()
    desk.site.run("publish_due")
    for rows in watch.judge().values():
        assert count(rows, "Article", "'state': 'published'") == 1
        assert count(rows, "ArticleEvent", "'publish'") == 1
        assert count(rows, "Listing") == 1


def test_what_an_editor_publishes_is_published_whole_and_once(desk):
    moments = ((0, 40_000), (1, 0))
    ids = desk.do("approve_several", number=len(moments))
    watch = Watch(desk, ids)
    for pk, moment in zip(ids, moments, strict=True):
        desk.post_and_kill(moment, f"/admin/articles/article/{pk}/move/publish/", note="")
        watch.look()
    with desk.site.serve(1):
        for pk in ids:
            status = desk.post(desk.site.port, f"/admin/articles/article/{pk}/move/publish/")
            assert status == (403 if "'published'" in watch.seen[-1][pk][0] else 302)
            assert desk.site.client.get(f"/hf/{pk}.html").status == 200
    for rows in watch.judge(least=2).values():
        assert count(rows, "Article", "'state': 'published'") == 1
        assert count(rows, "ArticleEvent", "'publish'") == 1
        assert count(rows, "Listing") == 1
