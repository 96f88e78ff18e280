"""Counts that readers could work out: which more to withhold, and the attacker who checks it before a release.

A table is published with its totals, less what is withheld; whoever subtracts may find the rest. The attacker here is
given everything published, in one table or in many that share counts, and looks for the smallest and the greatest
whole number that each withheld count could be. Totals, where they take part, stand behind the last row and column.

Conservative is the narrow range: real counts are whole, so a range computed with fractions would promise a protection
that an attacker who insists on whole numbers takes away. A range therefore reaches only as far as complete tables of
whole numbers have been found that agree with everything published; the true table is the first of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csc_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from scoring.arrays import BoolArray, FloatArray, IntArray

UNBOUNDED = int(np.iinfo(np.int64).max)
PROTECTION = 5
_SIMPLEX = {"method": "highs-ds", "options": {"presolve": False}}
_INFEASIBLE, _UNLIMITED = 2, 3
_TOLERANCE = 1e-9
_WHOLE = 1e-6
_SWINGS = 8
# Limits of work, not of seconds: the same table gives the same answer on a fast and on a slow machine.
_NODES = 2_000
_ROUNDS = 40
_PROGRAMME_CELLS = 5_000

Margins = bool | tuple[bool, bool]
Constraints = tuple[ArrayLike, ArrayLike, ArrayLike]


class NotATable(ValueError):
    """Counts are neither a row nor a table, or what belongs to them has another shape."""


class NotACount(ValueError):
    """A count is negative, missing or not whole."""


class ContradictsCounts(ValueError):
    """What readers are said to know does not agree with the counts."""


class UnknownCount(ValueError):
    """A relation or a difference names a count that stands in no table."""


def with_totals(table: ArrayLike) -> IntArray:
    """A row (cells,) or table (rows, columns) of counts with its totals appended. Raises ``NotATable``, ``NotACount``.

    >>> with_totals([[1, 2], [3, 4]]).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    counts = _counts(table)
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def _counts(table: ArrayLike) -> IntArray:
    given = np.asarray(table, dtype=float)
    if given.ndim not in (1, 2):
        raise NotATable(f"Counts are a row, or a table of rows and columns, not an array of shape {given.shape}.")
    wrong = np.argwhere(~np.isfinite(given) | (given < 0) | (given != np.floor(given)))
    if wrong.size:
        cell = tuple(int(i) for i in wrong[0])
        raise NotACount(f"A count is a whole number from 0; {_place(cell)} has {given[cell]}.")
    return given.astype(np.int64)


def _place(cell: tuple[int, ...], shape: tuple[int, ...] | None = None) -> str:
    """Where a cell is, counted from 1 as people do; or a total, given the ``shape`` of a table with totals."""
    axes = ("row", "column") if len(cell) == 2 else ("cell",)
    last = tuple(size - 1 for size in shape) if shape else (None,) * len(cell)
    return ", ".join(
        f"all {axis}s" if i == end else f"{axis} {i + 1}" for axis, i, end in zip(axes, cell, last, strict=True)
    )


def _sums(shape: tuple[int, ...]) -> Any:
    """Sparse (lines, entries) of a table of ``shape`` with totals: the parts of each line less its total make 0."""
    places = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    lines = [line for axis, size in enumerate(shape) for line in np.moveaxis(places, axis, -1).reshape(-1, size)]
    signs = np.concatenate([np.append(np.ones(line.size - 1), -1.0) for line in lines])
    rows = np.repeat(np.arange(len(lines)), [line.size for line in lines])
    return csr_array((signs, (rows, np.concatenate(lines))), shape=(len(lines), places.size))


