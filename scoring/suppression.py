"""Complementary suppression: which more counts to withhold so that readers cannot work out those that must be.

A table is published with its totals, less what is withheld; whoever subtracts may find the rest. Totals, where they
take part, stand behind the last row and column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.attacker import NODES, PROTECTION, SIMPLEX, WHOLE_NUMBER, Unknowns, possible_ranges
from scoring.counts import Margins, cells_of, stated_entries, sums_of, with_totals

_INFEASIBLE = 2
_ROUNDS = 40
_PROGRAMME_CELLS = 5_000


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
        unknowns = Unknowns.of(self.sums, zero, zero, self.counts, ~hidden)
        low, high = possible_ranges(unknowns, np.where(mask[hidden], self.protection, 0))
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
            attack = scipy.optimize.linprog(goal[hidden], A_eq=matrix, b_eq=matrix @ self.counts[hidden], **SIMPLEX)
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
    cells[cells_of(counts.shape)] = True
    stated = stated_entries(counts.shape, margins)
    primary = cells & (counts < minimum)
    if not primary.any():
        return primary[cells_of(counts.shape)]
    mask = None if (counts[stated & ~cells] < minimum).any() else _mask(counts, primary, cells, ~stated, protection)
    return (np.ones_like(primary) if mask is None else mask)[cells_of(counts.shape)]


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
    sums = sums_of(counts.shape)
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
    found = scipy.optimize.milp(
        np.append(problem.cost, np.zeros(lines.shape[0])),
        integrality=np.ones(program.shape[1]),
        bounds=scipy.optimize.Bounds(
            np.append(least, np.zeros(lines.shape[0])), np.append(least | problem.candidate, np.ones(lines.shape[0]))
        ),
        constraints=scipy.optimize.LinearConstraint(program, 0.0, np.inf),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
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
        broken = rules @ (mask | problem.untold) < -WHOLE_NUMBER
        if not needy.any() and not broken.any():
            return mask
        service = lines.T @ needy + (rules > 0).T @ broken
        service = np.where(problem.candidate & ~mask, service, 0) / np.maximum(problem.cost, 1)
        if not service.any():
            return None
        mask[np.argmax(service)] = True
