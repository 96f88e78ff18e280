"""Doubtful responses as the agency decides on them, and how the doors compare: by groups, never one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select, update

from app.database import db
from app.feedback.models import COUNTED, Response
from app.region.models import Municipality
from app.rounds.lifecycle import StepRefused, catalogue_of
from app.rounds.models import Round
from scoring.intervals import mean_interval

DECISIONS = ("accepted", "refused", "held")
FEWEST = 10
"""Below so many responses a channel has no mean (scoring's public minimum)."""


@dataclass(frozen=True)
class Group:
    """The responses of one municipality that are in doubt for one reason: how many stand where.

    ``kinds`` is how many different rating strings they have: programs repeat themselves.
    """

    ags: str
    name: str
    doubt: str
    held: int
    accepted: int
    refused: int
    kinds: int


@dataclass(frozen=True)
class Channel:
    """One channel over the whole round: mean over all answers, 0 to 100, with its 95 % interval; ``None``: too few."""

    name: str
    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def doubtful(round_: Round) -> list[Group]:
    """Every group with at least one doubtful response. One statement."""
    held, accepted, refused = (
        func.count().filter(Response.state == state) for state in ("held", "accepted", "refused")
    )
    rows = db.session.execute(
        select(
            Response.municipality_ags,
            Municipality.name,
            Response.doubt,
            held,
            accepted,
            refused,
            func.count(Response.ratings.distinct()),
        )
        .join(Municipality, Municipality.ags == Response.municipality_ags)
        .where(Response.round_id == round_.id, Response.doubt != "")
        .group_by(Response.municipality_ags, Municipality.name, Response.doubt)
        .order_by(Municipality.name, Response.doubt)
    )
    return [Group(*row) for row in rows]


def decide(round_: Round, ags: str, doubt: str, decision: str) -> int:
    """Accept, refuse or hold again a whole group; how many there are. ``StepRefused`` once results are published."""
    if round_.state not in ("open", "closed"):
        raise StepRefused("released")
    if decision not in DECISIONS or not doubt:
        raise KeyError(decision)
    group = (Response.round_id == round_.id, Response.municipality_ags == ags, Response.doubt == doubt)
    changed = db.session.execute(update(Response).where(*group).values(state=decision))
    return int(changed.rowcount)  # type: ignore[attr-defined]


def channels(round_: Round) -> list[Channel]:
    """Every channel that brought a response, the largest first. One statement."""
    rows = db.session.execute(
        select(Response.channel, func.aggregate_strings(Response.ratings, ""))
        .where(Response.round_id == round_.id, Response.state.in_(COUNTED))
        .group_by(Response.channel)
    ).all()
    items = len(catalogue_of(round_).items)
    found = [_channel(name, ratings.encode("ascii"), items) for name, ratings in rows]
    return sorted(found, key=lambda channel: (-channel.n, channel.name))


def _channel(name: str, ratings: bytes, items: int) -> Channel:
    """The mean of each person's answers: who answered more questions weighs no more."""
    marks = np.frombuffer(ratings, np.uint8).reshape(-1, items).astype(float) - ord("0")
    points = np.where((marks >= 1) & (marks <= 5), (marks - 1) * 25, np.nan)
    answered = ~np.isnan(points).all(axis=1)
    persons = np.nanmean(points[answered], axis=1) if answered.any() else np.array([])
    if len(persons) < FEWEST:
        return Channel(name, len(marks))
    low, high = mean_interval(len(persons), persons.mean(), persons.var(ddof=1), items=items)
    return Channel(name, len(marks), float(persons.mean()), float(low), float(high))
