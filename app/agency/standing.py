"""Who stands where: every municipality on its way from the invitation to published results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.assessment.models import Assessment, Plausibility
from app.assessment.plausibility import COUNTS
from app.assessment.progress import Progress, progress_by_municipality
from app.commitment.standing import Standing, standings
from app.database import db, today
from app.feedback.counting import responses_by_municipality
from app.region.models import District, Municipality
from app.releases.reading import current_release
from app.rounds.guests import IS_GUEST
from app.rounds.models import Participation, Round
from scoring.method import Method

NOT_STARTED = Progress(0, 0, "not_started")
STAGES = {
    "away": _("nicht eingeladen"),
    "invited": _("eingeladen"),
    "presented": _("vorgestellt"),
    "draft": _("Vorlage im Rat"),
    "decided": _("beschlossen"),
    "started": _("Selbsteinschätzung begonnen"),
    "handed_in": _("abgegeben"),
    "checked": _("geprüft"),
    "published": _("veröffentlicht"),
}
"""The steps of the way, in order; a municipality stands at the last one that it has reached."""
BY_CONFERENCE = {"presented": "presented", "interested": "presented", "draft": "draft", "declined": "presented",
                 "decided": "decided", "renewal": "decided"}  # fmt: skip
"""The step that a state of commitment stands for."""


@dataclass(frozen=True)
class Place:
    """One municipality: its council, its part in the round, its self-assessment, its newcomers' answers."""

    commitment: Standing
    invited: bool = False
    guest: bool = False
    progress: Progress = NOT_STARTED
    responses: int = 0
    needed: int = 0
    checked: int = 0
    published: bool = False

    @property
    def municipality(self) -> Municipality:
        """Whose way it is."""
        return self.commitment.municipality

    @property
    def missing(self) -> int:
        """How many responses are missing until its results can be published; guests need none."""
        return max(self.needed - self.responses, 0) if self.takes_part else 0

    @property
    def takes_part(self) -> bool:
        """Whether it is compared with others."""
        return self.invited and not self.guest

    @property
    def undecided(self) -> bool:
        """Whether it takes part although no resolution is in force."""
        return self.takes_part and self.commitment.state != "decided"

    @property
    def percent(self) -> int:
        """How much of the self-assessment is answered, rounded down."""
        return 100 * self.progress.answered // self.progress.of if self.progress.of else 0

    @property
    def stage(self) -> str:
        """The last step reached, one of ``STAGES``."""
        if self.published:
            return "published"
        if self.progress.state == "handed_in":
            return "checked" if self.progress.answered and self.checked >= self.progress.answered else "handed_in"
        if self.progress.answered:
            return "started"
        return BY_CONFERENCE.get(self.commitment.state, "invited" if self.invited else "away")


@dataclass(frozen=True)
class Cockpit:
    """All municipalities; ``round`` is ``None`` before the first one is planned."""

    round: Round | None
    places: Sequence[Place] = field(repr=False)

    def in_state(self, state: str) -> int:
        """How many self-assessments are in that state."""
        return sum(place.invited and place.progress.state == state for place in self.places)

    @property
    def invited(self) -> int:
        """How many are invited to the round."""
        return sum(place.invited for place in self.places)

    @property
    def taking_part(self) -> int:
        """How many are compared with others."""
        return sum(place.takes_part for place in self.places)

    @property
    def responses(self) -> int:
        """All responses."""
        return sum(place.responses for place in self.places)

    @property
    def with_enough(self) -> int:
        """How many municipalities have enough responses."""
        return sum(place.takes_part and place.missing == 0 for place in self.places)

    @property
    def districts(self) -> Sequence[District]:
        """All districts by name."""
        return sorted({place.municipality.district for place in self.places}, key=lambda district: district.name)

    def counts(self) -> list[tuple[District, Counter[str]]]:
        """How many municipalities of each district stand at each step."""
        found: dict[District, Counter[str]] = {district: Counter() for district in self.districts}
        for place in self.places:
            found[place.municipality.district][place.stage] += 1
        return list(found.items())


def by_district(shown: Sequence[Place]) -> list[tuple[District, list[Place]]]:
    """What is shown, district by district; it has to be in their order."""
    return [(district, list(rest)) for district, rest in groupby(shown, key=lambda p: p.municipality.district)]


def cockpit(round_: Round | None) -> Cockpit:
    """Every municipality by district and name, in a fixed number of statements."""
    commitments = standings(today())
    if round_ is None:
        return Cockpit(None, [Place(one) for one in commitments])
    progress, responses = progress_by_municipality(round_), responses_by_municipality(round_)
    guests, checked = _participants(round_), _checked(round_)
    published = current_release(round_) is not None
    needed = Method().minimum_public
    places = []
    for one in commitments:
        ags = one.municipality.ags
        invited, guest = ags in guests, guests.get(ags, False)
        done, answers = progress.get(ags, NOT_STARTED), responses.get(ags, 0)
        shown = published and invited and not guest and (done.state == "handed_in" or answers >= needed)
        places.append(Place(one, invited, guest, done, answers, needed, checked.get(ags, 0), shown))
    return Cockpit(round_, places)


def _participants(round_: Round) -> dict[str, bool]:
    """Whether each municipality that is invited takes part as a guest, by AGS."""
    mine = Participation.round_id == round_.id
    return dict(db.session.execute(select(Participation.municipality_ags, IS_GUEST).where(mine)).all())


def _checked(round_: Round) -> dict[str, int]:
    """How many criteria of each municipality the agency has accepted or settled, by AGS."""
    counts = (
        select(Assessment.municipality_ags, func.count())
        .join(Plausibility, Plausibility.assessment_id == Assessment.id)
        .where(Assessment.round_id == round_.id, Plausibility.state.in_(COUNTS))
        .group_by(Assessment.municipality_ags)
    )
    return dict(db.session.execute(counts).all())
