"""The audit before a release: all tables that readers hold, linked by shared counts, in the attacker's hands."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csc_array

from scoring.arrays import BoolArray, IntArray
from scoring.attacker import PROTECTION, UNBOUNDED, ContradictsCounts, Unknowns, possible_ranges
from scoring.counts import Margins, NotATable, place_of, stated_entries, sums_of, with_totals, withheld_entries


class UnknownCount(ValueError):
    """A relation or a difference names a count that stands in no table."""


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

    def unknowns(self) -> tuple[Unknowns, BoolArray]:
        """What readers do not know, and which of the counts that is."""
        known = np.array(self.known, dtype=bool)
        entries = [(row, place, value) for row, terms in enumerate(self.rows) for place, value in terms.items()]
        rows, places, values = np.array(entries, dtype=float).reshape(-1, 3).T
        shape = (len(self.rows), len(self.counts))
        matrix = csc_array((values, (rows.astype(int), places.astype(int))), shape=shape)
        matrix.eliminate_zeros()
        lower, upper = np.array(self.limits, dtype=float).reshape(-1, 2).T
        return Unknowns.of(matrix, lower, upper, np.array(self.counts, dtype=np.int64), known), ~known


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
    hidden = withheld_entries(table.suppressed, counts.shape)
    known = stated_entries(counts.shape, table.margins) & ~hidden
    keys = _keys(table, number, counts.shape)
    places = [ledger.enter(*entry) for entry in zip(keys, counts.ravel().tolist(), known.ravel().tolist(), strict=True)]
    sums = sums_of(counts.shape)
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
    low[open_], high[open_] = possible_ranges(unknowns, enough[open_])
    return low, high


def _narrow(table: PublishedTable, cell: tuple[int, ...], low: int, high: int, protection: int) -> Finding:
    place = place_of(cell, with_totals(table.counts).shape)
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
