"""A round's microdata described as DDI-Codebook 2.5, from the same codebook as the files.

Source: https://ddialliance.org/Specification/DDI-Codebook/2.5/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from reports.tables.microdata import CSV
from reports.tables.responses import MicroCodebook, MicroVariable

NAMESPACE = "ddi:codebook:2_5"
FILE = "codebuch-ddi.xml"


@dataclass(frozen=True)
class Study:
    """What the description says of the round: its key, title, window, region, producer, and whether it is invented."""

    key: str
    title: str
    opens: str
    closes: str
    region: str
    producer: str
    made_at: str
    demonstration: bool


def ddi(codebook: MicroCodebook, study: Study, rows: int, counts: Mapping[str, Mapping[int | str, int]]) -> bytes:
    """The codebook as XML; ``counts`` has the number of each code by variable."""
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", "xml:lang": "de"})
    _document(root, study)
    _study(root, codebook, study)
    _file(root, codebook, rows)
    data = SubElement(root, "dataDscr")
    for number, variable in enumerate(codebook.variables, start=1):
        _variable(data, number, variable, counts.get(variable.name, {}))
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _document(root: Element, study: Study) -> None:
    citation = SubElement(SubElement(root, "docDscr"), "citation")
    title = SubElement(citation, "titlStmt")
    _add(title, "titl", f"Codebuch: {study.title}")
    _add(title, "IDNo", f"ddi-{study.key}")
    _add(SubElement(citation, "prodStmt"), "prodDate", study.made_at, {"date": study.made_at[:10]})


def _study(root: Element, codebook: MicroCodebook, study: Study) -> None:
    described = SubElement(root, "stdyDscr")
    citation = SubElement(described, "citation")
    title = SubElement(citation, "titlStmt")
    _add(title, "titl", f"Willkommenskompass {study.region}: {study.title}")
    _add(title, "IDNo", study.key)
    _add(SubElement(citation, "rspStmt"), "AuthEnty", study.producer)
    info = SubElement(described, "stdyInfo")
    invented = "Demonstrationsdaten: Alle Antworten sind erfunden. " if study.demonstration else ""
    _add(
        info,
        "abstract",
        f"{invented}Anonyme Rückmeldungen neu Zugezogener zu {len(codebook.catalogue.items)} Aussagen über ihr "
        f"Ankommen; Kriterienkatalog {codebook.catalogue.id} {codebook.catalogue.version}. Enthalten ist nur, was "
        "in die Auswertung eingeht.",
    )
    summary = SubElement(info, "sumDscr")
    _add(summary, "collDate", study.opens, {"event": "start", "date": study.opens})
    _add(summary, "collDate", study.closes, {"event": "end", "date": study.closes})
    _add(summary, "nation", "Deutschland", {"abbr": "DE"})
    _add(summary, "geogCover", study.region)
    _add(summary, "anlyUnit", "Person")
    _add(summary, "universe", "Personen, die in eine Kommune der Region gezogen sind")
    collection = SubElement(SubElement(described, "method"), "dataColl")
    _add(collection, "sampProc", "Selbstselektion: offener Aufruf und Einladung; keine Zufallsstichprobe")
    _add(collection, "collMode", "Webformular und Papierbogen")
    use = SubElement(SubElement(described, "dataAccs"), "useStmt")
    _add(
        use,
        "confDec",
        "Nur für die Agentur. Einzelne Antworten dürfen nicht weitergegeben werden.",
        {"required": "yes"},
    )


def _file(root: Element, codebook: MicroCodebook, rows: int) -> None:
    text = SubElement(SubElement(root, "fileDscr", {"ID": "F1", "URI": CSV}), "fileTxt")
    _add(text, "fileName", CSV)
    dimensions = SubElement(text, "dimensns")
    _add(dimensions, "caseQnty", str(rows))
    _add(dimensions, "varQnty", str(len(codebook.variables)))
    _add(text, "fileType", "text/csv; charset=utf-8")


def _variable(data: Element, number: int, variable: MicroVariable, counts: Mapping[int | str, int]) -> None:
    interval = {"intrvl": "discrete"} if variable.labels else {"intrvl": "contin"}
    found = SubElement(data, "var", {"ID": f"V{number}", "name": variable.name, "files": "F1", **interval})
    _add(found, "labl", variable.label)
    if variable.question:
        _add(SubElement(found, "qstn"), "qstnLit", variable.question)
    if variable.missing:
        invalid = SubElement(found, "invalrng")
        for missing in variable.missing:
            SubElement(invalid, "item", {"VALUE": str(missing)})
    for code, label in variable.labels:
        category = SubElement(found, "catgry", {"missing": "Y"} if code in variable.missing else {})
        _add(category, "catValu", str(code))
        _add(category, "labl", label)
        _add(category, "catStat", str(counts.get(code, 0)), {"type": "freq"})
    SubElement(found, "varFormat", {"type": "character" if variable.kind == "text" else "numeric"})


def _add(parent: Element, name: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
    SubElement(parent, name, dict(attributes or {})).text = text
