"""Groups of newcomers: one question about themselves at a time, from ten answers on, and no hidden group to work out.

A fixed catalogue of breakdowns (method.md, 1.16 no. 4 and 6): length of residence, origin, age, target groups,
language and channel. What could be got by taking published groups from a whole, or one group from another, always
rests on as many answers as a published group itself, and is not near-unanimous; otherwise another group is withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from scoring import audience, disclosure, exchange, likert
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.method import Method
from scoring.newcomers import expected, indicator_moments, mean_intervals
from scoring.release import Group, GroupScore
from scoring.round_data import RoundData, ShapeMismatch
from scoring.views import OutsideView


@dataclass(frozen=True)
class Question:
    """A question about the person with its options; ``exclusive`` if one at most is chosen, ``scored`` or counted."""

    id: str
    options: tuple[str, ...]
    exclusive: bool = True
    scored: bool = True


@dataclass(frozen=True, eq=False)
class Traits:
    """What newcomers say about themselves: ``member`` (responses, options), options of all questions in a row."""

    questions: tuple[Question, ...]
    member: BoolArray

    def __post_init__(self) -> None:
        if self.member.shape[1:] != (sum(len(q.options) for q in self.questions),):
            raise ShapeMismatch(f"{self.member.shape[1:]} columns of options do not fit the questions.")

    @cached_property
    def columns(self) -> tuple[range, ...]:
        """The columns of each question."""
        ends = np.cumsum([0, *(len(q.options) for q in self.questions)]).tolist()
        return tuple(range(start, end) for start, end in pairwise(ends))


def showable(
    counts: IntArray, total: IntArray, questions: Sequence[tuple[bool, range]], allowed: BoolArray, method: Method
) -> BoolArray:
    """Which groups may be shown: (units, options), some of the ``allowed``.

    ``counts`` (units, options, answers) are the answers of each group, ``total`` (units, answers) those of everybody;
    with a single column of answers nothing is said about unanimity. A question is whether its options exclude each
    other, and their columns. Of an exclusive question, what is left of the whole without the groups shown has at least
    ``minimum_public`` answers, or there is nothing left and nothing hidden; of another, each group leaves as many.

    >>> counts = np.array([[[30], [12], [4]]])
    >>> showable(counts, np.array([[46]]), [(True, range(3))], np.ones((1, 3), bool), Method()).tolist()
    [[True, False, False]]
    """
    n = counts.sum(axis=-1)
    shown: BoolArray = allowed & (n >= method.minimum_public)
    for exclusive, columns in questions:
        part, here = counts[:, columns], shown[:, columns]
        if exclusive:
            here = _exclusive(part, total, here, method)
        else:
            here &= _safe(total[:, None] - part, method)
        shown[:, columns] = here
    return np.asarray(shown)


def _exclusive(counts: IntArray, total: IntArray, shown: BoolArray, method: Method) -> BoolArray:
    """Withhold the smallest groups, one after the other, until what is left over gives nobody away."""
    n = counts.sum(axis=-1)
    for _step in range(counts.shape[1]):
        rest = total - (counts * shown[..., None]).sum(axis=1)
        complete = shown.all(axis=1) & (rest.sum(axis=-1) == 0)
        betrays = shown.any(axis=1) & ~complete & ~_safe(rest, method)
        smallest = np.argmin(np.where(shown, n, np.iinfo(np.int64).max), axis=1)
        shown[betrays, smallest[betrays]] = False
    return shown


def _safe(rest: IntArray, method: Method) -> BoolArray:
    """Whether answers (..., answers) that could be worked out are as many, and as mixed, as shown ones have to be."""
    n = rest.sum(axis=-1)
    enough = n >= method.minimum_public
    if rest.shape[-1] == 1:
        return np.asarray(enough)
    return np.asarray(enough & (rest.max(axis=-1) < method.homogeneous_share * n - 1e-9))


def _apart(traits: Traits, data: RoundData, method: Method) -> BoolArray:
    """Groups (units, options) that lie in no other group of the same unit with only a few persons more."""
    options = traits.member.shape[1]
    apart = np.ones((len(data.units), options), dtype=bool)
    order = np.argsort(data.response_unit, kind="stable")
    edges = np.searchsorted(data.response_unit[order], np.arange(len(data.units) + 1))
    for unit in range(len(data.units)):
        # Whole numbers far below 2^24, which single precision holds exactly and multiplies much faster.
        member = traits.member[order[edges[unit] : edges[unit + 1]]].astype(np.float32)
        joint = member.T @ member
        size = joint.diagonal()
        more = size[None, :] - size[:, None]
        nested = (joint == size[:, None]) & (more > 0) & (more < method.minimum_public)
        apart[unit] = ~nested.any(axis=1)
    return apart


@dataclass(frozen=True, eq=False)
class GroupAnswers:
    """Answers of every group: arrays (options, units, indicators); ``histograms`` (options, units, items, 5)."""

    n: IntArray
    mean: FloatArray
    variance: FloatArray
    enough: BoolArray
    histograms: IntArray
    persons: IntArray


def count_groups(data: RoundData, outside: OutsideView, traits: Traits, method: Method) -> GroupAnswers:
    """Count the answers of every group, and its persons; ``enough`` as in ``OutsideView``."""
    scales = [items.tolist() for items in outside.indicator_items[: outside.scales]]
    found = []
    for option in range(traits.member.shape[1]):
        chosen = traits.member[:, option]
        counted = likert.tally(
            data.ratings[chosen], data.response_unit[chosen], len(data.units), scales=scales, pairs=False
        )
        n, mean, variance = indicator_moments(counted, outside.minimum_answered)
        enough = np.ones(n.shape, dtype=bool)
        wanted = expected(data, outside.indicator_items, outside.minimum_answered, chosen)
        enough[:, : outside.scales] = n[:, : outside.scales] >= method.scale_share * wanted - 1e-9
        found.append((n, mean, variance, enough, counted.histograms, counted.respondents))
    return GroupAnswers(*(np.array(values) for values in zip(*found, strict=True)))


def group_sheets(
    data: RoundData, outside: OutsideView, traits: Traits, method: Method
) -> tuple[list[tuple[Group, ...]], tuple[Group, ...]]:
    """The groups of every unit, the same for the public and the unit itself, and those of the region.

    Scores are given for all scales and for outcomes. A round without scales has counts only.
    """
    if not len(traits.questions) or not len(data.units):
        return [()] * len(data.units), ()
    answers = count_groups(data, outside, traits, method)
    work = _Work(data, outside, traits, method, answers, _indicators(data, outside))
    return list(work.units()), work.region()


def _indicators(data: RoundData, outside: OutsideView) -> list[int]:
    return [*range(outside.scales), *(outside.scales + int(i) for i in np.flatnonzero(data.item_outcome))]


@dataclass(frozen=True, eq=False)
class _Work:
    """One pass over the groups of a round."""

    data: RoundData
    outside: OutsideView
    traits: Traits
    method: Method
    answers: GroupAnswers
    indicators: list[int]

    @cached_property
    def questions(self) -> list[tuple[bool, range]]:
        return [(q.exclusive, c) for q, c in zip(self.traits.questions, self.traits.columns, strict=True)]

    @cached_property
    def persons_shown(self) -> BoolArray:
        """Groups (units, options) whose number of persons is shown."""
        apart = _apart(self.traits, self.data, self.method)
        persons = self.answers.persons.T[..., None]
        return showable(persons, self.data.responses[:, None], self.questions, apart, self.method)

    def counts(self, indicator: int) -> IntArray:
        """Answers of the groups to an indicator: (units, options, answers)."""
        if indicator < self.outside.scales:
            return np.asarray(self.answers.n[:, :, indicator].T[..., None])
        return np.asarray(self.answers.histograms[:, :, indicator - self.outside.scales].swapaxes(0, 1))

    def totals(self, indicator: int) -> IntArray:
        """Answers of everybody to an indicator: (units, answers)."""
        if indicator < self.outside.scales:
            return np.asarray(self.outside.n[:, indicator][:, None])
        return np.asarray(self.outside.tally.histograms[:, indicator - self.outside.scales])

    @cached_property
    def scored(self) -> BoolArray:
        """Options of questions whose groups have scores."""
        return np.repeat([q.scored for q in self.traits.questions], [len(q.options) for q in self.traits.questions])

    @cached_property
    def shown(self) -> dict[int, BoolArray]:
        """Per indicator the groups (units, options) whose score is shown."""
        found = {}
        for indicator in self.indicators:
            allowed = self.persons_shown & self.scored & self.answers.enough[:, :, indicator].T
            found[indicator] = showable(
                self.counts(indicator), self.totals(indicator), self.questions, allowed, self.method
            )
        return found

    def units(self) -> Iterator[tuple[Group, ...]]:
        """The groups of one unit after the other."""
        scores = [
            self._scores(
                {i: self.persons_shown[:, option] & mask[:, option] for i, mask in self.shown.items()},
                self.answers.n[option],
                *self._cut(option),
            )
            for option in range(len(self.scored))
        ]
        for unit in range(len(self.data.units)):
            shown = {i: mask[unit] for i, mask in self.shown.items()}
            yield self._groups(
                self.answers.persons[:, unit], self.persons_shown[unit], shown, [s[unit] for s in scores]
            )

    def _cut(self, option: int) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Means, variances and unanimity (units, indicators) of a group, near-unanimous answers cut."""
        answers = self.answers
        safe = audience.cut_moments(
            answers.histograms[option],
            answers.mean[option],
            answers.variance[option],
            self.outside.indicator_items,
            self.method,
        )
        alike = np.zeros(safe.mean.shape, dtype=bool)
        alike[:, self.outside.scales :] = safe.items.homogeneous
        return safe.mean, safe.variance, alike

    def _scores(
        self, wanted: dict[int, BoolArray], n: IntArray, mean: FloatArray, variance: FloatArray, alike: BoolArray
    ) -> list[dict[int, GroupScore]]:
        """Per unit what a group says, in the steps of its number of answers, of indicators ``wanted`` in that unit."""
        minimum, fine = self.method.minimum_public, self.method.minimum_fine
        tier = disclosure.tiers(n, minimum, minimum, fine)
        limits = mean_intervals(n, mean, variance, self.outside.item_count, None, self.method)
        score, low, high = (disclosure.round_scores(values, tier) for values in (mean, *limits))
        return [
            {
                i: GroupScore(
                    indicator=self.outside.indicators[i],
                    n=int(n[unit, i]),
                    score=float(score[unit, i]),
                    low=float(low[unit, i]),
                    high=float(high[unit, i]),
                    homogeneous=bool(alike[unit, i]),
                )
                for i in self.indicators
                if wanted[i][unit] and tier[unit, i] > disclosure.SUPPRESSED and np.isfinite(low[unit, i])
            }
            for unit in range(len(n))
        ]

    def _groups(
        self, persons: IntArray, listed: BoolArray, shown: dict[int, BoolArray], scores: list[dict[int, GroupScore]]
    ) -> tuple[Group, ...]:
        names = [(q.id, option) for q in self.traits.questions for option in q.options]
        return tuple(
            Group(
                question=question,
                option=option,
                n=int(persons[column]),
                scores=tuple(s for i, s in scores[column].items() if shown[i][column]),
            )
            for column, (question, option) in enumerate(names)
            if listed[column]
        )

    def region(self) -> tuple[Group, ...]:
        """The groups of all units together, as far as nothing follows from them for units that show nothing."""
        everything = np.ones((1, len(self.scored)), dtype=bool)
        people, everybody = self.answers.persons.T[..., None], self.data.responses[:, None]
        persons = (people * self._countable(people, self.persons_shown, everybody)[..., None]).sum(axis=0)[None]
        listed = showable(persons, self._whole(everybody), self.questions, everything, self.method)
        shown = {}
        for i in self.indicators:
            counts = (self.counts(i) * self.counted[i][..., None]).sum(axis=0)[None]
            allowed = listed & self.scored
            shown[i] = showable(counts, self._whole(self.totals(i)), self.questions, allowed, self.method)[0]
        scores = [
            self._scores({i: listed[:, option] & mask[option] for i, mask in shown.items()}, *self._pooled(option))[0]
            for option in range(len(self.scored))
        ]
        return self._groups(persons[0].sum(axis=-1), listed[0], shown, scores)

    def _counted(self, counts: IntArray, shown: BoolArray) -> BoolArray:
        """Which units (rows) are counted in the region's groups (columns)."""
        method = self.method
        visible = shown & self.data.consented[:, None]
        return disclosure.countable(
            counts, visible, method.minimum_public, method.minimum_hidden, method.homogeneous_share
        )

    def _countable(self, counts: IntArray, shown: BoolArray, total: IntArray) -> BoolArray:
        """The same, less what rows and columns together would give away: then a total counts what is visible anyway.

        ``counts`` (units, options, answers), ``shown`` (units, options), ``total`` (units, answers) of everybody.
        """
        counted, visible = self._counted(counts, shown), shown & self.data.consented[:, None]
        people, everybody = counts.sum(axis=-1), total.sum(axis=-1)
        whole = np.where(self.data.consented & (everybody >= self.method.minimum_public), everybody, -1)
        for exclusive, columns in self.questions:
            for part in [[*columns]] if exclusive else [[column] for column in columns]:
                linked = np.asarray((counted[:, part] & ~visible[:, part]).any(axis=0))
                safe = exchange.movable(people[:, part], ~visible[:, part], linked, whole, self.method.minimum_own)
                if linked.any() and not safe.all():
                    counted[:, part] &= visible[:, part]
        return counted

    @cached_property
    def counted(self) -> dict[int, BoolArray]:
        """Per indicator the units counted in each group of the region: (units, options)."""
        return {i: self._countable(self.counts(i), self.shown[i], self.totals(i)) for i in self.indicators}

    def _whole(self, total: IntArray) -> IntArray:
        """The answers of everybody over the units that may be counted: (1, answers)."""
        seen = (total.sum(axis=-1) >= self.method.minimum_public)[:, None]
        return np.asarray((total * self._counted(total[:, None], seen)).sum(axis=0)[None])

    def _pooled(self, option: int) -> tuple[IntArray, FloatArray, FloatArray, BoolArray]:
        """Number, mean, variance and unanimity (1, indicators) of a group over the units that may be counted."""
        answers, columns = self.answers, self.outside.scales + np.arange(len(self.data.items))
        counted = np.zeros((len(self.data.units), len(self.outside.indicators)), dtype=bool)
        for i in self.indicators:
            counted[:, i] = self.counted[i][:, option]
        weight = np.where(counted, answers.n[option], 0)
        mean_of, n = np.nan_to_num(answers.mean[option]), weight.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = (weight * mean_of).sum(axis=0) / n
            within = np.maximum(weight - 1, 0) * np.nan_to_num(answers.variance[option])
            variance = (within + weight * (mean_of - mean) ** 2).sum(axis=0) / np.where(n > 1, n - 1, np.nan)
        histograms = (answers.histograms[option] * counted[:, columns, None]).sum(axis=0)[None]
        safe = audience.cut_moments(histograms, mean[None], variance[None], self.outside.indicator_items, self.method)
        alike = np.zeros((1, len(self.outside.indicators)), dtype=bool)
        alike[:, columns] = safe.items.homogeneous
        return n[None], safe.mean, safe.variance, alike
