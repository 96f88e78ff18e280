"""From indicators to an index: normalised by column, aggregated node by node, with the rules for what is missing."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from scoring import index, reliability
from scoring.arrays import FloatArray, IntArray
from scoring.files.reading import Input
from scoring.files.settings import NONE

_TO_A_RANGE = ("minmax", "goalposts", "distance_to_max")


@dataclass(frozen=True, eq=False)
class Scaled:
    """Indicators on a common scale: ``values`` (units, leaves), NaN for items; ``notes`` on those that have none."""

    values: FloatArray
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Trunk:
    """The hierarchy without what lies below nodes of items only: those are leaves here, scored from persons.

    ``nodes`` are positions in the whole hierarchy, ``structure`` is made of them in that order.
    """

    nodes: IntArray
    structure: index.Structure

    @property
    def leaves(self) -> IntArray:
        """Positions of the leaves in the whole hierarchy."""
        return self.nodes[self.structure.leaves]


@dataclass(frozen=True, eq=False)
class Index:
    """Scores of the nodes of a trunk: arrays (units, nodes); ``low`` and ``high`` the logical range, NaN without."""

    result: index.Evaluation
    low: FloatArray
    high: FloatArray


def scale_indicators(data: Input) -> Scaled:
    """The indicators normalised as the settings say, direction -1 reversed."""
    values = np.full(data.values.shape, np.nan)
    given, leaves = data.values[:, ~data.item], data.indicators
    if not leaves:
        return Scaled(values, ())
    sign, low, high = (np.array([getattr(leaf, name) for leaf in leaves]) for name in ("direction", "low", "high"))
    method, to = data.normalisation, data.settings.to
    if method == NONE:
        scaled = np.where(sign > 0, given, to[0] + to[1] - given)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", index.ConstantIndicator)
            scaled = index.normalise(given, method, sign, low, high, to)
    values[:, ~data.item] = scaled
    lost = np.asarray(~np.isnan(given).all(axis=0) & np.isnan(scaled).all(axis=0))
    notes = [f"{leaf.id}: fewer than two different values, so no {method}; treated as missing." for leaf in leaves]
    return Scaled(values, tuple(note for note, gone in zip(notes, lost, strict=True) if gone))


def trunk_of(data: Input) -> Trunk | None:
    """The part of the hierarchy that is aggregated; ``None`` where there are items only."""
    every, _ = data.items_below
    structure = data.hierarchy.structure
    root = structure.parent == index.ROOT
    if every[root].all():
        return None
    kept = np.flatnonzero(root | ~every[structure.parent])
    place = np.full(len(every), index.ROOT)
    place[kept] = np.arange(kept.size)
    parent = np.where(root[kept], index.ROOT, place[structure.parent[kept]])
    return Trunk(kept, index.Structure(tuple(structure.ids[k] for k in kept), parent, structure.weight[kept]))


def evaluate_trunk(data: Input, trunk: Trunk, values: FloatArray) -> Index:
    """Every node of the trunk from the scores of its leaves (units, leaves)."""
    order = data.order[trunk.nodes]
    result = index.evaluate(trunk.structure, values, minimum_shares(data, trunk), order)
    if data.settings.minimum_share is None:
        _require_leaves(result, trunk, values, data.settings.method.coverage_total)
    ends = _ends(data, values)
    if ends is None:
        return Index(result, *(np.full(result.values.shape, np.nan) for _ in range(2)))
    low, high = index.logical_range(trunk.structure, values, np.zeros(values.shape, dtype=bool), order, ends)
    return Index(result, low, high)


def minimum_shares(data: Input, trunk: Trunk) -> FloatArray:
    """The coverage every node needs: one share for all, or the method's for nodes above leaves and above those."""
    if data.settings.minimum_share is not None:
        return np.full(trunk.nodes.size, data.settings.minimum_share)
    leaf = np.isin(np.arange(trunk.nodes.size), trunk.structure.leaves)
    above_leaves = np.isin(np.arange(trunk.nodes.size), trunk.structure.parent[leaf])
    method = data.settings.method
    return np.where(above_leaves, method.coverage_dimension, method.coverage_field)


def _require_leaves(result: index.Evaluation, trunk: Trunk, values: FloatArray, share: float) -> None:
    """The root needs, beside its children, a share of all leaves."""
    root = int(np.flatnonzero(trunk.structure.parent == index.ROOT)[0])
    answered = (~np.isnan(values)).mean(axis=1)
    short = (answered < share - 1e-9) & (result.status[:, root] == index.PUBLISHED)
    result.status[short, root] = index.INSUFFICIENT
    result.values[short, root] = np.nan


def _ends(data: Input, values: FloatArray) -> tuple[float, float] | None:
    """The ends of the scale that a missing value could reach; ``None`` where the scale has none."""
    if data.normalisation == "percentile_rank":
        return 0.0, 100.0
    inside = ~((values < data.settings.to[0]) | (values > data.settings.to[1])).any()
    return data.settings.to if data.normalisation in _TO_A_RANGE or (data.normalisation == NONE and inside) else None


def assess_indicators(data: Input, scaled: Scaled) -> list[tuple[int, reliability.Assessment]]:
    """Reliability of every node with two indicators or more and no items, over units that have all of them."""
    _, some = data.items_below
    found = []
    for node in sorted(data.hierarchy.structure.inner.tolist()):
        leaves = data.hierarchy.leaves_below(node)
        if some[node] or leaves.size < 2:
            continue
        columns = scaled.values[:, np.isin(data.hierarchy.structure.leaves, leaves)]
        complete = columns[~np.isnan(columns).any(axis=1)]
        missing = np.full((leaves.size, leaves.size), np.nan)
        covariance = np.cov(complete, rowvar=False) if len(complete) > 1 else missing
        method = data.settings.method
        found.append((node, reliability.assess(covariance, len(complete), method.minimum_reliability, method.level)))
    return found
