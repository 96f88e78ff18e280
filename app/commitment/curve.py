"""How many municipalities take part, over the years: what was published before this service, then what it knows."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.commitment.models import Resolution
from app.database import db
from app.region.models import Municipality
from app.web.formats import long_date
from reports.figures.joined import Count

HISTORY = Path(__file__).with_name("history.toml")


def curve(day: dt.date) -> list[Count]:
    """Published counts in the order of their days, then the resolutions recorded here up to ``day``.

    A day on which as many resolutions hold as the day before is left out.
    """
    return [*published(get_locale().language), *_recorded(day)]


def of_municipalities() -> int:
    """How many municipalities the region has."""
    return db.session.scalar(select(func.count()).select_from(Municipality)) or 0


@lru_cache(maxsize=2)
def published(language: str) -> tuple[Count, ...]:
    """What was published before this service, each count with its source."""
    entries = tomllib.loads(HISTORY.read_text("utf-8"))["count"]
    shown = f"shown_{language}"
    return tuple(Count(e["day"], e[shown], e["municipalities"], e["source"], e["link"]) for e in entries)


def _recorded(day: dt.date) -> Iterable[Count]:
    resolutions = db.session.scalars(select(Resolution).where(Resolution.decided_on <= day)).all()
    ends = {r.renew_by + dt.timedelta(days=1) for r in resolutions if r.renew_by and r.renew_by < day}
    before = 0
    for moment in sorted({r.decided_on for r in resolutions} | ends):
        holding = len({r.municipality_ags for r in resolutions if r.holds(moment)})
        if holding != before:
            yield Count(moment, long_date(moment), holding, _("hier eingetragene Beschlüsse"), "")
        before = holding
