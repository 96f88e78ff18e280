"""Where a project stands on a day: every indicator against its target, and what else the service knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db, today
from app.projects.measures import Figure, figures, names
from app.projects.models import Indicator, Project
from app.web.formats import long_date


@dataclass(frozen=True)
class Reached:
    """One indicator on that day; ``evidence`` is where the value comes from and how far it goes."""

    indicator: Indicator
    value: Decimal | int | None
    evidence: str

    @property
    def per_cent(self) -> int | None:
        """The share of the target, in whole per cent, rounded down: 100 only once it is reached."""
        return None if self.value is None else int(self.value * 100 // self.indicator.target)


@dataclass(frozen=True)
class Standing:
    """A project on a day; ``others`` are figures of the service that no indicator uses, with their names."""

    project: Project
    day: dt.date
    reached: list[Reached]
    others: list[tuple[str, Figure]]


def project_by_id(id: int) -> Project | None:
    """A project with indicators and values."""
    options = selectinload(Project.indicators).selectinload(Indicator.values)
    return db.session.scalar(select(Project).where(Project.id == id).options(options))


def standing(project: Project, day: dt.date) -> Standing:
    """The project as of that day."""
    known, called = figures(day), names()
    reached = [_reached(indicator, known, called, day) for indicator in project.indicators]
    used = {indicator.measure for indicator in project.indicators}
    others = [(name, known[key]) for key, name in called.items() if key not in used]
    return Standing(project, day, reached, others)


def usual_day(project: Project) -> dt.date:
    """Today, or the last day of a term that is over."""
    return min(today(), project.ends)


def _reached(indicator: Indicator, known: dict[str, Figure], called: dict[str, str], day: dt.date) -> Reached:
    figure = known.get(indicator.measure)
    if figure is not None:
        source = _("Aus dem Dienst: %(name)s.", name=called[indicator.measure])
        return Reached(indicator, figure.value, f"{source} {figure.note}".strip())
    entered = [value for value in indicator.values if value.day <= day]
    if not entered:
        return Reached(indicator, None, _("Bis zu diesem Tag ist kein Wert eingetragen."))
    last = entered[-1]
    since = _("Eingetragen für den %(day)s", day=long_date(last.day))
    return Reached(indicator, last.value, f"{since}: {last.evidence}")
