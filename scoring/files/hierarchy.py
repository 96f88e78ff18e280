"""The hierarchy of an input, ``structure.csv``: nodes, weights, directions, goalposts and orders of aggregation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from scoring.arrays import FloatArray, IntArray
from scoring.files.complaints import Complaints, quoted, suggestion
from scoring.files.tables import NotANumber, Row, check_columns, read
from scoring.index import ROOT, Structure

FILE = "structure.csv"
REQUIRED = ("id", "parent", "weight", "direction")
OPTIONAL = ("low", "high", "order", "name")
RESERVED = ("unit", "wave")
HIGHEST_ORDER = 10.0


@dataclass(frozen=True)
class Node:
    """A row of the structure; ``low``, ``high`` and ``order`` are NaN where they are not given."""

    line: int
    id: str
    parent: str
    weight: float
    direction: int
    low: float
    high: float
    order: float


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """All nodes, in the order of the file."""

    nodes: tuple[Node, ...]

    @cached_property
    def structure(self) -> Structure:
        """The nodes as a structure to evaluate; its leaves stand in the order of the file."""
        place = {node.id: position for position, node in enumerate(self.nodes)}
        return Structure(
            tuple(place),
            np.array([place[node.parent] if node.parent else ROOT for node in self.nodes], dtype=np.int64),
            self._numbers(lambda node: node.weight),
        )

    @cached_property
    def parents(self) -> frozenset[str]:
        """Ids of the nodes with children."""
        return frozenset(node.parent for node in self.nodes if node.parent)

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The nodes without children."""
        return tuple(node for node in self.nodes if node.id not in self.parents)

    @property
    def order(self) -> FloatArray:
        """Order of aggregation per node, NaN where not given."""
        return self._numbers(lambda node: node.order)

    def leaves_below(self, node: int) -> IntArray:
        """Positions of the leaves at and below a node."""
        inside = np.arange(len(self.nodes)) == node
        for _ in range(int(self.structure.depth.max())):
            inside |= inside[self.structure.parent] & (self.structure.parent != ROOT)
        leaves = self.structure.leaves
        return np.asarray(leaves[inside[leaves]])

    def _numbers(self, of: Callable[[Node], float]) -> FloatArray:
        return np.array([of(node) for node in self.nodes], dtype=float)


def read_hierarchy(folder: Path, complaints: Complaints) -> Hierarchy | None:
    """The hierarchy of the folder; ``None`` if nothing of it can be read.

    What comes back with complaints serves to check the other files, not to be evaluated.
    """
    path = folder / FILE
    if not path.is_file():
        complaints.add(FILE, 0, "", f"the file is missing; columns {', '.join(REQUIRED)} are expected.")
        return None
    table = read(path, complaints)
    if table is None or not check_columns(FILE, table.columns, REQUIRED, OPTIONAL, complaints):
        return None
    if not table.rows:
        complaints.add(FILE, 0, "", "no rows; one root and at least one leaf below it are expected.")
        return None
    alike = not any(row.cells["weight"] for row in table.rows)
    hierarchy = Hierarchy(tuple(_node(row, alike, complaints) for row in table.rows))
    _check_ids(hierarchy, complaints)
    _check_roots(hierarchy, complaints)
    _check_cycles(hierarchy, complaints)
    _check_weights(hierarchy, complaints)
    _check_inner(hierarchy, complaints)
    return hierarchy


def _node(row: Row, alike: bool, complaints: Complaints) -> Node:
    """A row as a node; without a weight it weighs 1 if it is the root, or if all nodes are ``alike``."""
    cells = row.cells
    unweighted = alike or not cells["parent"]

    def cell(column: str, empty: float, valid: Callable[[float], bool], expected: str) -> float:
        text = cells.get(column, "")
        try:
            value = row.number(column) if text else empty
        except NotANumber as error:
            complaints.add(FILE, row.line, column, str(error))
            return np.nan
        if valid(value) if text else np.isfinite(empty) or column in OPTIONAL:
            return value
        complaints.add(FILE, row.line, column, f"{quoted(text) if text else 'empty'}; expected is {expected}.")
        return np.nan

    weight = cell("weight", 1.0 if unweighted else np.nan, lambda v: v >= 0, "a weight, a number of 0 or more")
    direction = cell("direction", 1.0, lambda v: v in (1, -1), "1 (more is better) or -1 (less is better)")
    low, high = (cell(name, np.nan, lambda _: True, "") for name in ("low", "high"))
    order = cell(
        "order",
        np.nan,
        lambda v: abs(v) <= HIGHEST_ORDER,
        f"the order of a mean from -{HIGHEST_ORDER:g} to {HIGHEST_ORDER:g}: 1 arithmetic, 0 geometric, -1 harmonic",
    )
    _check_goalposts(row, low, high, complaints)
    return Node(row.line, cells["id"], cells["parent"], weight, -1 if direction == -1 else 1, low, high, order)


