"""A statement compiled once and run by the driver itself: what is sent most often is thought about once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Executable


@dataclass(frozen=True)
class Compiled:
    """SQL in the driver's own words; ``names`` is the order of its parameters, ``None`` where it takes them by name."""

    sql: str
    names: tuple[str, ...] | None
    constants: Mapping[str, Any]
    conversions: Mapping[str, Callable[[Any], Any]]

    def run(self, cursor: Any, values: Mapping[str, Any]) -> int:
        """Execute on the driver's cursor with these values, converted as their columns ask; how many rows it wrote."""
        given = {**self.constants, **values}
        for name, convert in self.conversions.items():
            given[name] = convert(given[name])
        parameters = given if self.names is None else [given[name] for name in self.names]
        cursor.execute(self.sql, parameters)
        found: int = cursor.rowcount
        return found


def compiled(statement: Executable, dialect: Dialect) -> Compiled:
    """The statement for this dialect. It must not compare with a list, whose length would be compiled in."""
    found = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    types = {name: bind.type.dialect_impl(dialect) for bind, name in found.bind_names.items()}
    conversions = {name: type_.bind_processor(dialect) for name, type_ in types.items()}
    return Compiled(
        found.string,
        tuple(found.positiontup) if found.positional else None,
        {name: value for name, value in found.params.items() if value is not None},
        {name: convert for name, convert in conversions.items() if convert},
    )
