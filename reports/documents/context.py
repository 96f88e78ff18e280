"""What surrounds the numbers: the others, what matters, groups of newcomers, earlier rounds, who answered."""

from __future__ import annotations

from reports.documents.content import Content, Order, figure, screen_table, section, table
from reports.figures import caterpillar, course, funnel, groups, places, priorities, trend
from reports.figures.drawing import Table
from scoring.release import Change, Group, UnitSheet

MOST_IMPORTANT = 8
TALL = 14
"""A figure of more rows than that leaves a page half empty where it does not fit; it may stand further on."""


def place_section(order: Order, sheet: UnitSheet) -> Content | None:
    """Where the overall score lies among those that may be shown; ``None`` while there is no such score."""
    wording, own = order.wording, places.overall(sheet)
    others = places.points(order.release, None)
    if own is None or own.low is None or len(others) < 2:
        return None
    drawings = [caterpillar.draw(order.release, sheet, wording.language)]
    if order.release.region.funnel:
        drawings.append(funnel.draw(order.release, sheet, wording.language))
    return section(
        wording("place.heading"),
        [wording("place.lead")],
        figures=[figure(drawing) for drawing in drawings],
        tables=[screen_table(drawing) for drawing in drawings],
        notes=[drawing.alternative for drawing in drawings[1:]],
    )


def priority_section(order: Order, sheet: UnitSheet | None) -> Content | None:
    """What matters much and is rated low; ``None`` while importance is not known."""
    wording = order.wording
    found = priorities.points(order.release, sheet)
    if not found:
        return None
    drawing = priorities.draw(order.release, sheet, wording.language)
    first = Table(drawing.table.caption, drawing.table.header, drawing.table.rows[:MOST_IMPORTANT])
    return section(
        wording("priorities.heading"),
        [wording("priorities.lead")],
        figures=[figure(drawing)],
        tables=[table(first, ["1fr", "70pt", "60pt"])],
        notes=[drawing.alternative],
    )


def group_section(order: Order, found: tuple[Group, ...], place: str, responses: int | None) -> Content | None:
    """What groups of newcomers say, and how large they are; ``None`` where no group is large enough."""
    wording = order.wording
    if not groups.scored(found):
        return None
    drawing = groups.draw(order.release, found, place, wording.language)
    keys = ("group", "n", "share", "region", "score", "outcome")
    header = tuple(wording(f"answered.header.{key}") for key in keys)
    rows = tuple(_group_row(order, group, responses) for group in found if group.scores)
    return section(
        wording("groups.heading"),
        [wording("groups.lead", minimum=wording.number(float(order.release.method.parameters["minimum_public"])))],
        figures=[figure(drawing)],
        tables=[table(Table(drawing.table.caption, header, rows), ["1fr", "60pt", "46pt", "52pt", "78pt", "88pt"])],
        notes=[drawing.alternative],
    )


def _group_row(order: Order, group: Group, responses: int | None) -> tuple[str, ...]:
    wording = order.wording
    outcomes = {item.id for item in order.release.catalogue.items if item.outcome}
    overall = next((s for s in group.scores if s.indicator == groups.OVERALL), None)
    outcome = next((s for s in group.scores if s.indicator in outcomes), None)
    return (*_share_row(order, group, responses), groups.estimate(overall, wording), groups.estimate(outcome, wording))


def _share_row(order: Order, group: Group, responses: int | None) -> tuple[str, ...]:
    """Name, number and share of a group, and its share in the region."""
    wording, region = order.wording, order.release.region
    everywhere = next((g.n for g in region.groups if (g.question, g.option) == (group.question, group.option)), None)
    return (
        f"{_short_question(order, group)}: {groups.option_text(order.release, group, wording)}",
        wording.number(group.n),
        wording.percent(group.n / responses if responses else None),
        wording.percent(everywhere / region.responses if everywhere and region.responses else None),
    )


