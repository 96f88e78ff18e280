"""What readers could work out from a total of the region by taking away what is published of its parts.

A total of answers counts either the municipalities that everybody sees, and then says nothing that they do not say, or
all of them. Whoever takes the visible ones away from all has the rest: the municipalities that are not shown. One of
them that also knows its own answers takes these away as well. What is left is given to the attacker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import ArrayLike

from scoring import disclosure
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.method import Method

_ROUNDING = 1e-6
_FEWEST_OTHERS = 2


class TotalNotExplained(ValueError):
    """A published number of answers is neither that of the visible municipalities nor that of all of them."""


@dataclass(frozen=True, eq=False)
class Total:
    """What is published of an indicator for the region: ``n`` answers and, unless withheld, what is said of them.

    ``shares`` (answers,) of each answer, ``top_two`` of the two highest, ``mean`` in points, with their ``share_step``
    and ``score_step``. For indicators without answers of their own (scales, numbers of responses) only ``n``.
    """

    n: int
    shares: FloatArray | None = None
    top_two: float | None = None
    mean: float | None = None
    share_step: float = 0.0
    score_step: float = 0.0


def total_of(n: int, shares: ArrayLike | None, top_two: float | None, mean: float | None, method: Method) -> Total:
    """A total with the steps in which figures on ``n`` answers are rounded.

    Answers so alike that their ``shares`` are withheld have a cut mean and top-two share: these tell nothing exactly.

    >>> total_of(12, [0.1, 0.1, 0.1, 0.3, 0.4], 0.7, 68.0, Method()).share_step
    0.1
    """
    if shares is None:
        return Total(n)
    tier = disclosure.tiers(np.array(n), method.minimum_public, method.minimum_public, method.minimum_fine)
    score_step, share_step = disclosure.steps(tier)
    return Total(n, np.asarray(shares, dtype=float), top_two, mean, share_step, score_step)


@dataclass(frozen=True)
class Remainder:
    """A count that can be worked out: ``low`` to ``high`` of an ``answer`` (0: of all answers) in a hidden unit."""

    answer: int
    low: int
    high: int


def derivable(
    total: Total, counts: IntArray, visible: BoolArray, protection: int = disclosure.PROTECTION
) -> Iterator[Remainder]:
    """What a reader can work out of the hidden units, those not ``visible`` (units,), from a published ``total``.

    ``counts`` (units, answers) are the true ones; one column for indicators without answers of their own. A count is
    safe if it could be anything from nothing up to ``protection`` or more. One after the other, as they are found, so
    that who only asks whether there is one need not wait for all. Raises ``TotalNotExplained``.

    >>> counts, visible = np.array([[20], [30], [2], [2]]), np.array([True, True, False, False])
    >>> next(derivable(Total(54), counts, visible)), list(derivable(Total(50), counts, visible))
    (Remainder(answer=0, low=0, high=4), [])
    """
    shown = counts[visible].sum(axis=0)
    if total.n == shown.sum():
        return
    if total.n != counts.sum():
        raise TotalNotExplained(
            f"{total.n} answers are published; the visible municipalities have {shown.sum()}, all {counts.sum()}."
        )
    hidden = counts[~visible]
    for reader in _readers(hidden):
        others = np.delete(hidden, reader, axis=0) if reader >= 0 else hidden
        known = counts.sum(axis=0) - others.sum(axis=0)
        if len(others) and not _movable(total, others, known, protection):
            yield from _attack(total, others, known, protection)


def answered_between(
    numbers: IntArray, visible: BoolArray, responses: IntArray, told: BoolArray, fewest: int = 10
) -> tuple[IntArray, IntArray]:
    """Between what readers know the number of answers to lie where it is not shown: least and most, as ``numbers``.

    ``numbers`` (units, indicators) answered and are ``visible`` or not; ``responses`` (units,) came in, which is
    published of those ``told``. Whoever knows the total of both knows how many did not answer, in the hidden units
    together: so many at most in one of them. And what is hidden has fewer than ``fewest`` answers. Each is narrowed
    down as far as the best informed of the other hidden units could, who takes its own away. Where nothing is told of
    a unit, its numbers lie between 0 and ``responses``.

    >>> numbers, visible = np.array([[7], [5], [20]]), np.array([[False], [False], [True]])
    >>> answered_between(numbers, visible, np.array([10, 7, 20]), np.array([True, False, True]))[0].tolist()
    [[7], [0], [0]]
    """
    came = np.broadcast_to(responses[:, None], numbers.shape)
    silent = np.where(visible, 0, came - numbers)
    ordered = np.sort(np.vstack([silent, np.zeros((2, numbers.shape[1]), dtype=silent.dtype)]), axis=0)
    best_informed = np.where(silent == ordered[-1], ordered[-2], ordered[-1])
    known = told[:, None] & ~visible
    least = np.where(known, np.maximum(came - (silent.sum(axis=0) - best_informed), 0), 0)
    most = np.where(known, np.minimum(came, fewest - 1), came)
    return least, most


def _readers(hidden: IntArray) -> list[int]:
    """The public (-1), and the hidden units that leave least when they take their own answers away."""
    if not hidden.size:
        return [-1]
    most = [int(hidden.sum(axis=1).argmax()), *hidden.argmax(axis=0).tolist()]
    return [-1, *dict.fromkeys(most)]


def _movable(total: Total, others: IntArray, known: IntArray, protection: int) -> bool:
    """Whether every answer's number in one of the ``others`` can plainly be nothing, and ``protection`` as well.

    With two or more units all answers of a kind may be one's own or another's. Where there are too few of a kind, some
    others may be of it instead, as far as the rounded figures of the total leave room. Who finds such tables need not
    ask the attacker, who takes longer.
    """
    rest = others.sum(axis=0)
    scarce = np.flatnonzero(rest < protection)
    if len(others) < _FEWEST_OTHERS:
        return False
    if not scarce.size:
        return True
    weights, low, high = (np.array(part) for part in zip(*_statements(total, rest.size), strict=True))
    for answer in scarce:
        tables = rest + _exchanges(rest.size, int(answer), protection - int(rest[answer]))
        told = (tables + known) @ weights.T
        if not ((tables >= 0).all(axis=1) & (told >= low).all(axis=1) & (told <= high).all(axis=1)).any():
            return False
    return True


@cache
def _exchanges(answers: int, more: int, number: int) -> IntArray:
    """All ways to have ``number`` answers ``more`` of one kind and as many less of others: (ways, answers)."""
    others = [answer for answer in range(answers) if answer != more]
    taken = [np.bincount(ways, minlength=answers) for ways in combinations_with_replacement(others, number)]
    more_of_it = number * np.eye(answers, dtype=np.int64)[more]
    return np.asarray(more_of_it - np.array(taken, dtype=np.int64).reshape(-1, answers))


def _attack(total: Total, others: IntArray, known: IntArray, protection: int) -> Iterator[Remainder]:
    """Answers whose number in one of the ``others`` cannot range far enough, ``known`` being taken away.

    The hidden units are alike to the attacker, so one of them against all the rest has the range of every one.
    """
    rows = np.stack([others[0], others[1:].sum(axis=0)])[: min(len(others), 2)]
    units, answers = rows.shape
    keys = [[(unit, answer) for answer in range(answers)] for unit in range(units)]
    table = disclosure.PublishedTable("rest", rows, np.ones(rows.shape, dtype=bool), margins=False, keys=keys)
    relations = [
        disclosure.Relation(
            {(unit, answer): float(weight[answer]) for unit in range(units) for answer in range(answers)},
            low - float(weight @ known),
            high - float(weight @ known),
        )
        for weight, low, high in _statements(total, answers)
    ]
    for finding in disclosure.audit([table], relations, protection=protection):
        if finding.cell[0] == 0:
            yield Remainder(finding.cell[1] + 1 if answers > 1 else 0, finding.low, finding.high)


def _statements(total: Total, answers: int) -> Iterator[tuple[FloatArray, float, float]]:
    """What a total says of the number of each answer: weights, and between what their sum lies."""
    yield np.ones(answers), total.n, total.n
    if total.shares is None:
        return
    # Largest remainders: a share may be rounded up or down, by less than a step.
    for answer, share in enumerate(total.shares):
        yield np.eye(answers)[answer], *_about(total.n * share, total.n * total.share_step)
    if total.top_two is not None:
        yield np.repeat([0.0, 1.0], [answers - 2, 2]), *_about(total.n * total.top_two, total.n * total.share_step / 2)
    if total.mean is not None:
        scores = np.linspace(0, 100, answers)
        yield scores, *_about(total.n * total.mean, total.n * total.score_step / 2)


def _about(value: float, room: float) -> tuple[float, float]:
    slack = room + _ROUNDING * max(1.0, abs(value))
    return value - slack, value + slack
