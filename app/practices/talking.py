"""What readers do with a practice: ask, answer, say what they made of it, and follow a criterion."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from app import outbox
from app.accounts.models import COORDINATOR, Role, User
from app.audit import Subject, record
from app.database import db, now
from app.practices.models import Adoption, Follow, Practice, Question, Version
from app.region.models import Municipality


def ask(practice: Practice, municipality: Municipality | None, asker: User, text: str) -> Question:
    """Ask about a practice; its people are told by mail. Does not commit."""
    question = Question(municipality=municipality, asked_by=asker, text=text)
    practice.questions.append(question)
    db.session.flush()
    asks = municipality.name if municipality else _("Die Agentur")
    body = _("%(who)s fragt zu »%(title)s«:", who=asks, title=_title(practice)) + f"\n\n{text}\n\n{_address(practice)}"
    for person in people_of(practice):
        outbox.put(f"question:{question.id}:{person.id}", person.email, _("Frage zu Ihrem Praxisbeispiel"), body,
                   person.id)  # fmt: skip
    return question


def answer(question: Question, text: str) -> None:
    """Answer, or mend the answer; who asked is told by mail the first time. Does not commit."""
    question.answer, question.answered_at = text, now()
    person = question.asked_by
    if person is not None and person.active:
        body = _("Antwort zu »%(title)s«:", title=_title(question.practice))
        outbox.put(f"answer:{question.id}", person.email, _("Antwort auf Ihre Frage"),
                   f"{body}\n\n{text}\n\n{_address(question.practice)}", person.id)  # fmt: skip


def remove_question(question: Question) -> None:
    """Take a question away with its answer. Does not commit."""
    question.practice.questions.remove(question)


def adopt(practice: Practice, municipality: Municipality, state: str, result: str) -> None:
    """Say what the municipality made of the practice; said again, it takes the place of the former. No commit."""
    found = next((one for one in practice.adoptions if one.municipality_ags == municipality.ags), None)
    if found is None:
        found = Adoption(municipality=municipality, state=state)
        practice.adoptions.append(found)
    found.state, found.result, found.saved_at = state, result, now()
    subject = Subject("practice", str(practice.id))
    record("practice.adopted", subject, after={"adoption": state}, municipality=municipality.ags)


def not_adopted(practice: Practice, municipality: Municipality) -> None:
    """Take back what was said. Does not commit."""
    practice.adoptions = [one for one in practice.adoptions if one.municipality_ags != municipality.ags]


def followed_by(user: User) -> set[str]:
    """The criteria that somebody follows."""
    return set(db.session.scalars(select(Follow.criterion).where(Follow.user_id == user.id)))


def follow(user: User, criteria: Collection[str]) -> None:
    """Follow exactly these criteria from now on. Does not commit."""
    there = {found.criterion: found for found in db.session.scalars(select(Follow).where(Follow.user_id == user.id))}
    for gone in there.keys() - set(criteria):
        db.session.delete(there[gone])
    db.session.add_all(Follow(user_id=user.id, criterion=key) for key in sorted(set(criteria) - there.keys()))


def people_of(practice: Practice) -> Sequence[User]:
    """Who hears of questions: the author, else who coordinates in the municipality, else the agency."""
    if practice.author is not None and practice.author.active:
        return [practice.author]
    roles = User.roles.any(name="agency")
    if practice.municipality_ags:
        own = User.roles.any((Role.name == COORDINATOR) & (Role.municipality_ags == practice.municipality_ags))
        if found := _active(own):
            return found
    return _active(roles)


def _active(which: ColumnElement[bool]) -> Sequence[User]:
    return db.session.scalars(select(User).where(which, User.active).order_by(User.id)).all()


def _title(practice: Practice) -> str:
    version: Version | None = practice.shown
    return version.title if version else practice.where


def _address(practice: Practice) -> str:
    return str(current_app.config["KOMPASS"].address) + url_for("practices.practice", id=practice.id)
