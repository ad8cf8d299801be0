"""Many rows at once, past the models: for bulk work that makes valid rows itself.

The one place for what the databases do differently here: PostgreSQL copies, SQLite inserts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import CharField, ForeignKey, IntegerField, TextField


def insert(model, names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Insert rows of the named fields; every other column gets its field's default.

    Values are as the database takes them; JSON comes as text.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    others = {
        name: field.get_db_prep_save(field.get_default(), connection)
        for name, field in fields.items()
        if name not in names and not field.primary_key and not field.has_db_default()
    }
    quote = connection.ops.quote_name
    columns = ", ".join(quote(fields[name].column) for name in (*names, *others))
    table, constants = quote(model._meta.db_table), tuple(others.values())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *constants))
        else:
            marks = ", ".join(["%s"] * (len(names) + len(others)))
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(sql, [(*row, *constants) for row in rows])


_AS_THEY_ARE = (CharField, ForeignKey, IntegerField, TextField)  # both databases take their values


def create(model, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as values by attribute, statute_id=…; every row names the same ones."""
    if rows:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        prepared = [
            (place, fields[name].get_db_prep_save)
            for place, name in enumerate(rows[0])
            if not isinstance(fields[name], _AS_THEY_ARE)
        ]
        values = [list(row.values()) for row in rows]
        for row in values:
            for place, prepare in prepared:
                row[place] = prepare(row[place], connection)
        insert(model, list(rows[0]), values)


def update(model, names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Set the named fields of rows, each given by its values and, last, its primary key.

    Values are as the database takes them; JSON comes as text.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(fields[name].column)} = %s" for name in names)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {columns} WHERE {key} = %s", list(rows))  # noqa: S608


TOGETHER = 400  # selects; SQLite joins 500 at most


def select_each(one: str, parameters: Sequence[Sequence]) -> Iterator[tuple]:
    """Yield the rows of a SELECT, for each of its parameters: TOGETHER of them are one query."""
    for start in range(0, len(parameters), TOGETHER):
        some = parameters[start : start + TOGETHER]
        with connection.cursor() as cursor:
            cursor.execute(_of_each(one, some), [value for row in some for value in row])
            rows = cursor.fetchall()
        yield from rows


def _of_each(one: str, parameters: Sequence[Sequence]) -> str:
    """Return a SELECT, for each of its parameters. PostgreSQL plans it but once for them all."""
    if connection.vendor != "postgresql":
        return " UNION ALL ".join([one] * len(parameters))
    names = [f"asked.value{number}" for number in range(len(parameters[0]))]
    for name in names:
        one = one.replace("%s", name, 1)
    marks = ", ".join(["%s"] * len(names))
    asked = ", ".join([f"({marks})"] * len(parameters))
    columns = ", ".join(name.removeprefix("asked.") for name in names)
    return f"SELECT each.* FROM (VALUES {asked}) AS asked ({columns}), LATERAL ({one}) AS each"  # noqa: S608


def count_on_from(*models) -> None:
    """Let new rows take ids after those given (PostgreSQL's sequences do not notice them)."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def lock(model) -> None:
    """Let nobody else write this table until the transaction ends (SQLite has one writer)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def clear(model) -> None:
    """Delete all rows of a table that no other refers to, or whose referrers are cleared."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
