"""Bulk work: rows made up, files in with index and related lists, lists anew.

A dataset is left as it is: work is done on a copy of a small one, and on a large one in a
transaction that is rolled back, where no other process could index what came in.
"""

import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from articles import rendering
from articles.models import Article
from statutes.index.engine import Index
from statutes.index.opened import folder_of
from tests.bench import datasets
from tests.bench.measuring import Row, milliseconds

# Of so many the start of a command is a small share.
FILES = 10_000  # imported
GENERATED = 150_000  # rows
LARGEST_COPIED = 1 << 30  # bytes
WANTED = {"--unrelated": "≥ 250", "": "≥ 150"}


class _UndoneError(Exception):
    pass


def rows():
    sample = Article.objects.visible().order_by("-pk").values_list("title", "body")[:100]
    texts = iter(list(sample) * 2)
    once = milliseconds(lambda: _render(*next(texts)), 100)
    yield Row("render one article", once, "ms")
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files")
        files.mkdir()
        database = Path(settings.DATABASES["default"]["NAME"])
        if connection.vendor == "sqlite" and database.stat().st_size < LARGEST_COPIED:
            yield from _on_copies(database, Path(folder), files, once)
        else:
            export(files, FILES // 4)
            rate = _rolled_back(files)
            wanted = "≥ 250 with index"
            yield Row("import_articles, no index", rate, "articles/s", wanted=wanted)
    yield Row("rebuild_lists", _seconds("rebuild_lists"), "s")


def _render(title: str, body: str) -> None:
    rendering.render(body, title=title)


def _on_copies(database: Path, folder: Path, files: Path, once: float) -> Iterator[Row]:
    yardstick = {"yardstick": "render, ms of a processor", "measure": once}
    with _copy(database, folder / "written") as copy:
        _manage(copy, "generate_articles", str(FILES), "--seed", "7")
        _manage(copy, "shell", "-c", _EXPORT.format(files=str(files), number=FILES))
    for option, wanted in WANTED.items():
        what = "import_articles, index" + ("" if option else " and related")
        with _copy(database, folder / "imported") as copy:
            seconds, work = _import(copy, files, option)
        count = len(list(files.iterdir()))
        yield Row(what, count / seconds, "articles/s", wanted=wanted)
        yield Row(f"{what}: processors", 1_000 * work / count, "ms", **yardstick)
    with _copy(database, folder / "generated") as copy:
        said = _manage(copy, "generate_articles", str(GENERATED), "--seed", "7")
        rate = float(re.search(r"([\d,]+) a second", said)[1].replace(",", ""))
        yield Row("generate_articles", rate, "rows/s", wanted="≥ 2,000")


@contextmanager
def _copy(database: Path, folder: Path) -> Iterator[Path]:
    """Give a site of its own with the dataset's rows."""
    (folder / "static").mkdir(parents=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / database.name)])
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _import(copy: Path, files: Path, option: str) -> tuple[float, float]:
    """Import files while another process indexes; return the seconds until all is indexed, by
    the clock, and of processors: the start of that process, which a site has running, too."""
    _manage(copy, "follow_changes", "--once")
    _manage(copy, "shell", "-c", "from statutes.passages import passages; passages()")
    before = _children()
    follower = subprocess.Popen(
        [sys.executable, "manage.py", "follow_changes"], cwd=datasets.ROOT, env=_environment(copy)
    )
    try:
        _change_something(copy)
        _wait_for_indexes(copy)
        start = time.perf_counter()
        _manage(copy, "import_articles", str(files), *filter(None, [option]))
        _wait_for_indexes(copy)
        seconds = time.perf_counter() - start
    finally:
        follower.send_signal(signal.SIGTERM)
        follower.wait()
    return seconds, _children() - before


def _change_something(copy: Path) -> None:
    """Note the newest change once more: who indexes it is up and running."""
    with closing(_database(copy)) as database, database:
        database.execute(
            "INSERT INTO statutes_change (kind, key, noted_at)"
            " SELECT kind, key, noted_at FROM statutes_change ORDER BY id DESC LIMIT 1"
        )


def _wait_for_indexes(copy: Path) -> None:
    """Wait until articles are found by what was imported, and provisions by what it says."""
    with closing(_database(copy)) as database:
        (newest,) = database.execute("SELECT MAX(id) FROM statutes_change").fetchone()
    indexes = [Index(copy / "search" / folder_of(name)) for name in ("articles", "provisions")]
    while any(index.cursor() < newest for index in indexes):
        time.sleep(0.1)


def _database(copy: Path) -> sqlite3.Connection:
    return sqlite3.connect(copy / Path(settings.DATABASES["default"]["NAME"]).name)


_EXPORT = """
from pathlib import Path
from tests.bench.bulk import export
export(Path({files!r}), {number})
"""


def _manage(folder: Path, *command: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=datasets.ROOT,
        env=_environment(folder),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command as in production: no query is written down."""
    return datasets.environment(folder) | {"DEBUG": "0"}


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def export(folder: Path, number: int) -> None:
    """Write the newest articles as files."""
    sample = Article.objects.visible().select_related("category__parent").order_by("-pk")[:number]
    for place, article in enumerate(sample.prefetch_related("tags", "bylines__author")):
        category = article.category
        path = f"{category.parent.name}/{category.name}" if category.parent else category.name
        text = (
            f"---\ntitle: {place} {article.title}\ncategory: {path}\n"
            f"tags: [{', '.join(tag.name for tag in article.tags.all())}]\n"
            f"author: {article.signers[0].name}\n"
            f"published_at: {article.published_at:%Y-%m-%d %H:%M}\nstatus: published\n---\n"
        )
        Path(folder, f"{place:05}.md").write_text(text + article.body)


def _rolled_back(files: Path) -> float:
    """Return how many articles a second come in from files; they are taken out again."""
    try:
        with transaction.atomic():
            taken = _seconds("import_articles", str(files), "--unrelated")
            raise _UndoneError
    except _UndoneError:
        return len(list(files.iterdir())) / taken


def _seconds(*command: str) -> float:
    start = time.perf_counter()
    call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
    return time.perf_counter() - start
