"""The inspection of groups of newcomers: what follows for a group that is not shown from those that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring import subtraction
from scoring.arrays import BoolArray, IntArray
from scoring.benchmark import OutsideView
from scoring.exposure import Exposure
from scoring.groups import Question, Traits
from scoring.method import Method
from scoring.release import Group, Release
from scoring.round_data import RoundData

PERSONS = ""
"""Stands for the number of persons where an indicator is named."""


def exposed_groups(
    release: Release, data: RoundData, outside: OutsideView, traits: Traits, method: Method
) -> Iterator[Exposure]:
    """Groups that readers can count though they are withheld, in a municipality or in the region.

    In a municipality the groups of a question whose answers exclude each other add up to all, less those who did not
    answer it; of other questions every group has those who did not choose it as its counterpart. In the region a group
    is the sum of the same group in all municipalities, or in those that show it.
    """
    subjects = [PERSONS, *dict.fromkeys(s.indicator for g in release.region.groups for s in g.scores)]
    sheets = [release.own[unit] for unit in data.units]
    for subject in dict.fromkeys([*subjects, *(s.indicator for u in sheets for g in u.groups for s in g.scores)]):
        counts = _count(data, outside, traits, subject)
        shown = np.stack([_shown(sheet.groups, traits, subject) for sheet in sheets])
        for u, sheet in enumerate(sheets):
            whole = _whole(sheet.responses, sheet.outside_view, subject)
            if whole is not None:
                yield from _in_a_unit(data.units[u], subject, traits, _Row(counts[u], shown[u], whole), method)
        public = shown & np.array([unit in release.public for unit in data.units])[:, None]
        for column, n in _published(release.region.groups, traits, subject):
            total = subtraction.Total(n)
            for rest in subtraction.derivable(total, counts[:, column, None], public[:, column], method.minimum_own):
                yield Exposure("subtraction", _name(traits, column, subject), "", 0, rest.low, rest.high)
                break


def _count(data: RoundData, outside: OutsideView, traits: Traits, subject: str) -> IntArray:
    """Persons of every group, of those who have a score of the indicator where one is named: (units, options)."""
    member = traits.member
    if subject != PERSONS:
        j = outside.indicators.index(subject)
        answers = data.ratings[:, outside.indicator_items[j]]
        scored = ((answers >= 1) & (answers <= outside.tally.points)).sum(axis=1) >= outside.minimum_answered[j]
        member = member & scored[:, None]
    response, option = np.nonzero(member)
    units, options = len(data.units), member.shape[1]
    cell = data.response_unit[response] * options + option
    return np.bincount(cell, minlength=units * options).reshape(units, options)


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
