"""The record of a hand-in: every answer as it was signed, by whom, and the checksum that proves it."""

from __future__ import annotations

from questionnaires.catalogue import Catalogue
from questionnaires.handed_in import HandedAnswer, HandedEvidence, HandedIn
from reports import fonts
from reports.documents.content import SHORT, Content
from reports.wording import NOTHING, Wording

MARKS = ("regulated", "lived", "visible")


def content(signed: HandedIn, catalogue: Catalogue, wording: Wording) -> Content:
    """The document as plain data; answers stand in the order of the catalogue, below their dimensions."""
    answers = {answer.criterion: answer for answer in signed.answers}
    return {
        "frame": _frame(signed, catalogue, wording),
        "title": wording("handed_in.title"),
        "subtitle": wording("handed_in.subtitle", municipality=signed.municipality_name, round=signed.round_title),
        "notices": [wording("frame.demo_note")] if signed.demonstration else [],
        "facts": _facts(signed, wording),
        "checksum_note": wording("handed_in.checksum_note"),
        "dimensions": [
            {
                "heading": f"{dimension.id} {dimension.title[wording.language]}",
                "criteria": [
                    {
                        "heading": f"{criterion.id} {criterion.title[wording.language]}",
                        **_answer(answers.get(criterion.id), catalogue, wording),
                    }
                    for criterion in catalogue.criteria_of(dimension.id)
                ],
            }
            for area in catalogue.areas
            for dimension in catalogue.dimensions_of(area.id)
        ],
    }


def _frame(signed: HandedIn, catalogue: Catalogue, wording: Wording) -> Content:
    return {
        "title": f"{wording('handed_in.title')}: {signed.municipality_name}",
        "author": signed.municipality_name,
        "language": wording.language,
        "service": wording("frame.service"),
        "round": signed.round_title,
        "demo": wording("frame.demo") if signed.demonstration else None,
        "draft": wording("frame.draft") if catalogue.status == "draft" else None,
        "release": wording("handed_in.checksum", sha=signed.sha256[:SHORT]),
        "method": wording("handed_in.catalogue", version=signed.catalogue_version),
        "page": wording("frame.page"),
        "of": wording("frame.of"),
        "family": fonts.FAMILIES,
    }


def _facts(signed: HandedIn, wording: Wording) -> list[list[str]]:
    consent = "handed_in.consented" if signed.consented else "handed_in.not_consented"
    return [
        [wording("handed_in.signed_by"), f"{signed.signed_name}, {signed.signed_function}"],
        [wording("handed_in.at"), wording.date(signed.handed_in_at[:10])],
        [wording("handed_in.number"), str(signed.number)],
        [wording("handed_in.names"), wording(consent)],
        [wording("handed_in.sha256"), signed.sha256],
    ]


def _answer(answer: HandedAnswer | None, catalogue: Catalogue, wording: Wording) -> Content:
    if answer is None or (answer.level is None and not answer.not_applicable):
        return {"level": wording("handed_in.open"), "lines": _lines(answer, wording), "evidence": []}
    return {
        "level": _level(answer, catalogue, wording),
        "lines": _lines(answer, wording),
        "evidence": [_evidence(piece, wording) for piece in answer.evidence],
    }


def _level(answer: HandedAnswer, catalogue: Catalogue, wording: Wording) -> str:
    if answer.level is None:
        return wording("handed_in.not_applicable")
    name = catalogue.levels[answer.level].name[wording.language]
    stated = wording("handed_in.level", level=answer.level, name=name)
    if answer.counted == answer.level:
        return stated
    return f"{stated} {wording('handed_in.counted', level=NOTHING if answer.counted is None else answer.counted)}"


def _lines(answer: HandedAnswer | None, wording: Wording) -> list[str]:
    if answer is None:
        return []
    plan = ", ".join(part for part in (answer.responsible, wording.date(answer.due) if answer.due else "") if part)
    marks = ", ".join(wording(f"handed_in.{mark}") for mark in MARKS if getattr(answer, mark))
    labelled = (("handed_in.plan", plan), ("handed_in.marks", marks))
    return [*answer.reason.split("\n"), *(wording(key, text=text) for key, text in labelled if text)]


def _evidence(piece: HandedEvidence, wording: Wording) -> str:
    file = f"{piece.file_name} (SHA-256 {piece.sha256})" if piece.sha256 else ""
    content = piece.address or piece.body or file
    return wording("handed_in.evidence", title=piece.title, day=wording.date(piece.dated), content=content)
