"""One page for the council: where the municipality stands, what it does well, where to begin, what it set out to do."""

from __future__ import annotations

from reports.documents import steps
from reports.documents.commitment import lines
from reports.documents.content import Content, Order, frame, kicker, notices, table
from reports.documents.findings import Findings
from reports.documents.municipal import facts, has_outside_view, has_self_view, peer_group
from reports.figures.drawing import Table
from reports.figures.profile import dimension_scores, median_of, middle_half
from scoring.release import UnitSheet

MOST_GOALS = 3


def content(order: Order, sheet: UnitSheet) -> Content:
    """The page as data; PDF and DOCX are made from the same."""
    release, wording = order.release, order.wording
    name = release.municipality(sheet.ags).name
    found = Findings(release, sheet, wording)
    strengths, gaps = found.strengths(), found.gaps()
    said = has_self_view(sheet) or has_outside_view(sheet)
    lists = [
        _list(order, "municipal.strengths", [f.title for f in strengths], [f.sentence for f in strengths]),
        _list(order, "municipal.gaps", [f.title for f in gaps], [f.sentence for f in gaps]),
    ]
    following = steps.next_steps(order, sheet, [finding.subject for finding in gaps])
    lists.append(_list(order, "steps.heading", [s.title for s in following], [s.sentence for s in following]))
    lists.append(_goals(order, sheet))
    return {
        "frame": frame(order, wording("council.title", name=name), wording("frame.author", region=release.region_name)),
        "kicker": kicker(order),
        "title": wording("council.title", name=name),
        "notices": notices(order),
        "facts": facts(order, sheet),
        "lines": [[wording(f"council.{key}"), text] for key, text in lines(order, sheet).items()],
        "lead": _lead(order, sheet),
        "tables": [_table(order, sheet)] if has_self_view(sheet) else [],
        "lists": [entry for entry in lists if entry["entries"]] if said else [],
        "caution": wording("council.caution", sha=order.sha[:12], version=release.method.version),
    }


def _lead(order: Order, sheet: UnitSheet) -> str:
    """What the values are made of, as far as there are any."""
    views = {(True, True): "both", (True, False): "self", (False, True): "newcomers"}
    found = views.get((has_self_view(sheet), has_outside_view(sheet)))
    if found is None:
        return order.wording("council.nothing")
    asked, group = order.wording(f"council.{found}"), peer_group(order.release, sheet.ags)[0]
    return order.wording("council.lead", asked=asked, group=group)


def _list(order: Order, heading: str, titles: list[str], texts: list[str]) -> Content:
    entries = [{"title": title.rstrip("."), "text": text} for title, text in zip(titles, texts, strict=True)]
    return {"heading": order.wording(heading), "entries": entries}


def _goals(order: Order, sheet: UnitSheet) -> Content:
    wording, catalogue = order.wording, order.release.catalogue
    goals = sorted(sheet.goals, key=lambda goal: (goal.set_in, goal.criterion))[-MOST_GOALS:]
    titles = [catalogue.criterion(goal.criterion).title[wording.language] for goal in goals]
    states = {True: "reached", False: "missed", None: "open"}
    texts = [
        wording(
            "council.goal",
            measure=goal.measure.rstrip("."),
            target=wording.number(goal.target),
            due=wording.date(goal.due),
            state=wording(f"goals.{states[goal.reached]}"),
        )
        for goal in goals
    ]
    return _list(order, "goals.heading", titles, texts)


def _table(order: Order, sheet: UnitSheet) -> Content:
    wording, catalogue = order.wording, order.release.catalogue
    outside = {s.indicator: s for s in sheet.outside_view if s.kind == "dimension" and s.status == "published"}
    rows = []
    for score in dimension_scores(sheet):
        newcomers = outside.get(score.node)
        rows.append(
            (
                f"{score.node} {catalogue.dimension(score.node).title[wording.language]}",
                wording.number(score.score),
                median_of(score.peers, wording),
                middle_half(score.peers, wording),
                wording.number(newcomers.score if newcomers else None),
            )
        )
    header = tuple(wording(f"council.header.{key}") for key in ("dimension", "own", "peers", "half", "newcomers"))
    return table(Table(wording("council.caption"), header, tuple(rows)), ["1fr", "62pt", "72pt", "72pt", "80pt"])
