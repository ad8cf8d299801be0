"""What every test can count on."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.core.signals import setting_changed
from django.db import connection
from django.dispatch import receiver
from hypothesis import settings as examples

from lawsite.models import SiteProfile
from statutes import fragments

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_configure():
    """Keep SQLite's test database in a file, as the site does.

    In memory all threads share one cache, whose locks no timeout waits for: a browser's late
    request then breaks the emptying of the tables.
    """
    database = configured.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(configured.DATA_DIR / "tests.sqlite3")


# A busy machine takes its time over an example; how long it may take, tests of speed say.
examples.register_profile("patient", deadline=None)
examples.load_profile("patient")


@pytest.fixture(autouse=True)
def _site_of_its_own(settings, tmp_path, monkeypatch):
    """Each test has its own uploads, no search indexes and an empty cache.

    No minute ends in it: the site's record would be asked for once more among counted queries.
    """
    monkeypatch.setattr("lawsite.models.CACHE_SECONDS", 10**9)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSAGES_FILE = tmp_path / "passages"
    settings.SITEMAP_ROOT = tmp_path / "sitemaps"
    settings.SEARCH_DIR = tmp_path / "search"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    SiteProfile.forget()


@receiver(setting_changed)
def _render_anew(setting, **kwargs):
    """Forget what was rendered with another address; a running site's never changes."""
    if setting == "SITE_URL":
        fragments.fragment.cache_clear()
        fragments._stencil.cache_clear()


@pytest.fixture(scope="session")
def shared():
    """The folder of real pages and laws beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared folder beside the project, which is not here")
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let PostgreSQL drop the tests' database though a browser still keeps a connection open.

    The server of the browser tests ends without waiting for its threads.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
