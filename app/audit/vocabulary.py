"""The words for what is recorded: every slice adds those of its own actions when it is imported."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString

Words = Mapping[str, LazyString]

ACTIONS: dict[str, LazyString] = {}
"""What can be recorded, by name, as a finished act: ``criterion.saved`` is »Antwort gespeichert«."""
SUBJECTS: dict[str, LazyString] = {}
"""What it can happen to: ``criterion`` is »Kriterium«."""
FIELDS: dict[str, LazyString] = {}
"""What can change, for the table of before and after: ``level`` is »Reifegrad«."""


def describe(*, actions: Words | None = None, subjects: Words | None = None, fields: Words | None = None) -> None:
    """Add words for actions, subjects and fields. What has no word cannot be recorded."""
    ACTIONS.update(actions or {})
    SUBJECTS.update(subjects or {})
    FIELDS.update(fields or {})
