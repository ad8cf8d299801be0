"""Servers for the tests of this folder."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.serving.machines import NGINX, Site, postgres


@pytest.fixture(scope="module")
def folder():
    """A place that PostgreSQL's own user can reach, as pytest's is not."""
    folder = Path(tempfile.mkdtemp(prefix="serving-", dir=os.environ["DATA_DIR"]))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def database(pytestconfig, folder):
    """The PostgreSQL of the site; None where the suite runs on SQLite."""
    if not pytestconfig.getoption("--postgresql"):
        yield None
        return
    with postgres(folder / "primary") as server:
        yield server


@pytest.fixture(scope="module")
def site(folder, database):
    """A site of two granian workers with a few articles, and its editor: site, edit."""
    where = {"DATABASE_URL": database.url, "DATABASE_POOL": "4"} if database else {}
    site = Site(folder, **where)
    site.prepare()
    with site.editor() as edit:
        site.edit = edit
        edit("write_many", first=1, last=40)
        with site.serve():
            yield site


@pytest.fixture(scope="module")
def nginx(site):
    """A client of the nginx in front of the site."""
    if not NGINX:
        pytest.skip("needs nginx, which is not on this machine")
    with site.nginx() as client:
        yield client
