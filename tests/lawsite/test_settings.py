"""Settings come from the environment; production refuses what would be unsafe."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {"SECRET_KEY": "k" * 60, "SITE_URL": "https://www.example.com"}


def start(tmp_path, setting="SECRET_KEY", **environment):
    """Read the settings as a machine with this environment would; return the process."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [
            *(sys.executable, "-W", "error", "-c"),
            f"import lawsite.settings as settings; print(settings.{setting})",
        ],
        env=clean | {"DATA_DIR": str(tmp_path)} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_refuses_to_start_without_its_secret(tmp_path):
    started = start(tmp_path)
    assert started.returncode != 0
    assert "ImproperlyConfigured: SECRET_KEY is not set" in started.stderr


def test_production_starts_with_its_secret(tmp_path):
    assert start(tmp_path, **PRODUCTION).stdout == "k" * 60 + "\n"


def test_a_developers_machine_needs_no_secret(tmp_path):
    assert start(tmp_path, "DEBUG", DEBUG="1").stdout == "True\n"


def test_debug_is_off_unless_asked_for(tmp_path):
    assert start(tmp_path, "DEBUG", **PRODUCTION).stdout == "False\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [("AI_ROBOTS", "some"), ("SITE_URL", "www.example.com"), ("SITE_URL", "javascript:alert(1)")],
)
def test_a_value_that_means_nothing_is_refused_by_name(tmp_path, name, value):
    started = start(tmp_path, **PRODUCTION | {name: value})
    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name}" in started.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ALLOWED_HOSTS", "['www.example.com', '127.0.0.1', 'localhost']"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("CSRF_COOKIE_SECURE", "True"),
        ("SECURE_SSL_REDIRECT", "True"),
        ("SECURE_HSTS_SECONDS", "31536000"),
    ],
)
def test_an_https_site_keeps_to_https_and_its_own_host(tmp_path, setting, value):
    assert start(tmp_path, setting, **PRODUCTION).stdout == f"{value}\n"
