"""What changed since the round before: one line each around zero, with the interval of the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reports.figures import marks
from reports.figures.drawing import GREY, ORANGE, Canvas, Figure, Table
from reports.figures.rows import Key, Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import Change, RegionChange, Release, UnitSheet

NARROWEST = 10.0
MOST = 40


@dataclass(frozen=True)
class Shift:
    """One line: what changed by how many points, between which limits, over how many municipalities or how judged."""

    label: str
    change: float
    low: float
    high: float
    said: str


def draw_region(release: Release, language: str = "de") -> Figure:
    """The mean changes of the newcomers' view over the municipalities with results in both rounds."""
    wording, found = Wording(language), region_shifts(release, Wording(language))
    return _drawn(found, release.region_name, "municipalities", wording)


def draw(release: Release, sheets: Sequence[UnitSheet], place: str, language: str = "de") -> Figure:
    """The change of the overall score in each of these municipalities, by name in the alphabet's order."""
    wording = Wording(language)
    return _drawn(place_shifts(release, sheets, wording), place, "verdict", wording)


def region_shifts(release: Release, wording: Wording) -> list[Shift]:
    """The lines of the region, in the order of the catalogue."""
    return [
        Shift(_label(release, c, wording), c.change, c.low, c.high, wording.number(c.municipalities))
        for c in release.region.changes
    ]


def place_shifts(release: Release, sheets: Sequence[UnitSheet], wording: Wording) -> list[Shift]:
    """The lines of municipalities that have an overall change with limits."""
    names = {m.ags: m.name for m in release.municipalities}
    found = [
        Shift(names[sheet.ags], change.change, change.low, change.high, wording(f"trend.flags.{change.flag}"))
        for sheet in sheets
        if (change := overall(sheet)) and change.low is not None and change.high is not None
    ]
    return sorted(found, key=lambda shift: shift.label)


def overall(sheet: UnitSheet) -> Change | None:
    """The change of the newcomers' overall score; ``None`` where nothing compares."""
    return next((c for c in sheet.changes if c.view == "outside" and c.kind == "overall"), None)


def plan(shifts: Sequence[Shift], last: str, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG; ``last`` names the last column."""
    shown = shifts[:MOST]
    reach = max([NARROWEST, *(abs(end) for shift in shown for end in (shift.low, shift.high))])
    reach = ceil(reach / 5) * 5.0
    rows = [Row(s.label, _Mark(s), (wording.signed(s.change), s.said)) for s in shown]
    ticks = tuple((value, wording.signed(value)) for value in (-reach, 0.0, reach))
    legend = [Key(wording("changes.mark"), _swatch), marks.key(wording, "interval")]
    columns = [(wording("trend.change"), 46.0), (wording(f"changes.{last}"), 84.0)]
    return compose(Plan(rows, legend, ticks, columns, label_width=236.0, low=-reach, high=reach))


def _drawn(shifts: Sequence[Shift], place: str, last: str, wording: Wording) -> Figure:
    svg = plan(shifts, last, wording).svg(wording("changes.title", place=place))
    return Figure(svg, _alternative(shifts, place, wording), _table(shifts, place, last, wording))


def _label(release: Release, change: RegionChange, wording: Wording) -> str:
    catalogue, language = release.catalogue, wording.language
    if change.kind == "item":
        return f"{change.indicator}  {catalogue.item(change.indicator).text[language]}"
    if change.kind == "dimension":
        return f"{change.indicator}  {catalogue.dimension(change.indicator).title[language]}"
    return wording("municipal.newcomers.overall")


def _swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    canvas.marker((scale.left + scale.right) / 2, y, "D", fill=ORANGE, size=7.5)


class _Mark:
    """Paints the change with its limits, and the line of no change."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        zero = scale.x(0.0)
        canvas.line((zero, y - 8), (zero, y + 8), color=GREY, width=1.2)
        marks.interval(canvas, scale, y, self.shift.low, self.shift.high)
        marks.newcomers_view(canvas, scale, y, self.shift.change)


def _table(shifts: Sequence[Shift], place: str, last: str, wording: Wording) -> Table:
    header = (wording("changes.header.indicator"), wording("changes.header.change"), wording(f"changes.{last}"))
    rows = tuple(
        (s.label, f"{wording.signed(s.change)} ({wording.signed_interval(s.low, s.high)})", s.said) for s in shifts
    )
    return Table(wording("changes.caption", place=place), header, rows)


def _alternative(shifts: Sequence[Shift], place: str, wording: Wording) -> str:
    if not shifts:
        return wording("changes.alternative_empty", place=place)
    up = [shift.label for shift in shifts if shift.low > 0]
    down = [shift.label for shift in shifts if shift.high < 0]
    values = {"better": _listed(up, wording), "worse": _listed(down, wording), "n": wording.number(len(shifts))}
    return wording("changes.alternative", place=place, **values)


def _listed(labels: Sequence[str], wording: Wording) -> str:
    quoted = [wording("quotes.text", text=" ".join(label.split())) for label in labels]
    return wording.listing(quoted) if quoted else wording("trend.nowhere")
