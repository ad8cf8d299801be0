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
