"""Codes in a batch: shown once, only hashes stay."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pypdf
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.feedback.codes import digest, read_code
from app.feedback.models import AccessCode
from tests.accounts.login import Account, log_in
from tests.outreach.conftest import PAGE, Desk, soup


def digests(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(sa.select(AccessCode.digest)))


def hashed(app: Flask, codes: list[str]) -> set[str]:
    with app.app_context():
        return {digest(read_code(code)) for code in codes}


def test_a_table_for_the_mail_merge_is_the_only_copy(desk: Desk, app: Flask, change: Callable):
    change(codes=True)
    file = desk.post(PAGE + "codes", anzahl="25", **{"als": "csv", "sprache": "de"})
    assert file.mimetype == "text/csv"
    assert file.headers["Cache-Control"] == "no-store"
    head, *rows = csv.reader(io.StringIO(file.data.decode("utf-8-sig")), delimiter=";")
    assert head == ["Zugangscode", "Adresse"]
    assert all(address.endswith("/c/" + code.replace("-", "")) for code, address in rows)
    assert digests(app) == hashed(app, [code for code, _address in rows])
    assert not any(code in desk.get().text for code, _address in rows)


def test_letters_carry_one_code_each_and_each_opens_the_form(desk: Desk, app: Flask, change: Callable):
    change(codes=True)
    file = desk.post(PAGE + "codes", anzahl="3", **{"als": "pdf", "sprache": "en"})
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.data)).pages]
    codes = [next(word for word in text.split() if word.count("-") == 2 and len(word) == 14) for text in pages]
    assert digests(app) == hashed(app, codes)
    assert "Meschede" in soup(app.test_client().get(f"/c/{read_code(codes[0])}")).h1.get_text()


def test_what_cannot_be_issued_is_refused_in_words_and_leaves_nothing(desk: Desk, app: Flask, change: Callable):
    assert "Schalten Sie zuerst" in desk.post(PAGE + "codes", anzahl="3").text
    change(codes=True)
    for wrong in ("", "0", "-1", "1001", "drei", "٣", "1e3", "9" * 40):
        page = desk.post(PAGE + "codes", anzahl=wrong, als="csv")
        assert (page.status_code, "von 1 bis 1000" in page.text) == (422, True), wrong
    assert desk.post(PAGE + "codes", anzahl="3", als="pdf", sprache="tlh").status_code == 422
    assert digests(app) == set()


def test_the_page_tells_how_many_are_used_in_steps_of_five(desk: Desk, app: Flask, change: Callable):
    change(codes=True)
    desk.post(PAGE + "codes", anzahl="20", als="csv")
    with app.app_context():
        some = db.session.scalars(sa.select(AccessCode.digest).limit(9)).all()
        db.session.execute(sa.update(AccessCode).where(AccessCode.digest.in_(some)).values(used=True))
        db.session.commit()
    assert "Ausgegeben: 20. Benutzt: mindestens 5." in desk.get().text


def test_an_editor_issues_no_codes(client: FlaskClient, editor: Account, open_round: int, change: Callable):
    change(codes=True)
    log_in(client, editor.email)
    assert Desk(client).post(PAGE + "codes", anzahl="3").status_code == 403
