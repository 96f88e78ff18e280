"""The inspection of a release before it may go out: what readers could work out of it, and of earlier ones.

It takes nothing from the code that protects: it reads the finished document as everybody does, and knows the true
counts only to say whether they can be found. Whatever it finds stops the release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scoring import audience, group_inspection, refreshing, subtraction
from scoring.arrays import BoolArray, IntArray
from scoring.exposure import RESPONSES, Exposure, ReleaseExposes
from scoring.groups import Traits
from scoring.method import Method
from scoring.release import Release
from scoring.round_data import RoundData
from scoring.views import OutsideView


def require_nothing_exposed(
    release: Release,
    data: RoundData,
    outside: OutsideView,
    method: Method,
    seen: Sequence[Release] = (),
    traits: Traits | None = None,
) -> None:
    """Raises ``ReleaseExposes`` with all that readers of the release, and of those ``seen`` before, could work out.

    Audited are the totals of the region for every indicator and for the responses, against all that is published of
    municipalities and against one of them that knows its own answers; the counts of levels; groups of newcomers by
    their ``traits``; and both together with every release that was published before. Raises
    ``subtraction.TotalNotExplained`` if a total counts something else.
    """
    questions = () if traits is None else traits.questions
    found = [
        *_subtractions(release, data, outside, method),
        *_levels(release, data),
        *(() if traits is None else group_inspection.exposed_groups(release, data, outside, traits, method)),
        *(exposure for before in seen for exposure in refreshing.exposed_changes(before, release, method, questions)),
    ]
    if found:
        raise ReleaseExposes(found)


def _subtractions(release: Release, data: RoundData, outside: OutsideView, method: Method) -> Iterator[Exposure]:
    sheets = [release.public.get(unit) for unit in data.units]
    for j, node in enumerate(release.region.outside_view):
        if node.n is not None:
            visible = np.array([s is not None and s.outside_view[j].n is not None for s in sheets], dtype=bool)
            total = subtraction.total_of(node.n, node.distribution, node.top_two, node.pooled, method)
            counts = audience.counts_of(outside, j)
            yield from _remainders(node.indicator, total, counts, visible, method)
            if node.n != counts[visible].sum():
                told = np.array([s is not None and s.responses is not None for s in sheets], dtype=bool)
                yield from _narrowed(node.indicator, outside.n[:, j], visible, data.responses, told, method)
    if release.region.responses is not None:
        visible = np.array([s is not None and s.responses is not None for s in sheets], dtype=bool)
        total = subtraction.Total(release.region.responses)
        yield from _remainders(RESPONSES, total, data.responses[:, None], visible, method)


def _remainders(
    subject: str, total: subtraction.Total, counts: IntArray, visible: BoolArray, method: Method
) -> Iterator[Exposure]:
    for rest in dict.fromkeys(subtraction.derivable(total, counts, visible, method.minimum_own)):
        yield Exposure("subtraction", subject, "", rest.answer, rest.low, rest.high)


def _narrowed(
    subject: str, n: IntArray, visible: BoolArray, responses: IntArray, told: BoolArray, method: Method
) -> Iterator[Exposure]:
    """Numbers of answers that the numbers of responses leave too little room."""
    between = subtraction.answered_between(n[:, None], visible[:, None], responses, told, method.minimum_public)
    for unit in np.flatnonzero(told & ~visible):
        low, high = (int(end[unit, 0]) for end in between)
        if high - low < method.minimum_own:
            yield Exposure("subtraction", subject, "", 0, low, high)


def _levels(release: Release, data: RoundData) -> Iterator[Exposure]:
    """Criteria whose counts of levels, less the published ones, leave hidden municipalities no choice of level.

    Also where one of them takes its own level away. A municipality hides among others of another level; where all the
    rest are alike, or only one is left, its level is known.
    """
    own = np.where(data.not_applicable, 5, np.where(np.isnan(data.levels), -1, np.nan_to_num(data.levels))).astype(int)
    hidden = np.array([unit not in release.public for unit in data.units], dtype=bool) & data.handed_in
    position = {criterion: c for c, criterion in enumerate(data.criteria)}
    for node in release.region.self_view:
        if node.levels is None:
            continue
        total = np.array([*node.levels, node.not_applicable or 0])
        levels = own[:, position[node.node]]
        rest = total - _count(levels[~hidden & data.handed_in])
        readers = [_count(levels[:0]), *(_count(levels[[u]]) for u in np.flatnonzero(hidden))]
        if any(_determined(rest - known) for known in readers):
            yield Exposure("levels", node.node)


def _count(levels: IntArray) -> IntArray:
    return np.bincount(levels[levels >= 0], minlength=6)


def _determined(rest: IntArray) -> bool:
    """Whether counts of levels leave only one that any of those counted could have."""
    return bool(rest.sum() > 0 and np.count_nonzero(rest) == 1)


__all__ = ["RESPONSES", "Exposure", "ReleaseExposes", "require_nothing_exposed"]
