"""Killed at any moment, the follower loses no change that was acknowledged."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from statutes.index.engine import Index, IndexMissingError, Term
from statutes.index.opened import folder_of
from tests.environment import ON_POSTGRESQL
from tests.test_architecture import ROOT

ROUNDS = 10
PATIENCE = 60  # seconds; a busy machine is slow, not wrong

# Publishes articles as fast as it can; prints each id once its transaction is committed.
PUBLISHER = """
import django, itertools
django.setup()
from django.utils import timezone
from django.db import transaction
from articles import publishing
from articles.models import Article, Category
category = Category.objects.get_or_create(name="栏目", parent=None)[0]
for n in itertools.count():
    with transaction.atomic():
        article = Article(title=f"第{n}篇说彩礼", body="彩礼返还。", category=category)
        article.save()
        publishing.publish(article)
    print(article.pk, flush=True)
"""


@pytest.fixture
def machine(tmp_path):
    """The environment of a site of its own, on a SQLite file."""
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DEBUG": "1", "SECRET_KEY": "x"}
    environment["DJANGO_SETTINGS_MODULE"] = "lawsite.settings"
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True
    )
    return environment


def start(machine, *arguments, **options):
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=machine, **options)


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(ON_POSTGRESQL in sys.argv, reason="a site of its own, on SQLite")
def test_ten_kills_lose_nothing(machine, tmp_path):
    index = Index(tmp_path / "search" / folder_of("articles"))
    chance = random.Random(7)
    acknowledged: set[int] = set()
    with open(tmp_path / "published", "w+") as published:
        publisher = start(machine, "-c", PUBLISHER, stdout=published)
        try:
            for _ in range(ROUNDS):
                follower = start(machine, "manage.py", "follow_changes")
                before = size(index)
                wait_until(lambda before=before: size(index) > before)
                time.sleep(chance.random() * 0.3)
                follower.send_signal(signal.SIGKILL)
                follower.wait()
        finally:
            publisher.kill()
            publisher.wait()
        published.seek(0)
        acknowledged = {int(line) for line in published.read().split()}
    assert len(acknowledged) > ROUNDS
    follower = start(machine, "manage.py", "follow_changes", "--once")
    assert follower.wait(PATIENCE) == 0
    found = {hit.key for hit in index.search([Term("彩礼", 1, "title")], 10_000)}
    assert acknowledged <= found


def size(index):
    try:
        return index.size()
    except IndexMissingError:
        return -1


@pytest.mark.skipif(ON_POSTGRESQL in sys.argv, reason="a site of its own, on SQLite")
def test_it_ends_with_the_process_that_started_it(machine):
    script = (
        "import os, subprocess, sys; print(subprocess.Popen("
        "[sys.executable, 'manage.py', 'follow_changes', '--with', str(os.getpid())],"
        " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid, flush=True);"
        "sys.stdin.read()"
    )
    with start(machine, "-c", script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        follower = int(parent.stdout.readline())
        parent.kill()
    try:
        assert wait_until(lambda: not is_running(follower))
    finally:
        if is_running(follower):
            os.kill(follower, signal.SIGKILL)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] != "Z"
