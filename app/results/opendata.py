"""Open data of a release: data package, workbook, and the description that data catalogues harvest."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from app.accounts.permissions import PUBLIC
from app.releases import wanted
from app.results.blueprint import blueprint
from app.results.finding import release_or_404
from app.results.keeping import answer
from app.web.permission import requires

ZIP, JSON, JSON_LD = "application/zip", "application/json", "application/ld+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/ergebnisse/datapackage.json")
@blueprint.get("/ergebnisse/stand/<stand>/datapackage.json")
@requires(PUBLIC)
def datapackage(stand: str = "") -> ResponseReturnValue:
    """The descriptor of the tables beside it, as a Frictionless data package."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: wanted.data(record, "datapackage.json"), JSON))


@blueprint.get("/ergebnisse/datenpaket.zip")
@blueprint.get("/ergebnisse/stand/<stand>/datenpaket.zip")
@requires(PUBLIC)
def data_package(stand: str = "") -> ResponseReturnValue:
    """The same with its tables in one file."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: wanted.data(record, "datenpaket.zip"), ZIP), "datenpaket.zip")


@blueprint.get("/ergebnisse/daten.xlsx")
@blueprint.get("/ergebnisse/stand/<stand>/daten.xlsx")
@requires(PUBLIC)
def data_xlsx(stand: str = "") -> ResponseReturnValue:
    """All tables as a workbook, with a first sheet that explains them."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: wanted.data(record, "daten.xlsx"), XLSX), "daten.xlsx")


@blueprint.get("/ergebnisse/metadaten.jsonld")
@blueprint.get("/ergebnisse/stand/<stand>/metadaten.jsonld")
@requires(PUBLIC)
def metadata(stand: str = "") -> ResponseReturnValue:
    """The release for data catalogues: DCAT-AP.de as JSON-LD."""
    record = release_or_404(stand)
    return _open(answer(record, lambda: wanted.data(record, "metadaten.jsonld"), JSON_LD))


def _open(response: Response, filename: str = "") -> Response:
    """Other sites may read it too; a browser saves it under a name that says what it is."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if filename:
        response.headers["Content-Disposition"] = f'attachment; filename="willkommenskompass-{filename}"'
    return response
