"""A round with made-up answers, always the same ones for the same seed, for tests and measurements."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import numpy as np
from sqlalchemy import insert, select

from app.assessment.models import Assessment, CriterionAnswer
from app.database import db, now
from app.feedback.models import Response
from app.region.models import Municipality
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin

DAY = dt.date(2026, 6, 1)
SYMBOLS = np.frombuffer(b"12345-.", dtype="S1")


def closed_round(
    responses: Sequence[int] = (), key: str = "2026", *, seed: int = 1, handed_in: int = 59, year: int = 2026
) -> Round:
    """A closed round: so many responses for the first municipalities by AGS, 30 for the others; commits.

    Of ``handed_in`` self-assessments every third municipality did not agree to be shown by name.
    """
    round_ = lifecycle.create_round(key, f"Runde {key}", dt.date(year, 5, 1), dt.date(year, 6, 30))
    lifecycle.open_round(round_, builtin())
    db.session.flush()
    keys = db.session.scalars(select(Municipality.ags).order_by(Municipality.ags)).all()
    rng = np.random.default_rng(seed)
    _assess(round_, keys[:handed_in], lifecycle.catalogue_of(round_), rng)
    counts = [*responses, *[30] * (len(keys) - len(responses))][: len(keys)]
    for ags, count in zip(keys, counts, strict=True):
        respond(round_, ags, count, rng)
    lifecycle.close_round(round_)
    db.session.commit()
    return round_


def respond(round_: Round, ags: str, count: int, rng: np.random.Generator) -> None:
    """So many responses of one municipality: most answers good, some missing."""
    items = len(lifecycle.catalogue_of(round_).items)
    tendency = rng.dirichlet((2, 3, 6, 9, 6, 1, 1))
    drawn = SYMBOLS[rng.choice(7, size=(count, items), p=tendency)]
    profiles = _profiles(count, rng.spawn(1)[0])
    rows = [
        {
            "round_id": round_.id,
            "municipality_ags": ags,
            "id": str(uuid.UUID(bytes=rng.bytes(16), version=4)),
            "day": DAY,
            "language": "de",
            "channel": "open",
            "ratings": row.tobytes().decode(),
            "profile": profile,
        }
        for row, profile in zip(drawn, profiles, strict=True)
    ]
    if rows:
        db.session.execute(insert(Response), rows)


def _profiles(count: int, rng: np.random.Generator) -> list[str]:
    """Length of residence, origin, eight target groups and age; one person in ten says nothing."""
    symbols = np.full((count, 11), ".", dtype="U1")
    for column in (0, 1, 10):
        symbols[:, column] = rng.choice(list("1234"), count, p=(0.1, 0.2, 0.3, 0.4))
    symbols[:, 2:10] = np.where(rng.random((count, 8)) < 0.3, "x", ".")
    symbols[rng.random(count) < 0.1] = "."
    return ["".join(row) for row in symbols]


def _assess(round_: Round, keys: Sequence[str], catalogue: Catalogue, rng: np.random.Generator) -> None:
    for place, ags in enumerate(keys):
        assessment = Assessment(
            round_id=round_.id, municipality_ags=ags, state="handed_in", handed_in_at=now(), consented=place % 3 != 2
        )
        db.session.add(assessment)
        db.session.flush()
        levels = np.clip(np.rint(rng.normal(rng.normal(2.2, 0.6), 0.9, len(catalogue.criteria))), 0, 4)
        answers = [
            {"assessment_id": assessment.id, "criterion": criterion.id, "level": int(level), "version": 1}
            for criterion, level in zip(catalogue.criteria, levels, strict=True)
        ]
        db.session.execute(insert(CriterionAnswer), answers)
