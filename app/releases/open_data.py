"""The open data of a release, made before it is published and then read from files.

What they say beside the numbers (publisher, licence, day) comes from the settings. Where these change, the files of
before no longer count, and what is asked for is made anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

from app.releases.describing import publication_of
from app.releases.documents import folder_of, store
from app.releases.models import ReleaseRecord
from app.releases.rendering import DocumentNotRendered
from reports.tables import dcat, package, workbook
from reports.tables.dcat import Download
from reports.tables.delimited import all_csv, codebook_csv, region_csv
from reports.tables.publication import Publication

BESIDE = {"region": "daten.csv", "municipality": "kommunen.csv", "codebook": "codebuch.csv"}
"""Where the tables lie beside ``datapackage.json`` on the site."""


def _descriptor(publication: Publication) -> bytes:
    return package.descriptor(publication, package.tables(publication), BESIDE)


def _metadata(publication: Publication) -> bytes:
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


FILES: dict[str, Callable[[Publication], bytes]] = {
    "daten.csv": lambda publication: region_csv(publication.release),
    "kommunen.csv": lambda publication: all_csv(publication.release),
    "codebuch.csv": lambda publication: codebook_csv(publication.release),
    "daten.json": lambda publication: publication.release.public_json().encode(),
    "daten.xlsx": workbook.workbook,
    "datenpaket.zip": package.package,
    "datapackage.json": _descriptor,
    "metadaten.jsonld": _metadata,
}
"""Every file by its name on the site, and how it is made."""


def path_of(record: ReleaseRecord, name: str) -> Path:
    """Where one of the ``FILES`` lies, or will lie, as the settings are now."""
    return _path(publication_of(record), name)


def make(record: ReleaseRecord, name: str) -> None:
    """Make and store one of the ``FILES`` that is not there."""
    publication = publication_of(record)
    path = _path(publication, name)
    if not path.is_file():
        store(path, FILES[name](publication))


def prepare(record: ReleaseRecord, moment: dt.datetime) -> Iterator[str]:
    """Make and store all files as of a publication at that moment; yields the name of each one when it is stored.

    ``DocumentNotRendered`` on the first that fails.
    """
    publication = publication_of(record, moment)
    for name, make in FILES.items():
        try:
            store(_path(publication, name), make(publication))
        except Exception as error:
            raise DocumentNotRendered(name, error) from error
        yield name


def _path(publication: Publication, name: str) -> Path:
    """Files that say something else beside the numbers have another folder."""
    said = [str(getattr(publication, field.name)) for field in fields(publication) if field.name != "release"]
    beside = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
    return folder_of(publication.sha256) / f"open-data-{beside}" / name
