"""Where somebody is logged in is listed for them and ended by them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import log_ins
from app.accounts.models import LogIn
from app.database import db
from tests.accounts.login import Account, log_in, log_out, token

PAGE = "/konto/anmeldungen"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def open_log_ins(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(LogIn.id).order_by(LogIn.began_at)))


def test_every_log_in_is_listed_by_kind_of_device(app: Flask, client: FlaskClient, editor: Account) -> None:
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    log_in(client, editor.email)
    log_in(app.test_client(), editor.email)
    page = client.get(PAGE).text
    assert "Firefox · Linux" in page
    assert page.count("seit ") == 2
    assert page.count("diese Anmeldung") == 1


def test_one_log_in_is_ended_from_elsewhere(app: Flask, client: FlaskClient, editor: Account) -> None:
    other = app.test_client()
    log_in(other, editor.email)
    (number,) = open_log_ins(app)
    log_in(client, editor.email)
    client.post(f"{PAGE}/beenden", data={"anmeldung": number, "csrf_token": token(client.get(PAGE))})
    answer = other.get("/kommune/")
    assert answer.location.startswith("/konto/anmelden")
    assert "Diese Anmeldung wurde beendet" in other.get("/konto/anmelden").text
    assert client.get("/kommune/").status_code == 200


def test_all_log_ins_are_ended_at_once(app: Flask, client: FlaskClient, editor: Account) -> None:
    other = app.test_client()
    log_in(other, editor.email)
    log_in(client, editor.email)
    answer = client.post(f"{PAGE}/beenden", data={"alle": "1", "csrf_token": token(client.get(PAGE))})
    assert answer.location == "/konto/abgemeldet"
    assert open_log_ins(app) == []
    assert [browser.get("/kommune/").status_code for browser in (client, other)] == [302, 302]


def test_nobody_ends_the_log_in_of_another(app: Flask, client: FlaskClient, editor: Account, agency: Account) -> None:
    log_in(app.test_client(), agency.email)
    (number,) = open_log_ins(app)
    log_in(client, editor.email)
    answer = client.post(f"{PAGE}/beenden", data={"anmeldung": number, "csrf_token": token(client.get(PAGE))})
    assert answer.status_code == 404
    assert number in open_log_ins(app)


def test_logging_out_takes_the_log_in_off_the_list(app: Flask, client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    log_out(client)
    assert open_log_ins(app) == []


def test_a_cookie_from_before_a_log_out_opens_nothing(app: Flask, client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    kept = client.get_cookie("kompass").value
    log_out(client)
    client.set_cookie("kompass", kept)
    assert client.get("/kommune/").status_code == 302


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari · iOS"),
        ("", ""),
    ],
)
def test_a_device_is_told_by_browser_and_system_alone(agent: str, device: str) -> None:
    assert log_ins.device(agent) == device
