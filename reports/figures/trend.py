"""Then and now: scores of earlier rounds beside those of this one, with intervals and the verdict on the change."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import marks
from reports.figures.drawing import BLUE, GREY, ORANGE, WHITE, Canvas, Figure, Table
from reports.figures.rows import Key, Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import Change, Release, UnitSheet

MOST_ITEMS = 6
_SIGNS = {"better": "^", "worse": "v"}


def draw(release: Release, sheet: UnitSheet, language: str = "de") -> Figure:
    """What was asked in the same words in an earlier released round: self-view by dimension, newcomers' view."""
    wording, name = Wording(language), release.municipality(sheet.ags).name
    svg = plan(release, sheet, wording).svg(wording("trend.title", name=name))
    return Figure(svg, _alternative(release, sheet, name, wording), _table(release, sheet, name, wording))


def shown(sheet: UnitSheet) -> list[Change]:
    """The changes that are drawn: dimensions of both views, the overall score, and the items that changed most."""
    own = [change for change in sheet.changes if change.view == "self" and change.kind == "dimension"]
    theirs = [change for change in sheet.changes if change.view == "outside"]
    items = [change for change in theirs if change.kind == "item" and change.flag in _SIGNS]
    most = sorted(items, key=lambda change: (-abs(change.change), change.subject))[:MOST_ITEMS]
    return own + [change for change in theirs if change.kind != "item" or change in most]


def plan(release: Release, sheet: UnitSheet, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    rows: list[Row] = []
    view = None
    for change in shown(sheet):
        if change.view != view:
            view = change.view
            rows.append(Row(wording(f"trend.view_{view}"), heading=True))
        values = (wording.signed(change.change), verdict(change, wording))
        rows.append(Row(label(release, change, wording), _Mark(change), values, sign=_SIGNS.get(change.flag)))
    legend = [
        Key(wording("trend.before"), _before_swatch),
        Key(wording("trend.now_self"), _now_self),
        Key(wording("trend.now"), _now_swatch),
        marks.key(wording, "interval"),
    ]
    columns = [(wording("trend.change"), 46.0), (wording("trend.verdict"), 104.0)]
    return compose(Plan(rows, legend, marks.TICKS, columns, label_width=160.0))


def verdict(change: Change, wording: Wording) -> str:
    """What the change amounts to; a self-view is no estimate and has no verdict."""
    return wording(f"trend.flags.{change.flag}")


def _before_swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    canvas.marker((scale.left + scale.right) / 2, y, "o", fill=WHITE, edge=GREY, size=6.5)


def _now_self(canvas: Canvas, scale: Scale, y: float) -> None:
    canvas.marker((scale.left + scale.right) / 2, y, "o", fill=BLUE, size=9)


def _now_swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    canvas.marker((scale.left + scale.right) / 2, y, "D", fill=ORANGE, size=7.5)


class _Mark:
    """Paints one line: hollow circles for earlier rounds, the mark of the view for this one, a dashed line between."""

    def __init__(self, change: Change) -> None:
        self.change = change

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        change = self.change
        last = change.earlier[-1]
        now = last.score + change.change
        canvas.line((scale.x(last.score), y), (scale.x(now), y), color=GREY, width=0.9, dashed=True)
        if last.low is not None and last.high is not None:
            marks.interval(canvas, scale, y - 3, last.low, last.high, GREY)
        for point in change.earlier:
            canvas.marker(scale.x(point.score), y - 3, "o", fill=WHITE, edge=GREY, size=6.5)
        paint = marks.self_view if change.view == "self" else marks.newcomers_view
        paint(canvas, scale, y + 2, now)


def label(release: Release, change: Change, wording: Wording) -> str:
    """What changed, by its key and its text."""
    catalogue, language = release.catalogue, wording.language
    if change.kind == "item":
        return f"{change.subject}  {catalogue.item(change.subject).text[language]}"
    if change.kind == "dimension":
        return f"{change.subject}  {catalogue.dimension(change.subject).title[language]}"
    return wording("municipal.newcomers.overall")


def _titles(release: Release) -> dict[str, str]:
    return {info.key: info.title for info in release.earlier}


def _table(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> Table:
    header = tuple(wording(f"trend.header.{key}") for key in ("subject", "since", "before", "change", "verdict"))
    titles = _titles(release)
    rows = tuple(
        (
            f"{wording(f'trend.short_{change.view}')}: {label(release, change, wording)}",
            titles.get(change.earlier[-1].round, change.earlier[-1].round),
            wording.number(change.earlier[-1].score),
            _change(change, wording),
            verdict(change, wording),
        )
        for change in shown(sheet)
    )
    return Table(wording("trend.caption", name=name), header, rows)


def _change(change: Change, wording: Wording) -> str:
    limits = wording.signed_interval(change.low, change.high)
    return wording.signed(change.change) + (f" ({limits})" if change.low is not None else "")


def _alternative(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> str:
    found = [change for change in shown(sheet) if change.view == "outside"]
    if not shown(sheet):
        return wording("trend.alternative_empty", name=name)
    named = [_named(release, found, flag, wording) for flag in ("better", "worse")]
    return wording("trend.alternative", name=name, better=named[0], worse=named[1])


def _named(release: Release, changes: Sequence[Change], flag: str, wording: Wording) -> str:
    names = [wording("quotes.text", text=label(release, change, wording)) for change in changes if change.flag == flag]
    return wording.listing(names) if names else wording("trend.nowhere")
