"""A query put together once and asked again and again with other values.

Django puts a queryset's SQL together anew for every use, and translates it anew for the driver,
which takes longer than the database needs for a look-up by key. What every reader's page asks is
put together once a thread.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import local
from typing import Any

import psycopg
from django.db import OperationalError, connections, models, router
from django.db.models.query import get_related_populators

# Values that stand for others while a query is put together.
A_NUMBER = -987_654_321
A_MOMENT = datetime(1901, 2, 3, 4, 5, 6, tzinfo=UTC)
ANOTHER_MOMENT = datetime(1902, 3, 4, 5, 6, 7, tzinfo=UTC)
A_NAME = "a name that nothing has"
# For a list of as many numbers at most, or of a part of them: NUMBERS[:100].
NUMBERS = range(A_NUMBER + 1, A_NUMBER + 257)
FEW_NUMBERS = range(A_NUMBER + 257, A_NUMBER + 289)


class Compiled:
    """A queryset of model instances, or of tuples by values_list, put together at its first use.

    `build` takes the values by name and returns the queryset, without prefetching. `examples`
    are the constants above, a different one for each value: by them their places are found.
    Where one is a range a list of numbers takes its place, filled up with the last of them.
    """

    def __init__(
        self, model: type[models.Model], build: Callable[..., models.QuerySet], **examples: Any
    ):
        self.model, self.build, self.examples = model, build, examples
        self.known = local()

    def __call__(self, **values: Any) -> list:
        """Return the rows for these values; none if one of the lists is empty."""
        if any(value == [] for value in values.values()):
            return []
        alias = router.db_for_read(self.model)
        plans = self.known.__dict__
        if alias not in plans:
            plans[alias] = _Plan(self.build(**self.examples).using(alias), self.examples)
        return plans[alias].rows(values)


class _Plan:
    """What is known of a query on one database, once its SQL was put together."""

    def __init__(self, queryset: models.QuerySet, examples: dict[str, Any]):
        self.alias = queryset.db
        self.compiler = queryset.query.get_compiler(using=self.alias)
        self.sql, self.params = self.compiler.as_sql()
        self.native = self._as_the_driver_takes_it()
        self.cursor: psycopg.Cursor | None = None  # PostgreSQL's
        self.examples = examples
        prepared = self._in_a_row(examples)
        missing = set(prepared) - set(self.params)
        if missing:
            raise ValueError(f"{missing} of {list(examples)} not found in {self.sql}")
        places = {value: place for place, value in enumerate(prepared)}
        self.places = [places.get(param) for param in self.params]
        self.converters = self.compiler.get_converters(
            [column[0] for column in self.compiler.select]
        )
        self.are_tuples = queryset._fields is not None
        if self.are_tuples:
            return
        info = self.compiler.klass_info
        self.model = info["model"]
        columns = info["select_fields"]
        self.start, self.end = columns[0], columns[-1] + 1
        self.fields = {
            column[0].target.attname for column in self.compiler.select[self.start : self.end]
        }
        self.populators = get_related_populators(info, self.compiler.select, self.alias)

    def _as_the_driver_takes_it(self) -> str:
        with connections[self.alias].cursor() as cursor:
            translate = getattr(cursor, "convert_query", str)  # SQLite's has marks of its own
            return translate(self.sql)

    def _prepare(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return connections[self.alias].ops.adapt_datetimefield_value(value)
        return value

    def _in_a_row(self, values: dict[str, Any]) -> list:
        """Return values as the driver takes them, in the order and the number of the examples."""
        prepared = []
        for name, example in self.examples.items():
            if isinstance(example, range):
                if len(values[name]) > len(example):
                    raise ValueError(
                        f"{len(values[name])} {name} where {len(example)} have a place"
                    )
                prepared += values[name]
                prepared += prepared[-1:] * (len(example) - len(values[name]))
            else:
                prepared.append(self._prepare(values[name]))
        return prepared

    def rows(self, values: dict[str, Any]) -> list:
        prepared = self._in_a_row(values)
        params = tuple(
            param if place is None else prepared[place]
            for place, param in zip(self.places, self.params, strict=True)
        )
        rows = self._ask(params)
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        if self.are_tuples:
            return [tuple(row) for row in rows]
        found = []
        for row in rows:
            instance = self.model.from_db(self.alias, self.fields, row[self.start : self.end])
            for populator in self.populators:
                populator.populate(row, instance)
            found.append(instance)
        return found

    def _ask(self, params: tuple) -> list[tuple]:
        """Return the rows as the driver gives them, by Django's cursor where somebody watches."""
        connection = connections[self.alias]
        if connection.queries_logged or connection.execute_wrappers:
            with connection.cursor() as cursor:
                cursor.execute(self.sql, params)
                return cursor.fetchall()
        connection.ensure_connection()
        if connection.vendor != "postgresql":
            with connection.wrap_database_errors:
                return connection.connection.execute(self.native, params).fetchall()
        try:
            rows = self._ask_server(connection, params)
        except OperationalError:
            # The first question of a request tells as well as one more query whether the server
            # still holds a connection of before (CONN_HEALTH_CHECKS).
            if connection.health_check_done or not connection.connection.closed:
                raise
            connection.close()
            connection.ensure_connection()
            rows = self._ask_server(connection, params)
        connection.health_check_done = True
        return rows

    def _ask_server(self, connection, params: tuple) -> list[tuple]:
        # Django's cursor writes the values into the statement, for the server to plan each time;
        # this one lets it keep the plan (`prepare_threshold` in the settings). Used again, it
        # knows how each column is read.
        if self.cursor is None or self.cursor.connection is not connection.connection:
            self.cursor = psycopg.Cursor(connection.connection)
        with connection.wrap_database_errors:
            try:
                return self.cursor.execute(self.native, params).fetchall()
            except psycopg.errors.FeatureNotSupported:  # a column's type has changed since
                self.cursor.execute("DEALLOCATE ALL")
                return self.cursor.execute(self.native, params).fetchall()
