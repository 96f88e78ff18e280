"""Every page asks the database the same number of times, whatever there is to show.

Each address that answers a GET is opened as somebody who may, with a little of everything and with much more; the
statements are counted both times. A new page joins by itself; one whose address needs values joins by ``VALUES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import Rule

from app.accounts.models import READER, Role, User
from app.accounts.permissions import PUBLIC, permission_of
from app.assessment.models import Assessment, Evidence
from app.collaboration.models import Note
from app.database import db, today
from app.demonstration.filling import PASSWORD
from app.goals.models import DevelopmentGoal
from app.practices.models import SUBMITTED, Practice, Version
from app.projects.models import Indicator, Project
from app.releases.models import Job, ReleaseRecord
from app.round_tables.models import RoundTable, TableGuest
from tests.accounts.login import cheap_passwords, log_in
from tests.budgets.growth import PLACE, grow
from tests.web.critic import CriticalClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LITTLE, MUCH = range(1, 3), range(3, 18)
READERS = {"results.district": "kreis@demo.example", "assessment.hand_in": "freigabe@demo.example"}
"""Who opens the pages of a permission; the agency and the coordination open whatever they may."""
BY_PREFIX = {"agency": "agentur@demo.example", "audit.all": "agentur@demo.example", "exports": "agentur@demo.example"}
OTHERS = "koordination@demo.example"

ELSEWHERE = {
    "static", "security.static", "web.static",
    "security.logout", "security.two_factor_rescue", "security.tf_select", "security.mf_recovery",
    "security.two_factor_token_validation", "security.reset_password", "security.two_factor_setup_validate",
    "sign_on.begin", "sign_on.answer",
    "exports.download", "outreach.printed", "results.region_pdf", "results.district_pdf", "results.municipality_pdf",
    "results.own_pdf", "results.own_council",
    "round_tables.file", "round_tables.guest_list", "round_tables.badges", "public_round_tables.calendar",
    "evidence.file", "practices.file", "public_practices.public_file", "agency.evidence_file", "assessment.hand_in_pdf",
    "accounts.invitation", "codes.form", "joining.paper", "joining.template", "joining.download_all",
    "invitation.flyer", "projects.factual_report",
}  # fmt: skip
"""Files, documents that are made when they are asked for, steps of a log-in under way, and links that work once."""
FULLER = (
    "/agentur/runden",
    "/agentur/konten",
    "/agentur/post",
    "/agentur/protokoll",
    "/agentur/beschluesse",
    "/agentur/konferenzen",
    "/agentur/projekte/",
    "/austausch/eigene",
    "/austausch/runde-tische/",
    "/austausch/durchsicht",
    "/konto/anmeldungen",
    "/konto/zweiter-faktor",
    "/konto/vertretung",
    "/kommune/",
    "/kommune/protokoll",
    "/kommune/kriterium/A1.1",
    "/kommune/kriterium/A1.1/verlauf",
    "/kommune/abgabe",
)
"""Pages that have visibly more to show with much."""


@pytest.fixture
def app(app: Flask) -> Flask:
    cheap_passwords(app)
    with app.app_context():
        reader = User(email=READERS["results.district"], fs_uniquifier="kreis", function="Kreis")
        reader.password = db.session.scalars(select(User.password).where(User.email == OTHERS)).one()
        reader.roles = [Role(name=READER, district_ags=PLACE[:5])]
        db.session.add(reader)
        db.session.commit()
    return app


def values(app: Flask) -> dict[tuple[str, str], object]:
    """Values for the arguments of addresses, by endpoint or blueprint, and name; ``""`` stands for all of them."""
    with app.app_context():
        published = f"demo-{today().year - 1}"
        record = db.session.scalars(
            select(ReleaseRecord).where(ReleaseRecord.state == "published").order_by(ReleaseRecord.built_at.desc())
        ).first()
        user = db.session.scalars(select(User.id).where(User.email == "person-1@example.org")).one()
        goals = select(DevelopmentGoal.id).where(DevelopmentGoal.municipality_ags == PLACE)
        goal = db.session.scalars(goals.where(DevelopmentGoal.round_id == record.round_id)).first()
        practice = db.session.scalars(
            select(Practice.id).filter_by(municipality_ags=PLACE).order_by(Practice.id)
        ).first()
        table, ticket = db.session.execute(
            select(RoundTable.id, TableGuest.ticket)
            .join(TableGuest)
            .where(RoundTable.number == 100)
            .order_by(TableGuest.id)
        ).first()
        project, indicator = db.session.execute(
            select(Project.id, Indicator.id).join(Indicator).where(Project.source_key == "first").order_by(Indicator.id)
        ).first()
        waiting = db.session.scalars(select(Version.practice_id).where(Version.state == SUBMITTED)).first()
        return {
            ("", "ags"): PLACE,
            ("", "slug"): "arnsberg",
            ("", "place"): "arnsberg",
            ("", "stand"): record.sha256,
            ("", "release"): record.sha256,
            ("", "sha256"): record.sha256,
            ("", "user_id"): user,
            ("", "job_id"): db.session.scalars(select(Job.id)).first(),
            ("", "name"): "schliessen",
            ("", "id"): db.session.scalars(select(Evidence.id)).first(),
            ("results", "id"): "A1.1",
            ("assessment", "key"): "A1.1",
            ("evidence", "key"): "A1.1",
            ("evidence", "id"): db.session.scalars(
                select(Evidence.id)
                .join(Assessment)
                .where(Assessment.municipality_ags == PLACE, Assessment.state == "open")
            ).first(),
            ("together", "key"): "A1.1",
            ("together", "id"): db.session.scalars(
                select(Note.id).join(Note.author).where(User.email == OTHERS).order_by(Note.id)
            ).first(),
            ("agency", "key"): published,
            ("agency.verdict", "key"): "A1.1",
            ("goals", "id"): goal,
            ("commitment", "key"): 1,
            ("practices", "id"): practice,
            ("round_tables", "id"): table,
            ("projects", "id"): project,
            ("projects.edit_indicator", "id"): indicator,
            ("projects.remove_indicator", "id"): indicator,
            ("projects.values", "id"): indicator,
            ("round_tables", "ticket"): ticket,
            ("practices.review", "id"): waiting,
            ("public_practices", "id"): practice,
            ("exports", "key"): published,
            ("results", "key"): published,
        }


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Endpoint and address of every page."""
    known, adapter = values(app), app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in rule.methods and rule.endpoint not in ELSEWHERE:
            yield rule.endpoint, adapter.build(rule.endpoint, arguments(rule, known))


