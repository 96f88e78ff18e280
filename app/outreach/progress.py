"""How many answers have come in and how many are still needed, in steps in which nobody sees a single one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from app.database import db
from app.feedback.models import CHANNELS, COUNTED, Response
from app.rounds.lifecycle import today
from app.rounds.models import Participation
from scoring.planning import answers_for, half_width

STEP = 5
"""Every number is rounded down to a multiple of this."""
WANTED = 5.0
"""Points to either side within which a result is called precise."""
A_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Progress:
    """What the coordinator may know while the round is open; numbers of answers are "at least", in steps of five.

    ``weeks`` has the last day of each week of the window with all answers until then, ``channels`` those that brought
    at least five. ``reached`` is half the interval to expect, in points (``None``: too few answers), ``wanted`` how
    many answers ± 5 points take, ``missing`` how many of them are still to come (``None``: not to be reached).
    """

    total: int
    weeks: tuple[tuple[dt.date, int], ...]
    channels: tuple[tuple[str, int], ...]
    newcomers: int | None
    reached: float | None
    wanted: int | None
    missing: int | None


def progress_of(participation: Participation) -> Progress:
    """The state of a municipality's collection. One statement, whatever the number of answers."""
    rows = db.session.execute(
        select(Response.day, Response.channel, func.count())
        .where(
            Response.round_id == participation.round_id,
            Response.municipality_ags == participation.municipality_ags,
            Response.state.in_(COUNTED),
        )
        .group_by(Response.day, Response.channel)
    ).all()
    by_channel: Counter[str] = Counter()
    for _day, channel, number in rows:
        by_channel[channel] += number
    total = _down(by_channel.total())
    wanted = answers_for(WANTED, participation.newcomers)
    return Progress(
        total=total,
        weeks=_weeks(participation, [(day, number) for day, _channel, number in rows]),
        channels=tuple((name, _down(by_channel[name])) for name in CHANNELS if by_channel[name] >= STEP),
        newcomers=participation.newcomers,
        reached=half_width(total, participation.newcomers),
        wanted=wanted,
        missing=None if wanted is None else max(0, wanted - total),
    )


def _weeks(participation: Participation, days: list[tuple[dt.date, int]]) -> tuple[tuple[dt.date, int], ...]:
    """Weeks that are over, and today's as far as it has come; a late answer counts to the last week."""
    first, last = participation.round.opens, min(participation.round.closes, today())
    ends = [first + A_WEEK * number - dt.timedelta(days=1) for number in range(1, (last - first).days // 7 + 1)]
    if last >= first and (not ends or ends[-1] < last):
        ends.append(last)
    return tuple((end, _down(sum(number for day, number in days if day <= end or end == ends[-1]))) for end in ends)


def _down(number: int) -> int:
    return number // STEP * STEP
