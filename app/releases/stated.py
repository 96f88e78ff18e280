"""What is known of a municipality beside its answers, put into a release: the council's decision, and whom to ask.

It is written down as it stood on the day of the release and no computation: verifying a release takes it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.region.models import WelcomeContact
from scoring.release import Contact, Decision, Release, UnitSheet


@dataclass(frozen=True)
class Decided:
    """The decision in force in a municipality, and whether it agreed to be named for it in publications."""

    decision: Decision
    named: bool


DecisionsOfToday = Callable[[Session], Mapping[str, Decided]]
decision_sources: list[DecisionsOfToday] = []
"""Where decisions come from, by AGS; the slice that keeps them registers here."""


@dataclass(frozen=True)
class Statements:
    """Decisions and contacts by AGS."""

    decisions: Mapping[str, Decided] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session) -> Statements:
        """As they stand in the database."""
        decisions: dict[str, Decided] = {}
        for source in decision_sources:
            decisions.update(source(session))
        return cls(decisions, _contacts(session))

    @classmethod
    def of(cls, release: Release) -> Statements:
        """As they stand in a release."""
        decisions, contacts = {}, {}
        for ags, sheet in release.own.items():
            shown = release.public.get(ags)
            if sheet.decision is not None:
                decisions[ags] = Decided(sheet.decision, shown is not None and shown.decision is not None)
            if sheet.contact is not None:
                contacts[ags] = sheet.contact
        return cls(decisions, contacts)

    def put_into(self, release: Release) -> Release:
        """The release with what is known of each municipality; unchanged where nothing is."""
        if not (self.decisions or self.contacts):
            return release
        own = {ags: self._sheet(sheet, public=False) for ags, sheet in release.own.items()}
        public = {ags: self._sheet(sheet, public=True) for ags, sheet in release.public.items()}
        return release.model_copy(update={"own": own, "public": public})

    def _sheet(self, sheet: UnitSheet, *, public: bool) -> UnitSheet:
        known: dict[str, Any] = {}
        decided, contact = self.decisions.get(sheet.ags), self.contacts.get(sheet.ags)
        if decided is not None and (decided.named or not public):
            known["decision"] = decided.decision
        if contact is not None:
            known["contact"] = contact
        return sheet.model_copy(update=known) if known else sheet


def _contacts(session: Session) -> dict[str, Contact]:
    rows = session.scalars(select(WelcomeContact).order_by(WelcomeContact.municipality_ags))
    return {
        row.municipality_ags: Contact(name=row.name, phone=row.phone, email=row.email, website=row.website)
        for row in rows
    }
