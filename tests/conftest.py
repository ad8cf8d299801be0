"""What every test can count on."""

from pathlib import Path

import pytest
from django.core.cache import cache

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(autouse=True)
def _site_of_its_own(settings, tmp_path):
    """Each test has its own uploads and an empty cache."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture(scope="session")
def shared():
    """The folder of real pages and laws beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared folder beside the project, which is not here")
    return SHARED
