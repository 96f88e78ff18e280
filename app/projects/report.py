"""The factual report (Sachbericht): what stands on a project's page, in words for three kinds of file."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from app.projects.amounts import PER_CENT, written
from app.projects.models import Project
from app.projects.standing import Reached, Standing
from app.uploads.office import MEDIA_TYPES
from app.web.formats import long_date
from reports.documents import project as documents
from reports.tables import project as tables

KINDS = ("docx", "pdf", "xlsx")


def made(shown: Standing, euros: str, language: str, kind: str) -> tuple[bytes, str]:
    """The report's bytes and their media type; ``kind`` is docx, pdf or xlsx."""
    content = documents.Report(
        title=_("Sachbericht: %(title)s", title=shown.project.title),
        language=language,
        author=current_app.config["KOMPASS"].operator_name or "Willkommenskompass",
        day=shown.day,
        demonstration=_demonstration(),
        facts=_facts(shown, euros),
        lead=_lead(shown),
        caption=_("Indikatoren am %(day)s", day=long_date(shown.day)),
        header=[_("Indikator"), _("Zielwert"), _("Wert"), _("erreicht"), _("Nachweis")],
        rows=[_line(one) for one in shown.reached],
        others_heading=_("Weitere Zahlen aus dem Dienst"),
        others_header=[_("Zahl"), _("Wert"), _("Anmerkung")],
        others=[(name, documents.Amount(figure.value), figure.note) for name, figure in shown.others],
    )
    if kind == "xlsx":
        return tables.workbook(content, _("Bericht"), _("Indikatoren")), MEDIA_TYPES[kind]
    if kind == "docx":
        return documents.docx(content, written), MEDIA_TYPES[kind]
    return documents.pdf(content, written), "application/pdf"


def _line(one: Reached) -> documents.Line:
    unit = one.indicator.unit
    target, value = documents.Amount(one.indicator.target, unit), documents.Amount(one.value, unit)
    return one.indicator.title, target, value, documents.Amount(one.per_cent, PER_CENT), one.evidence


def term(project: Project) -> str:
    """The term in words: as entered, else from its days."""
    days = _("%(first)s bis %(last)s", first=long_date(project.begins), last=long_date(project.ends))
    return project.term or days


def _facts(shown: Standing, euros: str) -> list[tuple[str, str]]:
    project = shown.project
    facts = [
        (_("Fonds oder Förderprogramm"), project.fund),
        (_("Fördersumme"), euros),
        (_("Laufzeit"), term(project)),
        (_("Handlungsfelder"), "; ".join(project.areas.splitlines())),
        (_("Stand"), long_date(shown.day)),
        (_("Quelle"), project.source),
    ]
    return [(label, text) for label, text in facts if text]


def _lead(shown: Standing) -> str:
    if not shown.reached:
        return _("Für dieses Projekt ist kein Indikator mit Zielwert eingetragen.")
    done = sum((one.per_cent or 0) >= 100 for one in shown.reached)
    return _("%(done)s von %(all)s Zielwerten sind erreicht.", done=done, all=len(shown.reached))


def _demonstration() -> str:
    return _("Demonstrationsdaten: Die Antworten sind erfunden.") if current_app.config["DEMO"] else ""
