"""A round's answers out of PostgreSQL: copied as they lie there, and put in order here.

PostgreSQL compares texts by the rules of a language and sorts what it groups: of ten million responses it would take a
minute to say which language each is in and to bring those of a municipality together. Copying them out takes seconds,
and as numbers they are sorted in one.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, String, func, select
from sqlalchemy.orm import Session

from app.feedback.models import COUNTED, Response
from app.rounds.models import Round

LETTERS = string.ascii_letters
OTHER = "?"
_AT_ONCE = 2**16
_AGS, _LANGUAGE, _CHANNEL = 8, 12, 10
"""Characters of the columns."""

Bytes = NDArray[np.uint8]


def copied(
    session: Session, round_: Round, profile: ColumnElement[str], languages: Sequence[str], channels: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """What ``load_answers`` gives."""
    places, rows = [], []
    for lines in _lines(session, round_, profile):
        end = lines.shape[1] - _LANGUAGE - _CHANNEL - 1
        row = np.empty((len(lines), end - _AGS + 2), np.uint8)
        row[:, :-2] = lines[:, _AGS:end]
        row[:, -2] = _letters(lines[:, end : end + _LANGUAGE], languages)
        row[:, -1] = _letters(lines[:, end + _LANGUAGE : -1], channels)
        places.append(np.ascontiguousarray(lines[:, :_AGS]).view(">u8").ravel().astype(np.uint64))
        rows.append(row)
    if rows:
        yield from _by_place(np.concatenate(places), np.concatenate(rows))


def _lines(session: Session, round_: Round, profile: ColumnElement[str]) -> Iterator[Bytes]:
    """Some lines at once: all of one length, each with its line feed."""
    line = (
        func.rpad(Response.municipality_ags, _AGS, type_=String)
        + Response.ratings
        + profile
        + func.rpad(Response.language, _LANGUAGE, type_=String)
        + func.rpad(Response.channel, _CHANNEL, type_=String)
    )
    counted = select(line).where(Response.round_id == round_.id, Response.state.in_(COUNTED))
    connection = session.connection()
    statement = counted.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT") as copy:
        blocks = iter(copy)
        while some := b"".join(islice(blocks, _AT_ONCE)):
            yield np.frombuffer(some, np.uint8).reshape(-1, some.index(b"\n") + 1)


def _letters(column: Bytes, words: Sequence[str]) -> Bytes:
    """A letter for each word, that of its place in ``words``; few words occur often."""
    width = column.shape[1]
    known = {word.ljust(width).encode(): ord(letter) for word, letter in zip(words, LETTERS, strict=False)}
    found, where = np.unique(np.ascontiguousarray(column).view(f"S{width}").ravel(), return_inverse=True)
    return np.array([known.get(word, ord(OTHER)) for word in found.tolist()], np.uint8)[where]


def _by_place(places: NDArray[np.uint64], rows: Bytes) -> Iterator[tuple[str, bytes]]:
    order = np.argsort(places, kind="stable")
    places, rows = places[order], rows[order]
    starts = np.flatnonzero(np.diff(places, prepend=places[0] - np.uint64(1)))
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield int(places[start]).to_bytes(_AGS, "big").decode(), rows[start:end].tobytes()
