"""What the database knows of its tables: by this it plans how it looks for rows."""

from django.db import connection

SMALL = 100_000  # rows


def analyse() -> None:
    """Let the database count anew. Call it after bulk work, outside of transactions."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    forget_small()


def forget_small() -> None:
    """Let SQLite take tables for large that were small when it counted.

    It believes what it counted until it is told again: a table that had a hundred rows, and has
    millions after the next import, it would read from end to end for every fifty keys. What it
    knows it learns with the next connection.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if "sqlite_stat1" in connection.introspection.table_names(cursor):
                cursor.execute("DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < %s", [SMALL])
        if not connection.in_atomic_block:
            connection.close()
