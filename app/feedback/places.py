"""Where newcomers can answer now: a municipality, and the open round it is invited to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from time import monotonic
from typing import Any

from flask import Flask, current_app
from sqlalchemy import bindparam, event, select

from app.database import db
from app.feedback.front import EXTENSION as FRONT
from app.region.models import District, Municipality, WelcomeContact
from app.rounds.guests import IS_GUEST
from app.rounds.lifecycle import catalogue_of, today
from app.rounds.models import Participation, Round
from questionnaires.catalogue import Catalogue

EXTENSION = "willkommen-places"
SECONDS_KEPT = 2.0


@dataclass(frozen=True)
class OpenRound:
    """The open round, as far as a newcomer's page needs it."""

    id: int
    opens: dt.date
    closes: dt.date
    catalogue_sha256: str
    catalogue: Catalogue = field(compare=False, repr=False)


@dataclass(frozen=True)
class Contact:
    """Whom newcomers may ask, as the municipality entered it; ways it has not are empty."""

    name: str
    phone: str
    email: str
    website: str


@dataclass(frozen=True)
class Place:
    """A municipality as its newcomers meet it; ``round`` is ``None`` while none is open.

    ``doors`` are those that are open: ``open_link``, ``codes``, ``paper``.
    """

    ags: str
    slug: str
    name: str
    kind: str
    invited: bool
    round: OpenRound | None
    doors: tuple[str, ...] = ()
    contact: Contact | None = None


class MunicipalityUnknown(LookupError):
    """No municipality has this address."""


class NotCollecting(Exception):
    """Nobody can answer for ``place`` now."""

    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(place.name)


class NoRoundOpen(NotCollecting):
    """No round is open at all."""


class RoundYetToCome(NotCollecting):
    """The first day of the round lies ahead."""


class RoundOver(NotCollecting):
    """The last day of the round has passed."""


class NotInvited(NotCollecting):
    """The municipality takes no part in this round."""


class OnlyWithCode(NotCollecting):
    """The municipality collects by access code or paper only."""


@dataclass(frozen=True)
class Collecting:
    """A place that takes answers now, with its round."""

    place: Place
    round: OpenRound


def collecting(slug: str, by_code: bool = False) -> Collecting:
    """The place at this address if it takes answers today; ``by_code``: from somebody with an access code.

    Raises ``MunicipalityUnknown``, or the kind of ``NotCollecting`` that says why not. What it knows may be
    ``SECONDS_KEPT`` old: whoever writes asks the database again.
    """
    place = _place(slug)
    if place.round is None:
        raise NoRoundOpen(place)
    if not place.invited:
        raise NotInvited(place)
    if today() < place.round.opens:
        raise RoundYetToCome(place)
    if today() > place.round.closes:
        raise RoundOver(place)
    if "open_link" not in place.doors and not by_code:
        raise OnlyWithCode(place)
    return Collecting(place, place.round)


def why_not(slug: str) -> NotCollecting:
    """Why the place at this address takes no answers, asked of the database anew."""
    current_app.extensions[EXTENSION].pop(slug, None)
    try:
        return NoRoundOpen(collecting(slug).place)
    except NotCollecting as reason:
        return reason


def place_named(slug: str) -> Place:
    """The place at this address, whether or not it takes answers; ``MunicipalityUnknown`` if there is none."""
    return _place(slug)


def districts_collecting() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every district with the name and address of its municipalities that take answers today."""
    day = today()
    rows = db.session.execute(
        select(District.name, Municipality.name, Municipality.slug)
        .join(District.municipalities)
        .join(Participation, Participation.municipality_ags == Municipality.ags)
        .join(Round, Round.id == Participation.round_id)
        .where(
            Round.state == "open",
            Round.opens <= day,
            Round.closes >= day,
            Participation.open_link,
            ~IS_GUEST,
        )
        .order_by(District.name, Municipality.name)
    )
    return [(name, [(row[1], row[2]) for row in group]) for name, group in groupby(rows, key=itemgetter(0))]


def _place(slug: str) -> Place:
    known: dict[str, tuple[float, Place]] = current_app.extensions[EXTENSION]
    until, place = known.get(slug, (0.0, None))
    if place is None or monotonic() > until:
        place = _read(slug)
        known[slug] = (monotonic() + SECONDS_KEPT, place)  # Only addresses that exist: it cannot grow without end.
    return place


def _read(slug: str) -> Place:
    # A session of its own, closed at once: a request that stores something must not hold the write lock already.
    with db.sessionmaker() as session:
        row = session.execute(_AT_ADDRESS, {"slug": slug}).one_or_none()
        if row is None:
            raise MunicipalityUnknown(slug)
        municipality, round_, participation, contact, guest = row
        return Place(
            ags=municipality.ags,
            slug=municipality.slug,
            name=municipality.name,
            kind=municipality.kind,
            invited=participation is not None and not guest,
            round=open_round(round_) if round_ else None,
            doors=() if participation is None else doors_of(participation),
            contact=_contact(contact),
        )


def _contact(row: WelcomeContact | None) -> Contact | None:
    return None if row is None else Contact(row.name, row.phone, row.email, row.website)


_AT_ADDRESS = (
    select(Municipality, Round, Participation, WelcomeContact, IS_GUEST)
    .select_from(Municipality)
    .outerjoin(Round, Round.state == "open")
    .outerjoin(
        Participation,
        (Participation.round_id == Round.id) & (Participation.municipality_ags == Municipality.ags),
    )
    .outerjoin(WelcomeContact, WelcomeContact.municipality_ags == Municipality.ags)
    .where(Municipality.slug == bindparam("slug"))
)


DOORS = ("open_link", "codes", "paper")


def doors_of(participation: Participation) -> tuple[str, ...]:
    """The doors through which a municipality collects."""
    return tuple(door for door in DOORS if getattr(participation, door))


def open_round(round_: Round) -> OpenRound:
    """What a newcomer's page needs to know of a round."""
    return OpenRound(
        id=round_.id,
        opens=round_.opens,
        closes=round_.closes,
        catalogue_sha256=round_.catalogue_sha256 or "",
        catalogue=catalogue_of(round_),
    )


def init_app(app: Flask) -> None:
    """Remember places for a moment, and forget them when this process changes anything itself.

    Responses are stored without a session, so that this happens only when somebody works behind the log-in.
    """
    known: dict[str, Any] = {}
    app.extensions[EXTENSION] = known
    with app.app_context():
        event.listen(db.sessionmaker, "after_commit", lambda _session: forget(app))


def forget(app: Flask) -> None:
    """Ask the database again for everything newcomers meet."""
    app.extensions[EXTENSION].clear()
    app.extensions[FRONT].forget()
