"""Use cases of working together: assigning a criterion, writing notes, being seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.collaboration.colleagues import colleagues_of, spoken_to
from app.collaboration.models import Assignment, Mention, Note, Presence
from app.collaboration.places import Place
from app.database import db, now

LONGEST_NOTE = 2000
THERE = dt.timedelta(seconds=60)
"""So long after the last sign somebody counts as being there."""


class WorkRefused(ValueError):
    """Something about working together is not possible so; the message says why, in the reader's language."""


@dataclass(frozen=True)
class Written:
    """A note that was left, whom it speaks to, and the names in it that nobody has."""

    note: Note
    people: Sequence[User]
    unknown: Sequence[str]


def assignment_of(place: Place) -> Assignment | None:
    """Who takes care of the criterion."""
    return db.session.get(Assignment, place, options=[joinedload(Assignment.assignee).lazyload(User.roles)])


def assign(place: Place, assignee_id: int | None, due: dt.date | None, user: User) -> None:
    """Let a colleague take care of the criterion until ``due``; ``None`` takes the task back.

    ``WorkRefused`` if the person does not work for the municipality.
    """
    found = db.session.get(Assignment, place)
    if assignee_id is None:
        if found is not None:
            db.session.delete(found)
        return
    if assignee_id not in {person.id for person in colleagues_of(place.municipality_ags)}:
        raise WorkRefused(_("Diese Person arbeitet nicht (mehr) für Ihre Kommune. Wählen Sie jemand anderen."))
    if found is None:
        found = Assignment(**place._asdict(), assignee_id=assignee_id)
        db.session.add(found)
    found.assignee_id, found.due = assignee_id, due
    found.assigned_at, found.assigned_by_id = now(), user.id


def notes_of(place: Place) -> Sequence[Note]:
    """The notes to the criterion, the oldest first."""
    statement = select(Note).filter_by(**place._asdict()).order_by(Note.id)
    return db.session.scalars(statement.options(joinedload(Note.author).lazyload(User.roles))).all()


def write_note(place: Place, text: str, user: User) -> Written:
    """Leave a note; ``WorkRefused`` if it is empty or too long. Does not commit."""
    if not text or len(text) > LONGEST_NOTE:
        raise WorkRefused(_("Schreiben Sie eine Notiz von höchstens %(number)s Zeichen.", number=LONGEST_NOTE))
    people, unknown = spoken_to(text, colleagues_of(place.municipality_ags))
    note = Note(**place._asdict(), text=text, author_id=user.id)
    others = [person for person in people if person.id != user.id]
    note.mentions = [Mention(user_id=person.id) for person in others]
    db.session.add(note)
    db.session.flush()
    return Written(note, others, unknown)


def own_note(user: User, round_id: int, municipality_ags: str, id: int) -> Note | None:
    """The note with this number if the user wrote it there."""
    place = {"round_id": round_id, "municipality_ags": municipality_ags}
    return db.session.scalar(select(Note).filter_by(id=id, author_id=user.id, **place))


def mentions_of(user: User, round_id: int, municipality_ags: str) -> Sequence[Mention]:
    """Where somebody speaks to the user and the user has not said that it is done."""
    statement = (
        select(Mention)
        .join(Note)
        .where(
            Mention.user_id == user.id,
            ~Mention.done,
            Note.round_id == round_id,
            Note.municipality_ags == municipality_ags,
        )
        .order_by(Note.id)
    )
    return db.session.scalars(
        statement.options(joinedload(Mention.note).joinedload(Note.author).lazyload(User.roles))
    ).all()


def finish_mention(user: User, note_id: int) -> bool:
    """Say that what a note asked of the user is done; whether there was such a note."""
    found = db.session.get(Mention, (note_id, user.id))
    if found is None:
        return False
    found.done = True
    return True


def assigned_to(user: User, round_id: int, municipality_ags: str) -> Sequence[Assignment]:
    """What the user takes care of, what is due first in front."""
    statement = select(Assignment).filter_by(round_id=round_id, municipality_ags=municipality_ags, assignee_id=user.id)
    found = db.session.scalars(statement).all()
    return sorted(found, key=lambda assignment: (assignment.due or dt.date.max, assignment.criterion))


def assignments_of(round_id: int, municipality_ags: str) -> dict[str, Assignment]:
    """Who takes care of what, by criterion."""
    statement = select(Assignment).filter_by(round_id=round_id, municipality_ags=municipality_ags)
    rows = db.session.scalars(statement.options(joinedload(Assignment.assignee).lazyload(User.roles)))
    return {row.criterion: row for row in rows}


def be_seen(place: Place, user: User) -> None:
    """Note that the user has the criterion open just now."""
    found = db.session.get(Presence, user.id)
    if found is None:
        found = Presence(user_id=user.id, **place._asdict())
        db.session.add(found)
    found.round_id, found.municipality_ags, found.criterion = place
    found.seen_at = now()


def others_at(place: Place, user: User) -> Sequence[User]:
    """Who else had the criterion open within the last minute."""
    statement = select(Presence).filter_by(**place._asdict())
    there = statement.where(Presence.user_id != user.id, Presence.seen_at > now() - THERE).order_by(Presence.user_id)
    rows = db.session.scalars(there.options(joinedload(Presence.user).lazyload(User.roles)))
    return [row.user for row in rows]
