"""Open data of a release: data package, workbook, and the description that data catalogues harvest."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from app.accounts.permissions import PUBLIC
from app.releases.describing import publication_of
from app.releases.models import ReleaseRecord
from app.results.blueprint import blueprint
from app.results.finding import release_or_404
from app.results.keeping import answer
from app.web.permission import requires
from reports.tables import dcat, package, workbook
from reports.tables.dcat import Download

ZIP, JSON, JSON_LD = "application/zip", "application/json", "application/ld+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BESIDE = {"region": "daten.csv", "municipality": "kommunen.csv", "codebook": "codebuch.csv"}
"""Where the tables lie beside ``datapackage.json`` on this site."""


@blueprint.get("/ergebnisse/datapackage.json")
@blueprint.get("/ergebnisse/stand/<stand>/datapackage.json")
@requires(PUBLIC)
def datapackage(stand: str = "") -> ResponseReturnValue:
    """The descriptor of the tables beside it, as a Frictionless data package."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: _descriptor(record), JSON))


@blueprint.get("/ergebnisse/datenpaket.zip")
@blueprint.get("/ergebnisse/stand/<stand>/datenpaket.zip")
@requires(PUBLIC)
def data_package(stand: str = "") -> ResponseReturnValue:
    """The same with its tables in one file."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: package.package(publication_of(record)), ZIP), "datenpaket.zip")


@blueprint.get("/ergebnisse/daten.xlsx")
@blueprint.get("/ergebnisse/stand/<stand>/daten.xlsx")
@requires(PUBLIC)
def data_xlsx(stand: str = "") -> ResponseReturnValue:
    """All tables as a workbook, with a first sheet that explains them."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: workbook.workbook(publication_of(record)), XLSX), "daten.xlsx")


@blueprint.get("/ergebnisse/metadaten.jsonld")
@blueprint.get("/ergebnisse/stand/<stand>/metadaten.jsonld")
@requires(PUBLIC)
def metadata(stand: str = "") -> ResponseReturnValue:
    """The release for data catalogues: DCAT-AP.de as JSON-LD."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: _metadata(record), JSON_LD))


def _descriptor(record: ReleaseRecord) -> bytes:
    publication = publication_of(record)
    return package.descriptor(publication, package.tables(publication), BESIDE)


def _metadata(record: ReleaseRecord) -> bytes:
    publication = publication_of(record)
    tables = package.tables(publication)
    contents = {
        ("region", "daten.csv"): tables["region"],
        ("municipality", "kommunen.csv"): tables["municipality"],
        ("workbook", "daten.xlsx"): workbook.workbook(publication),
        ("package", "datenpaket.zip"): package.package(publication),
        ("document", "daten.json"): publication.release.public_json().encode(),
    }
    downloads = [Download(key, f"{publication.address}/{file}", content) for (key, file), content in contents.items()]
    return dcat.dcat(publication, downloads)


def _open(response: Response, filename: str = "") -> Response:
    """Other sites may read it too; a browser saves it under a name that says what it is."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if filename:
        response.headers["Content-Disposition"] = f'attachment; filename="willkommenskompass-{filename}"'
    return response
