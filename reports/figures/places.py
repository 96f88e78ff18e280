"""What two figures share that set municipalities beside each other: nameless points from what is public anyway."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.release import OutsideScore, Release, UnitSheet

MOST = 300


@dataclass(frozen=True)
class Point:
    """The overall score of one municipality with its interval and base; ``own`` marks the reader's."""

    score: float
    low: float
    high: float
    n: int
    own: bool = False


def points(release: Release, sheet: UnitSheet | None) -> list[Point]:
    """The municipalities that agreed to be shown, and the reader's own, from the lowest score to the highest.

    Nobody else is drawn: how wide an interval is would tell a large town that did not agree. Of more than ``MOST``
    every so many is kept, and always the reader's own.
    """
    own = sheet.ags if sheet else None
    found = [_point(other, False) for ags, other in release.public.items() if ags != own]
    if sheet is not None:
        found.append(_point(sheet, True))
    known = sorted((p for p in found if p), key=lambda p: (p.score, p.n, p.own))
    if len(known) <= MOST:
        return known
    step = len(known) / MOST
    kept = {int(number * step) for number in range(MOST)}
    return [point for number, point in enumerate(known) if point.own or number in kept]


def _point(sheet: UnitSheet, own: bool) -> Point | None:
    score = overall(sheet)
    if score is None or score.score is None or score.low is None or score.high is None or score.n is None:
        return None
    return Point(score.score, score.low, score.high, score.n, own)


def overall(sheet: UnitSheet) -> OutsideScore | None:
    """The score over all items; ``None`` if there is none in the sheet."""
    return next((score for score in sheet.outside_view if score.kind == "overall"), None)
