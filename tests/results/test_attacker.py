"""Whoever reads everything public cannot work out what is withheld; without complementary suppression they could.

A small region and two rounds. One municipality has 7 answers, another did not agree to be shown; everybody else is
shown. So every total that took these two in would give them away. The second round is released twice: before the second
time five more people answer where it was 7.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assessment.models import Assessment
from app.database import db
from app.feedback import coding
from app.feedback.models import Comment, CommentTheme, Response
from app.region.models import District, Municipality
from app.releases import building, publishing
from app.rounds import lifecycle
from app.rounds.models import Round
from reports.figures.drawing import Canvas
from reports.tables.delimited import all_csv, region_csv
from scoring import disclosure, groups, inspection, subtraction
from scoring.release import Release
from tests.releases.filling import DAY, closed_round
from tests.results.attacker import FINE, OWN, THRESHOLD, Pinned, Reading, attack, rows_of
from tests.results.everything import (
    FOR_PROGRAMS,
    HTML,
    JSON,
    PDF,
    Copy,
    copy_of,
    numbers_of,
    reading_of,
    same_rows,
    sheets_of,
    tables_of,
)
from tests.scoring.synthetic import synthetic_release, synthetic_round

FEW, SILENT = 0, 1
"""Places by AGS."""
SIZES = (7, 12, 30, 41, 35, 12, 55)
FIVE = 5
NOTHING = "^$"
LIGHT = r"kriterien|vergleich|presse|lang=|\.pdf|\.xlsx|\.zip|catalogue"
"""Addresses that say nothing which the tables do not."""

KEY = re.compile(r"N\d\d|[A-Z]\d")
"""How a row on a question or a dimension begins."""
HELD = {"overall", "dimension", "item"}
OF_ITSELF = {"demonstration", "release", "round", "ags", "municipality", "district", "peer_group"}
OF_ITSELF |= {"view", "kind", "key", "title", "status", "band"}
OF_OTHERS = {"region_median", "peers_q1", "peers_median", "peers_q3"}

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template):
    """The region without any round: the rounds are made in the test."""
    return sqlite_template


def small_region() -> list[str]:
    """Leave as many municipalities as there are sizes; their keys."""
    keys = list(db.session.scalars(sa.select(Municipality.ags).order_by(Municipality.ags).limit(len(SIZES))))
    db.session.execute(sa.delete(Municipality).where(Municipality.ags.not_in(keys)))
    db.session.execute(sa.delete(District).where(District.ags.not_in({ags[:5] for ags in keys})))
    db.session.commit()
    return keys


def a_round(keys: list[str], year: int, seed: int) -> int:
    """A closed round in which one has too few answers and one did not agree."""
    round_ = closed_round(SIZES, str(year), seed=seed, year=year)
    agreed = Assessment.municipality_ags != keys[SILENT]
    db.session.execute(sa.update(Assessment).values(consented=agreed).execution_options(synchronize_session=False))
    for ags, number in ((keys[SILENT], 4), (keys[SILENT + 1], 12)):
        write(round_.id, ags, number)
    db.session.commit()
    return round_.id


def write(key: int, ags: str, number: int) -> None:
    """So many free texts on housing."""
    place = {"round_id": key, "municipality_ags": ags}
    for _text in range(number):
        text = Comment(
            **place, id=str(uuid.uuid4()), question="O1", text="Eine Wohnung war schwer zu finden.", state="kept"
        )
        db.session.add(text)
        db.session.flush()
        db.session.add(CommentTheme(**place, comment_id=text.id, theme="housing"))


def publish(key: int) -> str:
    """The permanent address of a release of the round as it stands."""
    record = building.build(db.session.get_one(Round, key))
    publishing.publish(record)
    return f"/ergebnisse/stand/{record.sha256[:12]}"


def five_more(key: int, ags: str) -> None:
    """Five people more answer every question after the first release."""
    round_ = db.session.get_one(Round, key)
    lifecycle.undo_release(round_)
    lifecycle.reopen_round(round_)
    items = len(lifecycle.catalogue_of(round_).items)
    ratings = np.random.default_rng(5).choice(list("2345"), size=(FIVE, items))
    for row in ratings:
        answers = {"ratings": "".join(row), "profile": "." * 11}
        db.session.add(
            Response(
                round_id=key,
                municipality_ags=ags,
                id=str(uuid.uuid4()),
                day=DAY,
                language="de",
                channel="open",
                **answers,
            )
        )
    db.session.flush()
    lifecycle.close_round(round_)
    db.session.commit()


@dataclass(frozen=True)
class Seen:
    """What a stranger kept of each release, and how many really answered at first."""

    copies: tuple[tuple[str, Copy], ...]
    truth: dict[str, int]

    @cached_property
    def readings(self) -> list[Reading]:
        return [reading_of(copy, base) for base, copy in self.copies]

    def attack(self) -> list[Pinned]:
        """The earlier round for itself, and both releases of the later one together."""
        first, *later = self.readings
        return [*attack([first]), *attack(later)]


def see(app: Flask, without: str = NOTHING) -> Seen:
    """Publish three releases, one after the other, and keep what is public of each while it is: of the first its
    tables, of the others everything but addresses of the pattern ``without``."""
    copies, client = [], FlaskClient(app, use_cookies=False)
    with app.app_context():
        keys = small_region()
        first = a_round(keys, 2024, 1)
        base = publish(first)
    copies.append((base, copy_of(client, base, LIGHT)))
    with app.app_context():
        second = a_round(keys, 2026, 2031)
        base = publish(second)
        truth = dict(
            db.session.execute(
                sa.select(Response.municipality_ags, sa.func.count())
                .where(Response.round_id == second)
                .group_by(Response.municipality_ags)
            ).all()
        )
    copies.append((base, copy_of(client, base, without)))
    with app.app_context():
        five_more(second, keys[FEW])
        base = publish(second)
    return Seen((*copies, (base, copy_of(client, base, without))), truth)


def unprotected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that withholds what is small, and nothing else to protect it; nobody inspects it either."""
    monkeypatch.setattr(inspection, "require_nothing_exposed", lambda *_: None)
    monkeypatch.setattr(coding, "_protect", lambda *_: None)
    monkeypatch.setattr(subtraction, "derivable", lambda *_: iter(()))
    monkeypatch.setattr(disclosure, "countable", lambda counts, *_rest, **_more: counts.sum(axis=-1) > 0)
    monkeypatch.setattr(disclosure, "contributors", lambda available, *_rest: available)
    monkeypatch.setattr(
        groups, "showable", lambda counts, _t, _q, allowed, method: allowed & (counts.sum(-1) >= method.minimum_public)
    )


