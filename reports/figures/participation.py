"""How many took part, round after round."""

from __future__ import annotations

from reports.figures.drawing import BLUE, BLUE_LIGHT, GREY, PALE, Canvas, Figure, Table
from reports.figures.rows import Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import Release, RoundParticipation

MOST = 8
KINDS = {"invited": PALE, "handed_in": BLUE, "with_results": BLUE_LIGHT}
HATCH = {"with_results": "////"}


def draw(release: Release, language: str = "de") -> Figure:
    """Municipalities invited, with a self-assessment and with results, in the last rounds; answers in numbers."""
    wording = Wording(language)
    svg = plan(release, wording).svg(wording("participation.title", region=release.region_name))
    return Figure(svg, _alternative(release, wording), _table(release, wording))


def plan(release: Release, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    rounds = release.region.participation[-MOST:]
    most = max([part.invited for part in rounds], default=1) or 1
    rows: list[Row] = []
    for part in rounds:
        rows.append(Row(_heading(part, wording), heading=True))
        for kind in KINDS:
            count = getattr(part, kind)
            rows.append(Row(wording(f"participation.{kind}"), _Bar(kind, count), (wording.number(count),)))
    ticks = ((0.0, "0"), (float(most), wording.number(most)))
    columns = [(wording("participation.municipalities"), 62.0)]
    return compose(Plan(rows, [], ticks, columns, high=float(most)))


def _heading(part: RoundParticipation, wording: Wording) -> str:
    if part.responses is None:
        return part.title
    return wording("participation.round", title=part.title, n=wording.counted("answers", part.responses))


class _Bar:
    """Paints a number of municipalities as a bar."""

    def __init__(self, kind: str, count: int) -> None:
        self.kind, self.count = kind, count

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        right = max(scale.x(self.count), scale.left + 0.5)
        canvas.box(scale.left, y - 5, right, y + 5, fill=KINDS[self.kind], edge=GREY, hatch=HATCH.get(self.kind))


def _table(release: Release, wording: Wording) -> Table:
    keys = ("round", "invited", "handed_in", "with_results", "responses")
    rows = tuple(
        (
            part.title,
            wording.number(part.invited),
            wording.number(part.handed_in),
            wording.number(part.with_results),
            wording.number(part.responses),
        )
        for part in release.region.participation
    )
    header = tuple(wording(f"participation.header.{key}") for key in keys)
    return Table(wording("participation.caption", region=release.region_name), header, rows)


def _alternative(release: Release, wording: Wording) -> str:
    rounds = release.region.participation
    if not rounds:
        return wording("participation.alternative_empty")
    last = rounds[-1]
    values = {"invited": wording.number(last.invited), "handed_in": wording.number(last.handed_in)}
    values["with_results"] = wording.number(last.with_results)
    text = wording("participation.alternative", title=last.title, **values)
    if len(rounds) == 1:
        return text
    before = rounds[-2]
    return f"{text} {wording('participation.before', title=before.title, handed_in=wording.number(before.handed_in))}"
