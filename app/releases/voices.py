"""What people read in the free texts, put into a release: themes from ten texts on, and edited extracts.

It is a reading and no computation: verifying a release takes it as it was written down, and computes the rest again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.models import Assessment
from app.feedback.coding import told
from app.rounds.models import Round
from scoring.method import Method
from scoring.release import Extract, Release, Theme, UnitSheet


@dataclass(frozen=True)
class Voices:
    """Themes of the region and of each municipality (AGS), and extracts."""

    region: tuple[Theme, ...] = ()
    places: dict[str, tuple[Theme, ...]] = field(default_factory=dict)
    extracts: tuple[Extract, ...] = ()

    @classmethod
    def read(cls, session: Session, round_: Round) -> Voices:
        """As they stand in the database."""
        agreed = select(Assessment.municipality_ags).where(
            Assessment.round_id == round_.id, Assessment.state == "handed_in", Assessment.consented
        )
        return cls(*told(session, round_, Method().minimum_public, set(session.scalars(agreed))))

    @classmethod
    def of(cls, release: Release) -> Voices:
        """As they stand in a release."""
        return cls(release.themes, {ags: sheet.themes for ags, sheet in release.own.items()}, release.extracts)

    def put_into(self, release: Release) -> Release:
        """The release with these voices; unchanged where there are none."""
        if not (self.region or self.extracts or any(self.places.values())):
            return release
        sheets = {name: self._sheets(getattr(release, name)) for name in ("own", "public")}
        return release.model_copy(update={"themes": self.region, "extracts": self.extracts, **sheets})

    def _sheets(self, sheets: dict[str, UnitSheet]) -> dict[str, UnitSheet]:
        return {
            ags: sheet.model_copy(update={"themes": self.places[ags]}) if self.places.get(ags) else sheet
            for ags, sheet in sheets.items()
        }