def _check_goalposts(row: Row, low: float, high: float, complaints: Complaints) -> None:
    texts = [row.cells.get(name, "") for name in ("low", "high")]
    if all(texts) and low >= high:
        complaints.add(FILE, row.line, "low", f"{texts[0]} is not below high, {texts[1]}; expected is low < high.")
    elif any(texts) and not all(texts):
        missing = "high" if texts[0] else "low"
        complaints.add(FILE, row.line, missing, "empty; goalposts are expected in pairs, low and high.")


def _check_ids(hierarchy: Hierarchy, complaints: Complaints) -> None:
    first: dict[str, int] = {}
    for node in hierarchy.nodes:
        if not node.id:
            complaints.add(FILE, node.line, "id", "empty; the id of a node is expected.")
        elif node.id in RESERVED:
            complaints.add(FILE, node.line, "id", f'"{node.id}" names a column of other files; choose another id.')
        elif node.id in first:
            complaints.add(
                FILE, node.line, "id", f"{quoted(node.id)} stands in line {first[node.id]} too; once is expected."
            )
        first.setdefault(node.id, node.line)
    for node in hierarchy.nodes:
        if node.parent and node.parent not in first:
            hint = suggestion(node.parent, first)
            complaints.add(FILE, node.line, "parent", f"there is no node {quoted(node.parent)}.{hint}")


def _check_roots(hierarchy: Hierarchy, complaints: Complaints) -> None:
    roots = [node for node in hierarchy.nodes if not node.parent]
    if not roots:
        complaints.add(FILE, 0, "parent", "no root; exactly one node without a parent is expected.")
    for node in roots[1:]:
        message = f"{quoted(node.id)} is a second root beside {quoted(roots[0].id)}; exactly one node has no parent."
        complaints.add(FILE, node.line, "parent", message)
    if len(hierarchy.nodes) == 1 and roots:
        complaints.add(FILE, roots[0].line, "id", "a root alone; at least one leaf below it is expected.")


def _check_cycles(hierarchy: Hierarchy, complaints: Complaints) -> None:
    node_of = {node.id: node for node in hierarchy.nodes}
    done: set[str] = set()
    for node in hierarchy.nodes:
        path: list[str] = []
        at: Node | None = node
        while at is not None and at.id not in done and at.id not in path:
            path.append(at.id)
            at = node_of.get(at.parent)
        if at is not None and at.id in path:
            cycle = [*path[path.index(at.id) :], at.id]
            complaints.add(FILE, at.line, "parent", f"a cycle: {' -> '.join(cycle)}; a way up to the root is expected.")
        done.update(path)


def _check_weights(hierarchy: Hierarchy, complaints: Complaints) -> None:
    children: dict[str, list[Node]] = {}
    for node in hierarchy.nodes:
        if node.parent:
            children.setdefault(node.parent, []).append(node)
    for parent, below in children.items():
        if all(node.weight == 0 for node in below):
            message = f"all weights below {quoted(parent)} are zero; at least one above zero is expected."
            complaints.add(FILE, below[0].line, "weight", message)


def _check_inner(hierarchy: Hierarchy, complaints: Complaints) -> None:
    """Directions and goalposts say how an indicator is normalised; a node with children has none."""
    for node in hierarchy.nodes:
        if node.id not in hierarchy.parents:
            continue
        if node.direction == -1:
            complaints.add(FILE, node.line, "direction", "-1 at a node with children; only a leaf can be reversed.")
        if not np.isnan(node.low) or not np.isnan(node.high):
            complaints.add(FILE, node.line, "low", "goalposts at a node with children; they belong to a leaf.")
