"""Whatever says something about a person declares why it is stored; the records of processing are made from that."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.models import metadata
from app.personal import processing_of
from app.privacy.records import activities
from app.privacy.subjects import points_to_account
from tests.accounts.login import Account, log_in

TELLING = {"email", "recipient", "function", "password", "device", "signed_name", "signed_function", "token_sha256"}
"""Names of columns that say something about a person wherever they stand."""


def test_every_column_about_a_person_declares_its_purpose() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    about_people = [column for column in columns if points_to_account(column) or column.name in TELLING]
    assert len(about_people) > 20
    assert [f"{c.table.name}.{c.name}" for c in about_people if processing_of(c) is None] == []


def test_no_table_keeps_an_account_from_being_erased() -> None:
    keys = [key for table in metadata.sorted_tables for key in table.foreign_keys if key.column.table.name == "user"]
    assert [str(key.parent) for key in keys if key.ondelete not in ("CASCADE", "SET NULL")] == []


def test_the_page_names_every_purpose_and_every_column(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    page = client.get("/agentur/datenschutz").text
    for activity in activities():
        assert str(activity.processing.purpose) in page
        assert all(f"{name}: {', '.join(columns)}" in page for name, columns in activity.columns.items())
    assert "Aufbewahrungsfristen" in page
