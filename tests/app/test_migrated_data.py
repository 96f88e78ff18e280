"""Migrations keep what is stored: accounts and their roles before and after roles were tied to places."""

from __future__ import annotations

import sqlalchemy as sa

from tests.app.test_migrations import empty, migrate

__all__ = ["empty"]

BEFORE, AFTER = "0003", "0004"
A, B = "05958032", "05966024"
USER = 'INSERT INTO "user" (id, email, function, active, fs_uniquifier, created_at{}) VALUES {}'
MOMENT = "'2026-03-01 12:00:00'"


def region(connection: sa.Connection) -> None:
    run(connection, "INSERT INTO district (ags, name) VALUES ('05958', 'Kreis A'), ('05966', 'Kreis B')")
    run(connection, "INSERT INTO peer_group (id, name) VALUES ('g', 'Gruppe')")
    columns = "ags, slug, name, kind, legal_status, district_ags, population, area_km2, latitude, longitude"
    rows = (f"('{ags}', '{ags}', 'Ort', 'Stadt', 'Stadt', '{ags[:5]}', 1, 1, 1, 1, 'g')" for ags in (A, B))
    run(connection, f"INSERT INTO municipality ({columns}, peer_group_id) VALUES {', '.join(rows)}")


def run(connection: sa.Connection, sql: str) -> list[tuple]:
    result = connection.execute(sa.text(sql))
    return [tuple(row) for row in result] if result.returns_rows else []


def test_every_account_keeps_its_roles_and_its_municipality(empty):
    migrate(empty, BEFORE)
    with empty.begin() as connection:
        region(connection)
        rows = f"(1, 'a', '', true, 'u1', {MOMENT}, NULL), (2, 'b', '', true, 'u2', {MOMENT}, '{A}')"
        run(connection, USER.format(", municipality_ags", rows))
        run(connection, "INSERT INTO role (id, name) VALUES (1, 'agency'), (2, 'editor'), (3, 'approver')")
        run(connection, "INSERT INTO user_role (user_id, role_id) VALUES (1, 1), (2, 2), (2, 3)")
    migrate(empty, "head")
    with empty.connect() as connection:
        held = run(connection, "SELECT user_id, name, municipality_ags FROM held_role ORDER BY user_id, name")
    assert held == [(1, "agency", None), (2, "approver", A), (2, "editor", A)]


def test_the_way_back_keeps_one_municipality_of_each_account(empty):
    migrate(empty, AFTER)
    with empty.begin() as connection:
        region(connection)
        rows = f"(1, 'a', '', true, 'u1', {MOMENT}), (2, 'b', '', true, 'u2', {MOMENT})"
        run(connection, USER.format("", rows))
        columns = "INSERT INTO held_role (user_id, name, municipality_ags, deputy_for_id, starts, ends) VALUES "
        own = f"(1, 'agency', NULL, NULL, NULL, NULL), (2, 'editor', '{A}', NULL, NULL, NULL)"
        more = f"(2, 'approver', '{B}', NULL, NULL, NULL), (2, 'coordinator', '{A}', 1, '2026-01-01', '2026-01-02')"
        run(connection, f"{columns} {own}, {more}")
    migrate_back(empty, BEFORE)
    with empty.connect() as connection:
        users = run(connection, 'SELECT id, municipality_ags FROM "user" ORDER BY id')
        roles = "SELECT user_id, role.name FROM user_role JOIN role ON role.id = role_id ORDER BY user_id"
        assert users == [(1, None), (2, A)]
        assert run(connection, roles) == [(1, "agency"), (2, "editor")]


def migrate_back(engine: sa.Engine, revision: str) -> None:
    from alembic import command

    from app.migrations import alembic_config

    command.downgrade(alembic_config(engine.url.render_as_string(hide_password=False)), revision)


def test_whole_targets_and_values_of_projects_stay_what_they_were(empty):
    migrate(empty, "0024")
    counted = "SELECT target, value FROM project_indicator JOIN project_value ON indicator_id = project_indicator.id"
    with empty.begin() as connection:
        columns = "id, title, fund, grant_cents, begins, ends, term, areas, source"
        run(
            connection,
            f"INSERT INTO project ({columns}) VALUES (1, 'a', 'b', 0, '2026-01-01', '2026-12-31', '', '', '')",
        )
        run(
            connection,
            "INSERT INTO project_indicator (id, project_id, title, target, measure) VALUES (1, 1, 'a', 59, '')",
        )
        columns = "id, indicator_id, day, value, evidence"
        run(connection, f"INSERT INTO project_value ({columns}) VALUES (1, 1, '2026-01-01', 0, 'a')")
        run(connection, f"INSERT INTO project_value ({columns}) VALUES (2, 1, '2026-01-02', 2000000000, 'a')")
    migrate(empty, "0025")
    with empty.begin() as connection:
        assert sorted(run(connection, counted)) == [(5900, 0), (5900, 200_000_000_000)]
        run(connection, "UPDATE project_indicator SET target = 1, unit = '%'")
        run(connection, "UPDATE project_value SET value = 1250 WHERE id = 1")
    migrate_back(empty, "0024")
    with empty.connect() as connection:
        assert sorted(run(connection, counted)) == [(1, 13), (1, 2_000_000_000)]