def _cells(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Where the cells are in a table with totals of this ``shape``."""
    return tuple(slice(size - 1) for size in shape)


def _stated(shape: tuple[int, ...], margins: Margins) -> BoolArray:
    """What a table of ``shape``, with totals, tells or marks as withheld: its cells, and the totals named."""
    if len(shape) == 1 and isinstance(margins, tuple):
        raise NotATable("A single row has one total: margins is True or False.")
    rows, columns = margins if isinstance(margins, tuple) else (margins, margins)
    stated = np.zeros(shape, dtype=bool)
    stated[-1] = columns
    stated[..., -1] = rows
    stated[_cells(shape)] = True
    # Whoever sees all the totals of the rows, or of the columns, also sees their sum.
    stated[(-1,) * len(shape)] = rows or columns
    return stated


def _hidden(suppressed: ArrayLike, shape: tuple[int, ...]) -> BoolArray:
    """A mask of cells, or of cells and totals, as a mask over the ``shape`` with totals."""
    mask = np.asarray(suppressed, dtype=bool)
    if mask.shape == shape:
        return mask
    hidden = np.zeros(shape, dtype=bool)
    if mask.shape != hidden[_cells(shape)].shape:
        raise NotATable(
            f"A table of shape {hidden[_cells(shape)].shape} needs a mask of that shape, or of {shape} to speak of its "
            f"totals as well, not {mask.shape}."
        )
    hidden[_cells(shape)] = mask
    return hidden


class _Unlimited(Exception):
    """Nothing published limits a sum of counts."""


@dataclass(frozen=True, eq=False)
class _Unknowns:
    """Counts (whole, from 0) that are not published, and what is known: ``lower`` <= ``matrix`` @ x <= ``upper``.

    ``matrix`` is sparse (relations, unknowns); ``truth`` (unknowns,) is what the attacker looks for.
    """

    matrix: Any
    lower: FloatArray
    upper: FloatArray
    truth: IntArray

    @classmethod
    def of(cls, matrix: Any, lower: FloatArray, upper: FloatArray, counts: IntArray, known: BoolArray) -> _Unknowns:
        """What relations between all ``counts`` say of those that are not ``known``."""
        shift = matrix[:, known] @ counts[known]
        everything = cls(matrix, lower, upper, counts)
        if not everything.agree(counts):
            raise ContradictsCounts(
                f"Relation {everything.violated(counts) + 1} of {len(lower)} does not hold for the true counts; check "
                "its coefficients, and leave room for rounding between its lower and upper limit."
            )
        return cls(matrix[:, ~known], lower - shift, upper - shift, counts[~known])

    def part(self, members: IntArray) -> _Unknowns:
        """Only these unknowns, which share no relation with the others."""
        matrix = csr_array(self.matrix[:, members])
        rows = np.flatnonzero(np.diff(matrix.indptr))
        return _Unknowns(matrix[rows], self.lower[rows], self.upper[rows], self.truth[members])

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
        relaxed = linprog(-direction, **self._programme, bounds=bounds, **_SIMPLEX)
        if relaxed.status == _UNLIMITED:
            raise _Unlimited
        table = None if relaxed.x is None else self._whole(relaxed.x)
        return self._maximise_whole(direction, limits) if table is None else table

    def _maximise_whole(self, direction: FloatArray, limits: FloatArray) -> IntArray | None:
        found = milp(
            -direction,
            integrality=np.ones(direction.size),
            bounds=Bounds(0, limits),
            constraints=LinearConstraint(self.matrix, self.lower, self.upper),
            options={"node_limit": _NODES, "mip_rel_gap": 0.0},
        )
        return None if found.x is None else self._whole(found.x, slack=0.1)

    def _whole(self, solution: FloatArray, slack: float = _WHOLE) -> IntArray | None:
        """A solution as whole numbers, if it is one."""
        table = np.round(solution).astype(np.int64)
        return table if (np.abs(table - solution) <= slack).all() and self.agree(table) else None


class _Search:
    """Smallest and greatest value of each unknown over the tables found so far, beginning with the true one.

    An unknown is open while its range is less than ``enough`` for it (0: not asked for, ``UNBOUNDED``: all of it).
    """

    def __init__(self, unknowns: _Unknowns, enough: IntArray) -> None:
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


def _ranges(unknowns: _Unknowns, enough: IntArray) -> tuple[IntArray, IntArray]:
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
    hidden = _hidden(suppressed, counts.shape)
    known = _stated(counts.shape, margins) & ~hidden
    sums = _sums(counts.shape)
    matrix, lower, upper = _with_constraints(sums, counts.shape, constraints)
    unknowns = _Unknowns.of(matrix, lower, upper, counts.ravel(), known.ravel())
    low, high = counts.copy(), counts.copy()
    low[~known], high[~known] = _ranges(unknowns, np.where(hidden[~known], UNBOUNDED, 0))
    shown = slice(None) if np.shape(suppressed) == counts.shape else _cells(counts.shape)
    return np.where(hidden, low, counts)[shown], np.where(hidden, high, counts)[shown]


def _with_constraints(
    sums: Any, shape: tuple[int, ...], constraints: Constraints | None
) -> tuple[Any, FloatArray, FloatArray]:
    """The sums of a table and further relations of its cells as one matrix with limits."""
    zero = np.zeros(sums.shape[0])
    if constraints is None:
        return sums, zero, zero
    cells = np.arange(sums.shape[1]).reshape(shape)[_cells(shape)].ravel()
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


@dataclass(frozen=True, eq=False)
class _Problem:
    """What to withhold of a table with its totals, all arrays flat over its entries.

    ``primary`` must be withheld, ``candidate`` may be; ``untold`` totals are not published anyway. ``sums`` is the
    sparse matrix (lines, entries) of what adds up to what.
    """

    counts: IntArray
    sums: Any
    primary: BoolArray
    candidate: BoolArray
    untold: BoolArray
    protection: int

    @cached_property
    def lines(self) -> Any:
        """Rows and columns, with their total, in which at least two entries must be withheld if any is: 0 or 1."""
        complete = abs(self.sums) @ self.untold == 0
        lines = csr_array(abs(self.sums)[complete] * self.candidate)
        lines.eliminate_zeros()
        return lines

    @cached_property
    def weight(self) -> IntArray:
        """What an entry adds to the joint number withheld in a line; a withheld total is enough on its own."""
        totals = np.asarray((self.sums < 0).sum(axis=0)).ravel() > 0
        return np.where(totals, self.protection, np.minimum(self.counts, self.protection))

    @cached_property
    def cost(self) -> FloatArray:
        """The number withheld; among masks of the same number, the one with fewer entries."""
        return np.where(self.candidate, self.counts + 1 / (self.counts.size + 1), 0.0)

    def weak(self, mask: BoolArray) -> IntArray:
        """Withheld entries that readers can narrow down too far."""
        hidden = mask | self.untold
        zero = np.zeros(self.sums.shape[0])
        unknowns = _Unknowns.of(self.sums, zero, zero, self.counts, ~hidden)
        low, high = _ranges(unknowns, np.where(mask[hidden], self.protection, 0))
        return np.flatnonzero(hidden)[mask[hidden] & (high - low < self.protection)]

    def cut(self, mask: BoolArray, entry: int) -> FloatArray:
        """Coefficients of a rule "coefficients @ mask >= 0" that protection of ``entry`` needs and ``mask`` breaks.

        If y is a table the attacker holds possible and M y = 0 its sums, then for any multipliers u the entry moves
        from its true value by no more than the sum, over withheld k, of d_k a_k where d = +-e - M'u is positive (a_k
        can fall to 0) and without limit where it is negative. The attacker's own dual solutions are the sharpest u.
        Source: Fischetti and Salazar-González (2001).
        """
        hidden = mask | self.untold
        matrix, reach = self.sums[:, hidden], np.zeros(self.counts.size)
        for sign in (1.0, -1.0):
            goal = np.zeros(self.counts.size)
            goal[entry] = sign
            attack = linprog(goal[hidden], A_eq=matrix, b_eq=matrix @ self.counts[hidden], **_SIMPLEX)
            reduced = np.round(goal - self.sums.T @ attack.eqlin.marginals, 6)
            reach += np.where(reduced < 0, self.protection, np.maximum(reduced, 0) * self.counts)
        rule = np.minimum(reach, self.protection)
        rule[entry] -= self.protection
        return rule


def protect(table: ArrayLike, minimum: int = 10, *, protection: int = PROTECTION, margins: Margins = True) -> BoolArray:
    """Which cells of a table to withhold so that none below ``minimum`` can be worked out: a mask in its shape.

    Withheld are all cells below ``minimum``, zeros too, since empty and suppressed must look the same; and, of the
    others, those of smallest total that leave every withheld cell a range of at least ``protection`` whole numbers'
    difference (its greatest value is then at least that as well). In every line with a published total that means two
    withheld cells and ``protection`` answers among them. ``margins`` as in ``feasible_ranges``.

    A mask that is True throughout says that nothing of the table may be published, *not even its totals*: a total is
    itself below ``minimum``, or nothing else protects the cells. ``protect_with_totals`` withholds single totals.

    Exact by integer programming with the attacker's duals as cuts; a greedy choice that protects as well but may
    withhold more for tables of more than 5,000 entries and where the programme does not end. The same table always
    gives the same mask. Raises ``NotATable``, ``NotACount``. Sources: Hundepool et al. (2012), ch. 4; Fischetti and
    Salazar-González (2001).

    >>> protect([[20, 3, 50], [30, 40, 60], [12, 70, 80]]).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    >>> protect([4, 5, 30]).all(), protect([2, 3, 1]).all()
    (np.False_, np.True_)
    """
    counts = with_totals(table)
    cells = np.zeros(counts.shape, dtype=bool)
    cells[_cells(counts.shape)] = True
    stated = _stated(counts.shape, margins)
    primary = cells & (counts < minimum)
    if not primary.any():
        return primary[_cells(counts.shape)]
    mask = None if (counts[stated & ~cells] < minimum).any() else _mask(counts, primary, cells, ~stated, protection)
    return (np.ones_like(primary) if mask is None else mask)[_cells(counts.shape)]


def protect_with_totals(table: ArrayLike, minimum: int = 10, *, protection: int = PROTECTION) -> BoolArray:
    """Like ``protect`` where single totals may be withheld too: a mask with one more row and column than the table.

    A total below ``minimum`` is withheld like a cell, and so are the totals it could be worked out from. This is what a
    table needs in which some municipalities have few answers altogether. ``feasible_ranges`` and ``PublishedTable``
    take such masks.

    >>> protect_with_totals([[20, 30], [2, 1], [40, 50]]).astype(int).tolist()
    [[1, 1, 1], [1, 1, 1], [0, 0, 0], [0, 0, 0]]
    """
    counts = with_totals(table)
    everything = np.ones(counts.shape, dtype=bool)
    primary = counts < minimum
    mask = _mask(counts, primary, everything, ~everything, protection) if primary.any() else primary
    return everything if mask is None else mask


def _mask(
    counts: IntArray, primary: BoolArray, candidate: BoolArray, untold: BoolArray, protection: int
) -> BoolArray | None:
    """The cheapest mask that protects, in the shape of the counts; None if none does."""
    sums = _sums(counts.shape)
    problem = _Problem(counts.ravel(), sums, primary.ravel(), candidate.ravel(), untold.ravel(), protection)
    mask = _cheapest(problem)
    return None if mask is None else mask.reshape(counts.shape)


def _cheapest(problem: _Problem) -> BoolArray | None:
    """Masks that satisfy all rules known so far, with a new rule for every entry they leave unprotected."""
    rules = csr_array((0, problem.counts.size))
    mask = problem.primary
    for turn in range(_ROUNDS + problem.counts.size):
        exact = turn < _ROUNDS and problem.counts.size <= _PROGRAMME_CELLS
        chosen = _programme(problem, rules) if exact else _greedy(problem, rules, mask)
        if chosen is None or not (weak := problem.weak(chosen)).size:
            return chosen
        mask = chosen
        rules = vstack([rules, csr_array([problem.cut(mask, int(entry)) for entry in weak])], format="csr")
    return None


def _programme(problem: _Problem, rules: Any) -> BoolArray | None:
    """The cheapest mask that keeps the rules, by integer programming; greedily if that does not end."""
    lines, size = problem.lines, problem.counts.size
    members = coo_array(lines)
    touched = csr_array((np.ones(members.nnz), (np.arange(members.nnz), members.row)), (members.nnz, lines.shape[0]))
    each = csr_array((np.ones(members.nnz), (np.arange(members.nnz), members.col)), (members.nnz, size))
    some = eye_array(lines.shape[0])
    program = vstack(
        [
            hstack([-each, touched]),
            hstack([lines, -2 * some]),
            hstack([lines * problem.weight, -problem.protection * some]),
            hstack([rules, csr_array((rules.shape[0], lines.shape[0]))]),
        ],
        format="csr",
    )
    least = problem.primary | problem.untold
    found = milp(
        np.append(problem.cost, np.zeros(lines.shape[0])),
        integrality=np.ones(program.shape[1]),
        bounds=Bounds(
            np.append(least, np.zeros(lines.shape[0])), np.append(least | problem.candidate, np.ones(lines.shape[0]))
        ),
        constraints=LinearConstraint(program, 0.0, np.inf),
        options={"node_limit": _NODES, "mip_rel_gap": 0.0},
    )
    if found.status == _INFEASIBLE:
        return None
    return _greedy(problem, rules, problem.primary) if found.x is None else (found.x[:size] > 0.5) & problem.candidate


def _greedy(problem: _Problem, rules: Any, start: BoolArray) -> BoolArray | None:
    """From ``start``, again and again the entry that serves most broken rules for its number; None if none serves."""
    mask, lines = start.copy(), problem.lines
    while True:
        count, joint = lines @ mask, lines @ (mask * problem.weight)
        needy = (count > 0) & ((count < 2) | (joint < problem.protection))
        broken = rules @ (mask | problem.untold) < -_WHOLE
        if not needy.any() and not broken.any():
            return mask
        service = lines.T @ needy + (rules > 0).T @ broken
        service = np.where(problem.candidate & ~mask, service, 0) / np.maximum(problem.cost, 1)
        if not service.any():
            return None
        mask[np.argmax(service)] = True


@dataclass(frozen=True, eq=False)
class PublishedTable:
    """A table as readers see it: true ``counts`` of its cells, and which of them are ``suppressed``.

    ``margins`` as in ``feasible_ranges``; a mask with one more row and column than the counts speaks of the totals.
    Cells (or cells and totals) that stand in several tables have the same entry in the ``keys``, a list, or for a table
    a list of rows; without keys a table shares nothing. A table without margins is a list of counts.
    """

    name: str
    counts: ArrayLike
    suppressed: ArrayLike
    margins: Margins = True
    keys: Sequence[Any] | None = None


@dataclass(frozen=True, eq=False)
class Relation:
    """What readers know of counts together: ``low`` <= sum of coefficient times count <= ``high``; keys to numbers.

    A published mean is such a relation of a histogram: the sum of scores is n times the mean, give or take rounding.
    """

    coefficients: Mapping[Hashable, float]
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """Two counts of people, one set growing out of the other: of ``before`` some left (``withdrawn``), others came.

    A filter inside a wider one, or a group in an earlier and a later version. Readers are taken to know either of the
    two numbers, as few ever withdraw; the people who came or left must then be none or at least ``least``.
    """

    name: str
    before: Hashable
    after: Hashable
    withdrawn: int = 0
    least: int = PROTECTION


@dataclass(frozen=True)
class Finding:
    """A count that readers can narrow down too far, ``low`` to ``high``; ``cell`` is empty for a difference."""

    table: str
    cell: tuple[int, ...]
    low: int
    high: int
    sentence: str


@dataclass(frozen=True)
class _Own:
    """The key of an entry that has none."""

    table: int
    entry: int


@dataclass(eq=False)
class _Ledger:
    """All counts that any table holds, once each, and all relations between them."""

    position: dict[Hashable, int] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    rows: list[dict[int, float]] = field(default_factory=list)
    limits: list[tuple[float, float]] = field(default_factory=list)

    def enter(self, key: Hashable, count: int, known: bool) -> int:
        """Position of a count, new or known from another table."""
        place = self.position.setdefault(key, len(self.counts))
        if place == len(self.counts):
            self.counts.append(count)
            self.known.append(known)
        if self.counts[place] != count:
            raise ContradictsCounts(f"{key!r} is {self.counts[place]} in one table and {count} in another.")
        self.known[place] |= known
        return place

    def find(self, key: Hashable) -> int:
        """Position of a count that a table holds."""
        if key not in self.position:
            raise UnknownCount(f"{key!r} stands in no table; add it to one (without margins if it is not published).")
        return self.position[key]

    def relate(self, coefficients: dict[int, float], low: float, high: float) -> None:
        """Add a relation between counts at these positions."""
        self.rows.append(coefficients)
        self.limits.append((low, high))

    def unknowns(self) -> tuple[_Unknowns, BoolArray]:
        """What readers do not know, and which of the counts that is."""
        known = np.array(self.known, dtype=bool)
        entries = [(row, place, value) for row, terms in enumerate(self.rows) for place, value in terms.items()]
        rows, places, values = np.array(entries, dtype=float).reshape(-1, 3).T
        shape = (len(self.rows), len(self.counts))
        matrix = csc_array((values, (rows.astype(int), places.astype(int))), shape=shape)
        matrix.eliminate_zeros()
        lower, upper = np.array(self.limits, dtype=float).reshape(-1, 2).T
        return _Unknowns.of(matrix, lower, upper, np.array(self.counts, dtype=np.int64), known), ~known


def audit(
    tables: Sequence[PublishedTable],
    relations: Sequence[Relation] = (),
    differences: Sequence[Difference] = (),
    protection: int = PROTECTION,
) -> tuple[Finding, ...]:
    """Every suppressed count, of all tables together, that readers can narrow down to less than ``protection``.

    ``tables`` are all that readers hold: this and earlier versions, every filter. A count with the same key is the same
    count, so that one version or table may give away what another withholds. A suppressed count is safe if its greatest
    possible value exceeds its smallest by ``protection`` or more; people who came or left between two counts are safe
    if there are none, or if they could be ``least``. Nothing is found: the release may go out. Raises ``NotATable``,
    ``NotACount``, ``ContradictsCounts``, ``UnknownCount``.

    >>> lone = PublishedTable("answers by age", [20, 30, 4], [False, False, True])
    >>> [(finding.cell, finding.low, finding.high) for finding in audit([lone])]
    [((2,), 4, 4)]
    >>> versions = PublishedTable("all answers", [20, 23], [False, False], margins=False, keys=["May", "June"])
    >>> audit([versions], differences=[Difference("May to June", "May", "June")])[0].sentence
    '"May to June": 3 people were added, fewer than 5; keep the earlier version until there are more.'
    """
    ledger = _Ledger()
    hidden = [(table, cell, place) for i, table in enumerate(tables) for cell, place in _enter_table(ledger, i, table)]
    for relation in relations:
        ledger.relate(
            {ledger.find(key): value for key, value in relation.coefficients.items()}, relation.low, relation.high
        )
    added = [_enter_difference(ledger, i, difference) for i, difference in enumerate(differences)]
    low, high = _ledger_ranges(ledger, [place for _, _, place in hidden], added, protection)
    return tuple(
        [
            _narrow(table, cell, int(low[place]), int(high[place]), protection)
            for table, cell, place in hidden
            if high[place] - low[place] < protection
        ]
        + [
            finding
            for difference, place in zip(differences, added, strict=True)
            for finding in _differencing(difference, ledger.counts[place], int(low[place]), int(high[place]))
        ]
    )


def _enter_table(ledger: _Ledger, number: int, table: PublishedTable) -> Iterator[tuple[tuple[int, ...], int]]:
    """Enter the counts and sums of a table; cell and position in the ledger of what it withholds."""
    counts = with_totals(table.counts)
    hidden = _hidden(table.suppressed, counts.shape)
    known = _stated(counts.shape, table.margins) & ~hidden
    keys = _keys(table, number, counts.shape)
    places = [ledger.enter(*entry) for entry in zip(keys, counts.ravel().tolist(), known.ravel().tolist(), strict=True)]
    sums = _sums(counts.shape)
    for start, end in pairwise(sums.indptr):
        line = zip(sums.indices[start:end], sums.data[start:end], strict=True)
        ledger.relate({places[entry]: float(sign) for entry, sign in line}, 0.0, 0.0)
    return (
        (tuple(int(i) for i in np.unravel_index(entry, counts.shape)), places[entry])
        for entry in np.flatnonzero(hidden)
    )


def _keys(table: PublishedTable, number: int, shape: tuple[int, ...]) -> list[Hashable]:
    """The key of every entry of a table with totals; its own where none is given."""
    keys = np.array([_Own(number, entry) for entry in range(np.prod(shape, dtype=int))], dtype=object).reshape(shape)
    if table.keys is not None:
        rows = [table.keys] if len(shape) == 1 else list(table.keys)
        widths = {len(row) for row in rows}
        if len(widths) > 1 or (len(rows), *widths)[-len(shape) :] not in (shape, tuple(size - 1 for size in shape)):
            raise NotATable(f'"{table.name}" has as many keys as cells, in the same rows, or as cells and totals.')
        for i, row in enumerate(rows):
            for j, key in enumerate(row):
                keys[(i, j)[-len(shape) :]] = key
    return list(keys.ravel())


def _enter_difference(ledger: _Ledger, number: int, difference: Difference) -> int:
    """Enter the people who came between two counts, and how they are known; their position in the ledger."""
    before, after = ledger.find(difference.before), ledger.find(difference.after)
    stayed = ledger.counts[before] - difference.withdrawn
    if not 0 <= stayed <= min(ledger.counts[before], ledger.counts[after]):
        raise ContradictsCounts(
            f'"{difference.name}": if {difference.withdrawn} of {ledger.counts[before]} left, the rest cannot be part '
            f"of {ledger.counts[after]}."
        )
    added = ledger.enter(_Own(-1 - number, 0), ledger.counts[after] - stayed, known=False)
    ledger.relate({after: 1.0, before: -1.0, added: -1.0}, -difference.withdrawn, -difference.withdrawn)
    return added


def _ledger_ranges(ledger: _Ledger, hidden: list[int], added: list[int], protection: int) -> tuple[IntArray, IntArray]:
    """Smallest and greatest value of all counts: of the hidden as far as needed, of the people added exactly."""
    unknowns, open_ = ledger.unknowns()
    enough = np.zeros(open_.size, dtype=np.int64)
    enough[hidden] = protection
    enough[added] = UNBOUNDED
    low = np.array(ledger.counts, dtype=np.int64)
    high = low.copy()
    low[open_], high[open_] = _ranges(unknowns, enough[open_])
    return low, high


def _narrow(table: PublishedTable, cell: tuple[int, ...], low: int, high: int, protection: int) -> Finding:
    place = _place(cell, with_totals(table.counts).shape)
    known = f"that this is {low}" if low == high else f"that this lies between {low} and {high}"
    sentence = (
        f'"{table.name}", {place}: readers can work out {known}; a suppressed count must be left a range of at least '
        f"{protection}. Withhold another count of its row or column, or what is linked with it."
    )
    return Finding(table.name, cell, low, high, sentence)


def _differencing(difference: Difference, added: int, low: int, high: int) -> Iterator[Finding]:
    """What readers learn of the people who came, knowing who left, and of those who left, knowing who came."""
    left = difference.withdrawn
    for count, least, most, what in (
        (added, low, high, "added"),
        (left, max(0, left + added - high), left + added - low, "withdrawn"),
    ):
        if count and most < difference.least:
            people = f"{least} people" if least == most else f"{least} to {most} people"
            sentence = (
                f'"{difference.name}": {people} were {what}, fewer than {difference.least}; keep the earlier version '
                "until there are more."
            )
            yield Finding(difference.name, (), least, most, sentence)
