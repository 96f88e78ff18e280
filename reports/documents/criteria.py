"""Every criterion of a municipality: its level, what it means, the evidence behind it, and the agency's mark."""

from __future__ import annotations

from reports.documents.content import Content, Order
from scoring.release import Backing, SelfScore, UnitSheet


def criterion_scores(sheet: UnitSheet) -> list[SelfScore]:
    """The self-assessment's criteria in catalogue order."""
    return [score for score in sheet.self_view if score.kind == "criterion"]


def criteria(order: Order, sheet: UnitSheet) -> Content:
    """The table, grouped by dimension; the column of evidence only where evidence was asked for."""
    wording, catalogue = order.wording, order.release.catalogue
    known = {score.node: score for score in criterion_scores(sheet)}
    backed = any(score.backing for score in known.values())
    groups = []
    for dimension in catalogue.dimensions:
        rows = [_row(order, known[c.id], backed) for c in catalogue.criteria_of(dimension.id) if c.id in known]
        title = f"{dimension.id} {dimension.title[wording.language]}"
        groups.append({"title": title, "caption": wording("municipal.criteria.caption", title=title), "rows": rows})
    keys = ("criterion", "level", "meaning", *(("evidence",) if backed else ()))
    return {
        "heading": wording("municipal.criteria.heading"),
        "lead": [
            wording("municipal.criteria.lead"),
            wording(f"municipal.criteria.{'backed' if backed else 'unbacked'}"),
        ],
        "header": [wording(f"municipal.criteria.header.{key}") for key in keys],
        "groups": [group for group in groups if group["rows"]],
    }


def _row(order: Order, score: SelfScore, backed: bool) -> Content:
    wording = order.wording
    criterion = order.release.catalogue.criterion(score.node)
    row: Content = {
        "title": f"{criterion.id} {criterion.title[wording.language]}",
        "core": wording("municipal.criteria.core") if criterion.core else None,
        "level": score.level,
        "backing": backing_text(order, score.backing) if backed else None,
    }
    if score.level is None:
        status = "unanswered" if score.status in ("published", "insufficient") else score.status
        return row | {"name": wording(f"self_status.{status}"), "text": "–"}
    name = order.release.catalogue.levels[score.level].name[wording.language]
    return row | {"name": f"{score.level} {name}", "text": criterion.levels[score.level][wording.language]}


def backing_text(order: Order, backing: Backing | None) -> str:
    """Number and kinds of evidence, the mark of a level that is only claimed, and what the agency says."""
    wording = order.wording
    if backing is None:
        return wording.number(None)
    known = wording.section("evidence.kinds")
    kinds = [known.get(kind, kind) for kind in backing.evidence_kinds]
    text = wording.counted("evidence.pieces", backing.evidence)
    if kinds:
        text = ", ".join(kinds) if len(kinds) == backing.evidence else f"{text} ({', '.join(kinds)})"
    parts = [text]
    if backing.self_report:
        parts.append(wording("evidence.self_report", level=wording.number(backing.claimed)))
    if backing.validation != "none":
        parts.append(wording(f"evidence.validation.{backing.validation}"))
    return "; ".join(parts)