def change_section(order: Order, sheet: UnitSheet) -> Content | None:
    """What changed since earlier rounds; ``None`` in a first round, a sentence where nothing compares."""
    wording, release = order.wording, order.release
    if not release.earlier:
        return None
    drawing = trend.draw(release, sheet, wording.language)
    if not trend.shown(sheet):
        return section(wording("trend.heading"), [drawing.alternative])
    rounds = sorted({row[1] for row in drawing.table.rows})
    since = [wording("trend.since", round=rounds[0])] if len(rounds) == 1 else []
    slopes = [change for change in sheet.changes if change.slope is not None]
    drawings = [drawing]
    if course.points(release, sheet):
        drawings.append(course.draw(release, sheet, wording.language))
    part = section(
        wording("trend.heading"),
        [wording("trend.lead"), *since, *_retranslated(order), *([] if slopes else [wording("trend.no_slope")])],
        figures=[figure(entry) for entry in drawings],
        tables=[_change_table(drawing.table, named=not since), *(screen_table(entry) for entry in drawings[1:])],
        notes=[entry.alternative for entry in drawings[1:]] + _slope_notes(order, slopes),
    )
    return part | {"float": len(drawing.table.rows) > TALL}


def _slope_notes(order: Order, slopes: list[Change]) -> list[str]:
    """The values whose trend over the rounds is beyond chance, up and down; the overall one has its own sentence."""
    wording = order.wording
    parts = [change for change in slopes if change.kind in ("item", "dimension") and change.view == "outside"]
    if not parts:
        return []
    up = [c for c in parts if c.slope_low is not None and c.slope_low > 0]
    down = [c for c in parts if c.slope_high is not None and c.slope_high < 0]
    named = {"up": _slopes_listed(order, up), "down": _slopes_listed(order, down)}
    return [wording("course.others", **named)]


def _slopes_listed(order: Order, found: list[Change]) -> str:
    wording = order.wording
    names = [
        f"{trend.label(order.release, change, wording)} ({course.per_year(change.slope, wording)})" for change in found
    ]
    return wording.listing(names) if names else wording("trend.nowhere")


def _retranslated(order: Order) -> list[str]:
    """For every earlier round the languages that have been translated anew since: their readers read other words."""
    own = {translation.language: translation.name for translation in order.release.catalogue.translations}
    return [
        order.wording(
            "trend.retranslated",
            round=info.title,
            languages=order.wording.listing([order.wording.language_name(tag, own) for tag in info.retranslated]),
        )
        for info in order.release.earlier
        if info.retranslated
    ]


def _change_table(data: Table, *, named: bool) -> Content:
    """The data of the figure; without the column of the earlier round where there is but one."""
    widths = ["1fr", "92pt", "44pt", "92pt", "74pt"]
    if named:
        return table(data, widths, words=(0, 1, 4))
    kept = [0, 2, 3, 4]
    rows = tuple(tuple(row[column] for column in kept) for row in data.rows)
    header = tuple(data.header[column] for column in kept)
    return table(Table(data.caption, header, rows), [widths[column] for column in kept], words=(0, 3))


def answered_section(order: Order, sheet: UnitSheet) -> Content | None:
    """How many answered, by which way and in which language; ``None`` where their number may not be known."""
    wording = order.wording
    if sheet.responses is None:
        return None
    lead = [_share(order, sheet), wording("answered.lead" if groups.scored(sheet.groups) else "answered.no_groups")]
    rows = tuple(_share_row(order, group, sheet.responses) for group in sheet.groups if not group.scores)
    header = tuple(wording(f"answered.header.{key}") for key in ("group", "n", "share", "region"))
    data = Table(wording("answered.caption"), header, rows)
    return section(
        wording("answered.heading"),
        [*lead, wording("answered.unknown")],
        tables=[table(data, ["1fr", "74pt", "74pt", "90pt"])] if rows else [],
    )


def _share(order: Order, sheet: UnitSheet) -> str:
    wording = order.wording
    count = wording.number(sheet.responses)
    if not sheet.newcomers or sheet.responses is None:
        return wording("answered.count", n=count)
    share = wording.percent(sheet.responses / sheet.newcomers)
    return wording("answered.share", n=count, newcomers=wording.number(sheet.newcomers), share=share)


def _short_question(order: Order, group: Group) -> str:
    names = order.wording.section("answered.questions")
    return names.get(group.question) or groups.question_text(order.release, group.question, order.wording)
