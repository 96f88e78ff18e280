"""What stands in the report of one municipality."""

from __future__ import annotations

from reports.documents import context, steps, voices, worth
from reports.documents.commitment import commitment_section
from reports.documents.content import (
    Content,
    Order,
    asked,
    figure,
    frame,
    kicker,
    method,
    notices,
    parameter,
    section,
    table,
)
from reports.documents.criteria import criteria, criterion_scores
from reports.documents.findings import Finding, Findings
from reports.figures import distribution, dumbbell, profile, quadrant
from reports.figures.drawing import Table
from reports.wording import Wording
from scoring.release import OutsideScore, Release, UnitSheet

IMPLEMENTED = 2


def content(order: Order, sheet: UnitSheet, *, own: bool) -> Content:
    """The whole report as data; chapters without numbers shrink to the sentence that says so."""
    release, wording = order.release, order.wording
    name = release.municipality(sheet.ags).name
    sections = [
        _profile(order, sheet, name),
        _pairs(order, sheet) if has_self_view(sheet) and has_outside_view(sheet) else None,
        context.answered_section(order, sheet),
        _newcomers(order, sheet, name),
        context.place_section(order, sheet),
        context.priority_section(order, sheet),
        context.group_section(order, sheet.groups, name, sheet.responses),
        voices.voices_section(order, sheet),
        context.change_section(order, sheet) if _said(sheet) else None,
        steps.goal_section(order, sheet),
        steps.neighbour_section(order, sheet),
        commitment_section(order, sheet, own=own),
    ]
    return {
        "frame": frame(
            order, wording("municipal.title", name=name), wording("frame.author", region=release.region_name)
        ),
        "cover": _cover(order, sheet, name, own=own),
        "sections": [found for found in sections if found],
        "criteria": criteria(order, sheet) if has_self_view(sheet) else None,
        "limits": _limits(order, sheet),
        "method": method(order),
    }


def has_self_view(sheet: UnitSheet) -> bool:
    """Whether there is anything to show of the self-assessment."""
    return any(score.status == "published" for score in sheet.self_view)


def has_outside_view(sheet: UnitSheet) -> bool:
    """Whether there is any number of the newcomers, be it only a hint."""
    return any(score.status != "suppressed" for score in sheet.outside_view)


def _said(sheet: UnitSheet) -> bool:
    return has_self_view(sheet) or has_outside_view(sheet)


def _cover(order: Order, sheet: UnitSheet, name: str, *, own: bool) -> Content:
    wording = order.wording
    findings = Findings(order.release, sheet, wording)
    said, gaps = _said(sheet), findings.gaps()
    return {
        "kicker": kicker(order),
        "title": wording("municipal.title", name=name),
        "subtitle": f"{wording('municipal.subtitle', name=name)}: {wording('municipal.subject')}",
        "notices": notices(order) + ([wording("frame.own")] if own else []),
        "facts": facts(order, sheet),
        "asked": {"heading": wording("municipal.asked_heading"), "text": asked(order, "municipal.asked", name=name)},
        "strengths": _list(wording, "strengths", findings.strengths()) if said else None,
        "gaps": _list(wording, "gaps", gaps) if said else None,
        "steps": _steps(order, sheet, gaps) if said else None,
        "caution": wording(f"municipal.{_caution(sheet)}"),
    }


def _caution(sheet: UnitSheet) -> str:
    if has_outside_view(sheet):
        return "caution"
    return "caution_self" if has_self_view(sheet) else "caution_none"


def _list(wording: Wording, name: str, findings: list[Finding]) -> Content:
    short = len(findings) < 3
    note = wording(f"municipal.{'fewer' if findings else 'no'}_{name}") if short else None
    entries = [{"title": finding.title, "text": finding.sentence} for finding in findings]
    return {"heading": wording(f"municipal.{name}"), "entries": entries, "note": note}


def _steps(order: Order, sheet: UnitSheet, gaps: list[Finding]) -> Content:
    found = steps.next_steps(order, sheet, [finding.subject for finding in gaps])
    return {
        "heading": order.wording("steps.heading"),
        "entries": [{"title": step.title, "text": step.sentence} for step in found],
        "note": None if found else order.wording("steps.none"),
    }


def facts(order: Order, sheet: UnitSheet) -> list[Content]:
    """The four numbers at the head: criteria judged, core criteria in place, answers, size of the peer group."""
    release, wording = order.release, order.wording
    levels = criterion_scores(sheet)
    core = [s for s in levels if release.catalogue.criterion(s.node).core and s.status != "not_applicable"]
    judged = sum(score.status in ("published", "not_applicable") for score in levels)
    found: list[Content] = []
    if levels and has_self_view(sheet):
        implemented = sum((score.level or 0) >= IMPLEMENTED for score in core)
        found.append(_share(wording, judged, len(levels), "fact_criteria"))
        found.append(_share(wording, implemented, len(core), "fact_core"))
    few = wording("municipal.fact_responses_few")
    responses = few if sheet.responses is None else wording.number(sheet.responses)
    found.append({"value": responses, "label": wording("municipal.fact_responses")})
    name, members = peer_group(release, sheet.ags)
    return [*found, {"value": wording.number(members), "label": wording("municipal.fact_peers", group=name)}]


