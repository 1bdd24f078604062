"""Statements that every press runs, compiled once and run on the driver's own cursor.

SQLAlchemy writes them, for either database, and converts what goes in and comes out; what is left out is the
machinery around each execution, which costs ten times what SQLite takes to answer. Only for statements that are
built once, with plain values: no lists, no defaults computed in Python, no instances of models.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlmodel import AutoString

Convert = Callable[[Any], Any]


class Prepared:
    """One statement: `first` and `all` for rows, `run` for nothing, `run_each` for many of it."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def first(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """The first row, its columns by name, or None."""
        plan, cursor = self._executed(db, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else plan.row(row)

    def all(self, db: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row, its columns by name."""
        plan, cursor = self._executed(db, values)
        rows = cursor.fetchall()
        cursor.close()
        return [plan.row(row) for row in rows]

    def run(self, db: Connection, values: Mapping[str, Any]) -> None:
        """For a statement that gives nothing back."""
        self._executed(db, values)[1].close()

    def run_each(self, db: Connection, many: Sequence[Mapping[str, Any]]) -> None:
        """The same for each of these values, all of the same names."""
        plan = self._plan(db.dialect, many[0])
        cursor = db.connection.cursor()
        try:
            cursor.executemany(plan.text, [plan.given(values) for values in many])
        except plan.fault as error:
            raise _told(plan, error) from error
        cursor.close()

    def _executed(self, db: Connection, values: Mapping[str, Any]) -> tuple["_Plan", Any]:
        plan = self._plan(db.dialect, values)
        cursor = db.connection.cursor()
        try:
            cursor.execute(plan.text, plan.given(values))
        except plan.fault as error:
            raise _told(plan, error) from error
        return plan, cursor

    def _plan(self, dialect: Dialect, values: Mapping[str, Any]) -> "_Plan":
        key = (dialect.name, *values)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _Plan(self.statement, dialect, sorted(values))
        return plan


class _Plan:
    """The statement as one database takes it, with the names of these values."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.text = str(compiled)
        self.fault: type[Exception] = dialect.loaded_dbapi.Error
        # By position on SQLite, by name on PostgreSQL; what the statement itself says stands in `fixed`.
        self.order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        self.fixed = {name: value for name, value in compiled.params.items() if name not in names}
        self.into: dict[str, Convert] = {}
        for name, bind in compiled.binds.items():
            # SQLModel's text lets its own type look at every value, to change none.
            kind: Any = bind.type.impl if isinstance(bind.type, AutoString) else bind.type
            convert = kind.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self.into[name] = convert
        columns = list(getattr(statement, "exported_columns", ()))
        self.out = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        self._named: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        given = {**self.fixed, **values}
        for name, convert in self.into.items():
            given[name] = convert(given[name])
        return given if self.order is None else [given[name] for name in self.order]

    def row(self, found: Sequence[Any]) -> Any:
        """A row of the driver's as ours."""
        if not self.out:
            return self._named._make(found)
        values = list(found)
        for place, convert in self.out:
            values[place] = convert(values[place])
        return self._named._make(values)


def _told(plan: _Plan, error: Exception) -> DBAPIError:
    """As SQLAlchemy would tell it, and without the values, which may be what somebody wrote."""
    told = DBAPIError.instance(plan.text, None, error, plan.fault, hide_parameters=True)
    assert isinstance(told, DBAPIError)
    return told
