"""Every file of the microdata says the same, with labels and missing codes, and it is what the database holds."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyreadstat
import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.exports import writing
from app.feedback.models import Response
from app.rounds.lifecycle import catalogue_of, round_by_key
from questionnaires.answers import decode_profile, decode_ratings
from reports.tables.ddi import FILE as DDI
from reports.tables.ddi import NAMESPACE
from reports.tables.microdata import CSV, SAV, XLSX, R
from reports.tables.responses import MicroCodebook

DDI_NAMES = {"d": NAMESPACE}
CODES = {"-": "-2", ".": "-1"}


@pytest.fixture
def folder(app: Flask, written: writing.Manifest) -> Path:
    with app.app_context():
        return writing.folder_of(round_by_key("2026"))


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / CSV).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_csv_has_every_answer_that_counts_and_no_other(app: Flask, folder: Path):
    with app.app_context():
        round_ = round_by_key("2026")
        catalogue = catalogue_of(round_)
        stored = db.session.execute(
            sa.select(Response.municipality_ags, Response.ratings).where(Response.round_id == round_.id)
        ).all()
    expected = Counter(
        (ags, *(CODES.get(c, c) for c in decode_ratings(catalogue, ratings).values())) for ags, ratings in stored
    )
    items = [item.id for item in catalogue.items]
    assert Counter((row["ags"], *(row[item] for item in items)) for row in rows_of(folder)) == expected


def test_held_and_refused_responses_are_left_out(app: Flask, written: writing.Manifest):
    with app.app_context():
        round_ = round_by_key("2026")
        some = sa.select(Response.id).where(Response.round_id == round_.id).limit(4)
        chosen = db.session.scalars(some).all()
        held = sa.update(Response).where(Response.id.in_(chosen)).values(state="held", doubt="fast")
        db.session.execute(held.execution_options(synchronize_session=False))
        db.session.commit()
        again = writing.write(round_, lambda _done, _total: None)
    assert again.rows == written.rows - 4


def test_a_profile_comes_as_codes_with_no_answer_told_from_not_chosen(app: Flask):
    with app.app_context():
        catalogue = catalogue_of(round_by_key("2026"))
    codebook = MicroCodebook(catalogue, {"05958004": "Arnsberg"})
    widths = [len(q.options) if q.kind == "multiple" else 1 for q in catalogue.profile_questions]
    told = "".join("2" if w == 1 else "x" + "." * (w - 1) for w in widths)
    silent = "." * sum(widths)
    ratings = "." * len(catalogue.items)
    head = ("05958004", "2026-05", "de", "open", ratings)
    columns = codebook.code([(*head, told), (*head, silent), (*head, told[:1])])
    for question in catalogue.profile_questions:
        chosen = decode_profile(catalogue, told)[question.id]
        for number, option in enumerate(question.options, start=1):
            if question.kind == "single":
                assert columns[question.id].tolist()[:2] == [2, -1]
                assert (option.id in chosen) is (number == 2)
            else:
                assert columns[f"{question.id}_{option.id}"].tolist()[:2] == [int(option.id in chosen), -1]
    assert columns[catalogue.profile_questions[-1].id].tolist()[2] == -1


def test_spss_reads_the_same_values_with_labels_and_missing_codes(app: Flask, folder: Path):
    frame, about = pyreadstat.read_sav(str(folder / SAV), user_missing=True, output_format="dict")
    rows = rows_of(folder)
    with app.app_context():
        catalogue = catalogue_of(round_by_key("2026"))
    assert list(frame) == list(rows[0])
    for item in catalogue.items:
        assert [int(value) for value in frame[item.id]] == [int(row[item.id]) for row in rows]
        labels = about.variable_value_labels[item.id]
        assert labels[5] == catalogue.rating_labels[4]["de"]
        assert set(labels) == {1, 2, 3, 4, 5, -1, -2}
        assert {limits["lo"] for limits in about.missing_ranges[item.id]} == {-1, -2}
        assert about.column_names_to_labels[item.id] == item.text["de"]
        assert about.variable_measure[item.id] == "ordinal"
    assert about.variable_value_labels["ags"]["05958004"] == "Arnsberg"
    assert frame["ags"] == [row["ags"] for row in rows]


def test_the_workbook_holds_the_same_rows_and_its_codebook(folder: Path):
    book = openpyxl.load_workbook(folder / XLSX, read_only=True)
    head, *values = book["Antworten"].iter_rows(values_only=True)
    rows = rows_of(folder)
    assert list(head) == list(rows[0])
    assert [tuple(str(value) for value in row) for row in values[:200]] == [tuple(r.values()) for r in rows[:200]]
    assert len(values) == len(rows)
    assert [row[0] for row in book["Codebuch"].iter_rows(min_row=2, values_only=True)] == list(rows[0])
    book.close()


def test_the_r_script_names_every_variable_its_labels_and_missing_codes(app: Flask, folder: Path):
    script = (folder / R).read_text("utf-8")
    names = set(rows_of(folder)[0])
    assert set(re.findall(r'attr\(antworten\$(\w+), "label"\)', script)) == names
    assert script.count("{") == script.count("}")
    with app.app_context():
        for item in catalogue_of(round_by_key("2026")).items:
            assert f"antworten${item.id}[antworten${item.id} %in% c(-2, -1)] <- NA" in script


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed here")
def test_r_runs_the_script(folder: Path):
    command = 'source("antworten.R", encoding = "UTF-8"); cat(nrow(antworten), is.factor(antworten$N01))'
    found = subprocess.run(["Rscript", "-e", command], cwd=folder, capture_output=True, text=True, check=True)
    assert found.stdout == f"{len(rows_of(folder))} TRUE"


def test_the_ddi_codebook_describes_every_variable_in_the_order_the_standard_asks_for(folder: Path):
    root = ElementTree.parse(folder / DDI).getroot()
    assert root.tag == f"{{{NAMESPACE}}}codeBook"
    assert [child.tag.split("}")[1] for child in root] == ["docDscr", "stdyDscr", "fileDscr", "dataDscr"]
    variables = root.findall("d:dataDscr/d:var", DDI_NAMES)
    assert [variable.get("name") for variable in variables] == list(rows_of(folder)[0])
    assert len({variable.get("ID") for variable in variables}) == len(variables)
    order = ["labl", "qstn", "invalrng", "catgry", "varFormat"]
    for variable in variables:
        places = [order.index(child.tag.split("}")[1]) for child in variable]
        assert places == sorted(places)
        assert variable.get("files") == root.find("d:fileDscr", DDI_NAMES).get("ID")
    for needed in ("stdyDscr/d:citation/d:titlStmt/d:titl", "stdyDscr/d:dataAccs/d:useStmt/d:confDec"):
        assert root.find(f"d:{needed}", DDI_NAMES).text


def test_the_frequencies_of_the_codebook_are_those_of_the_file(folder: Path):
    root = ElementTree.parse(folder / DDI).getroot()
    rows = rows_of(folder)
    assert root.find("d:fileDscr/d:fileTxt/d:dimensns/d:caseQnty", DDI_NAMES).text == str(len(rows))
    for variable in root.findall("d:dataDscr/d:var", DDI_NAMES):
        counted = Counter(row[variable.get("name")] for row in rows)
        for category in variable.findall("d:catgry", DDI_NAMES):
            code = category.find("d:catValu", DDI_NAMES).text
            assert category.find("d:catStat", DDI_NAMES).text == str(counted[code])


def test_the_manifest_has_rows_and_checksum_of_every_file(folder: Path, written: writing.Manifest):
    content = json.loads((folder / writing.MANIFEST).read_text("utf-8"))
    assert content["rows"] == len(rows_of(folder)) == written.rows
    names = {file["name"] for file in content["files"]}
    assert names == {path.name for path in folder.iterdir()} - {writing.MANIFEST}
    for file in content["files"]:
        data = (folder / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert {file["name"] for file in content["files"] if file["rows"]} == {CSV, XLSX, SAV}


def test_nothing_tells_when_within_the_month_or_in_which_order_somebody_answered(app: Flask, folder: Path):
    rows = rows_of(folder)
    assert {len(row["monat"]) for row in rows} == {7}
    with app.app_context():
        ids = set(db.session.scalars(sa.select(Response.id)))
    assert not ids & {value for row in rows for value in row.values()}
    ordered = [(row["ags"], int(row["fall"])) for row in rows]
    assert ordered == sorted(ordered)


def test_a_full_disk_leaves_the_earlier_export_as_it_was(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(writing, "ddi", lambda *_: (_ for _ in ()).throw(full))
    with app.app_context(), pytest.raises(OSError, match="No space left"):
        writing.write(round_by_key("2026"), lambda _done, _total: None)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_an_interrupted_export_left_is_cleared_away(app: Flask, folder: Path):
    left = folder.with_name(f".{folder.name}.part")
    left.mkdir()
    (left / "halb.csv").write_text("x")
    with app.app_context():
        writing.write(round_by_key("2026"), lambda _done, _total: None)
    assert not left.exists()
    assert not (folder / "halb.csv").exists()


def test_progress_counts_the_rows(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writing, "AT_ONCE", 500)
    seen: list[tuple[int, int]] = []
    with app.app_context():
        rows = writing.write(round_by_key("2026"), lambda done, total: seen.append((done, total))).rows
    assert seen[0] == (0, rows)
    assert seen[-1] == (rows, rows)
    assert len(seen) >= 4
    assert seen == sorted(seen)


def test_a_round_without_responses_gives_empty_files(app: Flask):
    with app.app_context():
        db.session.execute(sa.delete(Response))
        db.session.commit()
        round_ = round_by_key("2026")
        assert writing.write(round_, lambda _done, _total: None).rows == 0
        folder = writing.folder_of(round_)
    assert rows_of(folder) == []
    frame, _about = pyreadstat.read_sav(str(folder / SAV), output_format="dict")
    assert len(frame["ags"]) == 0
