"""How many municipalities stand where, without a name: states of the comparison, fields of both views, what is missing.

Counted are the municipalities that are shown by name elsewhere, so that a count says nothing that they do not say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from reports.documents.content import Content, Order, section, table
from reports.figures.drawing import Table
from scoring.release import OutsideScore, RegionIndicator

STATES = ("better", "same", "worse", "open")
QUADRANTS = ("strength", "hidden_strength", "blind_spot", "need_to_act", "undecided")


def state_section(order: Order) -> Content | None:
    """What can be told apart, question by question; ``None`` where no municipality is shown by name."""
    rows = tuple(_state_rows(order))
    if not rows:
        return None
    wording = order.wording
    header = tuple(wording(f"states.header.{key}") for key in ("indicator", *STATES, "detectable"))
    data = Table(wording("states.caption"), header, rows)
    return section(
        wording("states.heading"),
        [wording("states.lead")],
        tables=[table(data, ["1fr", "52pt", "52pt", "52pt", "62pt", "84pt"])],
        notes=list(_needed(order)),
    )


def _state_rows(order: Order) -> Iterator[tuple[str, ...]]:
    wording = order.wording
    for region in order.release.region.outside_view:
        scores = [score for score in _scores(order, region.indicator) if score.status == "published"]
        if not scores:
            continue
        states: Counter[str] = Counter(score.band for score in scores)
        compared = region.differs is not False and any(states[state] for state in STATES)
        counts = [wording.number(states[state] if compared else None) for state in STATES]
        changes = [score.detectable for score in scores if score.detectable is not None]
        yield _title(order, region), *counts, wording.number(median(changes) if changes else None)


def _scores(order: Order, indicator: str) -> Iterator[OutsideScore]:
    for sheet in order.release.public.values():
        yield from (score for score in sheet.outside_view if score.indicator == indicator)


def _title(order: Order, region: RegionIndicator) -> str:
    catalogue, language = order.release.catalogue, order.wording.language
    if region.kind == "item":
        return f"{region.indicator} {catalogue.item(region.indicator).text[language]}"
    if region.kind == "dimension":
        return f"{region.indicator} {catalogue.dimension(region.indicator).title[language]}"
    return order.wording("municipal.newcomers.overall")


def _needed(order: Order) -> Iterator[str]:
    """How many still need answers for a reliable overall score, and typically how many."""
    wording = order.wording
    shown = [sheet for sheet in order.release.public.values() if sheet.responses is not None]
    missing = [sheet.needed for sheet in shown if sheet.needed is not None]
    if missing:
        counted = wording.counted("answers", round(median(missing)))
        yield wording("states.needed", n=wording.number(len(missing)), all=wording.number(len(shown)), answers=counted)


def quadrant_table(order: Order) -> Content | None:
    """In which field the municipalities stand, pair by pair; only decided cases have one. ``None`` without any pair."""
    wording, catalogue = order.wording, order.release.catalogue
    pairs = [pair for sheet in order.release.public.values() for pair in sheet.pairs if pair.gap is not None]
    rows = []
    for criterion in catalogue.criteria:
        fields: Counter[str] = Counter(pair.quadrant for pair in pairs if pair.criterion == criterion.id)
        if fields:
            title = f"{criterion.id} {criterion.title[wording.language]}"
            rows.append((title, *(wording.number(fields[quadrant]) for quadrant in QUADRANTS)))
    if not rows:
        return None
    header = (wording("states.header.criterion"), *(wording(f"quadrants.{quadrant}") for quadrant in QUADRANTS))
    data = Table(wording("states.quadrant_caption"), header, tuple(rows))
    return table(data, ["1fr", "50pt", "62pt", "52pt", "76pt", "44pt"])
