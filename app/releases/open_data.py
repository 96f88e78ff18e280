"""The open data of a release, made before it is published and then read from files.

What they say beside the numbers (publisher, licence, day) comes from the settings. Where these change, the files of
before no longer count, and what is asked for is made anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path

from app.releases.describing import publication_of
from app.releases.documents import folder_of, store
from app.releases.models import ReleaseRecord
from app.releases.rendering import DocumentNotRendered
from reports.tables import dcat, package, workbook
from reports.tables.dcat import Download
from reports.tables.delimited import all_csv, codebook_csv, municipality_csv, region_csv
from reports.tables.json_lines import municipality_lines, region_lines
from reports.tables.publication import Publication
from scoring.release import Release

Make = Callable[[Publication], bytes]
REGION_LINES, MUNICIPALITY_LINES = "region.jsonl", "kommunen.jsonl"

BESIDE = {"region": "daten.csv", "municipality": "kommunen.csv", "codebook": "codebuch.csv"}
"""Where the tables lie beside ``datapackage.json`` on the site."""
DOWNLOADS = {
    "region": "daten.csv",
    "municipality": "kommunen.csv",
    "workbook": "daten.xlsx",
    "package": "datenpaket.zip",
    "document": "daten.json",
}
"""What data catalogues lead to."""


def _descriptor(publication: Publication) -> bytes:
    return package.descriptor(publication, package.tables(publication), BESIDE)


def _metadata(publication: Publication) -> bytes:
    downloads = [
        Download(key, f"{publication.address}/{name}", _content(publication, name)) for key, name in DOWNLOADS.items()
    ]
    return dcat.dcat(publication, downloads)


def _content(publication: Publication, name: str) -> bytes:
    """One of the ``FILES``, read where it is there already."""
    path = _path(publication, name)
    return path.read_bytes() if path.is_file() else FILES[name](publication)


FILES: dict[str, Make] = {
    "daten.csv": lambda publication: region_csv(publication.release),
    "kommunen.csv": lambda publication: all_csv(publication.release),
    "codebuch.csv": lambda publication: codebook_csv(publication.release),
    "daten.json": lambda publication: publication.release.public_json().encode(),
    "daten.xlsx": workbook.workbook,
    "datenpaket.zip": package.package,
    "datapackage.json": _descriptor,
    "metadaten.jsonld": _metadata,
}
"""Every file of the whole release by its name on the site, and how it is made."""
LINES: dict[str, Make] = {
    REGION_LINES: lambda publication: region_lines(publication.release),
    MUNICIPALITY_LINES: lambda publication: municipality_lines(publication.release),
}
"""What the API answers from."""


def of_municipality(ags: str) -> str:
    """The name of the table of one municipality."""
    return f"kommune-{ags}.csv"


def files_of(release: Release) -> dict[str, Make]:
    """Everything that is made of a release: ``FILES``, ``LINES``, and a table for each municipality that is shown."""
    single: dict[str, Make] = {of_municipality(ags): partial(_single, ags=ags) for ags in sorted(release.public)}
    return FILES | LINES | single


def _single(publication: Publication, ags: str) -> bytes:
    return municipality_csv(publication.release, ags)


def path_of(record: ReleaseRecord, name: str) -> Path:
    """Where one of the files lies, or will lie, as the settings are now."""
    return _path(publication_of(record), name)


def make(record: ReleaseRecord, name: str) -> None:
    """Make and store that file if it is one of the release's and not there yet."""
    publication = publication_of(record)
    path, makers = _path(publication, name), files_of(publication.release)
    if name in makers and not path.is_file():
        store(path, makers[name](publication))


def prepare(record: ReleaseRecord, moment: dt.datetime) -> Iterator[str]:
    """Make and store all files as of a publication at that moment; yields the name of each one when it is stored.

    ``DocumentNotRendered`` on the first that fails.
    """
    publication = publication_of(record, moment)
    for name, make in files_of(publication.release).items():
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
