"""The suite runs on the database it was asked to run on."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_runs_on_the_database_asked_for(pytestconfig):
    wanted = "postgresql" if pytestconfig.getoption("--postgresql") else "sqlite"
    assert connection.vendor == wanted
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_what_was_committed_outlasts_a_power_cut():
    setting = "synchronous" if connection.vendor == "sqlite" else "synchronous_commit"
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {setting}" if connection.vendor == "sqlite" else f"SHOW {setting}")
        assert cursor.fetchone()[0] in (2, "on")
