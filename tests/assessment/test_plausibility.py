"""After the hand-in: the record that was signed, the agency's look at every criterion, and what comes back."""

from __future__ import annotations

import io
import re
from email import message_from_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.assessment.loading import load_levels
from app.assessment.models import HandIn
from app.assessment.workspace import Answer
from app.audit.models import AuditEntry
from app.database import db
from app.outbox.models import OutgoingMail
from app.rounds.models import Round
from config import Settings
from questionnaires.handed_in import HandedIn
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, OLPE, Account, log_in, token
from tests.assessment.conftest import PAGE, answer, answer_all, close, counted, meschede, send, sign
from tests.assessment.test_hand_in import SUMMARY, hand_in

CHECK = f"/agentur/kommunen/{MESCHEDE}/pruefung"


@pytest.fixture
def handed_in(app: Flask, round_id: int, approver: Account) -> None:
    """Everything answered with level 2 and signed."""
    with app.app_context():
        answer_all(approver.id)
        sign(approver.id, consented=True)


@pytest.fixture
def checking(app: Flask, agency: Account, handed_in: None) -> FlaskClient:
    """The agency, logged in."""
    client = app.test_client()
    log_in(client, agency.email)
    return client


def say(client: FlaskClient, state: str, remark: str = "", level: str = "", key: str = "A1.1") -> TestResponse:
    page = client.get(f"{CHECK}/{key}")
    form = {"csrf_token": token(page), "state": state, "remark": remark, "agreed_level": level}
    return client.post(f"{CHECK}/{key}", data=form)


def counts(app: Flask, round_id: int, key: str = "A1.1") -> float:
    """What scoring will count."""
    with app.app_context():
        loaded = load_levels(db.session, db.session.get_one(Round, round_id), builtin(), [MESCHEDE])
    return float(loaded.levels[0, [c.id for c in builtin().criteria].index(key)])


