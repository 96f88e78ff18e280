"""What persons' ratings say of every unit: items and scales, wave by wave, with the model between units."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring import comparison, diagnostics, reliability
from scoring.arrays import BoolArray, FloatArray, IntArray, TextArray
from scoring.files.ratings import Ratings
from scoring.files.reading import Input, scales_of
from scoring.index import INSUFFICIENT, PUBLISHED, UNANSWERED
from scoring.method import Method
from scoring.network import NetworkModel, fit_indicators
from scoring.newcomers import indicator_moments, mean_intervals


@dataclass(frozen=True, eq=False)
class Model(NetworkModel):
    """What the model between units says, with the ``flag`` "better", "worse", "same", "open", or "none"."""

    flag: TextArray


@dataclass(frozen=True, eq=False)
class Wave:
    """One wave: arrays (units, nodes). ``share`` of respondents with a score, ``status`` as in ``index.STATUSES``.

    Mean and interval are NaN where the status is not "published"; ``n`` is 0 for units that did not take part.
    """

    name: str
    n: IntArray
    mean: FloatArray
    variance: FloatArray
    share: FloatArray
    status: IntArray
    low: FloatArray
    high: FloatArray
    model: Model


@dataclass(frozen=True, eq=False)
class Persons:
    """All waves in their order; ``nodes`` are positions in the hierarchy, ``items`` the number of items of each."""

    nodes: IntArray
    items: IntArray
    waves: tuple[Wave, ...]


def score_persons(data: Input, counted: Ratings, progress: Callable[[str], None]) -> Persons:
    """Score every item and every node whose leaves are items, in every wave.

    A person has a score on a scale with a share of its items answered (``person_share``), a unit where a share of its
    respondents has one (``scale_share``).
    """
    method = data.settings.method
    scales = scales_of(data.hierarchy, data.item)
    nodes = np.array([node for node, _ in scales] + data.hierarchy.structure.leaves[data.item].tolist())
    items = np.array([len(columns) for _, columns in scales] + [1] * int(data.item.sum()))
    needed = np.array([max(1, math.ceil(method.person_share * k - 1e-9)) for k in items])
    n, mean, variance = indicator_moments(counted.tally, needed)
    order = np.argsort(nodes)
    moments = (n[:, order], mean[:, order], variance[:, order])
    persons = Persons(nodes[order], items[order], ())
    waves = []
    for position, name in enumerate(wave_names(counted)):
        progress(f"wave {name or 'without a name'}: intervals and the model between units")
        rows = _rows(data, counted, name)
        waves.append(_wave(data, persons, name, counted, moments, rows, position))
    return Persons(persons.nodes, persons.items, tuple(waves))


def wave_names(counted: Ratings) -> tuple[str, ...]:
    """The waves in their order: by number where all are numbers, else by name."""
    names = {wave for _, wave in counted.cells}
    try:
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(sorted(names))


def _rows(data: Input, counted: Ratings, wave: str) -> IntArray:
    """For every unit the position of its cell in the tally; -1 where it has no responses in that wave."""
    place = {unit: position for position, (unit, name) in enumerate(counted.cells) if name == wave}
    return np.array([place.get(unit, -1) for unit in data.units], dtype=np.int64)


def _wave(
    data: Input,
    persons: Persons,
    name: str,
    counted: Ratings,
    moments: tuple[IntArray, FloatArray, FloatArray],
    rows: IntArray,
    position: int,
) -> Wave:
    method = data.settings.method
    there = rows >= 0
    n = np.where(there[:, None], moments[0][rows], 0)
    respondents = np.where(there, counted.tally.respondents[rows], 0)
    share = n / np.maximum(respondents, 1)[:, None]
    enough = (share >= method.scale_share - 1e-9) | (persons.items == 1)
    status = np.select([n == 0, ~enough], [UNANSWERED, INSUFFICIENT], PUBLISHED)
    status[(n == 0) & there[:, None] & (persons.items > 1)] = INSUFFICIENT
    shown = status == PUBLISHED
    mean, variance = (np.where(shown, moment[rows], np.nan) for moment in moments[1:])
    low, high = mean_intervals(n, mean, variance, persons.items, data.population[:, None], method)
    low, high = (np.where(np.isnan(variance), np.nan, limit) for limit in (low, high))
    model = _model(n, mean, variance, shown & (n >= method.minimum_public), method, [data.seed, position])
    return Wave(name, n, mean, variance, share, status, low, high, model)


def _model(
    n: IntArray, mean: FloatArray, variance: FloatArray, usable: BoolArray, method: Method, seed: list[int]
) -> Model:
    """Fit every node that enough units have; those without a signal get neither flags nor places."""
    fitted = fit_indicators(n, mean, variance, usable, method, lambda j: np.random.default_rng([*seed, j]))
    flag = comparison.classify(fitted.above, fitted.below, method.fdr, method.same_probability)
    return Model(**vars(fitted), flag=flag)


def change_between(persons: Persons, method: Method) -> comparison.Changes | None:
    """Changes from the last wave but one to the last, of units with enough answers in both; ``None`` without two."""
    if len(persons.waves) < 2:
        return None
    first, second = persons.waves[-2:]
    return comparison.changes(
        first.n,
        first.mean,
        first.variance,
        second.n,
        second.mean,
        second.variance,
        items=persons.items,
        minimum_n=method.minimum_public,
        method=method,
    )


def assess_scales(data: Input, counted: Ratings) -> list[tuple[int, reliability.Assessment]]:
    """Reliability of every node with two items or more, from differences between persons of one unit and wave."""
    scales = [(node, np.array(columns)) for node, columns in scales_of(data.hierarchy, data.item) if len(columns) > 1]
    found = diagnostics.assess_scales(counted.tally, [columns for _, columns in scales], data.settings.method)
    return [(node, assessment) for (node, _), assessment in zip(scales, found, strict=True)]
