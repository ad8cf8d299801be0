import pytest
from django.db import connection

from statutes.analysing import analyse, forget_small
from tests.factories import make_version

pytestmark = pytest.mark.django_db


def test_small_tables_are_planned_for_as_if_they_were_large():
    """Or a table is read from end to end once it has grown."""
    make_version()
    analyse()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM sqlite_stat1")
            assert cursor.fetchall() == []
    assert connection.is_usable()


def test_what_was_never_counted_can_be_forgotten():
    forget_small()
    assert connection.is_usable()
