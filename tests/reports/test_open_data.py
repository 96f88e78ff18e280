"""Data package, workbook and metadata: valid for the tools that read them, complete, and nothing in them runs."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import frictionless
import openpyxl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from reports.tables.codebook import columns
from reports.tables.dcat import Download, dcat
from reports.tables.delimited import FORMULA, all_csv, region_csv
from reports.tables.licences import LICENCES
from reports.tables.package import DESCRIPTOR, FILES, package
from reports.tables.publication import Publication
from reports.tables.workbook import CODEBOOK, MUNICIPALITIES, README, REGION, workbook
from scoring.release import Release, sha256
from tests.reports import sample

# The library warns of a class of its own that it still uses when it reads JSON-LD.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

ADDRESS = "https://willkommen.example.org/ergebnisse/stand/0123456789ab"
PUBLISHED = "2026-10-02T08:00:00+00:00"
DCATDE = rdflib.Namespace("http://dcat-ap.de/def/dcatde/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


def publication(release: Release | None = None, licence: str = "dl-de/by-2-0") -> Publication:
    release = release or sample.release()
    name = sha256(release.to_json())
    return Publication(release, name, ADDRESS, PUBLISHED, "Amt & Co", "amt@example.org", LICENCES[licence])


def unpacked(folder: Path, publication: Publication) -> Path:
    zipfile.ZipFile(io.BytesIO(package(publication))).extractall(folder)
    return folder / DESCRIPTOR


def test_the_package_is_valid_for_the_library_of_its_standard(tmp_path: Path):
    report = frictionless.validate(str(unpacked(tmp_path, publication())))
    assert report.flatten(["rowNumber", "fieldName", "type", "note"]) == []
    assert report.valid


def test_a_changed_file_no_longer_matches_its_checksum(tmp_path: Path):
    descriptor = unpacked(tmp_path, publication())
    with (tmp_path / FILES["region"]).open("ab") as file:
        file.write(b"\r\n")
    assert not frictionless.validate(str(descriptor)).valid


def test_the_descriptor_names_licence_release_and_every_file_with_its_checksum(tmp_path: Path):
    given = publication()
    described = json.loads(unpacked(tmp_path, given).read_text("utf-8"))
    assert described["id"] == given.sha256
    assert described["licenses"][0]["name"] == "DL-DE-BY-2.0"
    assert {resource["path"] for resource in described["resources"]} == set(FILES.values())
    for resource in described["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert resource["bytes"] == len(content)


def test_the_schema_has_every_column_in_its_order(tmp_path: Path):
    described = json.loads(unpacked(tmp_path, publication()).read_text("utf-8"))
    fields = {r["name"]: tuple(f["name"] for f in r["schema"]["fields"]) for r in described["resources"]}
    assert fields["region"] == columns("region")
    assert fields["municipality"] == columns("municipality")


def test_the_package_holds_the_files_that_the_site_gives(tmp_path: Path):
    unpacked(tmp_path, publication())
    assert (tmp_path / FILES["region"]).read_bytes() == region_csv(sample.release())
    assert (tmp_path / FILES["municipality"]).read_bytes() == all_csv(sample.release())


@pytest.mark.parametrize("make", [package, workbook])
def test_the_same_release_gives_the_same_bytes(make):
    assert make(publication()) == make(publication())


@pytest.mark.parametrize("demo", [True, False])
def test_invented_data_are_called_so_in_every_description(tmp_path: Path, demo: bool):
    given = publication(sample.release(demo=demo))
    described = json.loads(unpacked(tmp_path, given).read_text("utf-8"))
    book = openpyxl.load_workbook(io.BytesIO(workbook(given)))
    first = " ".join(str(cell.value) for row in book[README].iter_rows() for cell in row)
    metadata = dcat(given, []).decode()
    for text in (described["description"], first, metadata):
        assert ("Demonstrationsdaten" in text) is demo
        assert ("Demonstration data" in text) is demo


def opened(release: Release | None = None) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(publication(release))))


def test_the_workbook_opens_on_a_sheet_for_people():
    book = opened()
    assert book.sheetnames == [README, REGION, MUNICIPALITIES, CODEBOOK]
    assert book.active.title == README
    text = " ".join(str(cell.value) for row in book[README].iter_rows() for cell in row)
    for part in ("Was das ist", "Lizenz", ADDRESS, "So zitieren Sie", "zu wenige Antworten", "vom 2. Oktober 2026"):
        assert part in text
    for row in book[README].iter_rows(min_row=2):
        height = book[README].row_dimensions[row[0].row].height or 15
        assert height >= 15 * len(row[1].value) / 100, "a line stands on another"


def test_the_workbook_has_the_same_values_as_the_release_in_their_own_types():
    release = sample.release()
    rows = list(opened(release)[REGION].iter_rows(values_only=True))
    assert rows[0] == columns("region")
    named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    found = {row["key"]: row for row in named if row["kind"] not in ("group", "change")}
    for score in release.region.outside_view:
        assert found[score.indicator]["answers"] == score.n
        assert found[score.indicator]["pooled"] == pytest.approx(score.pooled, abs=1e-6)
        assert found[score.indicator]["differs"] is score.differs


def test_the_head_of_a_table_stays_in_view_and_can_be_filtered():
    for name in (REGION, MUNICIPALITIES, CODEBOOK):
        assert opened()[name].freeze_panes == "A2"
        assert opened()[name].auto_filter.ref.startswith("A1:")


@pytest.mark.parametrize("start", FORMULA)
def test_a_text_that_would_run_as_a_formula_is_text_in_the_workbook_and_stays_it(start: str):
    name = f"{start}1+1"
    book = opened(sample.release(names={sample.ALL: name}))
    cells = [
        cell for row in book[MUNICIPALITIES].iter_rows() for cell in row if cell.value and "1+1" in str(cell.value)
    ]
    assert cells
    for cell in cells:
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert str(cell.value).replace("_x000D_", "\r") == name


def test_no_cell_of_the_workbook_is_a_formula():
    for sheet in opened(sample.release(names={sample.ALL: "=HYPERLINK(1)"})):
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def graph(licence: str = "dl-de/by-2-0") -> rdflib.Graph:
    downloads = [
        Download("region", f"{ADDRESS}/daten.csv", b"a,b"),
        Download("workbook", f"{ADDRESS}/daten.xlsx", b"x"),
    ]
    return rdflib.Graph().parse(data=dcat(publication(licence=licence), downloads), format="json-ld")


def test_the_metadata_are_a_dataset_with_what_the_profile_demands():
    found = graph()
    dataset = found.value(predicate=RDF.type, object=DCAT.Dataset)
    assert str(dataset) == ADDRESS
    for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.theme):
        assert found.value(dataset, needed) is not None
    assert len(list(found.objects(dataset, DCATDE.politicalGeocodingURI))) == len(sample.release().districts)


def test_every_file_in_the_metadata_has_licence_format_size_checksum_and_attribution():
    found = graph()
    files = list(found.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 2
    for file in files:
        for needed in (DCTERMS.license, DCTERMS.format, DCAT.byteSize, DCAT.downloadURL, SPDX.checksum):
            assert found.value(file, needed) is not None
        assert found.value(file, DCATDE.licenseAttributionByText) is not None
    checksum = found.value(rdflib.URIRef(f"{ADDRESS}/daten.csv"), SPDX.checksum)
    assert str(found.value(checksum, SPDX.checksumValue)) == hashlib.sha256(b"a,b").hexdigest()


def test_a_licence_without_attribution_asks_for_none():
    assert not list(graph("dl-de/zero-2-0").subject_objects(DCATDE.licenseAttributionByText))
