"""What the database knows of its tables: by this it plans how it looks for rows."""

from django.db import connection

SMALL = 100_000  # rows


def analyse() -> None:
    """Let the database count anew. Call it after bulk work, outside of transactions.

    SQLite believes what it counted until it is told again: a table that had a hundred rows, and
    has millions after the next import, it would read from end to end for every fifty keys. Of
    small tables it is to know nothing; then it plans as for large ones, from the next connection
    on.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < %s", [SMALL])
    if not connection.in_atomic_block:
        connection.close()
