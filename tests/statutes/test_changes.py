import pytest
from django.db import connection

from statutes import changes
from statutes.models import Change

pytestmark = pytest.mark.django_db


def test_the_newest_change_is_that_of_its_kind():
    changes.note(Change.Kind.STATUTE, [1, 2])
    changes.note(Change.Kind.ARTICLE, [3])
    by_key = {change.key: (change.pk, change.noted_at) for change in Change.objects.all()}
    assert changes.newest(Change.Kind.STATUTE) == by_key[2]
    assert changes.newest(Change.Kind.ARTICLE) == by_key[3]
    assert changes.newest(Change.Kind.SITE) is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="its plans are kept")
def test_the_newest_change_of_a_rare_kind_is_not_sought_through_the_whole_log():
    changes.note(Change.Kind.ARTICLE, range(5_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE statutes_change")
    changes.note(Change.Kind.STATUTE, [1])
    for _ in range(5):  # from the third time on the server keeps the statement
        changes.newest(Change.Kind.STATUTE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(
            "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements"
            " WHERE statement LIKE '%noted_at%LIMIT 1'"
        )
        name, places = cursor.fetchone()
        kinds = ", ".join(["'statute'"] * places)
        cursor.execute(f'EXPLAIN EXECUTE "{name}"({kinds})')
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "change_by_kind" in plan
