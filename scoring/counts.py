"""Tables of counts as readers see them: with their totals, and less what is withheld of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from scoring.arrays import BoolArray, IntArray

Margins = bool | tuple[bool, bool]


class NotATable(ValueError):
    """Counts are neither a row nor a table, or what belongs to them has another shape."""


class NotACount(ValueError):
    """A count is negative, missing or not whole."""


def with_totals(table: ArrayLike) -> IntArray:
    """A row (cells,) or table (rows, columns) of counts with its totals appended. Raises ``NotATable``, ``NotACount``.

    >>> with_totals([[1, 2], [3, 4]]).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    counts = checked_counts(table)
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def checked_counts(table: ArrayLike) -> IntArray:
    """The counts of a row or a table as whole numbers; raises ``NotATable``, ``NotACount``."""
    given = np.asarray(table, dtype=float)
    if given.ndim not in (1, 2):
        raise NotATable(f"Counts are a row, or a table of rows and columns, not an array of shape {given.shape}.")
    wrong = np.argwhere(~np.isfinite(given) | (given < 0) | (given != np.floor(given)))
    if wrong.size:
        cell = tuple(int(i) for i in wrong[0])
        raise NotACount(f"A count is a whole number from 0; {place_of(cell)} has {given[cell]}.")
    return given.astype(np.int64)


def place_of(cell: tuple[int, ...], shape: tuple[int, ...] | None = None) -> str:
    """Where a cell is, counted from 1 as people do; or a total, given the ``shape`` of a table with totals."""
    axes = ("row", "column") if len(cell) == 2 else ("cell",)
    last = tuple(size - 1 for size in shape) if shape else (None,) * len(cell)
    return ", ".join(
        f"all {axis}s" if i == end else f"{axis} {i + 1}" for axis, i, end in zip(axes, cell, last, strict=True)
    )


def sums_of(shape: tuple[int, ...]) -> Any:
    """Sparse (lines, entries) of a table of ``shape`` with totals: the parts of each line less its total make 0."""
    places = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    lines = [line for axis, size in enumerate(shape) for line in np.moveaxis(places, axis, -1).reshape(-1, size)]
    signs = np.concatenate([np.append(np.ones(line.size - 1), -1.0) for line in lines])
    rows = np.repeat(np.arange(len(lines)), [line.size for line in lines])
    return csr_array((signs, (rows, np.concatenate(lines))), shape=(len(lines), places.size))


def cells_of(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Where the cells are in a table with totals of this ``shape``."""
    return tuple(slice(size - 1) for size in shape)


def stated_entries(shape: tuple[int, ...], margins: Margins) -> BoolArray:
    """What a table of ``shape``, with totals, tells or marks as withheld: its cells, and the totals named."""
    if len(shape) == 1 and isinstance(margins, tuple):
        raise NotATable("A single row has one total: margins is True or False.")
    rows, columns = margins if isinstance(margins, tuple) else (margins, margins)
    stated = np.zeros(shape, dtype=bool)
    stated[-1] = columns
    stated[..., -1] = rows
    stated[cells_of(shape)] = True
    # Whoever sees all the totals of the rows, or of the columns, also sees their sum.
    stated[(-1,) * len(shape)] = rows or columns
    return stated


def withheld_entries(suppressed: ArrayLike, shape: tuple[int, ...]) -> BoolArray:
    """A mask of cells, or of cells and totals, as a mask over the ``shape`` with totals."""
    mask = np.asarray(suppressed, dtype=bool)
    if mask.shape == shape:
        return mask
    hidden = np.zeros(shape, dtype=bool)
    if mask.shape != hidden[cells_of(shape)].shape:
        raise NotATable(
            f"A table of shape {hidden[cells_of(shape)].shape} needs a mask of that shape, or of {shape} to speak of "
            f"its totals as well, not {mask.shape}."
        )
    hidden[cells_of(shape)] = mask
    return hidden