def _share(wording: Wording, part: int, whole: int, label: str) -> Content:
    value = wording("municipal.of", n=wording.number(part), all=wording.number(whole))
    return {"value": value, "label": wording(f"municipal.{label}")}


def peer_group(release: Release, ags: str) -> tuple[str, int]:
    """Name and size of the municipality's peer group."""
    key = release.municipality(ags).peer_group
    group = next((group for group in release.peer_groups if group.id == key), None)
    return (group.name, len(group.members)) if group else (key, 0)


def _profile(order: Order, sheet: UnitSheet, name: str) -> Content:
    release, wording = order.release, order.wording
    if not has_self_view(sheet):
        return section(wording("municipal.profile.heading"), _no_profile(order, sheet, name))
    drawing = profile.draw(release, sheet, wording.language)
    group, members = peer_group(release, sheet.ags)
    return section(
        wording("municipal.profile.heading"),
        [wording("municipal.profile.lead", group=group, members=members)],
        figures=[figure(drawing)],
        tables=[table(drawing.table, ["1fr", "72pt", "62pt", "52pt", "62pt", "52pt"])],
        notes=_profile_notes(order, sheet),
    )


def _no_profile(order: Order, sheet: UnitSheet, name: str) -> list[str]:
    wording = order.wording
    reasons = [wording(f"municipal.profile.{'empty' if sheet.handed_in else 'missing'}", name=name)]
    return reasons + ([wording("municipal.profile.missing_then")] if has_outside_view(sheet) else [])


def _profile_notes(order: Order, sheet: UnitSheet) -> list[str]:
    wording = order.wording
    scores = profile.dimension_scores(sheet)
    above, below = profile.outside_middle_half(scores)
    notes = [
        _naming(order, key, [s.node for s in found]) for key, found in (("above", above), ("below", below)) if found
    ]
    if not notes and any(score.score is not None and score.peers for score in scores):
        notes.append(wording("municipal.profile.inside"))
    zero = sorted(
        {order.release.catalogue.criterion(s.node).dimension for s in criterion_scores(sheet) if s.level == 0}
    )
    if zero:
        notes.append(_naming(order, "zero", zero))
    left_out = sum(score.status == "not_applicable" for score in criterion_scores(sheet))
    if left_out:
        notes.append(wording.counted("municipal.profile.not_applicable", left_out))
    return notes + _group_note(order, sheet)


def _group_note(order: Order, sheet: UnitSheet) -> list[str]:
    key = order.release.municipality(sheet.ags).peer_group
    notes = [group.note for group in order.release.peer_groups if group.id == key and group.note]
    return [order.wording("municipal.profile.group_note", note=note) for note in notes]


def _naming(order: Order, key: str, dimensions: list[str]) -> str:
    titles = [order.release.catalogue.dimension(node).title[order.wording.language] for node in dimensions]
    return order.wording(
        f"municipal.profile.{key}",
        names=order.wording.listing([order.wording("quotes.text", text=title) for title in titles]),
    )


def _pairs(order: Order, sheet: UnitSheet) -> Content:
    release, wording = order.release, order.wording
    heading = wording("municipal.pairs.heading")
    if not dumbbell.both_views(sheet.pairs):
        return section(heading, [wording("municipal.pairs.none")])
    drawing = dumbbell.draw(release, sheet, wording.language)
    lead = wording("municipal.pairs.lead", pairs=wording.counted("dumbbell.pairs", len(sheet.pairs)))
    return section(
        heading,
        [lead, wording("municipal.pairs.reason")],
        figures=[figure(drawing), figure(quadrant.draw(release, sheet, wording.language))],
        tables=[table(drawing.table, ["1fr", "50pt", "92pt", "92pt", "94pt"], words=(0, 4))],
        notes=[wording("municipal.pairs.quadrants")],
    )


def _newcomers(order: Order, sheet: UnitSheet, name: str) -> Content:
    release, wording = order.release, order.wording
    heading = wording("municipal.newcomers.heading")
    needed = [wording("municipal.newcomers.needed", n=wording.counted("answers", sheet.needed))] if sheet.needed else []
    if not has_outside_view(sheet):
        return section(heading, [wording("municipal.newcomers.missing", name=name), *needed])
    lead = [wording("municipal.newcomers.lead", responses=_responses(order, sheet)), *needed]
    shown = [score for score in sheet.outside_view if score.kind == "item" and score.distribution]
    drawings = [figure(distribution.draw(release, shown, name, wording.language))] if shown else []
    part = section(
        heading, lead, figures=drawings, tables=_outside_tables(order, sheet, name), notes=_bands(order, sheet)
    )
    return part | {"float": True}


