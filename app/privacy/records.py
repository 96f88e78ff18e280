"""The records of processing (Art. 30 GDPR), made from what the models themselves declare."""

from __future__ import annotations

from dataclasses import dataclass

from app.database import Model
from app.personal import Processing, processing_of


@dataclass(frozen=True)
class Activity:
    """One purpose, with the tables and columns that serve it."""

    processing: Processing
    columns: dict[str, list[str]]


def activities() -> list[Activity]:
    """Every purpose for which something about people is stored."""
    found: dict[Processing, dict[str, list[str]]] = {}
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if processing := processing_of(column):
                found.setdefault(processing, {}).setdefault(table.name, []).append(column.name)
    return [Activity(processing, columns) for processing, columns in found.items()]