def arguments(rule: Rule, known: dict[tuple[str, str], object]) -> dict[str, object]:
    blueprint = rule.endpoint.split(".")[0]
    places = (rule.endpoint, blueprint, "")
    return {name: next(known[p, name] for p in places if (p, name) in known) for name in rule.arguments}


def reader_of(app: Flask, endpoint: str) -> str:
    with app.app_context():
        permission = permission_of(endpoint) or ""
    if permission in READERS:
        return READERS[permission]
    return next((who for prefix, who in BY_PREFIX.items() if permission.startswith(prefix)), OTHERS)


@dataclass(frozen=True)
class Page:
    """What an address answered, how often it asked the database, and how many bytes there are to read."""

    status: int
    statements: int
    size: int


Open = Callable[[str, str], Page]
"""Opens an address of an endpoint."""


class Counter:
    """Counts statements, and opens pages as those who may."""

    def __init__(self, app: Flask) -> None:
        self._app, self._clients = app, {}
        self._statements: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            self._statements.append(statement)

    def _client(self, endpoint: str) -> FlaskClient:
        with self._app.app_context():
            public = permission_of(endpoint) == PUBLIC
        email = "" if public else reader_of(self._app, endpoint)
        if email not in self._clients:
            self._clients[email] = client = CriticalClient(self._app)
            assert not email or log_in(client, email, PASSWORD).status_code == 302
        return self._clients[email]

    def count(self, endpoint: str, address: str) -> Page:
        """A page that has been opened before, so that nothing is prepared any more."""
        client = self._client(endpoint)
        client.get(address).close()
        self._statements.clear()
        answer = client.get(address)
        page = Page(answer.status_code, len(self._statements), len(answer.data))
        answer.close()
        return page

    def close(self) -> None:
        with self._app.app_context():
            event.remove(db.engine, "before_cursor_execute", self._note)


@pytest.fixture
def counter(app: Flask) -> Iterator[Open]:
    found = Counter(app)
    yield found.count
    found.close()


def test_every_page_asks_the_database_as_often_with_much_as_with_little(app: Flask, counter: Open) -> None:
    grow(app, LITTLE)
    pages = list(addresses(app))
    little = {address: counter(endpoint, address) for endpoint, address in pages}
    grow(app, MUCH)
    much = {address: counter(endpoint, address) for endpoint, address in pages}
    assert {address: page.status for address, page in little.items() if page.status not in (200, 302)} == {}
    assert [address for address in FULLER if much[address].size <= little[address].size] == []
    asked = {address: (page.statements, much[address].statements) for address, page in little.items()}
    assert {address: numbers for address, numbers in asked.items() if len(set(numbers)) > 1} == {}
