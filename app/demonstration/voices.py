"""Invented free texts of newcomers, read and coded as an agency would: themes, and a few edited extracts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np
from sqlalchemy import insert

from app.database import db
from app.feedback.models import Comment, CommentTheme
from app.region.models import Municipality
from app.rounds.models import Round

WHILE_OPEN, FINISHED, IN_ONE_PLACE = 30, 260, 60
"""Texts while a round collects, in a finished one, and how many of these are about the municipality that is shown."""
READ = 0.85
"""Share of a finished round's texts that the agency has released."""

# question, text, its themes, and whether the agency made an extract of it
TEXTS: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("O1", "Die Nachbarschaft hat uns beim Einzug geholfen.", ("people",), True),
    ("O1", "Im Bürgerbüro hat man sich Zeit genommen und alles erklärt.", ("town_hall",), True),
    ("O1", "The welcome bag with the map was a nice surprise.", ("welcome", "information"), True),
    ("O1", "Der Sportverein hat gleich zum Probetraining eingeladen.", ("clubs", "people"), True),
    ("O1", "Eine Ansprechperson für alle Fragen, das war viel wert.", ("welcome", "town_hall"), True),
    ("O1", "Beim Fest im Ort sind wir mit vielen ins Gespräch gekommen.", ("people", "clubs"), False),
    ("O2", "Eine Übersicht der Kinderärztinnen und Kinderärzte, die noch aufnehmen.", ("health", "information"), True),
    ("O2", "Busverbindungen am Abend und am Wochenende.", ("mobility",), True),
    ("O2", "Information in English about registration and waste collection.", ("information", "language"), True),
    ("O2", "Einen Kita-Platz mitten im Jahr.", ("childcare",), True),
    ("O2", "Hinweise, welche Wohnungen frei werden.", ("housing",), True),
    ("O2", "Ein Sprachkurs am Abend, der sich mit Schichtarbeit verträgt.", ("language", "work"), False),
)


def add_comments(round_: Round, units: Sequence[Municipality], shown: str) -> None:
    """Texts for a round; ``shown`` is the key of the municipality that gets enough of them for themes of its own."""
    rng = np.random.default_rng([round_.opens.year, len(TEXTS)])
    finished = round_.state != "open"
    own = next(unit for unit in units if unit.ags == shown)
    places = [units[int(rng.integers(len(units)))] for _ in range(FINISHED if finished else WHILE_OPEN)]
    places[: IN_ONE_PLACE if finished else 0] = [own] * (IN_ONE_PLACE if finished else 0)
    themes, told = [], set()
    for place in places:
        question, text, codes, quotable = TEXTS[int(rng.integers(len(TEXTS)))]
        read = finished and rng.random() < READ
        quoted = read and quotable and text not in told
        comment = Comment(
            round_id=round_.id,
            municipality_ags=place.ags,
            id=str(uuid.UUID(bytes=rng.bytes(16), version=4)),
            question=question,
            text=text,
            state="kept" if read else "unread",
            extract=text if quoted else None,
        )
        db.session.add(comment)
        told |= {text} if quoted else set()
        themes += [_theme(comment, code) for code in codes] if read else []
    db.session.flush()
    if themes:
        db.session.execute(insert(CommentTheme), themes)


def _theme(comment: Comment, code: str) -> dict[str, object]:
    return {
        "round_id": comment.round_id,
        "municipality_ags": comment.municipality_ags,
        "comment_id": comment.id,
        "theme": code,
    }
