"""``/healthz`` says whether the service can work, and nothing else."""

from __future__ import annotations

from app.database import db


def test_a_service_with_its_database_is_well(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_whoever_asks_gets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/healthz").headers


def test_a_database_that_is_not_up_to_date_is_told(app, client):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'old'")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "failing", "reason": "schema"})


def test_a_database_without_tables_is_told(app, client):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert client.get("/healthz").json == {"status": "failing", "reason": "schema"}
