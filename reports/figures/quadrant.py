"""Self-view across, newcomers' view upwards: where both agree, where one side sees more."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures.drawing import BLUE, GREY, INK, ORANGE, Canvas, Figure, Table
from reports.figures.dumbbell import both_views, criterion_label, quadrant
from reports.figures.field import Axis, Field, score_ticks
from reports.figures.rows import Key, Scale
from reports.wording import Wording
from scoring.release import PairGap, Quadrant, Release, UnitSheet

# shape and colour together, so that a quadrant is told without either
MARKS: dict[Quadrant, tuple[str, str]] = {
    "strength": ("^", BLUE),
    "hidden_strength": (">", BLUE),
    "blind_spot": ("<", ORANGE),
    "need_to_act": ("v", ORANGE),
    "undecided": ("o", GREY),
}


def draw(release: Release, sheet: UnitSheet, language: str = "de") -> Figure:
    """The pairs with both views of one municipality, each by the key of its criterion."""
    wording, name = Wording(language), release.municipality(sheet.ags).name
    svg = plan(release, sheet, wording).svg(wording("quadrant.title", name=name))
    return Figure(svg, _alternative(release, sheet, name, wording), _table(release, sheet, name, wording))


def plan(release: Release, sheet: UnitSheet, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    legend = [Key(wording(f"quadrants.{name}"), _swatch(name)) for name in MARKS]
    across = Axis(wording("quadrant.across"), score_ticks())
    field = Field(across, Axis(wording("quadrant.up"), score_ticks()), legend, height=200)
    parameters = release.method.parameters
    field.rule_up(float(parameters["quadrant_self"]))
    field.rule_across(float(parameters["quadrant_outside"]))
    for name, right, bottom in (
        ("hidden_strength", False, False),
        ("strength", True, False),
        ("need_to_act", False, True),
        ("blind_spot", True, True),
    ):
        field.corner(wording(f"quadrants.{name}"), right=right, bottom=bottom)
    _paint(field, both_views(sheet.pairs))
    return field.canvas


def _paint(field: Field, pairs: Sequence[PairGap]) -> None:
    places = [(pair, *_place(field, pair)) for pair in _spread(pairs)]
    for pair, x, y in places:
        if pair.outside_low is not None and pair.outside_high is not None:
            field.canvas.line((x, field.y(pair.outside_low)), (x, field.y(pair.outside_high)), color=GREY, width=0.8)
        field.occupy(x, y)
    for pair, x, y in places:
        shape, color = MARKS[pair.quadrant]
        field.canvas.marker(x, y, shape, fill=color, size=8)
    for pair, x, y in places:
        field.label(x, y, pair.criterion, weight=600)


def _spread(pairs: Sequence[PairGap]) -> list[PairGap]:
    """In the order of the catalogue, so that the same pairs always give the same picture."""
    return sorted(pairs, key=lambda pair: pair.criterion)


def _place(field: Field, pair: PairGap) -> tuple[float, float]:
    return field.x(pair.self_score or 0.0), field.y(pair.outside_score or 0.0)


def _swatch(name: Quadrant) -> _Swatch:
    return _Swatch(name)


class _Swatch:
    """Paints a sample of one quadrant's mark."""

    def __init__(self, name: Quadrant) -> None:
        self.shape, self.color = MARKS[name]

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.marker((scale.left + scale.right) / 2, y, self.shape, fill=self.color, edge=INK, size=7.5)


def _table(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> Table:
    header = tuple(wording(f"dumbbell.header.{key}") for key in ("criterion", "self", "newcomers", "quadrant"))
    rows = tuple(
        (
            criterion_label(release, pair, wording),
            wording.number(pair.self_score),
            wording.number(pair.outside_score),
            quadrant(pair, wording),
        )
        for pair in both_views(sheet.pairs)
    )
    return Table(wording("quadrant.caption", name=name), header, rows)


def _alternative(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> str:
    pairs = both_views(sheet.pairs)
    if not pairs:
        return wording("dumbbell.alternative_empty", name=name)
    parts = []
    for key in MARKS:
        found = [pair.criterion for pair in pairs if pair.quadrant == key]
        if found:
            parts.append(wording("quadrant.part", name=wording(f"quadrants.{key}"), keys=wording.listing(found)))
    return wording("quadrant.alternative", name=name, parts="; ".join(parts))
