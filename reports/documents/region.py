"""What stands in the public report of the region: spreads and means, no ranking, no municipality by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.documents import context, states, voices, worth
from reports.documents.content import (
    Content,
    Order,
    asked,
    figure,
    frame,
    kicker,
    method,
    notices,
    paper_figure,
    screen_table,
    section,
    table,
)
from reports.figures import (
    caterpillar,
    changes,
    distribution,
    dumbbell,
    funnel,
    heatmap,
    level_counts,
    participation,
    places,
    profile,
    region_profile,
    tile_map,
)
from reports.figures.drawing import Table
from scoring.release import RegionIndicator

MOST = 3


def content(order: Order) -> Content:
    """The whole report as data."""
    release, wording = order.release, order.wording
    title = wording("region.title", region=release.region_name)
    sections: list[Callable[[Order], Content | None]]
    sections = [
        _participation,
        _profile,
        _heat,
        _newcomers,
        _voices,
        _groups,
        _priorities,
        _pairs,
        _beside,
        states.state_section,
        _changes,
        _levels,
        worth.region_section,
    ]
    return {
        "frame": frame(order, title, wording("frame.author", region=release.region_name)),
        "cover": _cover(order, title),
        "sections": [found for make in sections if (found := make(order))],
        "criteria": None,
        "limits": None,
        "method": method(order),
    }


def _cover(order: Order, title: str) -> Content:
    wording, region = order.wording, order.release.region_name
    best, worst = _extremes(order)
    return {
        "kicker": kicker(order),
        "title": title,
        "subtitle": f"{wording('region.subtitle')}: {wording('region.subject')}",
        "notices": notices(order),
        "facts": _facts(order),
        "asked": {
            "heading": wording("municipal.asked_heading"),
            "text": asked(order, "region.asked", region=region),
        },
        "strengths": _list(order, "strengths", best),
        "gaps": _list(order, "gaps", worst),
        "steps": None,
        "caution": wording("region.caution"),
    }


def _facts(order: Order) -> list[Content]:
    wording, sheet = order.wording, order.release.region
    responses = wording("municipal.fact_responses_few") if sheet.responses is None else wording.number(sheet.responses)
    values = {
        "fact_invited": wording.number(sheet.invited),
        "fact_handed_in": wording.number(sheet.handed_in),
        "fact_responses": responses,
        "fact_with_results": wording.number(sheet.with_results),
    }
    return [{"value": value, "label": wording(f"region.{key}")} for key, value in values.items()]


def _items(order: Order) -> list[RegionIndicator]:
    return [score for score in order.release.region.outside_view if score.kind == "item"]


def _extremes(order: Order) -> tuple[list[RegionIndicator], list[RegionIndicator]]:
    """The items rated best and worst over all answers, never the same one in both; few places are no region."""
    known = [score for score in _items(order) if score.pooled is not None and score.typical is not None]
    known.sort(key=lambda score: (-(score.pooled or 0.0), score.indicator))
    most = min(MOST, len(known) // 2)
    return known[:most], known[::-1][:most]


def _list(order: Order, name: str, scores: Sequence[RegionIndicator]) -> Content:
    wording = order.wording
    entries = [{"title": _item_text(order, score), "text": _sentence(order, score)} for score in scores]
    note = None if entries else wording("region.no_findings")
    return {"heading": wording(f"region.{name}"), "entries": entries, "note": note}


def _item_text(order: Order, score: RegionIndicator) -> str:
    return order.release.catalogue.item(score.indicator).text[order.wording.language]


def _sentence(order: Order, score: RegionIndicator) -> str:
    wording = order.wording
    interval = wording.interval(score.pooled_low, score.pooled_high)
    base = wording("municipal.finding.base", interval=interval, n=wording.counted("answers", score.n or 0))
    return wording("region.item_finding", score=wording.number(score.pooled), base=base)


def _participation(order: Order) -> Content:
    release, wording = order.release, order.wording
    counts = {
        key: wording.counted("municipalities", getattr(release.region, key))
        for key in ("invited", "handed_in", "with_results")
    }
    lead = wording("region.participation.lead", **counts)
    groups = [
        wording("region.participation.group", name=group.name, n=len(group.members)) for group in release.peer_groups
    ]
    notes = [wording("region.participation.groups", names=wording.listing(groups))] if groups else []
    for group in release.peer_groups:
        if group.note:
            notes.append(wording("region.participation.group_note", name=group.name, note=group.note))
    map_, drawings = tile_map.draw(release, wording.language), []
    if release.region.participation:
        drawings.append(participation.draw(release, wording.language))
    return section(
        wording("region.participation.heading"),
        [lead],
        figures=[paper_figure(map_), *(figure(drawing) for drawing in drawings)],
        tables=[
            table(_districts(order), ["1fr", "80pt", "80pt", "140pt"]),
            screen_table(map_, words=(0, 1, 2)),
            *(screen_table(drawing) for drawing in drawings),
        ],
        notes=notes,
    )


def _districts(order: Order) -> Table:
    release, wording = order.release, order.wording
    rows = []
    for district in release.districts:
        members = [municipality for municipality in release.municipalities if municipality.district == district.ags]
        numbers = (
            len(members),
            sum(municipality.participates for municipality in members),
            sum(municipality.population for municipality in members),
        )
        rows.append((district.name, *(wording.number(number) for number in numbers)))
    header = ("district", "municipalities", "participating", "population")
    head = tuple(wording(f"region.participation.header.{key}") for key in header)
    return Table(wording("region.participation.caption"), head, tuple(rows))


def _profile(order: Order) -> Content:
    drawing = region_profile.draw(order.release, order.wording.language)
    return section(
        order.wording("region.profile.heading"),
        [order.wording("region.profile.lead")],
        figures=[figure(drawing)],
        tables=[table(drawing.table, ["1fr", "60pt", "60pt", "66pt", "92pt"])],
    )


def _heat(order: Order) -> Content | None:
    """Municipalities by dimensions, those that agreed; ``None`` while nobody shows a self-assessment."""
    release, wording = order.release, order.wording
    sheets = list(release.public.values())
    if not heatmap.by_name(release, sheets):
        return None
    drawing = heatmap.draw(release, sheets, release.region_name, wording.language)
    keys = [f"{d.id} {d.title[wording.language]}" for d in release.catalogue.dimensions]
    part = section(
        wording("heat.heading"),
        [wording("heat.lead"), wording("district.keys", keys="; ".join(keys))],
        figures=[figure(drawing)],
        tables=[screen_table(drawing)],
        notes=[drawing.alternative],
    )
    return part | {"float": True}


def _voices(order: Order) -> Content | None:
    return voices.voices_section(order, None)


def _newcomers(order: Order) -> Content:
    release, wording = order.release, order.wording
    shown = [score for score in _items(order) if score.distribution]
    drawing = distribution.draw(release, shown, release.region_name, wording.language)
    part = section(
        wording("region.newcomers.heading"),
        [wording("region.newcomers.lead")],
        figures=[figure(drawing)] if shown else [],
        tables=[table(_two_values(order), ["1fr", "56pt", "76pt", "76pt", "62pt", "58pt"])],
        notes=[wording("region.newcomers.differs")],
    )
    return part | {"float": True}


def _two_values(order: Order) -> Table:
    wording = order.wording
    header = ("item", "n", "pooled", "typical", "half", "differs")
    rows = tuple(_two_values_row(order, score) for score in _items(order))
    head = tuple(wording(f"region.newcomers.header.{key}") for key in header)
    return Table(wording("region.newcomers.caption", region=order.release.region_name), head, rows)


def _two_values_row(order: Order, score: RegionIndicator) -> tuple[str, ...]:
    wording = order.wording
    pooled = wording.interval(score.pooled_low, score.pooled_high)
    typical = wording.interval(score.typical_low, score.typical_high)
    differs = {True: "region.newcomers.yes", False: "region.newcomers.no"}
    return (
        f"{score.indicator} {_item_text(order, score)}",
        wording.number(score.n),
        dumbbell.estimate(wording.number(score.pooled), pooled),
        dumbbell.estimate(wording.number(score.typical), typical),
        profile.middle_half(score.spread, wording),
        wording(differs[score.differs]) if score.differs is not None else wording.number(None),
    )


def _groups(order: Order) -> Content | None:
    release = order.release
    return context.group_section(order, release.region.groups, release.region_name, release.region.responses)


def _priorities(order: Order) -> Content | None:
    return context.priority_section(order, None)


def _beside(order: Order) -> Content | None:
    """The municipalities without names; ``None`` where fewer than two may be shown."""
    release, wording = order.release, order.wording
    if len(places.points(release, None)) < 2:
        return None
    drawings = [caterpillar.draw(release, None, wording.language)]
    if release.region.funnel:
        drawings.append(funnel.draw(release, None, wording.language))
    return section(
        wording("beside.heading"),
        [wording("beside.lead")],
        figures=[figure(drawing) for drawing in drawings],
        tables=[screen_table(drawing) for drawing in drawings],
        notes=[drawing.alternative for drawing in drawings],
    )


def _changes(order: Order) -> Content | None:
    """Mean changes since the round before; ``None`` in a first round."""
    wording = order.wording
    if not order.release.region.changes:
        return None
    drawing = changes.draw_region(order.release, wording.language)
    return section(
        wording("changes.heading"),
        [wording("changes.lead")],
        figures=[figure(drawing)],
        tables=[screen_table(drawing)],
        notes=[drawing.alternative],
    )


def _pairs(order: Order) -> Content:
    wording = order.wording
    drawing = dumbbell.draw_region(order.release, wording.language)
    known = any(pair.gap_mean is not None for pair in order.release.region.pairs)
    fields = states.quadrant_table(order)
    return section(
        wording("region.pairs.heading"),
        [wording("region.pairs.lead"), wording("municipal.pairs.reason")],
        figures=[figure(drawing)] if known else [],
        tables=[
            *([table(drawing.table, ["1fr", "62pt", "64pt", "64pt", "90pt"])] if known else []),
            *([fields] if fields else []),
        ],
        notes=[*([] if known else [drawing.alternative]), *([wording("municipal.pairs.quadrants")] if fields else [])],
    )


def _levels(order: Order) -> Content:
    wording, catalogue = order.wording, order.release.catalogue
    drawings = [level_counts.draw(order.release, area.id, wording.language) for area in catalogue.areas]
    widths = ["1fr", "48pt", "48pt", "50pt", "50pt", "54pt", "50pt"]
    return section(
        wording("region.levels.heading"),
        [wording("region.levels.lead")],
        figures=[figure(drawing) for drawing in drawings],
        tables=[table(drawing.table, widths) for drawing in drawings],
    )