@on_sqlite
def test_nothing_that_is_withheld_can_be_worked_out_from_everything_public(app: Flask):
    seen = see(app)
    assert seen.attack() == []
    for (base, copy), reading in zip(seen.copies[1:], seen.readings[1:], strict=True):
        assert {answer.mimetype for answer in copy.values()} >= {HTML, PDF, "application/zip", "application/json"}
        every_table_says_the_same(copy, base, reading)
        what_is_withheld_has_no_value_of_any_kind(reading)
        no_other_number_of_answers_is_named(copy, reading, seen.readings[0])


def every_table_says_the_same(copy: Copy, base: str, reading: Reading) -> None:
    """Workbook, data package, API and the table of each municipality give the attacker no further equation."""
    api = f"{FOR_PROGRAMS}/{base.rsplit('/', 1)[-1]}"
    for name, rows in (("region", reading.region), ("observations", reading.places)):
        pages = [f"{api}/{name}?page={page}&per_page=1000" for page in range(1, 4)]
        assert same_rows(rows, [row for page in pages if page in copy for row in json.loads(copy[page].data)["data"]])
    package, workbook = tables_of(copy[f"{base}/datenpaket.zip"].data), sheets_of(copy[f"{base}/daten.xlsx"].data)
    for found in (package, workbook):
        tables = list(found.values())
        assert any(same_rows(reading.region, table) for table in tables)
        assert any(same_rows(reading.places, table) for table in tables)
    for address, answer in copy.items():
        if address.endswith("/daten.csv") and address != f"{base}/daten.csv":
            own = rows_of(answer.data)
            assert own == [row for row in reading.places if row["ags"] == own[0]["ags"]]


