"""Who stands where: every municipality of a round with its self-assessment and its responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.assessment.progress import Progress, progress_by_municipality
from app.database import db
from app.feedback.counting import responses_by_municipality
from app.region.models import District, Municipality
from app.rounds.models import Participation, Round
from scoring.method import Method

NOT_STARTED = Progress(0, 0, "not_started")


@dataclass(frozen=True)
class Place:
    """One municipality in the round."""

    municipality: Municipality
    progress: Progress
    responses: int
    needed: int

    @property
    def missing(self) -> int:
        """How many responses are missing until its results can be published."""
        return max(self.needed - self.responses, 0)


@dataclass(frozen=True)
class Standing:
    """The whole round. ``shown`` is what the filter leaves, ``places`` everybody."""

    round: Round
    places: Sequence[Place]
    shown: Sequence[Place]

    def in_state(self, state: str) -> int:
        """How many municipalities are in that state."""
        return sum(place.progress.state == state for place in self.places)

    @property
    def responses(self) -> int:
        """All responses."""
        return sum(place.responses for place in self.places)

    @property
    def with_enough(self) -> int:
        """How many municipalities have enough responses."""
        return sum(place.missing == 0 for place in self.places)

    @property
    def districts(self) -> Sequence[District]:
        """Districts that take part, by name."""
        return sorted({place.municipality.district for place in self.places}, key=lambda district: district.name)

    def by_district(self) -> list[tuple[District, list[Place]]]:
        """What is shown, district by district."""
        grouped = groupby(self.shown, key=lambda place: place.municipality.district)
        return [(district, list(places)) for district, places in grouped]


def standing(round_: Round, district: str = "", state: str = "") -> Standing:
    """The round at a glance, in a fixed number of statements; ``district`` (AGS) and ``state`` narrow what is shown."""
    progress, responses = progress_by_municipality(round_), responses_by_municipality(round_)
    needed = Method().minimum_public
    municipalities = sorted(
        db.session.scalars(
            select(Municipality)
            .join(Participation, Participation.municipality_ags == Municipality.ags)
            .where(Participation.round_id == round_.id)
            .options(joinedload(Municipality.district))
        ),
        key=lambda m: (m.district.name, m.name),
    )
    places = [Place(m, progress.get(m.ags, NOT_STARTED), responses.get(m.ags, 0), needed) for m in municipalities]
    shown = [p for p in places if district in ("", p.municipality.district_ags) and state in ("", p.progress.state)]
    return Standing(round_, places, shown)
