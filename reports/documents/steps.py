"""Where to go from here: the next steps of a municipality, and whom it can ask about them.

Nothing is computed but a choice: what the gaps are about comes first, then core criteria at a low level, then core
criteria left open. A neighbour is a municipality of similar size (of another where there is none) that reached level 3
or more there and agreed to be named for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.documents.content import Content, Order, section, table
from reports.documents.findings import LOW_LEVEL, MOST
from reports.figures.drawing import Table
from scoring.release import Municipality, Release, UnitSheet

HIGHEST = 4
SIMILAR = 2.5
NEIGHBOURS = 3
WEAK = 8


@dataclass(frozen=True)
class Step:
    """One next step: its criterion, and the sentence that says what to do."""

    title: str
    sentence: str


def levels_of(sheet: UnitSheet) -> dict[str, int]:
    """The levels of the criteria that have one."""
    return {s.node: s.level for s in sheet.self_view if s.kind == "criterion" and s.level is not None}


def next_steps(order: Order, sheet: UnitSheet, gaps: Sequence[str]) -> list[Step]:
    """At most three steps, beginning with the criteria of the ``gaps``; always from this level to the next.

    Where those are fewer than three, core criteria that were left open follow.
    """
    known = {criterion.id for criterion in order.release.catalogue.criteria}
    levels = levels_of(sheet)
    chosen = [c for c in gaps if c in known and levels.get(c, 0) < HIGHEST]
    chosen += [c for c in weak_criteria(order.release, sheet) if c not in chosen]
    chosen += [c for c in open_criteria(order.release, sheet) if c not in chosen]
    return [_step(order, sheet, criterion, levels.get(criterion)) for criterion in chosen[:MOST]]


def _step(order: Order, sheet: UnitSheet, criterion: str, level: int | None) -> Step:
    wording, entry = order.wording, order.release.catalogue.criterion(criterion)
    goal = 1 if level is None else level + 1
    text = wording(
        "steps.first" if level is None else "steps.next",
        level=level,
        goal=goal,
        descriptor=entry.levels[goal][wording.language].rstrip("."),
    )
    asked = [m.name for m in neighbours(order.release, sheet.ags, criterion)]
    if asked:
        text += " " + wording("steps.ask", names=wording.listing(asked))
    return Step(entry.title[wording.language], text)


def weak_criteria(release: Release, sheet: UnitSheet) -> list[str]:
    """Criteria at level 0 or 1, core ones first, the lowest first, in the order of the catalogue."""
    levels = levels_of(sheet)
    weak = [c for c in release.catalogue.criteria if levels.get(c.id, HIGHEST) <= LOW_LEVEL]
    return [c.id for c in sorted(weak, key=lambda c: (not c.core, levels[c.id]))]


def open_criteria(release: Release, sheet: UnitSheet) -> list[str]:
    """Core criteria without an answer, in the order of the catalogue."""
    unanswered = {s.node for s in sheet.self_view if s.status == "unanswered"}
    return [c.id for c in release.catalogue.criteria if c.core and c.id in unanswered]


def neighbours(release: Release, ags: str, criterion: str) -> list[Municipality]:
    """Those that may be named for a criterion, at most three, the most similar in size first; never the reader.

    Others than those of similar size only where there is none of these.
    """
    own = release.municipality(ags).population

    def ratio(other: Municipality) -> float:
        return max(own, other.population) / min(own, other.population)

    found = [m for m in release.municipalities if criterion in m.good_examples and m.ags != ags]
    similar = [m for m in found if ratio(m) <= SIMILAR]
    return sorted(similar or found, key=lambda m: (ratio(m), m.ags))[:NEIGHBOURS]


def neighbour_section(order: Order, sheet: UnitSheet) -> Content | None:
    """Good neighbours for every weak criterion, and for which there are none yet; ``None`` if there is no weak one."""
    wording, weak = order.wording, weak_criteria(order.release, sheet)
    if not weak:
        return None
    asked = {criterion: found for criterion in weak if (found := neighbours(order.release, sheet.ags, criterion))}
    rows = tuple(_neighbour_row(order, sheet, criterion, asked[criterion]) for criterion in list(asked)[:WEAK])
    header = tuple(wording(f"neighbours.header.{key}") for key in ("criterion", "level", "names"))
    data = Table(wording("neighbours.caption"), header, rows)
    notes = [wording("neighbours.more", n=wording.number(len(asked) - WEAK))] if len(asked) > WEAK else []
    if alone := sorted(set(weak) - set(asked)):
        notes.append(wording("neighbours.nobody", names=wording.listing(alone)))
    return section(
        wording("neighbours.heading"),
        [wording("neighbours.lead")],
        tables=[table(data, ["190pt", "40pt", "1fr"], words=(0, 2))] if rows else [],
        notes=notes,
    )


def _neighbour_row(order: Order, sheet: UnitSheet, criterion: str, found: Sequence[Municipality]) -> tuple[str, ...]:
    wording, level = order.wording, levels_of(sheet)[criterion]
    title = order.release.catalogue.criterion(criterion).title[wording.language]
    names = [wording("neighbours.one", name=m.name, population=wording.number(m.population)) for m in found]
    return f"{criterion} {title}", wording.number(level), wording.listing(names)


def goal_section(order: Order, sheet: UnitSheet) -> Content | None:
    """The goals of this round, and whether the last ones were reached; ``None`` where there are none."""
    if not sheet.goals:
        return None
    wording, levels = order.wording, levels_of(sheet)
    rows = tuple(
        (
            f"{goal.criterion} {order.release.catalogue.criterion(goal.criterion).title[wording.language]}",
            goal.measure,
            wording.number(goal.target),
            wording.date(goal.due),
            wording.number(levels.get(goal.criterion)),
            wording(f"goals.{ {True: 'reached', False: 'missed', None: 'open'}[goal.reached] }"),
        )
        for goal in sorted(sheet.goals, key=lambda goal: (goal.set_in, goal.criterion))
    )
    keys = ("criterion", "measure", "target", "due", "level", "reached")
    data = Table(wording("goals.caption"), tuple(wording(f"goals.header.{key}") for key in keys), rows)
    reached = sum(goal.reached is True for goal in sheet.goals)
    judged = sum(goal.reached is not None for goal in sheet.goals)
    lead = [wording("goals.lead")]
    if judged:
        lead.append(wording("goals.result", n=wording.number(reached), all=wording.number(judged)))
    return section(
        wording("goals.heading"),
        lead,
        tables=[table(data, ["120pt", "1fr", "42pt", "66pt", "42pt", "60pt"], words=(0, 1, 3, 5))],
    )
