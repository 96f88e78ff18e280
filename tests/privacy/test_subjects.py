"""Who asks gets everything about their account; an erased account leaves the municipality's work and no name."""

from __future__ import annotations

import json

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.assessment.models import Assessment, CriterionAnswer
from app.audit.models import AuditEntry, AuditPart
from app.audit.verifying import verify
from app.database import db
from app.outbox import put
from app.privacy import subjects
from app.rounds import lifecycle
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, Account, log_in, token


def work(app: Flask, account: Account) -> None:
    """The account has answered a criterion, and there was mail for it."""
    import datetime as dt

    with app.app_context():
        round_ = lifecycle.create_round("2026", "Runde", dt.date(2026, 3, 1), dt.date(2026, 5, 31))
        lifecycle.open_round(round_, builtin())
        assessment = Assessment(round_id=round_.id, municipality_ags=MESCHEDE)
        answer = CriterionAnswer(criterion="A1.1", level=2, reason="Läuft.", saved_by_id=account.id)
        assessment.answers = [answer]
        db.session.add(assessment)
        put("k", account.email, "Betreff", "Text", account.id)
        db.session.commit()


def everywhere(app: Flask) -> str:
    """Every value of every table."""
    with app.app_context():
        return " ".join(str(row) for table in User.metadata.sorted_tables for row in db.session.execute(table.select()))


def test_the_owner_gets_everything_but_no_secret(app: Flask, client: FlaskClient, editor: Account) -> None:
    work(app, editor)
    log_in(client, editor.email)
    answer = client.get("/konto/auskunft.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.text)["daten"]
    assert found["user"][0]["email"] == editor.email
    assert found["criterion_answer"][0]["reason"] == "Läuft."
    assert found["outgoing_mail"][0]["recipient"] == editor.email
    assert found["log_in"]
    assert "$argon2" not in answer.text
    assert found["user"][0]["password"] == subjects.NOT_GIVEN_OUT


def test_nobody_gets_what_is_about_another(app: Flask, client: FlaskClient, editor: Account, agency: Account) -> None:
    log_in(client, editor.email)
    assert agency.email not in client.get("/konto/auskunft.json").text
    assert client.get(f"/agentur/konten/{agency.id}/auskunft.json").status_code == 403


def test_an_erased_account_leaves_the_work_and_no_name(
    app: Flask, client: FlaskClient, editor: Account, agency
) -> None:
    work(app, editor)
    log_in(app.test_client(), editor.email)
    log_in(client, agency.email)
    path = f"/agentur/konten/{editor.id}/loeschen"
    page = client.get(path)
    assert "gehört weiter zur Kommune" in page.text
    client.post(path, data={"csrf_token": token(page)})
    assert "Die Arbeit der Kommune ist geblieben" in client.get("/agentur/konten").text
    assert editor.email not in everywhere(app)
    with app.app_context():
        answer = db.session.scalars(select(CriterionAnswer)).one()
        assert (answer.reason, answer.saved_by_id) == ("Läuft.", None)
        assert verify().broken is None


def test_the_log_keeps_the_role_when_the_name_is_gone(app: Flask, editor: Account) -> None:
    from app.accounts.management import switch

    with app.test_request_context():
        user = db.session.get_one(User, editor.id)
        switch(user, active=False)
        db.session.commit()
        about = select(func.count()).select_from(AuditPart).where(AuditPart.user_id == editor.id)
        assert db.session.scalar(about) > 0
        switch(user, active=True)
        switch(user, active=False)
        subjects.erase(user)
        db.session.commit()
        assert db.session.scalar(about) == 0
        assert verify().broken is None
        actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))]
        assert actions[-2:] == ["account.switched", "account.erased"]


def test_nobody_erases_themselves_and_an_unknown_account_is_not_found(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    csrf = token(client.get(f"/agentur/konten/{agency.id}/loeschen"))
    client.post(f"/agentur/konten/{agency.id}/loeschen", data={"csrf_token": csrf})
    assert "Ihr eigenes Konto" in client.get("/agentur/konten").text
    assert client.get("/agentur/konten/9999/loeschen").status_code == 404
