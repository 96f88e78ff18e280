"""The tables of a release as a Frictionless tabular data package (v1): descriptor, CSV, schema, licence, checksums.

Source: https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from reports.tables.codebook import BOTH, Table, Variable, variables_of
from reports.tables.delimited import all_csv, codebook_csv, region_csv
from reports.tables.publication import Publication
from reports.tables.rows import CODEBOOK_COLUMNS

DESCRIPTOR = "datapackage.json"
FILES = {"region": "region.csv", "municipality": "kommunen.csv", "codebook": "codebuch.csv"}
"""Names of the files inside the package."""
TITLES = {"region": "Werte der Region", "municipality": "Werte der Kommunen", "codebook": "Codebuch"}
_MOMENT = (1980, 1, 1, 0, 0, 0)  # The same release always gives the same package, byte by byte.


def package(publication: Publication) -> bytes:
    """The whole package as a ZIP file."""
    contents = tables(publication)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, DESCRIPTOR, descriptor(publication, contents, FILES))
        for name, content in contents.items():
            _add(archive, FILES[name], content)
    return buffer.getvalue()


def tables(publication: Publication) -> dict[str, bytes]:
    """The CSV files by the name of their resource."""
    release = publication.release
    return {"region": region_csv(release), "municipality": all_csv(release), "codebook": codebook_csv(release)}


def descriptor(publication: Publication, contents: dict[str, bytes], paths: dict[str, str]) -> bytes:
    """``datapackage.json`` for the files ``contents`` that lie at ``paths``, relative to it."""
    release = publication.release
    described = {
        "profile": "tabular-data-package",
        "name": publication.name,
        "id": publication.sha256,
        "title": publication.title,
        "description": f"{publication.description}\n\n{publication.english}",
        "homepage": publication.address,
        "version": release.method.version,
        "created": publication.published,
        "keywords": ["Willkommenskultur", "Zuzug", "Kommunen", release.region_name],
        "licenses": [_licence(publication)],
        "sources": [{"title": publication.citation, "path": publication.address}],
        "contributors": _contributors(publication),
        "resources": [_resource(name, paths[name], content, publication) for name, content in contents.items()],
    }
    return json.dumps(described, ensure_ascii=False, indent=2).encode()


def table_schema(table: Table) -> dict[str, Any]:
    """The Table Schema of a table, from the codebook."""
    return {"fields": [_field(variable) for variable in variables_of(table)], "missingValues": [""]}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)


def _licence(publication: Publication) -> dict[str, str]:
    licence = publication.licence
    return {"name": licence.name, "title": licence.title, "path": licence.path}


def _contributors(publication: Publication) -> list[dict[str, str]]:
    publisher = publication.publisher or f"Betreiberin des Willkommenskompasses {publication.release.region_name}"
    mail = {"email": publication.mail} if publication.mail else {}
    return [{"title": publisher, "role": "publisher", **mail}]


def _resource(name: str, path: str, content: bytes, publication: Publication) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": TITLES[name],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "licenses": [_licence(publication)],
        "schema": table_schema(name) if name in BOTH else _CODEBOOK_SCHEMA,
    }


def _field(variable: Variable) -> dict[str, Any]:
    least, greatest = variable.limits
    limits = {"minimum": least, "maximum": greatest, "enum": list(variable.codes) or None}
    constraints: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    if variable.required:
        constraints["required"] = True
    booleans = {"trueValues": ["true"], "falseValues": ["false"]} if variable.type == "boolean" else {}
    return {
        "name": variable.name,
        "type": variable.type,
        "title": variable.german,
        "description": f"{variable.english} ({variable.unit}; {variable.missing})",
        **booleans,
        **({"constraints": constraints} if constraints else {}),
    }


_CODEBOOK_SCHEMA = {
    "fields": [{"name": name, "type": "boolean" if name == "demonstration" else "string"} for name in CODEBOOK_COLUMNS],
    "missingValues": [""],
}
