"""What stands beside the answers of a demonstration: decisions, conferences, contacts, goals, the agency's marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from sqlalchemy import select

from app.assessment.models import Assessment, Plausibility
from app.commitment.models import COMMITTEE, COUNCIL, Conference, Outcome, Resolution
from app.database import db
from app.goals.models import DevelopmentGoal
from app.region.models import Municipality, WelcomeContact
from app.rounds.models import Round
from questionnaires.evidence import WITHOUT_EVIDENCE

OUTCOMES = ("interested", "presented", "draft", "absent")
MEASURES = (
    "Zuständigkeit festlegen und im Internet zeigen.",
    "Mit Vereinen einen Abend für Neue ausrichten.",
    "Informationen in drei Sprachen herausgeben.",
)


def add_decisions(round_: Round, rng: np.random.Generator) -> None:
    """Everybody who handed in has a decision; the others were at the conference of their district."""
    taking_part = _assessments(round_)
    decided_on = dt.date(round_.opens.year - 3, 3, 12)
    for number, assessment in enumerate(taking_part):
        votes = (int(rng.integers(20, 40)), int(rng.integers(0, 6)), int(rng.integers(0, 4)))
        committee = number % 9 == 8
        db.session.add(
            Resolution(
                municipality_ags=assessment.municipality_ags,
                body=COMMITTEE if committee else COUNCIL,
                body_name="Haupt- und Finanzausschuss" if committee else "",
                decided_on=decided_on,
                paper_number=f"D {number + 1}/{decided_on.year}",
                votes_for=votes[0],
                votes_against=votes[1],
                abstentions=votes[2],
                named=assessment.consented,
                renew_by=dt.date(round_.opens.year + 4, 12, 31) if number % 4 == 0 else None,
            )
        )
    _add_conferences(round_, {assessment.municipality_ags for assessment in taking_part})


def _add_conferences(round_: Round, decided: set[str]) -> None:
    conferences: dict[str, Conference] = {}
    for place in db.session.scalars(select(Municipality).order_by(Municipality.ags)):
        if place.ags in decided:
            continue
        if place.district_ags not in conferences:
            conferences[place.district_ags] = Conference(
                district_ags=place.district_ags,
                held_on=dt.date(round_.opens.year, 9, 18),
                agenda="Vorstellung des Willkommenskompasses (Demonstration)",
            )
            db.session.add(conferences[place.district_ags])
        meeting = conferences[place.district_ags]
        outcome = OUTCOMES[len(meeting.outcomes) % len(OUTCOMES)]
        meeting.outcomes.append(Outcome(municipality_ags=place.ags, outcome=outcome))


def add_contacts(round_: Round) -> None:
    """An office in every municipality that handed in, with addresses that lead nowhere."""
    for assessment in _assessments(round_):
        slug = assessment.municipality.slug
        db.session.add(
            WelcomeContact(
                municipality_ags=assessment.municipality_ags,
                name="Willkommensstelle im Rathaus (Demonstration)",
                email=f"willkommen@{slug}.example",
                website=f"https://{slug}.example/willkommen",
            )
        )


def add_goals(earlier: Round, later: Round, ags: str) -> None:
    """Goals of one municipality: on the earlier round one that the later reached and one that it missed; new ones."""
    levels = {
        answer.criterion: answer.level
        for assessment in _assessments(later)
        if assessment.municipality_ags == ags
        for answer in assessment.answers
        if answer.level is not None
    }
    reached = next(c for c, level in sorted(levels.items()) if level == WITHOUT_EVIDENCE)
    missed, *weak = [c for c, level in sorted(levels.items()) if level <= 1]
    wishes = [(earlier, reached, 2), (earlier, missed, 2), *((later, criterion, 2) for criterion in weak[:2])]
    for round_ in (earlier, later):
        chosen = [(criterion, target) for of, criterion, target in wishes if of is round_]
        for position, (criterion, target) in enumerate(chosen, start=1):
            db.session.add(
                DevelopmentGoal(
                    round_id=round_.id,
                    municipality_ags=ags,
                    position=position,
                    criterion=criterion,
                    target=target,
                    due=dt.date(round_.closes.year + 1, 12, 31),
                    responsible="Koordination",
                    measures=MEASURES[position % len(MEASURES)],
                )
            )


def add_marks(round_: Round, rng: np.random.Generator) -> None:
    """The agency has looked at half of what has evidence: mostly accepted, some asked back, some agreed otherwise."""
    for assessment in _assessments(round_):
        backed = sorted({piece.criterion for piece in assessment.evidence})
        levels = {answer.criterion: answer.level for answer in assessment.answers}
        for criterion in backed:
            drawn = rng.random()
            if drawn > 0.5:
                continue
            state = "question" if drawn < 0.03 else "changed" if drawn < 0.05 else "accepted"
            db.session.add(
                Plausibility(
                    assessment_id=assessment.id,
                    criterion=criterion,
                    state=state,
                    remark="" if state == "accepted" else "Bitte den Ablauf genauer beschreiben (Demonstration).",
                    agreed_level=max((levels[criterion] or 0) - 1, 0) if state == "changed" else None,
                )
            )


def _assessments(round_: Round) -> Sequence[Assessment]:
    """Those handed in, by key."""
    return db.session.scalars(
        select(Assessment)
        .where(Assessment.round_id == round_.id, Assessment.state == "handed_in")
        .order_by(Assessment.municipality_ags)
    ).all()
