"""Loading a region: as often as one likes, all of it or nothing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.region.loading import BUILTIN, Loaded, RegionNotValid, load
from app.region.models import District, Municipality, PeerGroup


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A session on a database in which the region is loaded already."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def edited(tmp_path):
    """A copy of the region file with some texts replaced."""

    def edit(*changes: tuple[str, str], name: str = "other.csv") -> Path:
        text = BUILTIN.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return edit


@pytest.fixture
def elsewhere(edited):
    """A file with one municipality of another district, given by its fields."""

    def write(**fields: str) -> Path:
        path = edited(name="elsewhere.csv")
        row = {
            "ags": "01001001",
            "name": "Arnsberg",
            "kind": "Stadt",
            "legal_status": "Stadt",
            "district_ags": "01001",
            "district": "Anderer Kreis",
            "population": "5",
            "area_km2": "1",
            "latitude": "54",
            "longitude": "9",
            "peer_group": "Städte",
        } | fields
        path.write_text("\n".join((",".join(row), ",".join(row.values()))), "utf-8")
        return path

    return write


def test_the_region_has_5_districts_59_municipalities_and_3_peer_groups(session):
    assert session.scalar(sa.select(sa.func.count()).select_from(District)) == 5
    sizes = Counter(m.peer_group.name for m in session.scalars(sa.select(Municipality)))
    assert sorted(sizes.values()) == [18, 19, 22]
    assert session.scalars(sa.select(PeerGroup.note)).all() == [None, None, None]


def test_loading_again_changes_nothing(session):
    assert load(session) == Loaded(districts=5, municipalities=59, added=0, changed=0)
    assert not session.dirty
    assert not session.new


def test_a_changed_file_updates_what_it_names_and_keeps_printed_addresses(session, edited):
    result = load(session, edited(("Arnsberg,Stadt", "Neu-Arnsberg,Stadt")))
    assert (result.added, result.changed) == (0, 1)
    found = session.get(Municipality, "05958004")
    assert (found.name, found.slug) == ("Neu-Arnsberg", "arnsberg")


def test_one_mistake_and_nothing_is_loaded(session, edited):
    with pytest.raises(RegionNotValid):
        load(session, edited(("Arnsberg,Stadt", "Neu-Arnsberg,Stadt"), ("Bestwig,Gemeinde", "Bestwig,Dorf")))
    session.commit()
    assert session.get(Municipality, "05958004").name == "Arnsberg"


def test_a_second_region_stands_beside_the_first(session, elsewhere):
    assert load(session, elsewhere()) == Loaded(districts=1, municipalities=1, added=1, changed=0)
    assert session.get(Municipality, "01001001").slug == "arnsberg-01001001"
    assert session.get(Municipality, "05958004").slug == "arnsberg"


def test_a_second_region_cannot_take_the_name_of_a_loaded_district(session, elsewhere):
    with pytest.raises(RegionNotValid, match="Zeile 2: »Kreis Olpe« heißt schon"):
        load(session, elsewhere(district="Kreis Olpe"))


def test_command_says_what_was_loaded(app):
    result = app.test_cli_runner().invoke(args=["region", "load"])
    assert result.exit_code == 0
    assert "59 Kommunen in 5 Kreisen: 0 neu, 0 geändert" in result.output


def test_command_loads_another_file_for_good(app, elsewhere):
    assert "1 neu" in app.test_cli_runner().invoke(args=["region", "load", str(elsewhere())]).output
    assert "0 neu, 0 geändert" in app.test_cli_runner().invoke(args=["region", "load", str(elsewhere())]).output


def test_command_lists_every_mistake_and_says_that_nothing_was_loaded(app, edited):
    path = edited(("Arnsberg,Stadt", "Arnsberg,Dorf"), ("Bestwig,Gemeinde", "Bestwig,Dorf"))
    result = app.test_cli_runner().invoke(args=["region", "load", str(path)])
    assert result.exit_code == 1
    assert "Zeile 2: kind" in result.output
    assert "Zeile 3: kind" in result.output
    assert "Nichts wurde geladen." in result.output


def test_command_names_a_file_that_is_not_there(app):
    result = app.test_cli_runner().invoke(args=["region", "load", "gibt-es-nicht.csv"])
    assert result.exit_code == 2
    assert "gibt-es-nicht.csv" in result.output
