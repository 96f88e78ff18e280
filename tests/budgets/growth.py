"""More of everything: accounts, work, rounds, answers, texts, resolutions, conferences, mails, entries in the log."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from flask import Flask
from sqlalchemy import select

from app.accounts import invitations
from app.accounts.models import APPROVER, COORDINATOR, EDITOR, Invitation, LogIn, Passkey, Role, User
from app.assessment.models import AnswerRevision, Assessment, CriterionAnswer, Evidence, HandIn, Plausibility
from app.audit import Subject, record
from app.collaboration.models import Assignment, Mention, Note, Presence
from app.commitment.models import Conference, Outcome, Resolution
from app.database import db, now, today
from app.feedback.models import AccessCode, Comment, CommentTheme, Response
from app.goals.models import DevelopmentGoal
from app.outbox.models import OutgoingMail
from app.practices.models import ALL, Attachment, Follow, Practice
from app.practices.talking import adopt, ask
from app.practices.writing import Content, begin, change, publish, submit, withdraw
from app.projects.models import Indicator, IndicatorValue, Project
from app.region.models import District, Municipality
from app.releases.models import Job, ReleaseRecord
from app.round_tables.models import AgendaItem, Handout, Opinion, Presented, RoundTable, TableGuest
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin

PLACE = "05958004"
PEOPLE = {"agentur@demo.example", "koordination@demo.example", "freigabe@demo.example"}
"""Whom the pages are opened as; what grows for an account grows for theirs."""
FIRST = dt.date(2001, 3, 1)


def grow(app: Flask, numbers: range) -> None:
    """Add one of everything for each number; no number may come twice."""
    with app.test_request_context():
        readers = db.session.scalars(select(User).where(User.email.in_(PEOPLE)).order_by(User.email)).all()
        open_round = db.session.scalars(select(Round).where(Round.state == "open")).one()
        for number in numbers:
            _accounts(number, readers)
            _work(number, open_round, readers)
            _answers(number, open_round)
            _earlier_round(number)
            _commitment(number)
            _goals(number)
            _practices(number, readers)
            _round_tables(number)
            _projects(number)
        db.session.commit()


def _accounts(number: int, readers: list[User]) -> None:
    place = db.session.scalars(select(Municipality.ags).order_by(Municipality.ags).offset(number).limit(1)).one()
    roles = [Role(name=EDITOR, municipality_ags=PLACE), Role(name=COORDINATOR, municipality_ags=place)]
    email, handle = f"person-{number}@example.org", uuid.uuid4().hex
    user = User(email=email, function=f"Amt {number}", fs_uniquifier=handle, password="x", roles=roles)
    db.session.add(user)
    db.session.flush()
    invitations.invite(user)
    for reader in readers:
        db.session.add(LogIn(id=f"{number}-{reader.id}", user_id=reader.id, device="Firefox · Linux"))
        key = {"credential_id": f"{number}-{reader.id}".encode(), "public_key": b"x", "sign_count": 0}
        moments = {"lastuse_datetime": now(), "create_datetime": now(), "backup_state": False, "device_type": "x"}
        db.session.add(Passkey(user_id=reader.id, name=f"Schlüssel {number}", usage="first", **key, **moments))
        if any(role.municipality_ags == PLACE and role.name in (COORDINATOR, APPROVER) for role in reader.roles):
            name = next(role.name for role in reader.roles if role.municipality_ags == PLACE)
            period = {"starts": today(), "ends": today() + dt.timedelta(days=9)}
            db.session.add(Role(user_id=user.id, name=name, municipality_ags=PLACE, deputy_for_id=reader.id, **period))
    db.session.add(OutgoingMail(key=f"growth-{number}", recipient=email, subject="Betreff", body="Text"))
    db.session.add(Job(id=str(uuid.uuid4()), kind="growth", subject=str(number)))
    assert db.session.scalars(select(Invitation.id).where(Invitation.user_id == user.id)).one()


def _work(number: int, round_: Round, readers: list[User]) -> None:
    """Evidence, tasks, notes, versions and people at every criterion of the place."""
    statement = select(Assessment).where(Assessment.round_id == round_.id, Assessment.municipality_ags == PLACE)
    assessment = db.session.scalars(statement).one()
    reader = readers[number % len(readers)]
    somebody = db.session.scalars(select(User).where(User.email == f"person-{number}@example.org")).one()
    keys = [criterion.id for criterion in builtin().criteria]
    for key in {keys[number % len(keys)], keys[0]}:
        place = {"round_id": round_.id, "municipality_ags": PLACE, "criterion": key}
        there = {"assessment_id": assessment.id, "criterion": key}
        if db.session.get(CriterionAnswer, (assessment.id, key)) is None:
            db.session.add(CriterionAnswer(**there, level=2, reason="Läuft.", saved_by_id=somebody.id))
        if db.session.get(Plausibility, (assessment.id, key)) is None:
            db.session.add(Plausibility(**there, state="question", remark="Bitte erläutern.", decided_by_id=reader.id))
        if db.session.get(Assignment, (round_.id, PLACE, key)) is None:
            db.session.add(Assignment(**place, assignee_id=reader.id, due=today(), assigned_by_id=somebody.id))
        evidence = {"kind": "text", "title": f"Nachweis {number}", "body": "Fundstelle", "dated": today()}
        db.session.add(Evidence(**there, **evidence, added_by_id=somebody.id))
        content = '{"level": 2, "not_applicable": false, "reason": "Text", "due": null}'
        db.session.add(AnswerRevision(**there, version=100 + number, content=content, saved_by_id=somebody.id))
        note = Note(**place, text=f"@amt Notiz {number}", author_id=somebody.id)
        note.mentions = [Mention(user_id=person.id) for person in readers]
        own = [Note(**place, text=f"Notiz {number} von hier", author_id=person.id) for person in readers]
        db.session.add_all([note, *own])
        record("criterion.answered", Subject("criterion", key), after={"answer": str(number)}, municipality=PLACE)
    place = {"round_id": round_.id, "municipality_ags": PLACE, "criterion": keys[0]}
    db.session.add(Presence(user_id=somebody.id, **place, seen_at=now() + dt.timedelta(hours=1)))
    document = '{"answers": {}}'
    sha256 = hashlib.sha256(f"{number}".encode()).hexdigest()
    signed = {"signed_name": "Name", "signed_function": "Leitung", "signed_by_id": somebody.id}
    db.session.add(HandIn(assessment_id=assessment.id, number=100 + number, document=document, sha256=sha256, **signed))


def _answers(number: int, round_: Round) -> None:
    place = {"round_id": round_.id, "municipality_ags": PLACE}
    texts = {"ratings": "4" * 18, "profile": "....", "language": "de", "day": round_.opens}
    for state, doubt in (("counted", ""), ("held", "fast")):
        db.session.add(Response(**place, **texts, id=str(uuid.uuid4()), state=state, doubt=doubt))
    key = str(uuid.uuid4())
    db.session.add(Comment(**place, id=key, question="O1", text=f"Freundlich, {number}."))
    db.session.flush()
    db.session.add(CommentTheme(**place, comment_id=key, theme="people"))
    db.session.add(AccessCode(digest=hashlib.sha256(key.encode()).hexdigest(), **place))


def _earlier_round(number: int) -> None:
    """A round long ago, closed, in which the place answered everything."""
    opens = FIRST + dt.timedelta(days=90 * number)
    round_ = lifecycle.create_round(f"alt-{number}", f"Frühere Runde {number}", opens, opens + dt.timedelta(days=30))
    db.session.flush()
    round_.catalogue_json, round_.catalogue_sha256 = builtin().to_json(), builtin().sha256
    round_.state, round_.opened_at, round_.closed_at = "closed", now(), now()
    assessment = Assessment(round_id=round_.id, municipality_ags=PLACE, state="handed_in", handed_in_at=now())
    assessment.answers = [CriterionAnswer(criterion=c.id, level=2, reason="Lief.") for c in builtin().criteria]
    db.session.add(assessment)


def _commitment(number: int) -> None:
    """Resolutions and conferences, one of each somewhere."""
    places = db.session.scalars(select(Municipality).order_by(Municipality.ags)).all()
    decided = {"body": "council", "decided_on": FIRST + dt.timedelta(days=number)}
    db.session.add(Resolution(municipality_ags=places[number % len(places)].ags, **decided))
    district = db.session.scalars(select(District.ags).order_by(District.ags).limit(1)).one()
    conference = Conference(district_ags=district, held_on=FIRST + dt.timedelta(days=number), agenda="Tagesordnung")
    conference.outcomes = [
        Outcome(municipality_ags=p.ags, outcome="presented") for p in places if p.district_ags == district
    ]
    db.session.add(conference)


def _goals(number: int) -> None:
    """The three goals that there can be, in the round published last, as far as the demonstration has none there."""
    published = select(ReleaseRecord.round_id).where(ReleaseRecord.state == "published")
    round_id = db.session.scalars(published.order_by(ReleaseRecord.built_at.desc())).first()
    place = {"round_id": round_id, "municipality_ags": PLACE}
    taken = db.session.scalars(select(DevelopmentGoal).filter_by(**place)).all()
    free = [position for position in (1, 2, 3) if position not in {goal.position for goal in taken}]
    criterion = builtin().criteria[number].id
    if free and criterion not in {goal.criterion for goal in taken}:
        goal = {"position": free[0], "criterion": criterion, "target": 4, "due": today(), "measures": "Beschließen"}
        db.session.add(DevelopmentGoal(**place, **goal))


def _practices(number: int, readers: list[User]) -> None:
    """Practices shown, being read and withdrawn, with everything that can hang on one."""
    places = db.session.scalars(select(Municipality).order_by(Municipality.ags)).all()
    for municipality in (db.session.get(Municipality, PLACE), places[number]):
        practice = begin(_content(number), municipality, readers[0])
        submit(practice)
        publish(practice, ALL)
    db.session.add(Follow(user_id=readers[number % len(readers)].id, criterion=builtin().criteria[number].id))
    practice = db.session.scalars(
        select(Practice).filter_by(municipality_ags=PLACE).order_by(Practice.id).limit(1)
    ).one()
    ask(practice, places[number], readers[0], f"Frage {number}")
    adopt(practice, places[number], "adopted", f"Läuft seit {number} Jahren.")
    keys = {"size": 1, "media_type": "application/pdf", "sha256": f"{number:064d}"}
    practice.versions[-1].files.append(Attachment(file_name=f"datei-{number}.pdf", **keys))
    change(practice, _content(number))
    submit(practice)
    publish(practice, ALL)
    withdrawn = begin(_content(number), places[number], None)
    submit(withdrawn)
    publish(withdrawn, ALL)
    withdraw(withdrawn)
    submit(begin(_content(number), db.session.get(Municipality, PLACE), readers[0]))


def _content(number: int) -> Content:
    links = (("Seite", f"https://{number}.example"),)
    texts = {"done": "Eine Tasche mit Geschenken.", "contact": "Stadtmarketing"}
    return Content(f"Begrüßungstasche {number}", (builtin().criteria[number].id,), ("NEU",), links=links, **texts)


def _round_tables(number: int) -> None:
    """A round table each, and more of everything at the first one, which is today."""
    there = db.session.scalars(select(RoundTable).filter_by(number=100)).first()
    table = there or RoundTable(number=100, held_on=today(), place="Rathaus")
    db.session.add_all((table, RoundTable(number=100 + number, held_on=FIRST, place="Rathaus")))
    place = db.session.scalars(select(Municipality).order_by(Municipality.ags).offset(number).limit(1)).one()
    table.agenda.append(AgendaItem(position=number, title=f"Punkt {number}", speaker="Amt"))
    table.guests.append(TableGuest(name=f"Gast {number}", municipality=place))
    table.guests.append(TableGuest(name=f"Eigener Gast {number}", municipality=db.session.get(Municipality, PLACE)))
    keys = {"size": 1, "media_type": "application/pdf", "sha256": f"{number:064d}"}
    table.files.append(Handout(file_name=f"folien-{number}.pdf", **keys))
    table.opinions.append(Opinion(useful=4, wish=f"Mehr Zeit, {number}."))
    shown = {one.practice_id for one in table.presented}
    practices = db.session.scalars(select(Practice).order_by(Practice.id)).all()
    table.presented.append(Presented(practice=next(p for p in practices if p.id not in shown)))
    db.session.flush()


def _projects(number: int) -> None:
    """A project each, and one more indicator and value at the first one."""
    there = db.session.scalars(select(Project).filter_by(source_key="first")).first()
    days = {"begins": FIRST, "ends": FIRST}
    first = there or Project(title="Projekt", source_key="first", fund="EFRE", grant_cents=100, **days)
    db.session.add_all((first, Project(title=f"Projekt {number}", fund="EFRE", grant_cents=100, **days)))
    measure = "tables" if first.indicators else ""
    first.indicators.append(Indicator(title=f"Indikator {number}", target=5, measure=measure))
    value = IndicatorValue(day=FIRST + dt.timedelta(days=number), value=number, evidence="Liste")
    first.indicators[0].values.append(value)
    db.session.flush()
