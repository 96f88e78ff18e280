"""What every exported file promises: one codebook, one header, nothing hidden, nothing that runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sheets import NotInRelease
from reports.tables import all_csv, codebook_csv, municipality_csv, region_csv
from reports.tables.codebook import VARIABLES, columns
from reports.tables.delimited import FORMULA, cell
from tests.reports import sample


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


@pytest.mark.parametrize(
    "make", [region_csv, all_csv, codebook_csv, lambda release: municipality_csv(release, sample.ALL)]
)
def test_a_file_says_in_every_row_that_it_is_a_demonstration(make):
    rows = read(make(sample.release()))
    assert rows
    assert {row["demonstration"] for row in rows} == {"true"}
    assert {row["demonstration"] for row in read(make(sample.release(demo=False)))} == {"false"}


def test_files_are_plain_utf8_with_commas_and_crlf():
    data = region_csv(sample.release())
    assert not data.startswith(b"\xef\xbb\xbf")
    header = data.split(b"\r\n", 1)[0].decode()
    assert tuple(header.split(",")) == columns("region")


def test_the_codebook_lists_every_column_of_every_file():
    names = {row["name"] for row in read(codebook_csv(sample.release()))}
    assert names == set(columns("region")) | set(columns("municipality"))
    assert len(names) == len(VARIABLES)


def test_numbers_come_back_as_they_stand_in_the_release():
    release = sample.release()
    found = [row for row in read(municipality_csv(release, sample.ALL)) if row["view"] == "newcomers"]
    rows = {row["key"]: row for row in found if row["kind"] not in ("group", "change")}
    for score in release.public[sample.ALL].outside_view:
        row = rows[score.indicator]
        for name, value in (("score", score.score), ("low", score.low), ("answers", score.n)):
            assert (float(row[name]) if row[name] else None) == (
                pytest.approx(value, abs=1e-6) if value is not None else None
            )


def test_a_suppressed_value_is_an_empty_cell():
    rows = read(municipality_csv(sample.release(), sample.ALL))
    hidden = [row for row in rows if row["status"] == "suppressed"]
    assert hidden
    for row in hidden:
        assert {row[name] for name in ("answers", "score", "low", "high", "share_1", "top_two", "not_concerned")} == {
            ""
        }


def test_all_holds_the_public_municipalities_only():
    release = sample.release()
    assert {row["ags"] for row in read(all_csv(release))} == set(release.public)


def test_a_municipality_without_a_public_sheet_is_refused_but_may_have_its_own():
    release = sample.release()
    with pytest.raises(NotInRelease):
        municipality_csv(release, sample.SELF)
    assert read(municipality_csv(release, sample.SELF, "own"))


@pytest.mark.parametrize("start", FORMULA)
def test_a_text_that_would_run_as_a_formula_is_made_harmless(start):
    name = f"{start}1+1\"',\n;Olpe"
    rows = read(municipality_csv(sample.release(names={sample.ALL: name}), sample.ALL))
    assert {row["municipality"] for row in rows} == {"'" + name}


def test_a_negative_number_stays_a_number():
    assert cell(-12.5) == "-12.5"


@given(st.text())
def test_no_text_cell_begins_like_a_formula(text):
    assert not cell(text).startswith(FORMULA)


@given(st.floats(0, 100))
def test_a_number_survives_the_file(value):
    assert float(cell(value)) == pytest.approx(value, abs=1e-6)


def test_groups_and_changes_are_rows_of_their_own():
    release = sample.release()
    rows = read(municipality_csv(release, sample.ALL))
    groups = [
        (row["question"], row["option"], row["answers"]) for row in rows if row["kind"] == "group" and not row["key"]
    ]
    sheet = release.public[sample.ALL]
    assert groups == [(group.question, group.option, str(group.n)) for group in sheet.groups]
    scores = [(row["key"], float(row["score"])) for row in rows if row["kind"] == "group" and row["key"]]
    assert scores == [(score.indicator, score.score) for group in sheet.groups for score in group.scores]
    changes = [(row["key"], row["since"], float(row["change"])) for row in rows if row["kind"] == "change"]
    assert changes == [(c.subject, c.earlier[-1].round, c.change) for c in sheet.changes]
    assert groups
    assert changes