def test_a_question_and_what_came_back_reach_the_municipality_by_mail_once(
    app: Flask, checking: FlaskClient, approver: Account, settings: Settings
):
    assert "per Mail" not in checking.get(say(checking, "accepted").location).text
    page = checking.get(say(checking, "returned", "Bitte Zuständigkeit nennen.").location).text
    assert "Eine Person erfährt es per Mail." in page
    say(checking, "question", "Seit wann?", key="A1.2")
    say(checking, "question", "Seit wann?", key="A1.2")
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        told = [(mail.recipient, mail.subject) for mail in mails if mail.key.startswith("verdict:")]
    assert told == [
        (approver.email, "Willkommenskompass: Kriterium A1.1 ist zurückgegeben"),
        (approver.email, "Willkommenskompass: Frage zu Kriterium A1.2"),
    ]
    sent = [message_from_bytes(path.read_bytes()) for path in sorted((settings.data_dir / "mail").glob("*.eml"))]
    first = sent[-2].get_payload(decode=True).decode()
    assert "/kommune/kriterium/A1.1" in first
    assert "Zuständigkeit" not in first


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_the_record_of_a_hand_in_is_a_pdf_with_its_checksum_and_who_signed(
    app: Flask, approving: FlaskClient, handed_in: None
) -> None:
    with app.app_context():
        record = db.session.scalar(select(HandIn))
    response = approving.get("/kommune/abgabe/1.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)
    assert record.sha256 in re.sub(r"\s", "", text)
    assert "Muster im Test, Leitung" in text
    assert "A1.1" in text
    assert "B6.4" in text
    assert record.sha256 in approving.get(SUMMARY).text


def test_the_record_holds_exactly_what_was_signed(app: Flask, handed_in: None) -> None:
    with app.app_context():
        record = db.session.scalar(select(HandIn))
        signed = HandedIn.model_validate_json(record.document)
        assert signed.sha256 == record.sha256
        assert {a.criterion: a.level for a in signed.answers} == {c.id: 2 for c in builtin().criteria}
        assert signed.consented


def test_a_record_that_was_tampered_with_is_not_shown(app: Flask, approving: FlaskClient, handed_in: None) -> None:
    with app.app_context():
        db.session.scalar(select(HandIn)).document += " "
        db.session.commit()
    response = approving.get("/kommune/abgabe/1.pdf")
    assert response.status_code == 500
    assert "Prüfsumme" in response.text


def test_another_municipality_sees_no_record(app: Flask, handed_in: None, neighbour: Account) -> None:
    client = app.test_client()
    log_in(client, neighbour.email)
    assert client.get("/kommune/abgabe/1.pdf").status_code == 404


@pytest.mark.parametrize("missing", ["name", "function"])
def test_nobody_signs_without_name_and_function(
    app: Flask, approving: FlaskClient, approver: Account, missing: str
) -> None:
    with app.app_context():
        answer_all(approver.id)
    response = hand_in(approving, confirmed="y", **{missing: "  "})
    assert response.status_code == 422
    with app.app_context():
        assert not meschede().handed_in


@pytest.mark.parametrize(("state", "words"), [("accepted", "geprüft und angenommen"), ("question", "hat eine Frage")])
def test_what_the_agency_says_stands_on_the_municipalitys_page(
    approving: FlaskClient, checking: FlaskClient, state: str, words: str
) -> None:
    assert say(checking, state, "Seit wann?").status_code == 302
    page = approving.get(PAGE).text
    assert words in page
    assert "Seit wann?" in page


def test_after_one_criterion_comes_the_next_that_nothing_was_said_of(checking: FlaskClient) -> None:
    assert say(checking, "accepted").location == f"{CHECK}/A1.2"
    assert say(checking, "accepted", key="B6.4").location == CHECK


def test_a_question_is_answered_where_it_was_asked(approving: FlaskClient, checking: FlaskClient) -> None:
    say(checking, "question", "Seit wann?")
    page = approving.get(PAGE)
    approving.post(f"{PAGE}/antwort", data={"csrf_token": token(page), "reply": "Seit 2023."})
    assert "Seit 2023." in checking.get(f"{CHECK}/A1.1").text


def test_an_answer_nobody_asked_for_or_an_empty_one_is_refused(approving: FlaskClient, checking: FlaskClient) -> None:
    sent = {"csrf_token": token(approving.get(PAGE)), "reply": "Ungefragt"}
    response = approving.post(f"{PAGE}/antwort", data=sent)
    assert response.status_code == 422
    assert "gerade keine Frage" in response.text
    say(checking, "question", "Seit wann?")
    assert approving.post(f"{PAGE}/antwort", data={**sent, "reply": " "}).status_code == 422


def test_a_level_agreed_on_is_the_one_that_counts(
    app: Flask, approving: FlaskClient, checking: FlaskClient, round_id: int
) -> None:
    say(checking, "changed", "Am Telefon vereinbart.", "1")
    assert counts(app, round_id) == 1
    assert "Vereinbart ist Reifegrad 1." in approving.get(PAGE).text


def test_a_criterion_sent_back_can_be_changed_and_no_other(
    app: Flask, approving: FlaskClient, checking: FlaskClient
) -> None:
    say(checking, "returned", "Bitte Zuständigkeit nennen.")
    overview = approving.get("/kommune/").text
    assert "Alles außer den zurückgegebenen Kriterien ist nur noch lesbar" in overview
    assert "kann die Agentur die Selbsteinschätzung zurückgeben" not in overview
    other = approving.get("/kommune/kriterium/A1.2")
    assert 'name="version"' not in other.text
    assert send(approving, level="1", reason="Nachgebessert").status_code == 302
    form = {"csrf_token": token(other), "version": "1", "round_key": "2026", "level": "4"}
    assert approving.post("/kommune/kriterium/A1.2", data=form).status_code == 409
    with app.app_context():
        assert [meschede().answer(key).level for key in ("A1.1", "A1.2")] == [1, 2]
        assert meschede().handed_in


def test_what_was_sent_back_is_handed_in_again_and_looked_at_anew(
    app: Flask, approving: FlaskClient, checking: FlaskClient
) -> None:
    say(checking, "returned", "Bitte nachbessern.")
    say(checking, "accepted", key="A1.2")
    send(approving, level="1")
    assert "Nachgebesserte Kriterien abgeben" in approving.get(SUMMARY).text
    assert hand_in(approving, confirmed="y", consented="y").status_code == 302
    with app.app_context():
        assert list(meschede().plausibility) == ["A1.2"]
        assert db.session.scalars(select(HandIn.number).order_by(HandIn.number)).all() == [1, 2]
    assert "Nachgebesserte Kriterien abgeben" not in approving.get(SUMMARY).text
    assert send_refused(approving)


def send_refused(client: FlaskClient) -> bool:
    page = client.get(PAGE)
    return 'name="version"' not in page.text.split("Letzte Runde")[0]


def test_the_rest_is_accepted_at_once_and_what_was_said_stays(app: Flask, checking: FlaskClient) -> None:
    say(checking, "question", "Seit wann?")
    checking.post(CHECK, data={"csrf_token": token(checking.get(CHECK))})
    with app.app_context():
        states = [verdict.state for verdict in meschede().plausibility.values()]
    assert (states.count("accepted"), states.count("question")) == (42, 1)


BAD = [
    ("question", "", "", "worum es geht"),
    ("question", "x" * 1001, "", "höchstens 1000"),
    ("changed", "Vereinbart.", "", "Wählen Sie den Reifegrad"),
    ("returned", " ", "", "worum es geht"),
]


@pytest.mark.parametrize(("state", "remark", "level", "sentence"), BAD)
def test_a_verdict_that_does_not_fit_is_named(
    app: Flask, checking: FlaskClient, state: str, remark: str, level: str, sentence: str
) -> None:
    response = say(checking, state, remark, level)
    assert response.status_code == 409
    assert sentence in response.text
    with app.app_context():
        assert meschede().plausibility == {}


def test_a_state_nobody_offers_is_refused(app: Flask, checking: FlaskClient) -> None:
    assert say(checking, "loved").status_code == 422


def test_after_the_round_nothing_is_sent_back_but_levels_can_be_agreed_on(
    app: Flask, checking: FlaskClient, round_id: int
) -> None:
    with app.app_context():
        close(round_id)
    response = say(checking, "returned", "Zu spät.")
    assert response.status_code == 409
    assert "geschlossen" in response.text
    assert say(checking, "changed", "Vereinbart.", "1").status_code == 302


def test_what_is_not_handed_in_is_not_judged(app: Flask, round_id: int, agency: Account, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(2), editor.id)
    client = app.test_client()
    log_in(client, agency.email)
    assert "Noch nicht abgegeben" in client.get(CHECK).text
    assert say(client, "accepted").status_code == 409


@pytest.mark.parametrize("ags", [OLPE, "99999999", "x"])
def test_where_there_is_nothing_the_page_is_404(checking: FlaskClient, ags: str) -> None:
    assert checking.get(f"/agentur/kommunen/{ags}/pruefung").status_code == 404


def test_only_what_was_looked_at_counts_where_the_round_says_so(
    app: Flask, checking: FlaskClient, round_id: int
) -> None:
    with app.app_context():
        db.session.get_one(Round, round_id).plausible_only = True
        db.session.commit()
    say(checking, "accepted")
    say(checking, "question", "Seit wann?", key="A1.2")
    assert counts(app, round_id) == 2
    assert [counts(app, round_id, key) != counts(app, round_id, key) for key in ("A1.2", "A1.3")] == [True, True]


def test_without_that_rule_everything_handed_in_counts(app: Flask, checking: FlaskClient, round_id: int) -> None:
    assert counts(app, round_id) == 2


def test_the_rules_of_a_round_can_be_changed_as_long_as_nobody_relies_on_them(
    app: Flask, checking: FlaskClient, round_id: int
) -> None:
    path = "/agentur/runden/2026/regeln"
    form = {"csrf_token": token(checking.get(path)), "evidence_rule": "y", "plausible_only": "y"}
    assert checking.post(path, data=form).status_code == 302
    del form["evidence_rule"]
    response = checking.post(path, data=form)
    assert response.status_code == 409
    assert "steht damit fest" in response.text
    with app.app_context():
        round_ = db.session.get_one(Round, round_id)
        assert (round_.evidence_rule, round_.plausible_only) == (True, True)


def test_every_step_stands_in_the_log(app: Flask, approving: FlaskClient, checking: FlaskClient) -> None:
    say(checking, "returned", "Bitte nachbessern.")
    send(approving, level="1")
    hand_in(approving, confirmed="y")
    say(checking, "accepted")
    steps = ["plausibility.decided", "criterion.answered", "assessment.handed_in", "plausibility.decided"]
    assert actions(app)[-4:] == steps


def test_the_list_costs_a_fixed_number_of_statements(app: Flask, checking: FlaskClient) -> None:
    checking.get(CHECK)
    with counted(app) as few:
        checking.get(CHECK)
    checking.post(CHECK, data={"csrf_token": token(checking.get(CHECK))})
    with counted(app) as many:
        checking.get(CHECK)
    assert len(many) == len(few)