def no_other_number_of_answers_is_named(copy: Copy, reading: Reading, earlier: Reading) -> None:
    """Pages, documents, text alternatives, figures and files for programs name no number that the tables do not have.

    What is about one municipality, or one question of it, names only its own and the region's.
    """
    limits = {THRESHOLD, OWN, FINE, 0}  # The method names its limits.
    seen: dict[str, set[int]] = {HTML: set(), PDF: set(), JSON: set()}
    for address, answer in copy.items():
        for row, number in set(numbers_of(answer)):
            told = [told_of(row, address, one, reading) for one in (reading, earlier)]
            assert number in limits.union(*told), (address, row, number)
            seen.setdefault(answer.mimetype, set()).add(number)
    assert min(len(seen[kind]) for kind in (HTML, PDF, JSON)) > 20


def told_of(row: str, address: str, said: Reading, reading: Reading) -> set[int]:
    """What may stand in that row of a table there: of a question or dimension, or of a municipality as a whole."""
    if row in reading.keys:
        ags = reading.keys[row]
        return said.told(ags, "overall") | {said.responses.get(ags, 0)}
    key = KEY.match(row)
    return said.told(of_whom(address, reading), key[0] if key else "")


def of_whom(address: str, reading: Reading) -> str:
    """The municipality that a page, document or table is about alone; empty for all others."""
    if f"{FOR_PROGRAMS}/" in address and "/municipalities/" in address:
        return address.rsplit("/", 1)[-1]
    owned = (ags for page, ags in reading.addresses.items() if address == page or address.startswith(f"{page}/"))
    return next(owned, "")


def what_is_withheld_has_no_value_of_any_kind(reading: Reading) -> None:
    """Where too few answered, nothing else is told of what they said either."""
    told = [row for row in reading.places if row["view"] == "newcomers" and row["kind"] in HELD]
    withheld = [row for row in told if not row["answers"]]
    assert 0 < len(withheld) < len(told)
    for row in withheld:
        assert {name for name, value in row.items() if value} <= OF_ITSELF | OF_OTHERS, row
        assert (row["status"], row["band"]) == ("suppressed", "none")


@on_sqlite
def test_the_same_attack_finds_what_a_build_without_complementary_suppression_gives_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    unprotected(monkeypatch)
    monkeypatch.setattr(Canvas, "svg", lambda _canvas, _title: "<svg/>")  # Tables, pages' words and themes are enough.
    seen = see(app, without=LIGHT)
    found = seen.attack()
    for kind in ("number", "mean", "typical", "gap", "change", "quartiles", "group", "level", "theme"):
        assert any(kind in pinned.what for pinned in found), kind
    for pinned in found:
        if pinned.what.endswith("number"):
            assert pinned.low <= seen.truth[pinned.ags] + FIVE


def reading(release: Release) -> Reading:
    """A release that was made without the product, as its tables say it."""
    public = release.public
    return Reading(
        rows_of(region_csv(release)),
        rows_of(all_csv(release)),
        tuple(m.ags for m in release.municipalities if m.participates),
        {ags: sheet.responses for ags, sheet in public.items() if sheet.responses is not None},
        release.region.responses,
        {"": {}},
    )


@st.composite
def small_rounds(draw: st.DrawFn) -> Release:
    """The release of a round of a few municipalities, many of them with few answers, some without consent."""
    units = draw(st.integers(5, 8))
    sizes = draw(st.lists(st.integers(0, 34), min_size=units, max_size=units))
    agreed = draw(st.lists(st.booleans(), min_size=units, max_size=units))
    seed = draw(st.integers(0, 2**16))
    data = synthetic_round(units, sizes=np.array(sizes), seed=seed, consented=np.array(agreed))
    return synthetic_release(data)


def test_how_many_responses_there_are_does_not_tell_how_many_answered():
    # Found by chance: 10 responses are told of a municipality, 46 of 51 answered in all; so at least 5 of the 10 did.
    sizes, agreed = np.array([2, 14, 10, 25, 0]), np.array([True, False, True, False, False])
    release = synthetic_release(synthetic_round(5, sizes=sizes, seed=0, consented=agreed))
    assert attack([reading(release)]) == []


@given(small_rounds())
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
def test_no_round_however_small_gives_away_what_it_withholds(release: Release):
    assert attack([reading(release)]) == []
