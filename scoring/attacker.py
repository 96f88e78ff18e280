"""The attacker: the smallest and the greatest whole number that each withheld count could be.

The attacker is given everything published, in one table or in many that share counts.

Conservative is the narrow range: real counts are whole, so a range computed with fractions would promise a protection
that an attacker who insists on whole numbers takes away. A range therefore reaches only as far as complete tables of
whole numbers have been found that agree with everything published; the true table is the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.counts import Margins, NotATable, cells_of, stated_entries, sums_of, with_totals, withheld_entries

UNBOUNDED = int(np.iinfo(np.int64).max)
PROTECTION = 5
SIMPLEX = {"method": "highs-ds", "options": {"presolve": False}}
# Limits of work, not of seconds: the same table gives the same answer on a fast and on a slow machine.
NODES = 2_000
WHOLE_NUMBER = 1e-6
_UNLIMITED = 3
_TOLERANCE = 1e-9
_SWINGS = 8

Constraints = tuple[ArrayLike, ArrayLike, ArrayLike]


class ContradictsCounts(ValueError):
    """What readers are said to know does not agree with the counts."""


class _Unlimited(Exception):
    """Nothing published limits a sum of counts."""


@dataclass(frozen=True, eq=False)
class Unknowns:
    """Counts (whole, from 0) that are not published, and what is known: ``lower`` <= ``matrix`` @ x <= ``upper``.

    ``matrix`` is sparse (relations, unknowns); ``truth`` (unknowns,) is what the attacker looks for.
    """

    matrix: Any
    lower: FloatArray
    upper: FloatArray
    truth: IntArray

    @classmethod
    def of(cls, matrix: Any, lower: FloatArray, upper: FloatArray, counts: IntArray, known: BoolArray) -> Unknowns:
        """What relations between all ``counts`` say of those that are not ``known``."""
        shift = matrix[:, known] @ counts[known]
        everything = cls(matrix, lower, upper, counts)
        if not everything.agree(counts):
            raise ContradictsCounts(
                f"Relation {everything.violated(counts) + 1} of {len(lower)} does not hold for the true counts; check "
                "its coefficients, and leave room for rounding between its lower and upper limit."
            )
        return cls(matrix[:, ~known], lower - shift, upper - shift, counts[~known])

    def part(self, members: IntArray) -> Unknowns:
        """Only these unknowns, which share no relation with the others."""
        matrix = csr_array(self.matrix[:, members])
        rows = np.flatnonzero(np.diff(matrix.indptr))
        return Unknowns(matrix[rows], self.lower[rows], self.upper[rows], self.truth[members])

    def connected(self) -> list[IntArray]:
        """Positions of the unknowns, in groups that no relation links."""
        links = coo_array(self.matrix)
        size = len(self.truth) + len(self.lower)
        graph = coo_array((np.ones(links.nnz), (links.row + len(self.truth), links.col)), shape=(size, size))
        group = connected_components(graph, directed=False)[1][: len(self.truth)]
        order = np.argsort(group, kind="stable")
        return [part for part in np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if part.size]

    def _excess(self, counts: IntArray) -> FloatArray:
        activity = self.matrix @ counts
        excess = np.maximum(self.lower - activity, activity - self.upper)
        return np.asarray(excess - _TOLERANCE * (1 + abs(self.matrix) @ counts))

    def agree(self, counts: IntArray) -> bool:
        """Whether counts satisfy all relations."""
        return bool((self._excess(counts) <= 0).all())

    def violated(self, counts: IntArray) -> int:
        """The relation that counts miss by most."""
        return int(np.argmax(self._excess(counts)))

    @cached_property
    def ceiling(self) -> FloatArray:
        """What no unknown exceeds, by the relations that only add; infinite where there is none."""
        links = coo_array(self.matrix)
        adds = np.ones(len(self.lower), dtype=bool)
        adds[links.row[links.data < 0]] = False
        used = adds[links.row]
        ceiling = np.full(len(self.truth), np.inf)
        np.minimum.at(ceiling, links.col[used], self.upper[links.row[used]] / links.data[used])
        return np.floor(ceiling + _TOLERANCE)

    @cached_property
    def _programme(self) -> dict[str, Any]:
        """The relations as ``linprog`` wants them."""
        exact = self.lower == self.upper
        above, below = ~exact & np.isfinite(self.lower), ~exact & np.isfinite(self.upper)
        return {
            "A_eq": self.matrix[exact],
            "b_eq": self.lower[exact],
            "A_ub": vstack([-self.matrix[above], self.matrix[below]], format="csr"),
            "b_ub": np.concatenate([-self.lower[above], self.upper[below]]),
        }

    def maximise(self, direction: FloatArray, highest: ArrayLike = np.inf) -> IntArray | None:
        """A table with the greatest ``direction`` @ x, none of it above ``highest``; None if none was found.

        An optimum of the linear programme that happens to be whole is also that of the integer programme: in a single
        table with its totals it always is (Hoffman and Kruskal 1956), and no integer programme is needed. Raises
        ``_Unlimited``.
        """
        limits = np.broadcast_to(np.asarray(highest, dtype=float), direction.shape)
        bounds = np.column_stack([np.zeros(direction.size), limits])
        relaxed = scipy.optimize.linprog(-direction, **self._programme, bounds=bounds, **SIMPLEX)
        if relaxed.status == _UNLIMITED:
            raise _Unlimited
        table = None if relaxed.x is None else self._whole(relaxed.x)
        return self._maximise_whole(direction, limits) if table is None else table

    def _maximise_whole(self, direction: FloatArray, limits: FloatArray) -> IntArray | None:
        found = scipy.optimize.milp(
            -direction,
            integrality=np.ones(direction.size),
            bounds=scipy.optimize.Bounds(0, limits),
            constraints=scipy.optimize.LinearConstraint(self.matrix, self.lower, self.upper),
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        )
        return None if found.x is None else self._whole(found.x, slack=0.1)

    def _whole(self, solution: FloatArray, slack: float = WHOLE_NUMBER) -> IntArray | None:
        """A solution as whole numbers, if it is one."""
        table = np.round(solution).astype(np.int64)
        return table if (np.abs(table - solution) <= slack).all() and self.agree(table) else None


class _Search:
    """Smallest and greatest value of each unknown over the tables found so far, beginning with the true one.

    An unknown is open while its range is less than ``enough`` for it (0: not asked for, ``UNBOUNDED``: all of it).
    """

    def __init__(self, unknowns: Unknowns, enough: IntArray) -> None:
        self.unknowns = unknowns
        self.enough = enough
        self.low = unknowns.truth.copy()
        self.high = unknowns.truth.copy()

    def run(self) -> None:
        """Open unknowns all at once in random directions first, because every table found speaks of all; then each."""
        truth = self.unknowns.truth
        room = truth + max(int(truth.sum()), 10 * PROTECTION)
        signs = np.random.default_rng(0).choice([-1.0, 1.0], (_SWINGS, truth.size))
        for direction in np.concatenate([signs, -signs], axis=1).reshape(-1, truth.size):
            if self.open.any():
                self._note(self.unknowns.maximise(direction * self.open, np.minimum(room, self.unknowns.ceiling)))
        for place in range(truth.size):
            self._settle(place)

    @property
    def open(self) -> BoolArray:
        """Which unknowns are not yet known to range far enough."""
        return np.asarray((self.high - self.low < self.enough) & ((self.low > 0) | (self.high < self.unknowns.ceiling)))

    def _note(self, table: IntArray | None) -> None:
        if table is not None:
            np.minimum(self.low, table, out=self.low)
            np.maximum(self.high, table, out=self.high)

    def _settle(self, place: int) -> None:
        direction = np.zeros(self.low.size)
        direction[place] = 1
        if self.open[place] and self.high[place] < self.unknowns.ceiling[place]:
            try:
                self._note(self.unknowns.maximise(direction))
            except _Unlimited:
                self.high[place] = UNBOUNDED
        if self.open[place] and self.low[place] > 0:
            self._note(self.unknowns.maximise(-direction))


def possible_ranges(unknowns: Unknowns, enough: IntArray) -> tuple[IntArray, IntArray]:
    """Smallest and greatest value of every unknown, computed until each ranges over ``enough``."""
    low, high = unknowns.truth.copy(), unknowns.truth.copy()
    for members in unknowns.connected():
        if enough[members].any():
            search = _Search(unknowns.part(members), enough[members])
            search.run()
            low[members], high[members] = search.low, search.high
    return low, high


def feasible_ranges(
    table: ArrayLike, suppressed: ArrayLike, margins: Margins = True, constraints: Constraints | None = None
) -> tuple[IntArray, IntArray]:
    """Smallest and greatest value that each suppressed cell can have, given everything that is published.

    ``table`` is a row (cells,) with its total, or a table (rows, columns) with totals of rows, columns and all;
    ``margins`` says whether the totals are published, or, as a pair, those of the rows and those of the columns. A
    ``suppressed`` mask with one more row and column than the table says for each total whether it is withheld. Returns
    two arrays in the shape of the mask, equal to the count where it is published, and ``UNBOUNDED`` for a greatest
    value that nothing published limits.

    ``constraints`` = (A, lower, upper) is what else readers know of the cells (numbered row by row), such as sums of
    scores from means: lower <= A @ cells <= upper, with room for rounding. Then only whole-numbered tables count, and
    where the integer programme gives up the range is too narrow rather than too wide. Raises ``NotATable``,
    ``NotACount``, ``ContradictsCounts``. Source: Hundepool et al. (2012), ch. 4.

    >>> low, high = feasible_ranges([[20, 3], [30, 40]], [[False, True], [False, False]])
    >>> int(low[0, 1]), int(high[0, 1])
    (3, 3)
    >>> low, high = feasible_ranges([[20, 3], [30, 40]], [[True, True], [True, True]])
    >>> low.tolist(), high.tolist()
    ([[0, 0], [27, 20]], [[23, 23], [50, 43]])
    """
    counts = with_totals(table)
    hidden = withheld_entries(suppressed, counts.shape)
    known = stated_entries(counts.shape, margins) & ~hidden
    sums = sums_of(counts.shape)
    matrix, lower, upper = _with_constraints(sums, counts.shape, constraints)
    unknowns = Unknowns.of(matrix, lower, upper, counts.ravel(), known.ravel())
    low, high = counts.copy(), counts.copy()
    low[~known], high[~known] = possible_ranges(unknowns, np.where(hidden[~known], UNBOUNDED, 0))
    shown = slice(None) if np.shape(suppressed) == counts.shape else cells_of(counts.shape)
    return np.where(hidden, low, counts)[shown], np.where(hidden, high, counts)[shown]


def _with_constraints(
    sums: Any, shape: tuple[int, ...], constraints: Constraints | None
) -> tuple[Any, FloatArray, FloatArray]:
    """The sums of a table and further relations of its cells as one matrix with limits."""
    zero = np.zeros(sums.shape[0])
    if constraints is None:
        return sums, zero, zero
    cells = np.arange(sums.shape[1]).reshape(shape)[cells_of(shape)].ravel()
    lower, upper = (np.atleast_1d(np.asarray(limit, dtype=float)) for limit in constraints[1:])
    coefficients = np.asarray(constraints[0], dtype=float).reshape(len(lower), -1)
    if coefficients.shape[1] != cells.size or len(upper) != len(lower):
        raise NotATable(
            f"Constraints on {cells.size} cells have {cells.size} coefficients, a lower and an upper limit each, not "
            f"{coefficients.shape[1]} coefficients, {len(lower)} lower and {len(upper)} upper limits."
        )
    further = np.zeros((len(lower), sums.shape[1]))
    further[:, cells] = coefficients
    return (
        vstack([sums, csr_array(further)], format="csr"),
        np.concatenate([zero, lower]),
        np.concatenate([zero, upper]),
    )
