"""A municipality's self-assessment by dimension against its peers' quartiles and the region's median."""

from __future__ import annotations

from reports.figures import marks
from reports.figures.drawing import BLUE, Canvas, Figure, Table
from reports.figures.rows import Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import Quartiles, Release, SelfScore, UnitSheet


def draw(release: Release, sheet: UnitSheet, language: str = "de") -> Figure:
    """The profile of one municipality; dimensions without a score keep their row and show a dash."""
    wording = Wording(language)
    name = release.municipality(sheet.ags).name
    scores = dimension_scores(sheet)
    svg = plan(release, scores, wording).svg(wording("profile.title", name=name))
    return Figure(svg, _alternative(release, scores, name, wording), table(release, scores, name, wording))


def dimension_scores(sheet: UnitSheet) -> list[SelfScore]:
    """The self-assessment's dimensions in catalogue order."""
    return [score for score in sheet.self_view if score.kind == "dimension"]


def plan(release: Release, scores: list[SelfScore], wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    names = ["self", "peers", "region"]
    if any(score.low is not None for score in scores):
        names.insert(1, "range")
    columns = [(wording("profile.own"), 52.0), (wording("profile.peers"), 66.0)]
    legend = [marks.key(wording, name) for name in names]
    return compose(Plan(_rows(release, scores, wording), legend, marks.TICKS, columns))


def _rows(release: Release, scores: list[SelfScore], wording: Wording) -> list[Row]:
    rows: list[Row] = []
    area = None
    for score in scores:
        dimension = release.catalogue.dimension(score.node)
        if dimension.area != area:
            area = dimension.area
            rows.append(Row(release.catalogue.area(area).title[wording.language], heading=True))
        label = f"{dimension.id}  {dimension.title[wording.language]}"
        values = (wording.number(score.score), median_of(score.peers, wording))
        rows.append(Row(label, _Mark(score), values))
    return rows


class _Mark:
    """Paints one dimension: bar, strokes and, if there is one, the municipality's own score."""

    def __init__(self, score: SelfScore) -> None:
        self.score = score

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        score = self.score
        if score.peers:
            marks.quartiles(canvas, scale, y, score.peers)
        if score.region:
            marks.region_median(canvas, scale, y, score.region.median)
        if score.low is not None and score.high is not None and score.score is not None:
            marks.interval(canvas, scale, y, score.low, score.high, BLUE)
        if score.score is not None:
            marks.self_view(canvas, scale, y, score.score)


def median_of(spread: Quartiles | None, wording: Wording) -> str:
    """The median as text, a dash if there is no spread."""
    return wording.number(spread.median if spread else None)


def middle_half(spread: Quartiles | None, wording: Wording) -> str:
    """The quartiles as text, a dash if there is no spread."""
    return wording.interval(spread.q1, spread.q3) if spread else wording.interval(None, None)


def table(release: Release, scores: list[SelfScore], name: str, wording: Wording) -> Table:
    """One row per dimension."""
    header = tuple(
        wording(f"profile.header.{key}") for key in ("dimension", "own", "coverage", "peers", "half", "region")
    )
    rows = tuple(
        (
            f"{score.node} {release.catalogue.dimension(score.node).title[wording.language]}",
            _own(score, wording),
            wording.percent(score.coverage),
            median_of(score.peers, wording),
            middle_half(score.peers, wording),
            median_of(score.region, wording),
        )
        for score in scores
    )
    return Table(wording("profile.caption", name=name), header, rows)


def _own(score: SelfScore, wording: Wording) -> str:
    if score.status != "published" or score.score is None:
        return wording(f"self_status.{score.status if score.status != 'published' else 'insufficient'}")
    if score.low is None or score.high is None:
        return wording.number(score.score)
    return wording(
        "profile.with_range", score=wording.number(score.score), range=wording.interval(score.low, score.high)
    )


def _alternative(release: Release, scores: list[SelfScore], name: str, wording: Wording) -> str:
    known = sorted((score for score in scores if score.score is not None), key=lambda score: (score.score, score.node))
    if not known:
        return wording("profile.alternative_empty", name=name)

    def named(score: SelfScore) -> str:
        title = release.catalogue.dimension(score.node).title[wording.language]
        return wording("profile.named", title=title, score=wording.number(score.score))

    above, below = outside_middle_half(known)
    return wording(
        "profile.alternative",
        name=name,
        n=len(known),
        all=len(scores),
        best=named(known[-1]),
        worst=named(known[0]),
        above=len(above),
        below=len(below),
    )


def outside_middle_half(scores: list[SelfScore]) -> tuple[list[SelfScore], list[SelfScore]]:
    """The scores above the upper and those below the lower quartile of the peers."""
    compared = [(score, score.score, score.peers) for score in scores if score.score is not None and score.peers]
    above = [score for score, value, peers in compared if value > peers.q3]
    below = [score for score, value, peers in compared if value < peers.q1]
    return above, below
