"""The doors through which newcomers answer in a round: each municipality's choice; the agency may choose too."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app import audit
from app.database import db
from app.feedback.places import DOORS, doors_of
from app.region.models import Municipality
from app.rounds.guests import IS_GUEST
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation, Round

NAMES: dict[str, LazyString] = {
    "open_link": lazy_gettext("Offener Link und QR-Code"),
    "codes": lazy_gettext("Zugangscode auf dem Brief"),
    "paper": lazy_gettext("Papierbogen"),
}
HINTS: dict[str, LazyString] = {
    "open_link": lazy_gettext(
        "Für alle, ohne Hürde: im Willkommenspaket, am Schalter, bei Arbeitgebern, in Schulen. Empfohlen."
    ),
    "codes": lazy_gettext(
        "Jeder Brief zählt einmal. Schützt vor mehrfachem Antworten, lässt aber manche an der Anonymität zweifeln."
    ),
    "paper": lazy_gettext("Für alle ohne Telefon. Die Bögen tippen Sie hier ein."),
}


def open_participation(municipality: Municipality, *, to_change: bool = False) -> Participation | None:
    """The municipality's part in the open round, ``None`` if none is open or it has no part in it but as a guest."""
    query = _in_open_round(municipality).where(~IS_GUEST)
    return db.session.scalar(query.with_for_update(of=Participation) if to_change else query)


def is_guest(municipality: Municipality) -> bool:
    """Whether the municipality takes part in the open round as a guest."""
    return db.session.scalar(_in_open_round(municipality).where(IS_GUEST)) is not None


def _in_open_round(municipality: Municipality) -> Select[Participation]:
    here = Participation.municipality_ags == municipality.ags
    return select(Participation).join(Round).where(Round.state == "open", here)


def set_doors(participation: Participation, doors: Collection[str]) -> None:
    """Open exactly these doors; ``StepRefused`` if that would leave none, or name one there is not."""
    if not doors or not set(doors) <= set(DOORS):
        raise StepRefused(_("Wählen Sie mindestens einen Weg, sonst kann niemand antworten."))
    before = dict.fromkeys(DOORS, False) | dict.fromkeys(doors_of(participation), True)
    after = {door: door in doors for door in DOORS}
    for door, is_open in after.items():
        setattr(participation, door, is_open)
    audit.record(
        "doors.set",
        audit.Subject("participation", participation.round.key),
        before=before,
        after=after,
        municipality=participation.municipality_ags,
    )
