"""Figures that the service knows itself, as of a day; a fixed number of statements for all of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import selectinload, undefer

from app.assessment.models import Assessment, HandIn
from app.commitment.curve import curve
from app.commitment.models import Resolution
from app.database import REGION_TIME, db
from app.feedback.models import COUNTED, Response
from app.outreach.progress import STEP
from app.practices.models import PUBLISHED, Practice, Version
from app.round_tables.models import RoundTable
from app.round_tables.using import attendance
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Round
from app.web.language import current_language
from questionnaires.answers import decode_profile
from questionnaires.loading import builtin

FEWEST = 10
"""Of a group with fewer answers than this no number is told (docs/privacy.md)."""
GROUP_QUESTION = "D3"
NO_GROUP = "none"
GROUP = "group."


@dataclass(frozen=True)
class Figure:
    """What the service knows; ``value`` is ``None`` where it is not known or may not be told, ``note`` says why."""

    value: int | None
    note: str


def names() -> dict[str, str]:
    """Every figure by its key, as people call it."""
    question = next(q for q in builtin().profile_questions if q.id == GROUP_QUESTION)
    tag = current_language().tag
    groups = {
        GROUP + option.id: _("Antworten von Neuen: %(group)s", group=option.text[tag])
        for option in question.options
        if option.id != NO_GROUP
    }
    return {
        "municipalities": _("Teilnehmende Kommunen"),
        "resolutions": _("Beschlüsse von Räten und Ausschüssen"),
        "hand_ins": _("Abgegebene Selbsteinschätzungen"),
        "answers": _("Antworten von Neuen"),
        **groups,
        "tables": _("Runde Tische"),
        "table_people": _("Gäste an Runden Tischen"),
        "table_places": _("Teilnahmen von Kommunen an Runden Tischen"),
        "practices": _("Geteilte Praxisbeispiele"),
    }


def figures(day: dt.date) -> dict[str, Figure]:
    """Every figure of ``names`` at the end of that day."""
    return {
        "municipalities": _municipalities(day),
        "resolutions": Figure(_count(select(Resolution.id).where(Resolution.decided_on <= day)), ""),
        "hand_ins": _hand_ins(day),
        "answers": _answers(day),
        **_groups(day),
        **_tables(day),
        "practices": _practices(day),
    }


def _count(statement: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _end(day: dt.date) -> dt.datetime:
    """The first moment after the day."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), REGION_TIME)


def _municipalities(day: dt.date) -> Figure:
    counts = [count for count in curve(day) if count.day <= day]
    if not counts:
        return Figure(0, _("Bis zu diesem Tag ist nichts belegt."))
    last = counts[-1]
    return Figure(
        last.municipalities, _("Zuletzt belegt: %(shown)s (%(source)s)", shown=last.shown, source=last.source)
    )


def _hand_ins(day: dt.date) -> Figure:
    signed = select(HandIn.assessment_id).where(HandIn.at < _end(day))
    handed_in = select(Assessment.id).where(Assessment.handed_in_at < _end(day))
    return Figure(_count(union(signed, handed_in)), _("Jede Kommune zählt je Runde einmal."))


def _answers(day: dt.date) -> Figure:
    """Of closed rounds every answer; of one that ran on that day in steps, so that no day tells of a single answer."""
    counted = select(Response.id).join(Round, Round.id == Response.round_id).where(Response.state.in_(COUNTED))
    closed = Round.closed_at < _end(day)
    running = counted.where(or_(Round.closed_at.is_(None), Round.closed_at >= _end(day)), Response.day <= day)
    value = _count(counted.where(closed)) + _count(running) // STEP * STEP
    note = _("Welche Antworten zählen, gilt nach heutiger Prüfung. Aus einer laufenden Runde in Fünferschritten.")
    return Figure(value, note)


def _groups(day: dt.date) -> dict[str, Figure]:
    """Answers by target group, of closed rounds only: from one day to the next nobody shall see who came."""
    closed = Round.closed_at < _end(day)
    rounds = db.session.scalars(select(Round).where(closed).options(undefer(Round.catalogue_json))).all()
    rows = db.session.execute(
        select(Response.round_id, Response.profile, func.count())
        .join(Round, Round.id == Response.round_id)
        .where(closed, Response.state.in_(COUNTED))
        .group_by(Response.round_id, Response.profile)
    ).all()
    catalogues = {round_.id: catalogue_of(round_) for round_ in rounds}
    counted: Counter[str] = Counter()
    for round_id, profile, number in rows:
        for option in decode_profile(catalogues[round_id], profile).get(GROUP_QUESTION, ()):
            counted[GROUP + option] += number
    few = Figure(None, _("Weniger als 10 Antworten: keine Zahl."))
    whole = _("Nur abgeschlossene Runden; wer mehreres angibt, zählt mehrfach.")
    keys = [key for key in names() if key.startswith(GROUP)]
    return {key: Figure(counted[key], whole) if counted[key] >= FEWEST else few for key in keys}


def _tables(day: dt.date) -> dict[str, Figure]:
    statement = select(RoundTable).options(selectinload(RoundTable.guests))
    every = db.session.scalars(statement).all()
    held = [table for table in every if table.held_on and table.held_on <= day]
    undated = sum(table.held_on is None for table in every)
    came = [attendance(table) for table in held]
    people, places = ([one[i] for one in came if one[i] is not None] for i in (0, 1))
    roughly = sum(bool(table.shown) for table in held)
    notes = [
        _("%(number)s davon mit nur ungefähr bekanntem Tag.", number=roughly) if roughly else "",
        _("%(number)s ohne bekannten Tag zählen nicht mit.", number=undated) if undated else "",
    ]

    def known(values: list[int | None]) -> Figure:
        """Nothing known of tables that were held is no number, and not none."""
        note = _("Belegt für %(known)s von %(all)s Runden Tischen.", known=len(values), all=len(held))
        return Figure(sum(filter(None, values)) if values or not held else None, note)

    return {
        "tables": Figure(len(held), " ".join(filter(None, notes))),
        "table_people": known(people),
        "table_places": known(places),
    }


def _practices(day: dt.date) -> Figure:
    first = (
        select(Version.practice_id)
        .join(Practice, Practice.id == Version.practice_id)
        .where(~Practice.withdrawn, Practice.versions.any(Version.state == PUBLISHED))
        .group_by(Version.practice_id)
        .having(func.min(Version.published_at) < _end(day))
    )
    return Figure(_count(first), _("Was heute zurückgezogen ist, zählt nicht mit; seit wann, ist nicht gespeichert."))
