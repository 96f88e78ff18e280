"""Self-view and newcomers' view of the same criterion side by side, with interval and quadrant."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import marks
from reports.figures.drawing import GREY, Canvas, Figure, Table
from reports.figures.rows import Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import PairGap, RegionPair, Release, UnitSheet

# a sign beside the word, so that the quadrant is seen before it is read
SIGNS = {"strength": "▲", "hidden_strength": "►", "blind_spot": "◄", "need_to_act": "▼", "undecided": "·"}
_MARKERS = {"strength": "^", "hidden_strength": ">", "blind_spot": "<", "need_to_act": "v", "undecided": None}


def draw(release: Release, sheet: UnitSheet, language: str = "de") -> Figure:
    """The pairs that have both views, widest gap first; the table holds every pair."""
    wording = Wording(language)
    name = release.municipality(sheet.ags).name
    svg = plan(release, sheet.pairs, wording).svg(wording("dumbbell.title", name=name))
    table = _table(release, sheet, name, wording)
    return Figure(svg, _alternative(release, sheet.pairs, name, wording), table)


def both_views(pairs: Sequence[PairGap]) -> list[PairGap]:
    """The pairs with a gap, the self-view farthest above the newcomers' first."""
    return sorted(
        (pair for pair in pairs if pair.gap is not None), key=lambda pair: (-(pair.gap or 0.0), pair.criterion)
    )


def plan(release: Release, pairs: Sequence[PairGap], wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    rows = [
        Row(
            criterion_label(release, pair, wording),
            _Mark(pair),
            (wording.signed(pair.gap), wording(f"quadrants.{pair.quadrant}")),
            sign=_MARKERS[pair.quadrant],
        )
        for pair in both_views(pairs)
    ]
    columns = [(wording("dumbbell.gap"), 48.0), (wording("dumbbell.quadrant"), 92.0)]
    legend = [marks.key(wording, name) for name in ("self", "newcomers", "interval")]
    return compose(Plan(rows, legend, marks.TICKS, columns, label_width=160.0))


class _Mark:
    """Paints one pair: the line between both views, the interval, the two markers."""

    def __init__(self, pair: PairGap) -> None:
        self.pair = pair

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        pair = self.pair
        if pair.self_score is None or pair.outside_score is None:
            return
        canvas.line((scale.x(pair.self_score), y), (scale.x(pair.outside_score), y), color=GREY, width=0.9, dashed=True)
        if pair.outside_low is not None and pair.outside_high is not None:
            marks.interval(canvas, scale, y, pair.outside_low, pair.outside_high)
        marks.newcomers_view(canvas, scale, y, pair.outside_score)
        marks.self_view(canvas, scale, y, pair.self_score)


def criterion_label(release: Release, pair: PairGap | RegionPair, wording: Wording) -> str:
    """Key and title of the pair's criterion."""
    return f"{pair.criterion}  {release.catalogue.criterion(pair.criterion).title[wording.language]}"


def quadrant(pair: PairGap, wording: Wording) -> str:
    """Sign and name of the pair's quadrant."""
    return f"{SIGNS[pair.quadrant]} {wording(f'quadrants.{pair.quadrant}')}"


def _table(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> Table:
    header = tuple(wording(f"dumbbell.header.{key}") for key in ("criterion", "self", "newcomers", "gap", "quadrant"))
    rows = tuple(_table_row(release, pair, wording) for pair in sheet.pairs)
    return Table(wording("dumbbell.caption", name=name), header, rows)


def _table_row(release: Release, pair: PairGap, wording: Wording) -> tuple[str, ...]:
    return (
        criterion_label(release, pair, wording),
        wording.number(pair.self_score),
        estimate(wording.number(pair.outside_score), wording.interval(pair.outside_low, pair.outside_high)),
        estimate(wording.signed(pair.gap), wording.signed_interval(pair.low, pair.high)),
        quadrant(pair, wording) if pair.gap is not None else wording("dumbbell.no_comparison"),
    )


def estimate(value: str, interval: str) -> str:
    """A value with its interval in brackets; the value alone where there is no interval."""
    return value if interval == "–" else f"{value} ({interval})"


def _alternative(release: Release, pairs: Sequence[PairGap], name: str, wording: Wording) -> str:
    both = both_views(pairs)
    if not both:
        return wording("dumbbell.alternative_empty", name=name)
    counts = [
        wording.counted(f"dumbbell.count_{key}", n)
        for key in SIGNS
        if (n := sum(pair.quadrant == key for pair in both))
    ]
    widest = max(both, key=lambda pair: abs(pair.gap or 0.0))
    return wording(
        "dumbbell.alternative",
        name=name,
        pairs=wording.counted("dumbbell.pairs", len(both)),
        counts=wording.listing(counts),
        title=release.catalogue.criterion(widest.criterion).title[wording.language],
        self=wording.number(widest.self_score),
        newcomers=wording.number(widest.outside_score),
    )


def draw_region(release: Release, language: str = "de") -> Figure:
    """Medians of both views over the municipalities that have both, widest mean gap first."""
    wording = Wording(language)
    svg = region_plan(release, wording).svg(wording("dumbbell.region_title"))
    return Figure(svg, _region_alternative(release, wording), _region_table(release, wording))


def _region_pairs(release: Release) -> list[RegionPair]:
    known = (pair for pair in release.region.pairs if pair.gap_mean is not None)
    return sorted(known, key=lambda pair: (-(pair.gap_mean or 0.0), pair.criterion))


def region_plan(release: Release, wording: Wording) -> Canvas:
    """The region's drawing before it becomes SVG."""
    rows = []
    for pair in _region_pairs(release):
        both = PairGap(
            item=pair.item, criterion=pair.criterion, self_score=pair.self_median, outside_score=pair.outside_median
        )
        values = (wording.signed(pair.gap_mean), wording.number(pair.municipalities))
        rows.append(Row(criterion_label(release, pair, wording), _Mark(both), values))
    columns = [(wording("dumbbell.header.gap_mean_short"), 52.0), (wording("dumbbell.region_municipalities"), 56.0)]
    legend = [marks.key(wording, name) for name in ("self_median", "newcomers_median")]
    return compose(Plan(rows, legend, marks.TICKS, columns))


def _region_table(release: Release, wording: Wording) -> Table:
    keys = ("criterion", "municipalities", "self_median", "outside_median", "gap_mean")
    rows = tuple(
        (
            criterion_label(release, pair, wording),
            wording.number(pair.municipalities),
            wording.number(pair.self_median),
            wording.number(pair.outside_median),
            estimate(wording.signed(pair.gap_mean), wording.signed_interval(pair.gap_low, pair.gap_high)),
        )
        for pair in release.region.pairs
    )
    header = tuple(wording(f"dumbbell.header.{key}") for key in keys)
    return Table(wording("dumbbell.region_caption", region=release.region_name), header, rows)


def _region_alternative(release: Release, wording: Wording) -> str:
    pairs = _region_pairs(release)
    if not pairs:
        return wording("dumbbell.region_alternative_empty")
    over, under = pairs[0], pairs[-1]
    return wording(
        "dumbbell.region_alternative",
        region=release.region_name,
        pairs=wording.counted("dumbbell.pairs", len(pairs)),
        over=release.catalogue.criterion(over.criterion).title[wording.language],
        over_gap=wording.signed(over.gap_mean),
        under=release.catalogue.criterion(under.criterion).title[wording.language],
        under_gap=wording.signed(under.gap_mean),
    )
