"""Ratings and what is counted of them: parsing, scores, and the sufficient statistics of a round.

A rating is a whole number from 1 to ``points``; 0 stands for "not answered or not shown" and 255 for "does not
concern me". Neither is ever a score. Nothing after ``tally`` touches a single person's answers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import BoolArray, FloatArray, IntArray, RatingArray

NOT_ANSWERED = 0
NOT_CONCERNED = 255
POINTS = 5

# Counted in pieces that stay in a processor's own memory. Their sums of products are whole numbers far below 2^24,
# which single precision holds exactly.
_RESPONSES_AT_ONCE = 2**16
_CELLS_AT_ONCE = 2**20
_CODES_AT_ONCE = 2**20
# Larger products of matrices are handed to several threads, which takes longer than to multiply.
_PERSONS_AT_ONCE = 200
_INVALID = 254
_CODES = np.full(256, _INVALID, dtype=np.uint8)
_CODES[ord(".")] = NOT_ANSWERED
_CODES[ord("-")] = NOT_CONCERNED
_CODES[[ord(digit) for digit in "12345"]] = np.arange(1, POINTS + 1)


class RatingOutOfRange(ValueError):
    """A rating is none of 1 to 5, "." (not answered) or "-" (does not concern me)."""


class RatingStringLength(ValueError):
    """A rating string does not hold one character per item."""


class UnitOutOfRange(ValueError):
    """A response belongs to a unit that does not exist."""


def parse(strings: bytes | str | Sequence[str], items: int) -> RatingArray:
    """Rating strings as a matrix (responses, items): 1 to 5, 0 = not answered, 255 = does not concern me.

    ``strings`` is a list with one string per response, or all of them joined without a separator (the fast path).
    Raises ``RatingStringLength`` or ``RatingOutOfRange``, naming the response (counted from 1).

    >>> parse(["15.", "3-2"], 3).tolist()
    [[1, 5, 0], [3, 255, 2]]
    >>> parse(b"15.3-2", 3).tolist()
    [[1, 5, 0], [3, 255, 2]]
    """
    symbols = np.frombuffer(_joined(strings, items), dtype=np.uint8)
    codes = np.empty(symbols.size, dtype=np.uint8)
    for start in range(0, symbols.size, _CODES_AT_ONCE):
        codes[start : start + _CODES_AT_ONCE] = _CODES[symbols[start : start + _CODES_AT_ONCE]]
    ratings = codes.reshape(-1, items)
    if _largest(ratings) > POINTS and (wrong := np.argwhere(ratings == _INVALID)).size:
        response, item = wrong[0]
        raise RatingOutOfRange(
            f'Response {response + 1}, item {item + 1}: a rating is one of 1 to 5, "." (not answered) or "-" '
            f"(does not concern me); {len(wrong)} are not."
        )
    return ratings


def _joined(strings: bytes | str | Sequence[str], items: int) -> bytes:
    if items < 1:
        raise RatingStringLength(f"A rating string has at least one item, not {items}.")
    if isinstance(strings, bytes | str):
        joined = _latin(strings) if isinstance(strings, str) else strings
        if len(joined) % items:
            raise RatingStringLength(f"{len(joined)} characters do not divide into strings of {items}.")
        return joined
    for position, string in enumerate(strings, start=1):
        if len(string) != items:
            raise RatingStringLength(f"Response {position} has {len(string)} ratings, expected {items}.")
    return _latin("".join(strings))


def _latin(text: str) -> bytes:
    """One byte per character, so that positions survive; what is beyond Latin-1 becomes "?", which is no rating."""
    return text.encode("latin-1", "replace")


def to_scores(ratings: RatingArray, points: int = POINTS, reverse: BoolArray | None = None) -> FloatArray:
    """Scores 0 to 100 of ratings (responses, items): 100 (x - 1) / (points - 1), NaN where there is no rating.

    ``reverse`` (items,) marks items where 1 is the best answer.

    >>> to_scores(np.array([[1, 2, 3, 4, 5, 0, 255]], dtype=np.uint8)).tolist()
    [[0.0, 25.0, 50.0, 75.0, 100.0, nan, nan]]
    """
    check_codes(ratings, points)
    scores = (np.asarray(ratings, dtype=float) - 1) * (100 / (points - 1))
    scores[(ratings == NOT_ANSWERED) | (ratings == NOT_CONCERNED)] = np.nan
    return scores if reverse is None else np.where(reverse, 100 - scores, scores)


def check_codes(ratings: RatingArray, points: int = POINTS) -> None:
    """``RatingOutOfRange`` unless every code is 0 to ``points`` or 255.

    >>> check_codes(np.array([[1, 7]], dtype=np.uint8))
    Traceback (most recent call last):
    scoring.likert.RatingOutOfRange: A rating is 1 to 5, 0 (not answered) or 255 (does not concern me), not 7.
    """
    if _largest(ratings) > points:
        worst = int(ratings[(ratings > points) & (ratings != NOT_CONCERNED)].max())
        raise RatingOutOfRange(
            f"A rating is 1 to {points}, 0 (not answered) or 255 (does not concern me), not {worst}."
        )


def _largest(ratings: RatingArray) -> int:
    """The largest code but 255, which an addition of one turns into the smallest."""
    pieces = (ratings[start : start + _RESPONSES_AT_ONCE] for start in range(0, len(ratings), _RESPONSES_AT_ONCE))
    return max((int((piece + np.uint8(1)).max(initial=0)) - 1 for piece in pieces), default=0)


@dataclass(frozen=True, eq=False)
class Tally:
    """Sufficient statistics of ratings per unit; two tallies of different responses add up with ``+``.

    ``items`` (units, items, points + 2) counts per code: not answered, 1 to ``points``, does not concern me.
    ``scales`` holds per scale of k items an array (units, k + 1, points k + 1): persons by number of items answered
    and sum of their ratings. ``pair_count``, ``pair_sum``, ``pair_product`` (units, items, items) are, over persons who
    answered items a and b: their number, the sum of x_a, the sum of x_a x_b. ``respondents`` (units,) counts rows.
    """

    items: IntArray
    scales: tuple[IntArray, ...]
    pair_count: IntArray
    pair_sum: IntArray
    pair_product: IntArray
    respondents: IntArray

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.items + other.items,
            tuple(a + b for a, b in zip(self.scales, other.scales, strict=True)),
            self.pair_count + other.pair_count,
            self.pair_sum + other.pair_sum,
            self.pair_product + other.pair_product,
            self.respondents + other.respondents,
        )

    def of_units(self, chosen: BoolArray) -> Tally:
        """The counts of some units only: ``chosen`` (units,) says which."""
        return Tally(
            self.items[chosen],
            tuple(cells[chosen] for cells in self.scales),
            self.pair_count[chosen],
            self.pair_sum[chosen],
            self.pair_product[chosen],
            self.respondents[chosen],
        )

    @property
    def points(self) -> int:
        """Number of steps of the answer scale."""
        return int(self.items.shape[2] - 2)

    @property
    def histograms(self) -> IntArray:
        """Answers per unit, item and step of the scale: (units, items, points)."""
        return self.items[:, :, 1:-1]

    def scale_moments(self, scale: int, minimum_answered: int) -> tuple[IntArray, FloatArray, FloatArray]:
        """Number of persons with a score on a scale, mean and sample variance of their scores (0 to 100), per unit.

        A person's score is the mean of the items answered and counts if there are at least ``minimum_answered``.
        """
        cells = self.scales[scale]
        answered, total = np.indices(cells.shape[1:])
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = np.asarray((total / answered - 1) * (100 / (self.points - 1)))
        counted = answered >= max(minimum_answered, 1)
        step = max(1, _CELLS_AT_ONCE // scores.size)
        pieces = [cells[start : start + step][:, counted] for start in range(0, max(len(cells), 1), step)]
        n, mean, variance = zip(*(moments(piece, scores[counted]) for piece in pieces), strict=True)
        return np.concatenate(n), np.concatenate(mean), np.concatenate(variance)


def moments(counts: IntArray, scores: NDArray[np.floating]) -> tuple[IntArray, FloatArray, FloatArray]:
    """Number, mean and sample variance (n - 1) of scores that occur ``counts`` times along the last axis.

    The mean is NaN for n = 0, the variance for n < 2.

    >>> n, mean, variance = moments(np.array([0, 1, 2, 5, 2]), np.arange(5) * 25.0)
    >>> int(n), float(mean), round(float(variance), 3)
    (10, 70.0, 527.778)
    """
    n: IntArray = np.asarray(counts.sum(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: FloatArray = np.asarray((counts * scores).sum(axis=-1) / n)
        deviations = counts * (scores - mean[..., None]) ** 2
        variance = np.where(n > 1, deviations.sum(axis=-1) / (n - 1.0), np.nan)
    return n, mean, variance


def tally(
    ratings: RatingArray,
    unit: IntArray,
    units: int,
    points: int = POINTS,
    scales: Sequence[Sequence[int]] | None = None,
    pairs: bool = True,
) -> Tally:
    """Count ratings (responses, items) of persons in ``unit`` (responses,), numbered from 0 to ``units`` - 1.

    ``scales`` lists the columns of each scale; by default all items are one scale. Without ``pairs`` the pair moments
    are left out (no items in them). Raises ``RatingOutOfRange`` and ``UnitOutOfRange``.

    >>> counted = tally(np.array([[1, 5, 0], [3, 255, 2]], dtype=np.uint8), np.array([0, 0]), 1)
    >>> counted.items[0].tolist()
    [[0, 1, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1, 1], [1, 0, 1, 0, 0, 0, 0]]
    >>> [int(v[0]) for v in counted.scale_moments(0, minimum_answered=2)[:2]]
    [2, 43]
    """
    check_codes(ratings, points)
    unit = np.asarray(unit, dtype=np.int64)
    if unit.size and (unit.min() < 0 or unit.max() >= units):
        raise UnitOutOfRange(
            f"Units are numbered 0 to {units - 1}; a response belongs to {unit.min()} or {unit.max()}."
        )
    order = None if (unit[1:] >= unit[:-1]).all() else np.argsort(unit, kind="stable")
    columns = [np.arange(ratings.shape[1])] if scales is None else [np.array(scale, dtype=int) for scale in scales]
    counted = _nothing(units, ratings.shape[1], points, [scale.size for scale in columns], pairs)
    for start, end in _pieces(unit if order is None else unit[order], counted):
        rows = slice(start, end) if order is None else order[start:end]
        _count(counted, unit[rows], np.ascontiguousarray(ratings[rows].T), columns)
    return counted


def _nothing(units: int, items: int, points: int, scales: Sequence[int], pairs: bool) -> Tally:
    moments = (units, items if pairs else 0, items if pairs else 0)
    return Tally(
        np.zeros((units, items, points + 2), dtype=np.int64),
        tuple(np.zeros((units, size + 1, points * size + 1), dtype=np.int64) for size in scales),
        np.zeros(moments, dtype=np.int64),
        np.zeros(moments, dtype=np.int64),
        np.zeros(moments, dtype=np.int64),
        np.zeros(units, dtype=np.int64),
    )


def _pieces(unit: IntArray, counted: Tally) -> Iterator[tuple[int, int]]:
    """Where to cut responses sorted by unit: neither too many of them nor too many cells to count them in at once."""
    cells = max(
        (cells[0].size for cells in (counted.items, *counted.scales, counted.pair_count) if len(cells)), default=1
    )
    most, start = max(1, _CELLS_AT_ONCE // max(1, cells)), 0
    while start < unit.size:
        end = min(start + _RESPONSES_AT_ONCE, int(np.searchsorted(unit, unit[start] + most)))
        yield start, end
        start = end


def _count(counted: Tally, unit: IntArray, by_item: RatingArray, scales: Sequence[IntArray]) -> None:
    """Add ratings (items, responses), sorted by unit, to what was counted."""
    first, own = int(unit[0]), slice(int(unit[0]), int(unit[-1]) + 1)
    local, units = unit - first, int(unit[-1]) + 1 - first
    values = np.where(by_item == NOT_CONCERNED, NOT_ANSWERED, by_item)
    counted.items[own] += _item_counts(by_item, local, units, counted.points)
    for cells, columns in zip(counted.scales, scales, strict=True):
        cells[own] += _scale_counts(values[columns], local, units, counted.points)
    counted.respondents[own] += np.bincount(local, minlength=units)
    if counted.pair_count.shape[1]:
        _add_pair_moments(counted, values, unit)


def _item_counts(by_item: RatingArray, unit: IntArray, units: int, points: int) -> IntArray:
    """Counts per unit, item and code of ratings (items, responses)."""
    codes, start = np.minimum(by_item, points + 1), unit * (points + 2)
    counts = [np.bincount(start + of_item, minlength=units * (points + 2)) for of_item in codes]
    return np.array(counts, dtype=np.int64).reshape(len(codes), units, points + 2).swapaxes(0, 1)


def _scale_counts(values: RatingArray, unit: IntArray, units: int, points: int) -> IntArray:
    """Persons per unit, number of items answered and sum of ratings, of the values (items, responses) of one scale."""
    answered = (values > 0).sum(axis=0, dtype=np.uint16)
    total = values.sum(axis=0, dtype=np.uint16)
    shape = (units, len(values) + 1, points * len(values) + 1)
    cell = (unit * shape[1] + answered) * shape[2] + total
    return np.bincount(cell, minlength=units * shape[1] * shape[2]).reshape(shape)


def _add_pair_moments(counted: Tally, values: RatingArray, unit: IntArray) -> None:
    """Pair moments of values (items, responses) sorted by unit: small matrix products, one unit after the other."""
    items, both = len(values), np.concatenate([values > 0, values]).astype(np.float32)
    by_response = np.ascontiguousarray(both.T)
    edges = np.append(np.flatnonzero(np.diff(unit, prepend=-1)), unit.size).tolist()
    for start, end in itertools.pairwise(edges):
        products = np.zeros((2 * items, 2 * items), dtype=np.float32)
        for k in range(start, end, _PERSONS_AT_ONCE):
            some = slice(k, min(k + _PERSONS_AT_ONCE, end))
            products += both[:, some] @ by_response[some]
        u = unit[start]
        counted.pair_count[u] += products[:items, :items].astype(np.int64)
        counted.pair_sum[u] += products[items:, :items].astype(np.int64)
        counted.pair_product[u] += products[items:, items:].astype(np.int64)
