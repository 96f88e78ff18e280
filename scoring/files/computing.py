"""From a checked input to everything that can be said about it, as sheets of arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring import comparison, index, reliability
from scoring.arrays import FloatArray, IntArray, TextArray
from scoring.files import indices, persons, robustness
from scoring.files.indices import Trunk
from scoring.files.persons import Persons, Wave
from scoring.files.reading import Input
from scoring.files.robustness import Robustness
from scoring.threads import one_thread

_NO_PLACES = "sensitivity.csv: fewer than two units have a score, or values lie beyond the range of `to`; no places."
FIGURES = ("score", "share", "n", "low", "high", "shrunken", "shrunken_low", "shrunken_high", "rank_low", "rank_high")


@dataclass(frozen=True, eq=False)
class Sheet:
    """Scores of one wave ("" without waves): arrays (units, all nodes); only the nodes in ``filled`` are meant."""

    wave: str
    filled: NDArray[np.bool_]
    figures: dict[str, FloatArray]
    status: IntArray
    flag: TextArray


@dataclass(frozen=True, eq=False)
class Results:
    """Everything computed. ``changes`` are of the nodes of ``persons``; positions of nodes are those of the input."""

    sheets: tuple[Sheet, ...]
    persons: Persons | None
    changes: comparison.Changes | None
    reliability: tuple[tuple[int, reliability.Assessment], ...]
    robustness: tuple[Robustness, ...]
    notes: tuple[str, ...]


@dataclass
class _Sheets:
    units: int
    nodes: int
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def of(self, wave: str) -> Sheet:
        if wave not in self.sheets:
            shape = (self.units, self.nodes)
            self.sheets[wave] = Sheet(
                wave,
                np.zeros(self.nodes, dtype=bool),
                {name: np.full(shape, np.nan) for name in FIGURES},
                np.full(shape, index.UNANSWERED, dtype=np.int64),
                np.full(shape, "none", dtype="<U6"),
            )
        return self.sheets[wave]


@one_thread
def compute(data: Input, progress: Callable[[str], None] = lambda _: None) -> Results:
    """Score an input. Random steps take their seed from its files, so the same input always gives the same numbers."""
    sheets = _Sheets(len(data.units), len(data.hierarchy.nodes))
    rated = None if data.ratings is None else persons.score_persons(data, data.ratings, progress)
    if rated is not None:
        for wave in rated.waves:
            _fill_persons(sheets.of(wave.name), wave, rated.nodes)
    scaled = indices.scale_indicators(data)
    trunk = indices.trunk_of(data)
    varied: list[Robustness | None] = []
    if trunk is not None:
        varied = _compute_index(data, trunk, scaled.values, rated, sheets, progress)
    elif rated is not None:
        varied = _vary_items(data, rated, progress)
    assessed = [] if data.ratings is None else persons.assess_scales(data, data.ratings)
    assessed += indices.assess_indicators(data, scaled)
    return Results(
        tuple(sheets.sheets[wave] for wave in sorted(sheets.sheets, key=_place_of(rated))),
        rated,
        None if rated is None else persons.change_between(rated, data.settings.method),
        tuple(sorted(assessed, key=lambda found: found[0])),
        tuple(found for found in varied if found is not None),
        (*data.notes, *scaled.notes, *_unequal_weights(data), *([_NO_PLACES] if None in varied else [])),
    )


def _place_of(rated: Persons | None) -> Callable[[str], int]:
    """Order of the sheets: what belongs to no wave, then the waves."""
    names = ["", *(wave.name for wave in rated.waves if wave.name)] if rated is not None else [""]
    return names.index


def _fill_persons(sheet: Sheet, wave: Wave, nodes: IntArray) -> None:
    sheet.filled[nodes] = True
    sheet.status[:, nodes] = wave.status
    sheet.flag[:, nodes] = wave.model.flag
    model = wave.model
    columns = (wave.mean, wave.share, wave.n, wave.low, wave.high, model.shrunken, model.low, model.high)
    for name, values in zip(FIGURES, (*columns, model.rank_low, model.rank_high), strict=True):
        sheet.figures[name][:, nodes] = values


def _compute_index(
    data: Input,
    trunk: Trunk,
    scaled: FloatArray,
    rated: Persons | None,
    sheets: _Sheets,
    progress: Callable[[str], None],
) -> list[Robustness | None]:
    """Nodes of indicators only belong to no wave; those with items as well are computed for every wave."""
    _, some = data.items_below
    waves: tuple[Wave | None, ...] = (None,) if rated is None else rated.waves
    varied = []
    for position, wave in enumerate(waves):
        name = "" if wave is None else wave.name
        progress(f"index{f', wave {name}' if name else ''}: scores and their sensitivity")
        values, errors = _leaf_scores(data, trunk, scaled, rated, wave)
        found = indices.evaluate_trunk(data, trunk, values)
        own = np.isin(trunk.nodes, trunk.leaves) & some[trunk.nodes]
        for sheet, chosen in ((sheets.of(""), ~some[trunk.nodes]), (sheets.of(name), some[trunk.nodes] & ~own)):
            nodes = trunk.nodes[chosen]
            sheet.filled[nodes] = True
            sheet.status[:, nodes] = found.result.status[:, chosen]
            results = {"score": found.result.values, "share": found.result.shares, "low": found.low, "high": found.high}
            for figure, array in results.items():
                sheet.figures[figure][:, nodes] = array[:, chosen]
        shown = ~np.isnan(found.result.values[:, trunk.structure.parent == index.ROOT])
        varied.append(robustness.vary(data, name, trunk, np.where(shown, values, np.nan), errors, position))
    return varied


def _leaf_scores(
    data: Input, trunk: Trunk, scaled: FloatArray, rated: Persons | None, wave: Wave | None
) -> tuple[FloatArray, FloatArray | None]:
    """Scores of the trunk's leaves, and their standard errors where some come from persons."""
    column = {int(leaf): position for position, leaf in enumerate(data.hierarchy.structure.leaves)}
    if wave is None or rated is None:
        return scaled[:, [column[int(leaf)] for leaf in trunk.leaves]], None
    place = {int(node): position for position, node in enumerate(rated.nodes)}
    values = np.column_stack(
        [wave.mean[:, place[leaf]] if leaf in place else scaled[:, column[leaf]] for leaf in trunk.leaves.tolist()]
    )
    errors = np.zeros(values.shape)
    from_persons = [position for position, leaf in enumerate(trunk.leaves.tolist()) if leaf in place]
    errors[:, from_persons] = robustness.standard_errors(
        wave, [place[int(leaf)] for leaf in trunk.leaves[from_persons]]
    )
    return values, errors


