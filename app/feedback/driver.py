"""A statement compiled once and run by the driver itself: what is sent most often is thought about once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable


@dataclass(frozen=True)
class Compiled:
    """SQL in the driver's own words; ``names`` is the order of its parameters, ``None`` where it takes them by name."""

    sql: str
    names: tuple[str, ...] | None
    constants: Mapping[str, Any]
    conversions: Mapping[str, Callable[[Any], Any]]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute with these values, converted as their columns ask. The result knows how many rows were written."""
        given = {**self.constants, **values}
        for name, convert in self.conversions.items():
            given[name] = convert(given[name])
        parameters = given if self.names is None else tuple(given[name] for name in self.names)
        return connection.exec_driver_sql(self.sql, parameters, execution_options=ROWCOUNT)


ROWCOUNT = {"preserve_rowcount": True}


def compiled(statement: Executable, dialect: Dialect) -> Compiled:
    """The statement for this dialect. It must not compare with a list, whose length would be compiled in."""
    found = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    types = {name: bind.type.dialect_impl(dialect) for name, bind in found.binds.items()}
    conversions = {name: type_.bind_processor(dialect) for name, type_ in types.items()}
    return Compiled(
        found.string,
        tuple(found.positiontup) if found.positional else None,
        {name: value for name, value in found.params.items() if value is not None},
        {name: convert for name, convert in conversions.items() if convert},
    )
