"""The inspection of groups of newcomers: what follows for a group that is not shown from those that are."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring import disclosure, exchange, subtraction
from scoring.arrays import BoolArray, IntArray
from scoring.exposure import Exposure
from scoring.groups import Question, Traits
from scoring.method import Method
from scoring.release import Group, Release, UnitSheet
from scoring.round_data import RoundData
from scoring.views import OutsideView

PERSONS = ""
"""Stands for the number of persons where an indicator is named."""


def exposed_groups(
    release: Release, data: RoundData, outside: OutsideView, traits: Traits, method: Method
) -> Iterator[Exposure]:
    """Groups that readers can count though they are withheld, in a municipality or in the region.

    In a municipality the groups of a question whose answers exclude each other add up to all, less those who did not
    answer it; of other questions every group has those who did not choose it as its counterpart. In the region a group
    is the sum of the same group in all municipalities, or in those that show it; and what follows from both together is
    looked for in the whole table of a question.
    """
    sheets = [release.own[unit] for unit in data.units]
    groups = [*release.region.groups, *(group for sheet in sheets for group in sheet.groups)]
    subjects = list(dict.fromkeys([PERSONS, *(score.indicator for group in groups for score in group.scores)]))
    for subject, counts in zip(subjects, _count(data, outside, traits, subjects), strict=True):
        shown = np.stack([_shown(sheet.groups, traits, subject) for sheet in sheets])
        for u, sheet in enumerate(sheets):
            whole = _whole(sheet.responses, sheet.outside_view, subject)
            if whole is not None:
                yield from _in_a_unit(data.units[u], subject, traits, _Row(counts[u], shown[u], whole), method)
        public = shown & np.array([unit in release.public for unit in data.units])[:, None]
        totals = dict(_published(release.region.groups, traits, subject))
        for column, n in totals.items():
            total = subtraction.Total(n)
            for rest in subtraction.derivable(total, counts[:, column, None], public[:, column], method.minimum_own):
                yield Exposure("subtraction", _name(traits, column, subject), "", 0, rest.low, rest.high)
                break
        known = np.array([_known(release.public.get(unit), subject) for unit in data.units])
        for columns in _tables(traits):
            table = _Crossed(counts[:, columns], public[:, columns], known, [totals.get(c) for c in columns])
            for unit, column, low, high in table.attacked(method.minimum_own):
                yield Exposure("subtraction", _name(traits, columns[column], subject), data.units[unit], 0, low, high)


def _known(sheet: UnitSheet | None, subject: str) -> int:
    """The number of people of a municipality that everybody knows; -1 where nobody does."""
    whole = None if sheet is None else _whole(sheet.responses, sheet.outside_view, subject)
    return -1 if whole is None else whole


def _tables(traits: Traits) -> Iterator[list[int]]:
    """Columns of groups that exclude each other; every other group is a table of its own."""
    for question, columns in zip(traits.questions, traits.columns, strict=True):
        yield from [[*columns]] if question.exclusive else [[column] for column in columns]


@dataclass(frozen=True, eq=False)
class _Crossed:
    """Groups in municipalities: true ``counts``, which are ``public``, known rows (-1: not), known columns (None)."""

    counts: IntArray
    public: BoolArray
    whole: IntArray
    totals: Sequence[int | None]

    def attacked(self, protection: int) -> Iterator[tuple[int, int, int, int]]:
        """Hidden cells that rows and columns together leave too narrow a range: unit, column, lowest, highest.

        Sums over the visible alone say nothing new. Cells that can plainly be exchanged need no attack; where one
        cannot, all of the table is given to the attacker.
        """
        summed = self.counts.sum(axis=0)
        seen = (self.counts * self.public).sum(axis=0)
        linked = np.array(
            [n is not None and n == all_ != part for n, all_, part in zip(self.totals, summed, seen, strict=True)]
        )
        if not linked.any():
            return
        weak = ~exchange.movable(self.counts, ~self.public, linked, self.whole, protection)
        if not weak.any():
            return
        for finding in disclosure.audit([self._table()], list(self._relations(linked)), protection=protection):
            unit, column = finding.cell
            if weak[unit, column]:
                yield unit, column, finding.low, finding.high

    def _table(self) -> disclosure.PublishedTable:
        units, columns = self.counts.shape
        keys = [[(unit, column) for column in range(columns)] for unit in range(units)]
        return disclosure.PublishedTable("groups", self.counts, ~self.public, margins=False, keys=keys)

    def _relations(self, linked: BoolArray) -> Iterator[disclosure.Relation]:
        units, columns = self.counts.shape
        for unit in np.flatnonzero(self.whole >= 0).tolist():
            row: dict[Hashable, float] = {(unit, column): 1.0 for column in range(columns)}
            yield disclosure.Relation(row, 0.0, float(self.whole[unit]))
        for column in np.flatnonzero(linked).tolist():
            total = float(self.counts[:, column].sum())
            yield disclosure.Relation({(unit, column): 1.0 for unit in range(units)}, total, total)


def _count(data: RoundData, outside: OutsideView, traits: Traits, subjects: Sequence[str]) -> IntArray:
    """Persons of every group, where an indicator is named those with a score of it: (subjects, units, options).

    Whole numbers far below 2^24, which single precision holds exactly.
    """
    scored = np.stack([_scored(data, outside, subject) for subject in subjects], axis=1)
    order = np.argsort(data.response_unit, kind="stable")
    edges = np.searchsorted(data.response_unit[order], np.arange(len(data.units) + 1))
    counts = np.zeros((len(subjects), len(data.units), traits.member.shape[1]), dtype=np.int64)
    for unit in range(len(data.units)):
        rows = order[edges[unit] : edges[unit + 1]]
        counts[:, unit] = scored[rows].astype(np.float32).T @ traits.member[rows].astype(np.float32)
    return counts


def _scored(data: RoundData, outside: OutsideView, subject: str) -> BoolArray:
    """Who has a score of an indicator; everybody where none is named."""
    if subject == PERSONS:
        return np.ones(len(data.ratings), dtype=bool)
    j = outside.indicators.index(subject)
    answers = data.ratings[:, outside.indicator_items[j]]
    rated = (answers >= 1) & (answers <= outside.tally.points)
    return np.asarray(rated.sum(axis=1) >= outside.minimum_answered[j])


def _names(traits: Traits) -> list[tuple[str, str]]:
    return [(question.id, option) for question in traits.questions for option in question.options]


def _name(traits: Traits, column: int, subject: str) -> str:
    return ":".join([*_names(traits)[column], *([subject] if subject != PERSONS else [])])


def _published(groups: Sequence[Group], traits: Traits, subject: str) -> Iterator[tuple[int, int]]:
    """Columns of the groups that are shown, with the number published."""
    column = {name: c for c, name in enumerate(_names(traits))}
    for group in groups:
        if subject == PERSONS:
            yield column[group.question, group.option], group.n
        for score in group.scores:
            if score.indicator == subject:
                yield column[group.question, group.option], score.n


def _shown(groups: Sequence[Group], traits: Traits, subject: str) -> BoolArray:
    mask = np.zeros(traits.member.shape[1], dtype=bool)
    mask[[column for column, _ in _published(groups, traits, subject)]] = True
    return mask


def _whole(responses: int | None, scores: Sequence[object], subject: str) -> int | None:
    """How many there are in all, if that is published."""
    if subject == PERSONS:
        return responses
    return next((getattr(s, "n", None) for s in scores if getattr(s, "indicator", "") == subject), None)


@dataclass(frozen=True, eq=False)
class _Row:
    """The groups of one unit: true ``counts``, which are ``shown``, and the published ``whole``."""

    counts: IntArray
    shown: BoolArray
    whole: int


def _in_a_unit(unit: str, subject: str, traits: Traits, row: _Row, method: Method) -> Iterator[Exposure]:
    for question, columns in zip(traits.questions, traits.columns, strict=True):
        part = slice(columns.start, columns.stop)
        for column, high in _narrow(question, _Row(row.counts[part], row.shown[part], row.whole), method):
            yield Exposure("subtraction", _name(traits, columns.start + column, subject), unit, 0, 0, high)


def _narrow(question: Question, row: _Row, method: Method) -> Iterator[tuple[int, int]]:
    """Groups of a question of which a reader knows that no more than so many, too few, are in them or not in them."""
    if not question.exclusive:
        apart = row.whole - row.counts
        yield from ((int(c), int(apart[c])) for c in np.flatnonzero(row.shown & (apart < method.minimum_own)))
    elif row.shown.any() and not row.shown.all():
        rest = row.whole - int(row.counts[row.shown].sum())
        if rest < method.minimum_own:
            yield from ((int(c), rest) for c in np.flatnonzero(~row.shown))
