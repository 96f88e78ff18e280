"""Whom to learn from: for a municipality's gaps practices and places that are further; for the agency topics.

A gap is one of the next steps of the published result. Places are named only where they agreed to be named for the
criterion; those of the same peer group come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from app import outbox
from app.accounts.models import COORDINATOR, Role, User
from app.database import db
from app.goals.next_steps import next_steps
from app.practices.models import PUBLISHED, Practice, Touched, Version
from app.practices.reading import counts_by_criterion
from app.region.models import Municipality
from questionnaires.catalogue import Criterion
from scoring.release import Release

MOST_PRACTICES = 3
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
    steps = next_steps(release, municipality.ags)
    practices = _practices([step.criterion.id for step in steps])
    named = {place.ags for step in steps for place in step.neighbours}
    places = {m.ags: m for m in db.session.scalars(select(Municipality).where(Municipality.ags.in_(named)))}
    return [
        Match(
            step.criterion,
            step.level,
            step.why,
            tuple(practices.get(step.criterion.id, ())[:MOST_PRACTICES]),
            _partners([places[place.ags] for place in step.neighbours if place.ags in places], municipality),
        )
        for step in steps
    ]


def introduce(match: Match, partner: Municipality, asker: User, own: Municipality) -> int:
    """Write to who coordinates there, once for each pair and criterion; how many mails. Does not commit.

    The asker's address is in the mail, because they want to be written to; the partner's is given to nobody.
    """
    name = f"{match.criterion.id} {match.criterion.title['de']}"
    body = _("%(own)s möchte bei »%(name)s« von Ihnen lernen: Ihre Kommune ist dort weiter und hat zugestimmt, dafür "
             "genannt zu werden.", own=own.name, name=name)  # fmt: skip
    reply = _("Schreiben Sie direkt an: %(address)s", address=asker.email)
    page = f"{current_app.config['KOMPASS'].address}/austausch/"
    there = User.roles.any((Role.name == COORDINATOR) & (Role.municipality_ags == partner.ags))
    people = db.session.scalars(select(User).where(there, User.active).order_by(User.id)).all()
    key = f"introduce:{own.ags}:{partner.ags}:{match.criterion.id}"
    return sum(
        outbox.put(f"{key}:{person.id}", person.email, _("%(own)s sucht den Austausch mit Ihnen", own=own.name),
                   f"{body}\n\n{reply}\n\n{page}", person.id)
        for person in people
    )  # fmt: skip


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
    partners = [Partner(place, place.peer_group_id == own.peer_group_id) for place in places]
    return tuple(sorted(partners, key=lambda partner: not partner.same_group))
