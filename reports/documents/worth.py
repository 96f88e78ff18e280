"""How far the numbers carry: what scales measure, how the two views agree, what matters, why nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterator

from reports.documents.content import Content, Order, section, table
from reports.figures.drawing import Table
from scoring.release import RegionIndicator, UnitSheet

MOST_IMPORTANT = 5


def region_section(order: Order) -> Content | None:
    """The chapter of the region's report; ``None`` for releases made before these numbers were kept."""
    tables = [found for found in (_reliability(order), _importance(order)) if found]
    notes = [*_importance_notes(order), *_agreement(order), *_places(order)]
    if not tables and not notes:
        return None
    wording = order.wording
    lead = [wording("worth.lead")] + ([wording("worth.reliability")] if _scales(order) else [])
    return section(wording("worth.heading"), lead, tables=tables, notes=notes)


def municipal_notes(order: Order, sheet: UnitSheet) -> list[str]:
    """What a municipality has to know of its own numbers: the smallest change it could tell, and weak scales."""
    wording, notes = order.wording, []
    shown = {score.indicator for score in sheet.outside_view if score.status != "suppressed"}
    overall = next((score for score in sheet.outside_view if score.kind == "overall"), None)
    if overall is not None and overall.detectable is not None:
        notes.append(wording("worth.detectable", points=wording.number(overall.detectable)))
    for verdict in ("weak", "suppress"):
        names = [
            _name(order, scale)
            for scale in _scales(order)
            if scale.reliability == verdict and scale.kind == "dimension" and scale.indicator in shown
        ]
        if names:
            notes.append(wording(f"worth.{verdict}_scales", names=wording.listing(names)))
    return notes


def _scales(order: Order) -> list[RegionIndicator]:
    return [scale for scale in order.release.region.outside_view if scale.reliability != "none"]


def _name(order: Order, scale: RegionIndicator) -> str:
    wording = order.wording
    if scale.kind == "overall":
        return wording("municipal.newcomers.overall")
    return f"{scale.indicator} {order.release.catalogue.dimension(scale.indicator).title[wording.language]}"


def _reliability(order: Order) -> Content | None:
    scales, wording = _scales(order), order.wording
    if not scales:
        return None
    head = tuple(wording(f"worth.header.{key}") for key in ("scale", "alpha", "omega", "verdict"))
    rows = tuple(
        (
            _name(order, scale),
            _with_limits(order, scale.alpha, scale.alpha_low, scale.alpha_high),
            wording.number(scale.omega, 2),
            wording(f"worth.verdict.{scale.reliability}"),
        )
        for scale in scales
    )
    return table(Table(wording("worth.caption"), head, rows), ["1fr", "110pt", "60pt", "130pt"], words=(0, 3))


def _with_limits(order: Order, value: float | None, low: float | None, high: float | None) -> str:
    wording = order.wording
    if value is None or low is None or high is None:
        return wording.number(value, 2)
    limits = wording("numbers.interval", low=wording.number(low, 2), high=wording.number(high, 2))
    return f"{wording.number(value, 2)} ({limits})"


def _important(order: Order) -> list[RegionIndicator]:
    """The items that go most closely with the outcome, the closest first."""
    known = [score for score in order.release.region.outside_view if score.importance is not None]
    known.sort(key=lambda score: (-(score.importance or 0.0), score.indicator))
    return known[:MOST_IMPORTANT]


def _importance(order: Order) -> Content | None:
    found, wording = _important(order), order.wording
    if not found:
        return None
    catalogue = order.release.catalogue
    head = tuple(wording(f"worth.importance_header.{key}") for key in ("item", "share", "limits", "score"))
    rows = tuple(
        (
            f"{score.indicator} {catalogue.item(score.indicator).text[wording.language]}",
            wording.percent(score.importance),
            _percent_limits(order, score),
            wording.number(score.pooled),
        )
        for score in found
    )
    return table(Table(wording("worth.importance_caption"), head, rows), ["1fr", "60pt", "80pt", "70pt"])


def _percent_limits(order: Order, score: RegionIndicator) -> str:
    wording = order.wording
    low, high = score.importance_low, score.importance_high
    return wording.interval(None if low is None else 100 * low, None if high is None else 100 * high)


def _importance_notes(order: Order) -> Iterator[str]:
    wording, catalogue = order.wording, order.release.catalogue
    outcome = next((item for item in catalogue.items if item.outcome), None)
    if outcome is not None and _important(order):
        yield wording("worth.importance", item=outcome.text[wording.language])


def _agreement(order: Order) -> Iterator[str]:
    wording, catalogue = order.wording, order.release.catalogue
    for prediction in ("predicts", "does_not_predict", "contradicts"):
        names = [
            f"{found.dimension} {catalogue.dimension(found.dimension).title[wording.language]}"
            for found in order.release.region.agreement
            if found.prediction == prediction
        ]
        if names:
            yield wording(f"worth.{prediction}", names=wording.listing(names))


def _places(order: Order) -> Iterator[str]:
    wording, places = order.wording, order.release.region.places
    if places.by_rules is not None:
        yield wording("worth.by_rules", n=wording.number(places.by_rules), all=wording.number(places.self_units))
    if places.by_chance is not None:
        yield wording("worth.by_chance", n=wording.number(places.by_chance), all=wording.number(places.outside_units))
