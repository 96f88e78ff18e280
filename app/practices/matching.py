"""Whom to learn from: for a municipality's gaps practices and places that are further; for the agency topics.

A gap is what newcomers' answers in the published result call for, and what is easiest. Places are named only where they
are strong and agreed to be named for the criterion: those of the same peer group, others only where it has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from app import outbox
from app.accounts.models import COORDINATOR, Role, User
from app.database import db
from app.goals.next_steps import gaps
from app.outbox import bouncing
from app.practices.models import PUBLISHED, Practice, Touched, Version
from app.practices.reading import counts_by_criterion
from app.region.models import Municipality
from questionnaires.catalogue import Criterion
from scoring.release import Release

MOST_PRACTICES, MOST_PARTNERS = 3, 5
WEAK = 1
"""Up to this maturity level a criterion counts as weak."""
FEW = 2


@dataclass(frozen=True)
class Partner:
    """A municipality that is further, and whether it is of the same peer group."""

    municipality: Municipality
    same_group: bool


@dataclass(frozen=True)
class Match:
    """A gap, why it is one ("need_to_act", "blind_spot", "easy"), and from whom to learn."""

    criterion: Criterion
    level: int
    why: str
    practices: tuple[Version, ...]
    partners: tuple[Partner, ...]


@dataclass(frozen=True)
class Topic:
    """A criterion for the next round table: how many are weak there, how many practices exist."""

    criterion: Criterion
    weak: int
    of: int
    practices: int


def matches(release: Release, municipality: Municipality) -> list[Match]:
    """For each gap of the municipality, the most urgent first."""
    steps = gaps(release, municipality.ags)
    practices = _practices([step.criterion.id for step in steps])
    agreed = {step.criterion.id: _agreed(release, step.criterion.id) - {municipality.ags} for step in steps}
    named = set().union(*agreed.values())
    places = {m.ags: m for m in db.session.scalars(select(Municipality).where(Municipality.ags.in_(named)))}
    return [
        Match(
            step.criterion,
            step.level,
            step.why,
            tuple(practices.get(step.criterion.id, ())[:MOST_PRACTICES]),
            _partners([places[ags] for ags in sorted(agreed[step.criterion.id]) if ags in places], municipality),
        )
        for step in steps
    ]


def introduce(match: Match, partner: Municipality, asker: User, own: Municipality) -> int:
    """Write to who coordinates there and to the asker, once for each pair and criterion; to how many there.

    The asker's address is in the mail, because they want to be written to; the partner's is given to nobody, so the
    asker is told who was written to and waits for an answer. Does not commit.
    """
    with force_locale("de"):
        return _introduce(match, partner, asker, own)


def _introduce(match: Match, partner: Municipality, asker: User, own: Municipality) -> int:
    name = f"{match.criterion.id} {match.criterion.title['de']}"
    body = _("%(own)s möchte bei »%(name)s« von Ihnen lernen: Ihre Kommune ist dort weiter und hat zugestimmt, dafür "
             "genannt zu werden.", own=own.name, name=name)  # fmt: skip
    reply = _("Schreiben Sie direkt an: %(address)s", address=asker.email)
    page = f"{current_app.config['KOMPASS'].address}/austausch/"
    there = User.roles.any((Role.name == COORDINATOR) & (Role.municipality_ags == partner.ags))
    people, _gone = bouncing.parted(db.session.scalars(select(User).where(there, User.active).order_by(User.id)).all())
    key = f"introduce:{own.ags}:{partner.ags}:{match.criterion.id}"
    sent = sum(
        outbox.put(f"{key}:{person.id}", person.email, _("%(own)s sucht den Austausch mit Ihnen", own=own.name),
                   f"{body}\n\n{reply}\n\n{page}", person.id)
        for person in people
    )  # fmt: skip
    if sent:
        told = _(
            "Wir haben die Koordination von %(name)s zu »%(criterion)s« angeschrieben und Ihre Adresse genannt. "
            "Sie meldet sich bei Ihnen.", name=partner.name, criterion=name,
        )  # fmt: skip
        subject = _("Ihr Austausch mit %(name)s", name=partner.name)
        outbox.put(f"{key}:asker:{asker.id}", asker.email, subject, f"{told}\n\n{page}partner", asker.id)
    return sent


def topics(release: Release) -> list[Topic]:
    """Criteria where many are weak and few practices exist, the most pressing first."""
    counts = counts_by_criterion()
    sheets = list(release.own.values())
    levels = [{s.node: s.level for s in sheet.self_view if s.level is not None} for sheet in sheets]
    found = [
        Topic(
            criterion,
            sum(held.get(criterion.id, WEAK + 1) <= WEAK for held in levels),
            sum(criterion.id in held for held in levels),
            counts.get(criterion.id, 0),
        )
        for criterion in release.catalogue.criteria
    ]
    return sorted((t for t in found if t.weak), key=lambda t: (t.practices > FEW, -t.weak, t.practices))


def _practices(criteria: Sequence[str]) -> dict[str, list[Version]]:
    """What is shown on these criteria, the newest first, in one go."""
    shown = select(Version).join(Version.practice).where(Version.state == PUBLISHED, ~Practice.withdrawn)
    touching = shown.where(Version.criteria.any(Touched.criterion.in_(criteria)))
    options = contains_eager(Version.practice).joinedload(Practice.municipality), selectinload(Version.criteria)
    found: dict[str, list[Version]] = {}
    for version in db.session.scalars(touching.options(*options).order_by(Version.published_at.desc(), Version.id)):
        for key in version.keys:
            found.setdefault(key, []).append(version)
    return found


def _partners(places: Sequence[Municipality], own: Municipality) -> tuple[Partner, ...]:
    """Those of the peer group, else others; the most alike in size first."""
    alike = sorted(places, key=lambda place: abs(place.population - own.population))
    partners = [Partner(place, place.peer_group_id == own.peer_group_id) for place in alike]
    peers = [partner for partner in partners if partner.same_group]
    return tuple((peers or partners)[:MOST_PARTNERS])


def _agreed(release: Release, criterion: str) -> set[str]:
    """Who is strong there and agreed to be named for it."""
    return {place.ags for place in release.municipalities if criterion in place.good_examples}