def _responses(order: Order, sheet: UnitSheet) -> str:
    """How many answered, and of how many, as far as either is known."""
    wording = order.wording
    if sheet.responses is None:
        return wording("municipal.fact_responses_few")
    count = wording.number(sheet.responses)
    if sheet.newcomers is None:
        return count
    return wording("responses.known", n=count, newcomers=wording.number(sheet.newcomers))


def _bands(order: Order, sheet: UnitSheet) -> list[str]:
    wording = order.wording
    notes = []
    if any(score.band != "none" for score in sheet.outside_view):
        margin = parameter(order.release.method, wording, "margin")
        notes.append(wording("municipal.newcomers.bands", margin=margin))
    if unlike := _without_signal(order, sheet):
        notes.append(wording("municipal.newcomers.no_signal", names=wording.listing(unlike)))
    if any(score.status == "coarse" for score in sheet.outside_view):
        notes.append(wording("municipal.newcomers.coarse"))
    if any(score.homogeneous for score in sheet.outside_view):
        notes.append(wording("municipal.newcomers.homogeneous"))
    return notes + worth.municipal_notes(order, sheet)


def _without_signal(order: Order, sheet: UnitSheet) -> list[str]:
    """Questions on which municipalities do not differ recognisably, so that nobody is compared; the shown ones."""
    alike = {score.indicator for score in order.release.region.outside_view if score.differs is False}
    items = (score for score in sheet.outside_view if score.kind == "item" and score.status == "published")
    return [score.indicator for score in items if score.indicator in alike]


def _outside_tables(order: Order, sheet: UnitSheet, name: str) -> list[Content]:
    wording = order.wording
    items = [score for score in sheet.outside_view if score.kind == "item" and score.status != "suppressed"]
    wholes = [score for score in sheet.outside_view if score.kind != "item" and score.status != "suppressed"]
    widths = ["1fr", "54pt", "48pt", "68pt", "50pt", "88pt"]
    tables = []
    for kind, scores, caption in (("item", items, "caption"), ("dimension", wholes, "dimension_caption")):
        header = (kind, "n", "score", "interval", "region", "band")
        head = tuple(wording(f"municipal.newcomers.header.{key}") for key in header)
        rows = tuple(_outside_row(order, score) for score in scores)
        if rows:
            data = Table(wording(f"municipal.newcomers.{caption}", name=name), head, rows)
            tables.append(table(data, widths, words=(0, 5)))
    return tables


def _outside_row(order: Order, score: OutsideScore) -> tuple[str, ...]:
    wording = order.wording
    text = "coarse" if score.status == "coarse" else "homogeneous" if score.homogeneous else None
    value = wording.number(score.score)
    return (
        indicator_title(order, score),
        wording.number(score.n),
        wording(f"outside_status.{text}", score=value) if text else value,
        wording.interval(score.low, score.high),
        profile.median_of(score.region, wording),
        wording(f"bands.{score.band}"),
    )


def indicator_title(order: Order, score: OutsideScore) -> str:
    """The item's own text, the dimension's title, or the name of the whole."""
    catalogue, language = order.release.catalogue, order.wording.language
    if score.kind == "item":
        return f"{score.indicator} {catalogue.item(score.indicator).text[language]}"
    if score.kind == "dimension":
        return f"{score.indicator} {catalogue.dimension(score.indicator).title[language]}"
    return order.wording("municipal.newcomers.overall")


def _limits(order: Order, sheet: UnitSheet) -> Content:
    wording = order.wording
    items = [score for score in sheet.outside_view if score.kind == "item"]
    suppressed = [score.indicator for score in items if score.status == "suppressed"]
    notes = []
    if suppressed or not items:
        everything = len(suppressed) == len(items)
        key = "suppressed_all" if everything else "suppressed"
        notes.append(wording(f"municipal.limits.{key}", names=wording.listing(suppressed) if suppressed else ""))
    for key, names in _open_ends(sheet).items():
        if names:
            notes.append(wording(f"municipal.limits.{key}", names=wording.listing(names)))
    notes.append(wording("municipal.limits.not_representative"))
    notes.append(wording("municipal.limits.causes"))
    return {
        "heading": wording("municipal.limits.heading"),
        "lead": [wording("municipal.limits.lead")],
        "entries": notes,
    }


def _open_ends(sheet: UnitSheet) -> dict[str, list[str]]:
    judged = criterion_scores(sheet) if has_self_view(sheet) else []
    dimensions = profile.dimension_scores(sheet) if has_self_view(sheet) else []
    return {
        "unanswered": [score.node for score in judged if score.status == "unanswered"],
        "insufficient": [score.node for score in dimensions if score.status == "insufficient"],
        "open": [score.indicator for score in sheet.outside_view if score.kind == "item" and score.band == "open"],
        "undecided": [pair.criterion for pair in dumbbell.both_views(sheet.pairs) if pair.quadrant == "undecided"],
    }
