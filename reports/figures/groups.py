"""What groups of newcomers say: length of residence, origin, age and target groups, where disclosure allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.figures import marks
from reports.figures.drawing import Canvas, Figure, Table
from reports.figures.rows import Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import Group, GroupScore, Release

OVERALL = "overall"


def draw(release: Release, groups: Sequence[Group], place: str, language: str = "de") -> Figure:
    """The overall score of every group that may be shown; ``place`` is whose newcomers they are."""
    wording = Wording(language)
    svg = plan(release, groups, wording).svg(wording("groups.title", place=place))
    return Figure(svg, _alternative(release, groups, place, wording), _table(release, groups, place, wording))


def scored(groups: Sequence[Group]) -> list[tuple[Group, GroupScore]]:
    """The groups with an overall score, in the order of the questions."""
    return [(group, score) for group in groups for score in group.scores if score.indicator == OVERALL]


def plan(release: Release, groups: Sequence[Group], wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    rows: list[Row] = []
    question = None
    for group, score in scored(groups):
        if group.question != question:
            question = group.question
            rows.append(Row(question_text(release, question, wording), heading=True))
        values = (wording.number(score.n), wording.number(score.score))
        rows.append(Row(option_text(release, group, wording), _Mark(score), values))
    columns = [(wording("groups.persons"), 52.0), (wording("groups.score"), 40.0)]
    legend = [marks.key(wording, name) for name in ("newcomers", "interval")]
    return compose(Plan(rows, legend, marks.TICKS, columns))


class _Mark:
    """Paints the score of one group with its interval."""

    def __init__(self, score: GroupScore) -> None:
        self.score = score

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        marks.interval(canvas, scale, y, self.score.low, self.score.high)
        marks.newcomers_view(canvas, scale, y, self.score.score)


def question_text(release: Release, question: str, wording: Wording) -> str:
    """What was asked about the person, or what is counted."""
    asked = {entry.id: entry.text[wording.language] for entry in release.catalogue.profile_questions}
    return asked.get(question) or wording(f"groups.questions.{question}")


def option_text(release: Release, group: Group, wording: Wording) -> str:
    """The answer that makes the group, in the reader's language; its key where there is no text for it."""
    for entry in release.catalogue.profile_questions:
        if entry.id == group.question:
            return next((o.text[wording.language] for o in entry.options if o.id == group.option), group.option)
    names = wording.section(f"groups.{group.question}")
    own = {translation.language: translation.name for translation in release.catalogue.translations}
    return names.get(group.option) or wording.language_name(group.option, own)


def _table(release: Release, groups: Sequence[Group], place: str, wording: Wording) -> Table:
    outcomes = {item.id for item in release.catalogue.items if item.outcome}
    header = tuple(wording(f"groups.header.{key}") for key in ("group", "n", "score", "interval", "outcome"))
    rows = tuple(_rows(release, groups, outcomes, wording))
    return Table(wording("groups.caption", place=place), header, rows)


def _rows(release: Release, groups: Sequence[Group], outcomes: set[str], wording: Wording) -> Iterator[tuple[str, ...]]:
    for group, score in scored(groups):
        outcome = next((s for s in group.scores if s.indicator in outcomes), None)
        yield (
            option_text(release, group, wording),
            wording.number(score.n),
            wording.number(score.score),
            wording.interval(score.low, score.high),
            estimate(outcome, wording),
        )


def estimate(score: GroupScore | None, wording: Wording) -> str:
    """A score with its interval, a dash if there is none."""
    if score is None:
        return wording.number(None)
    return f"{wording.number(score.score)} ({wording.interval(score.low, score.high)})"


def _alternative(release: Release, groups: Sequence[Group], place: str, wording: Wording) -> str:
    known = sorted(scored(groups), key=lambda pair: (pair[1].score, pair[0].question, pair[0].option))
    if not known:
        return wording("groups.alternative_empty", place=place)

    def named(pair: tuple[Group, GroupScore]) -> str:
        return wording(
            "profile.named", title=option_text(release, pair[0], wording), score=wording.number(pair[1].score)
        )

    apart = known[-1][1].low > known[0][1].high
    key = "alternative" if apart else "alternative_alike"
    return wording(f"groups.{key}", place=place, best=named(known[-1]), worst=named(known[0]))