def _vary_items(data: Input, rated: Persons, progress: Callable[[str], None]) -> list[Robustness | None]:
    """Sensitivity of the root of items only, among the units that have a place there."""
    trunk = robustness.trunk_of_items(data)
    root = int(np.flatnonzero(data.hierarchy.structure.parent[rated.nodes] == index.ROOT)[0])
    columns = np.searchsorted(rated.nodes, trunk.leaves).tolist()
    varied = []
    for position, wave in enumerate(rated.waves):
        placed = ~np.isnan(wave.model.rank_low[:, root])
        if placed.any():
            progress(f"sensitivity{f', wave {wave.name}' if wave.name else ''}")
            values = np.where(placed[:, None], wave.mean[:, columns], np.nan)
            errors = robustness.standard_errors(wave, columns)
            varied.append(robustness.vary(data, wave.name, trunk, values, errors, position))
    return varied


def _unequal_weights(data: Input) -> list[str]:
    """A person's score is the plain mean of the items; weights below a node of items only do not enter."""
    every, _ = data.items_below
    structure = data.hierarchy.structure
    names = [
        structure.ids[node]
        for node in sorted(structure.inner.tolist())
        if every[node] and np.ptp(structure.weight[structure.children(node)]) > 0
    ]
    return [f"{name}: a person's score counts every item alike; the weights below are not used." for name in names]
