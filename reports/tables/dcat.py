"""A release described for data catalogues: DCAT-AP.de 3.0 as JSON-LD.

Source: https://www.dcat-ap.de/def/dcatde/3.0/spec/
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from reports.tables.publication import Publication

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_DISTRICT = "http://dcat-ap.de/def/politicalGeocoding/districtKey"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXTS = {
    "region": ("Werte der Region", "CSV", "text/csv"),
    "municipality": ("Werte der Kommunen, die zugestimmt haben", "CSV", "text/csv"),
    "workbook": ("Alle Tabellen als Arbeitsmappe", "XLSX", _XLSX),
    "package": ("Datenpaket (Frictionless)", "ZIP", "application/zip"),
    "document": ("Öffentlicher Auswertungsstand", "JSON", "application/json"),
}


@dataclass(frozen=True)
class Download:
    """One file to download: which it is, where it lies, and its bytes, for size and checksum."""

    key: str
    address: str
    content: bytes


def dcat(publication: Publication, downloads: list[Download]) -> bytes:
    """The description of a release and its files."""
    graph = [_dataset(publication, downloads), *(_distribution(publication, download) for download in downloads)]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2).encode()


def _dataset(publication: Publication, downloads: list[Download]) -> dict[str, Any]:
    release = publication.release
    contact: dict[str, Any] = {"@type": "vcard:Organization", "vcard:fn": _publisher(publication)}
    if publication.mail:
        contact["vcard:hasEmail"] = _node(f"mailto:{publication.mail}")
    return {
        "@id": publication.address,
        "@type": "dcat:Dataset",
        "dct:title": _text(publication.title),
        "dct:description": [_text(publication.description), _text(publication.english, "en")],
        "dct:identifier": publication.sha256,
        "dct:issued": _typed(publication.published, "dateTime"),
        "dct:modified": _typed(publication.published, "dateTime"),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": _publisher(publication)},
        "dct:language": [_node(f"{_AUTHORITY}/language/DEU"), _node(f"{_AUTHORITY}/language/ENG")],
        "dct:accrualPeriodicity": _node(f"{_AUTHORITY}/frequency/ANNUAL"),
        "dct:accessRights": _node(f"{_AUTHORITY}/access-right/PUBLIC"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(release.round.opens, "date"),
            "dcat:endDate": _typed(release.round.closes, "date"),
        },
        "dcat:contactPoint": contact,
        "dcat:keyword": [_text(word) for word in ("Willkommenskultur", "Zuzug", "Kommunen", release.region_name)],
        "dcat:theme": [_node(f"{_AUTHORITY}/data-theme/{theme}") for theme in ("SOCI", "GOVE", "REGI")],
        "dcat:landingPage": _node(publication.address),
        "dcat:version": release.method.version,
        "dcatde:politicalGeocodingURI": [_node(f"{_DISTRICT}/{district.ags}") for district in release.districts],
        "dcatde:politicalGeocodingLevelURI": _node("http://dcat-ap.de/def/politicalGeocoding/Level/administrativeDistrict"),
        "dcat:distribution": [_node(download.address) for download in downloads],
    }  # fmt: skip


def _distribution(publication: Publication, download: Download) -> dict[str, Any]:
    title, format, mediatype = _TEXTS[download.key]
    attribution = {"dcatde:licenseAttributionByText": _text(publication.citation)}
    return {
        "@id": download.address,
        "@type": "dcat:Distribution",
        "dct:title": _text(title),
        "dcat:accessURL": _node(publication.address),
        "dcat:downloadURL": _node(download.address),
        "dct:format": _node(f"{_AUTHORITY}/file-type/{format}"),
        "dcat:mediaType": _node(f"https://www.iana.org/assignments/media-types/{mediatype}"),
        "dct:license": _node(publication.licence.identifier),
        "dct:issued": _typed(publication.published, "dateTime"),
        "dcat:byteSize": _typed(str(len(download.content)), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _node("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            "spdx:checksumValue": _typed(hashlib.sha256(download.content).hexdigest(), "hexBinary"),
        },
        **(attribution if publication.licence.attribution else {}),
    }


def _publisher(publication: Publication) -> str:
    return publication.publisher or f"Willkommenskompass {publication.release.region_name}"


def _node(address: str) -> dict[str, str]:
    return {"@id": address}


def _text(text: str, language: str = "de") -> dict[str, str]:
    return {"@value": text, "@language": language}


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}
