"""Addresses in evidence are looked at only where it is allowed, and never inside a network."""

from __future__ import annotations

import dataclasses
import http.server
import socket
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.assessment import links
from app.assessment.links import check_all, is_public, look
from app.assessment.models import Evidence
from app.database import db
from tests.assessment.conftest import PAGE
from tests.assessment.test_evidence import attach

HOSTS = ("example.org",)


class _Site(http.server.BaseHTTPRequestHandler):
    """A website: some pages are there, some are gone, one leads on, one leads away."""

    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self.asked.append(self.path)
        codes = {"/da": 200, "/weg": 404, "/umgezogen": 301, "/hinaus": 302, "/kaputt": 500, "/nur-get": 405}
        self.send_response(codes.get(self.path, 404))
        onward = {"/umgezogen": "/da", "/hinaus": "http://intern.example.net/da"}.get(self.path)
        if onward:
            self.send_header("Location", onward)
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        _Site.asked.clear()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def anywhere(_address: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/da", "alive"),
        ("/weg", "dead"),
        ("/umgezogen", "alive"),
        ("/nur-get", "alive"),
        ("/kaputt", None),
        ("/hinaus", None),
    ],
)
def test_what_a_page_answers_is_what_is_noted(port: int, path: str, found: str | None) -> None:
    assert look(f"http://www.example.org:{port}{path}", HOSTS, loopback, anywhere) == found


def test_a_host_in_a_private_network_is_never_connected_to(port: int) -> None:
    assert look(f"http://www.example.org:{port}/da", HOSTS, loopback) is None
    assert _Site.asked == []


def test_one_private_address_among_public_ones_is_enough_to_stay_away(port: int) -> None:
    both = lambda _host, _port: ["93.184.216.34", "127.0.0.1"]  # noqa: E731
    assert look(f"http://www.example.org:{port}/da", HOSTS, both) is None


def test_the_connection_goes_to_the_address_that_was_checked(port: int) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    assert look(f"http://www.example.org:{port}/da", HOSTS, lambda *_: next(answers), anywhere) == "alive"
    assert next(answers) == ["10.0.0.1"]  # Nobody asked a second time.


def test_a_redirect_to_a_host_that_is_not_allowed_is_not_followed(port: int) -> None:
    seen = []

    def resolve(host: str, _port: int) -> list[str]:
        seen.append(host)
        return ["127.0.0.1"]

    assert look(f"http://www.example.org:{port}/hinaus", HOSTS, resolve, anywhere) is None
    assert seen == ["www.example.org"]


@pytest.mark.parametrize(
    "address",
    ["http://example.com/", "http://badexample.org/", "ftp://example.org/", "file:///etc/passwd", "http:///x"],
)
def test_only_allowed_hosts_are_asked_for(address: str) -> None:
    def never(_host: str, _port: int) -> list[str]:
        raise AssertionError("somebody was asked")

    assert look(address, HOSTS, never, anywhere) is None


def test_a_host_that_does_not_exist_any_more_is_dead() -> None:
    def gone(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert look("http://www.example.org/", HOSTS, gone, anywhere) == "dead"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
        "224.0.0.1",
    ],
)
def test_addresses_inside_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet_are_public() -> None:
    assert is_public("93.184.216.34")


def test_without_the_setting_no_address_is_ever_opened(
    app: Flask, working: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(working, address="https://www.example.org/da")
    monkeypatch.setattr(links, "look", lambda *_: pytest.fail("an address was opened"))
    with app.app_context():
        assert check_all() == 0


def test_a_dead_link_is_said_to_be_dead_and_looked_at_once_a_week(
    app: Flask, working: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(working, address="https://www.example.org/weg")
    app.config["KOMPASS"] = dataclasses.replace(app.config["KOMPASS"], link_hosts="example.org")
    monkeypatch.setattr(links, "look", lambda *_: "dead")
    with app.app_context():
        assert check_all() == 1
        assert check_all() == 0
        assert db.session.scalar(select(Evidence.link_state)) == "dead"
    assert "Link führt ins Leere" in working.get(PAGE).text
