"""The suite's own settings, and the PostgreSQL it runs on when asked: `pytest --postgresql`."""

import os
import tempfile
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

# Settings are read once, before Django starts: a scratch place for data, no manifest of
# static files. pytest-django turns settings.DEBUG off again.
os.environ["DEBUG"] = "1"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="lawsite-tests-")
os.environ["SITE_URL"] = "https://www.example.com"
os.environ["ALLOWED_HOSTS"] = "*"
os.environ.pop("DATABASE_URL", None)


def pytest_addoption(parser):
    parser.addoption("--postgresql", action="store_true", help="run on a real PostgreSQL")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):  # pragma: no cover
    pass


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: needs Chromium")


@pytest.fixture(autouse=True)
def _site_of_its_own(settings, tmp_path):
    """Each test has its own uploads, an empty cache, and plain http."""
    from django.core.cache import cache

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture(scope="session")
def shared():
    """The folder of real pages and laws beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared folder beside the project, which is not here")
    return SHARED
