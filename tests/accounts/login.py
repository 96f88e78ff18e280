"""Accounts for tests, and logging in with them.

The fixtures are meant to be imported by the ``conftest.py`` of a test folder. Passwords are hashed once per process
and at the lowest cost that argon2 knows, so that logging in costs a test nothing.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.test import TestResponse

from app.accounts.models import AGENCY, APPROVER, COORDINATOR, EDITOR, READER, Role, User
from app.database import db

PASSWORD = "ein langes Kennwort nur im Test"
MESCHEDE = "05958032"
OLPE = "05966024"
HOCHSAUERLAND = "05958"


@dataclass(frozen=True)
class Account:
    """What a test needs to know of a user: plain values that outlive the database session."""

    id: int
    email: str
    municipality: str | None


def cheap_passwords(app: Flask) -> None:
    """Let this application hash at the lowest cost; checking a password is then a matter of microseconds."""
    app.extensions["security"].pwd_context.update(argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1)


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def make_user(
    app: Flask,
    *roles: str,
    municipality: str | None = None,
    email: str = "",
    function: str = "",
    district: str | None = None,
) -> Account:
    """Store a user with ``PASSWORD``; without roles, one who may do nothing."""
    cheap_passwords(app)
    with app.app_context():
        user = User(
            email=email or f"{'-'.join(roles) or 'ohne-rolle'}-{uuid.uuid4().hex[:6]}@example.org",
            password=_hashed(),
            function=function,
            fs_uniquifier=uuid.uuid4().hex,
            roles=[_role(name, municipality, district) for name in roles],
        )
        db.session.add(user)
        db.session.commit()
        return Account(user.id, user.email, municipality)


def _role(name: str, municipality: str | None, district: str | None) -> Role:
    place = (
        {} if name == AGENCY else {"district_ags": district} if name == READER else {"municipality_ags": municipality}
    )
    return Role(name=name, **place)


def give_role(app: Flask, account: Account, name: str, municipality: str) -> None:
    """Let somebody work for a further municipality, past the pages."""
    with app.app_context():
        user = db.session.get_one(User, account.id)
        user.roles.append(_role(name, municipality, None))
        db.session.commit()


def token(page: TestResponse) -> str:
    """The token against forged requests that stands in a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, "the page has no form with a token"
    return found[1]


def log_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    """Log in as a person does, through the form; gives the answer to sending it, a redirect if it worked."""
    cheap_passwords(client.application)
    page = client.get("/konto/anmelden")
    form = {"email": email, "password": password, "csrf_token": token(page)}
    return client.post("/konto/anmelden", data=form)


def log_out(client: FlaskClient) -> TestResponse:
    """Log out by the button that stands on every page."""
    return client.post("/konto/abmelden", data={"csrf_token": token(client.get("/konto/"))})


@pytest.fixture
def agency(app: Flask) -> Account:
    return make_user(app, AGENCY, email="agentur@example.org", function="Regionalmarketing")


@pytest.fixture
def coordinator(app: Flask) -> Account:
    return make_user(app, COORDINATOR, municipality=MESCHEDE, email="koordination@example.org", function="Koordination")


@pytest.fixture
def editor(app: Flask) -> Account:
    return make_user(app, EDITOR, municipality=MESCHEDE, email="bearbeitung@example.org", function="Stadtmarketing")


@pytest.fixture
def approver(app: Flask) -> Account:
    return make_user(app, APPROVER, municipality=MESCHEDE, email="freigabe@example.org", function="Büro der Leitung")


@pytest.fixture
def neighbour(app: Flask) -> Account:
    """Somebody with every municipal role, in another municipality."""
    return make_user(app, COORDINATOR, EDITOR, APPROVER, municipality=OLPE, email="nachbar@example.org")


@pytest.fixture
def without_role(app: Flask) -> Account:
    return make_user(app, email="ohne-rolle@example.org")
