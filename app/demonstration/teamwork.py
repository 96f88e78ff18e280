"""How the people of the demonstration accounts share their work: who wrote what, tasks with a day, a question."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from app.accounts.models import User
from app.assessment import revisions
from app.assessment.models import Assessment
from app.assessment.workspace import as_answer
from app.collaboration import working
from app.collaboration.colleagues import handles
from app.collaboration.places import Place
from app.database import db
from app.rounds.lifecycle import catalogue_of, today
from app.rounds.models import Round

QUESTION = "Wissen Sie, wer das im Haus zuletzt betreut hat?"
DAYS = (14, 21, 28)


def share_work(round_: Round, ags: str, people: tuple[User, User, User]) -> None:
    """Coordinator, editor and approver at work on the municipality's self-assessment of an open round."""
    coordinator, editor, approver = people
    assessment = db.session.scalars(select(Assessment).filter_by(round_id=round_.id, municipality_ags=ags)).one()
    for number, answer in enumerate(assessment.answers):
        answer.saved_by_id = (editor if number % 3 else coordinator).id
    db.session.flush()
    for answer in assessment.answers:
        revisions.keep(answer, answer.version, as_answer(answer))
    answered = {answer.criterion for answer in assessment.answers}
    unanswered = [criterion.id for criterion in catalogue_of(round_).criteria if criterion.id not in answered]
    places = [Place(round_.id, ags, criterion) for criterion in unanswered]
    for place, person, days in zip(places, (editor, coordinator, approver), DAYS, strict=False):
        working.assign(place, person.id, today() + dt.timedelta(days=days), coordinator)
    name = next(name for name, person in handles(people).items() if person is coordinator)
    working.write_note(places[0], f"@{name} {QUESTION}", editor)
