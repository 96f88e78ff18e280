"""Where each municipality stands on its way to a resolution, worked out from what was recorded and stored nowhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.commitment.blueprint import all_municipalities
from app.commitment.models import Conference, Outcome, Resolution
from app.database import db
from app.region.models import District, Municipality

STATES = {
    "none": _("noch nicht erreicht"),
    "absent": _("Konferenz verpasst"),
    "presented": _("vorgestellt"),
    "interested": _("interessiert"),
    "draft": _("Vorlage im Rat"),
    "declined": _("lehnt ab"),
    "decided": _("beschlossen"),
    "renewal": _("Erneuerung fällig"),
}
"""Every state with its name; those of a conference carry the names of its outcomes."""


@dataclass(frozen=True)
class Standing:
    """One municipality: its state, the resolution it rests on, and since when it is so (``None``: nothing happened)."""

    municipality: Municipality
    state: str
    since: dt.date | None = None
    resolution: Resolution | None = None


def standings(day: dt.date) -> list[Standing]:
    """Every municipality as it stands on that day, by district and name; three statements, whatever there is."""
    resolutions, outcomes = latest_resolutions(db.session, day), _latest_outcomes(day)
    places = sorted(all_municipalities(), key=lambda place: (place.district.name, place.name))
    return [_standing(place, resolutions.get(place.ags), outcomes.get(place.ags), day) for place in places]


def by_district(found: Sequence[Standing]) -> list[tuple[District, list[Standing]]]:
    """The same, district by district."""
    return [(district, list(rest)) for district, rest in groupby(found, key=lambda one: one.municipality.district)]


def counted(found: Sequence[Standing]) -> dict[str, int]:
    """How many municipalities are in each state, states nobody is in left out."""
    numbers = Counter(one.state for one in found)
    return {name: numbers[name] for name in STATES if numbers[name]}


def _standing(
    place: Municipality, resolution: Resolution | None, outcome: tuple[str, dt.date] | None, day: dt.date
) -> Standing:
    if resolution is not None:
        in_force = resolution.holds(day)
        since = resolution.decided_on if in_force else resolution.renew_by
        return Standing(place, "decided" if in_force else "renewal", since, resolution)
    return Standing(place, *outcome) if outcome else Standing(place, "none")


def latest_resolutions(session: Session | scoped_session[Session], day: dt.date) -> dict[str, Resolution]:
    """The one that holds longest, of each municipality; one that holds until further notice beats all."""
    made = session.scalars(select(Resolution).where(Resolution.decided_on <= day).order_by(Resolution.decided_on))
    found: dict[str, Resolution] = {}
    for resolution in made:
        before = found.get(resolution.municipality_ags)
        if before is None or _end(resolution) >= _end(before):
            found[resolution.municipality_ags] = resolution
    return found


def _end(resolution: Resolution) -> dt.date:
    return resolution.renew_by or dt.date.max


def _latest_outcomes(day: dt.date) -> dict[str, tuple[str, dt.date]]:
    held = (
        select(Outcome.municipality_ags, Outcome.outcome, Conference.held_on)
        .join(Conference)
        .where(Conference.held_on <= day)
        .order_by(Conference.held_on)
    )
    return {ags: (outcome, held_on) for ags, outcome, held_on in db.session.execute(held)}
