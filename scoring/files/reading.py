"""From a folder of files to an ``Input`` that can be scored: everything is checked, every mistake is named at once."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from scoring.arrays import BoolArray, FloatArray
from scoring.files import hierarchy, indicators, ratings, settings, units
from scoring.files.complaints import Complaints, InputNotValid, suggestion
from scoring.files.hierarchy import Hierarchy, Node
from scoring.files.settings import NONE, Settings

__all__ = ["Input", "InputNotValid", "read_input"]

FILES = (hierarchy.FILE, units.FILE, indicators.FILE, ratings.FILE, settings.FILE)
_BOUNDED = ("minmax", "goalposts", "distance_to_max", "percentile_rank", NONE)


@dataclass(frozen=True, eq=False)
class Input:
    """A checked input. Leaves of the hierarchy are either indicators or items; units stand in their final order.

    ``values`` (units, leaves) hold the indicators, NaN for items; ``ratings`` is ``None`` where there are no items.
    ``population`` (units,) is NaN where it is not known. ``files`` holds size and SHA-256 of every
    file read, ``notes`` how cells were read that could have been meant otherwise.
    """

    hierarchy: Hierarchy
    settings: Settings
    units: tuple[str, ...]
    population: FloatArray
    values: FloatArray
    item: BoolArray
    ratings: ratings.Ratings | None
    files: dict[str, dict[str, str | int]]
    notes: tuple[str, ...] = ()

    @cached_property
    def items_below(self) -> tuple[BoolArray, BoolArray]:
        """Per node, whether all of its leaves are items, and whether any is."""
        return _items_below(self.hierarchy, self.item)

    @property
    def normalisation(self) -> str:
        """The normalisation of the indicators: the one chosen, else goalposts where there are any, else none."""
        given = any(not np.isnan(leaf.low) for leaf in self.indicators)
        return self.settings.normalise or ("goalposts" if given else NONE)

    @property
    def indicators(self) -> tuple[Node, ...]:
        """The leaves that are indicators, not items."""
        return tuple(leaf for leaf, item in zip(self.hierarchy.leaves, self.item, strict=True) if not item)

    @property
    def order(self) -> FloatArray:
        """Order of aggregation per node: its own, else that of the settings."""
        own = self.hierarchy.order
        return np.where(np.isnan(own), self.settings.order, own)

    @cached_property
    def seed(self) -> int:
        """A number drawn from the files: the same input always gives the same random steps."""
        names = "\n".join(f"{name} {facts['sha256']}" for name, facts in sorted(self.files.items()))
        return int.from_bytes(hashlib.sha256(names.encode()).digest()[:16], "big")


def read_input(folder: Path, progress: Callable[[str], None] = lambda _: None, piece: int = ratings.PIECE) -> Input:
    """Read and check a folder; raises ``InputNotValid`` with every mistake of every file.

    ``progress`` is told where the reading is; ``ratings.csv`` is read ``piece`` bytes at a time.
    """
    complaints = Complaints()
    if not folder.is_dir():
        complaints.add(str(folder), 0, "", f"there is no such folder; one with {', '.join(FILES)} is expected.")
        complaints.raise_if_any()
    found = hierarchy.read_hierarchy(folder, complaints)
    chosen = settings.read_settings(folder, complaints)
    listed = units.read_units(folder, complaints)
    known = None if listed is None else {unit.id for unit in listed}
    table = indicators.read_indicators(folder, known, complaints)
    layout = ratings.read_layout(folder, complaints)
    _check_presence(folder, complaints)
    if found is not None:
        _check_columns(found, table, layout, complaints)
    counted = _count(folder, found, layout, known, complaints, progress, piece)
    _check_populations(listed, counted, complaints)
    complaints.raise_if_any()
    if found is None:
        raise InputNotValid(f"{hierarchy.FILE}: nothing of it can be read.")
    item = np.array([layout is not None and leaf.id in layout.items for leaf in found.leaves])
    order, population = _arranged(listed, table, counted)
    values = np.full((len(order), len(found.leaves)), np.nan)
    if table is not None:
        values[:, ~item] = table.arranged(order, [leaf.id for leaf in found.leaves if leaf.id in table.names])
    progress("input read; its hashes are computed")
    notes = () if table is None else table.notes
    result = Input(found, chosen, order, population, values, item, counted, _fingerprints(folder), notes)
    _check_index(result, complaints)
    complaints.raise_if_any()
    return result


def _items_below(found: Hierarchy, item: BoolArray) -> tuple[BoolArray, BoolArray]:
    every, some = np.ones(len(found.nodes), dtype=bool), np.zeros(len(found.nodes), dtype=bool)
    every[found.structure.leaves] = some[found.structure.leaves] = item
    for node in found.structure.inner:
        children = found.structure.children(int(node))
        every[node], some[node] = every[children].all(), some[children].any()
    return every, some


def _check_presence(folder: Path, complaints: Complaints) -> None:
    if (folder / indicators.FILE).is_file() or (folder / ratings.FILE).is_file():
        return
    near = [
        path.name
        for path in sorted(folder.iterdir())
        if path.name not in FILES and difflib.get_close_matches(path.name, (indicators.FILE, ratings.FILE), 1, 0.7)
    ]
    hint = f" There is {', '.join(near)}." if near else ""
    complaints.add(
        indicators.FILE, 0, "", f"neither {indicators.FILE} nor {ratings.FILE} is there; one is needed.{hint}"
    )


def _check_columns(
    found: Hierarchy, table: indicators.Indicators | None, layout: ratings.Layout | None, complaints: Complaints
) -> None:
    """Every leaf has a column in one of the files, every column is a leaf."""
    leaves = [leaf.id for leaf in found.leaves]
    files = {
        indicators.FILE: () if table is None else table.names,
        ratings.FILE: () if layout is None else layout.items,
    }
    for file, names in files.items():
        line = layout.line if layout is not None and file == ratings.FILE else 1
        for name in names:
            if name in found.parents:
                complaints.add(file, line, name, f"a node with children in {hierarchy.FILE}; only a leaf has a column.")
            elif name not in leaves:
                hint = suggestion(name, leaves)
                complaints.add(file, line, name, f"no leaf of {hierarchy.FILE} has this id; one is expected.{hint}")
    read = [file for file, present in ((indicators.FILE, table), (ratings.FILE, layout)) if present is not None]
    for leaf in found.leaves if read else ():
        _check_leaf(leaf, [file for file in read if leaf.id in files[file]], read, complaints)


def _check_leaf(leaf: Node, holding: Sequence[str], read: Sequence[str], complaints: Complaints) -> None:
    if len(holding) > 1:
        message = f'"{leaf.id}" has a column in {" and in ".join(holding)}; one of them is expected.'
        complaints.add(hierarchy.FILE, leaf.line, "id", message)
    elif not holding and leaf.parent:
        message = f'"{leaf.id}" has no column in {" or ".join(read)}, and no leaf below it; a column is expected.'
        complaints.add(hierarchy.FILE, leaf.line, "id", message)


def _count(
    folder: Path,
    found: Hierarchy | None,
    layout: ratings.Layout | None,
    known: Collection[str] | None,
    complaints: Complaints,
    progress: Callable[[str], None],
    piece: int,
) -> ratings.Ratings | None:
    """Count the ratings; where the structure has mistakes, every column is checked and nothing comes of it."""
    if layout is None:
        return None
    if found is None or len(complaints):
        ratings.count_ratings(folder, layout, layout.items, (), None, known, complaints, progress, piece)
        return None
    items = [leaf.id for leaf in found.leaves if leaf.id in layout.items]
    reverse = {leaf.id for leaf in found.leaves if leaf.direction == -1}
    scales = [scale for _, scale in scales_of(found, np.array([leaf.id in items for leaf in found.leaves]))]
    return ratings.count_ratings(folder, layout, items, reverse, scales, known, complaints, progress, piece)


def scales_of(found: Hierarchy, item: BoolArray) -> list[tuple[int, list[int]]]:
    """Inner nodes with items only, and the positions of their items among all items."""
    every, _ = _items_below(found, item)
    place = np.cumsum(item) - 1
    column = {int(leaf): int(place[c]) for c, leaf in enumerate(found.structure.leaves)}
    inner = sorted(int(node) for node in found.structure.inner if every[node])
    return [(node, [column[int(leaf)] for leaf in found.leaves_below(node)]) for node in inner]


def _check_populations(
    listed: tuple[units.Unit, ...] | None, counted: ratings.Ratings | None, complaints: Complaints
) -> None:
    if listed is None or counted is None:
        return
    respondents: dict[str, int] = {}
    for (name, _), n in zip(counted.cells, counted.tally.respondents.tolist(), strict=True):
        respondents[name] = max(n, respondents.get(name, 0))
    for unit in listed:
        n = respondents.get(unit.id, 0)
        if unit.population < n:
            message = f"{unit.population:.0f} is below the {n} responses of {unit.id}; {n} or more are expected."
            complaints.add(units.FILE, unit.line, "population", message)


def _arranged(
    listed: tuple[units.Unit, ...] | None, table: indicators.Indicators | None, counted: ratings.Ratings | None
) -> tuple[tuple[str, ...], FloatArray]:
    """Units and populations: as listed, else as in the values, then as they first occur in the ratings."""
    if listed is not None:
        return tuple(unit.id for unit in listed), np.array([unit.population for unit in listed])
    names = dict.fromkeys(table.units if table is not None else ())
    names |= dict.fromkeys(unit for unit, _ in counted.cells) if counted is not None else {}
    return tuple(names), np.full(len(names), np.nan)


def _fingerprints(folder: Path) -> dict[str, dict[str, str | int]]:
    facts: dict[str, dict[str, str | int]] = {}
    for name in FILES:
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                facts[name] = {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    return facts


def _check_index(data: Input, complaints: Complaints) -> None:
    """What can only be told when structure, settings and values are known."""
    if not data.indicators:
        return
    method = data.normalisation
    for leaf in data.indicators if method == "goalposts" else ():
        if np.isnan(leaf.low):
            complaints.add(
                hierarchy.FILE, leaf.line, "low", "empty; with goalposts every indicator needs low and high."
            )
    every, some = data.items_below
    if (some & ~every).any() and (method not in _BOUNDED or data.settings.to != Settings.to):
        message = f"{method} to {list(data.settings.to)}; items score 0 to 100, so the indicators beside them must too."
        complaints.add(settings.FILE, 0, "normalise", message)
    _check_signs(data, method, complaints)


def _check_signs(data: Input, method: str, complaints: Complaints) -> None:
    """Only an arithmetic mean takes scores below zero."""
    least, greatest = data.settings.to
    if method == NONE:
        sign = np.array([leaf.direction for leaf in data.hierarchy.leaves])
        below = bool((np.where(sign > 0, data.values, least + greatest - data.values) < 0).any())
    else:
        below = method == "zscore" or (method in ("minmax", "goalposts", "distance_to_max") and least < 0)
    for node in data.hierarchy.structure.inner if below else ():
        if data.order[node] != 1:
            place = data.hierarchy.nodes[int(node)]
            message = (
                f'"{place.id}" is a mean of order {data.order[node]:g}, and scores can lie below zero; order 1, or a '
                "normalisation to a range from 0, is expected."
            )
            complaints.add(hierarchy.FILE, place.line, "order", message)
