"""Whether a hidden count can plainly be another one: people moved between hidden cells of one row, or of one column.

A table of groups (columns) in municipalities (rows) is published with some of its cells, the number of people of some
rows, of which an unknown part belongs to no group, and the sum of some columns. Rows may be safe for themselves, and
columns too, and yet both together give a cell away.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from scoring.arrays import BoolArray, IntArray


def movable(counts: IntArray, hidden: BoolArray, linked: BoolArray, whole: IntArray, protection: int = 5) -> BoolArray:
    """Which cells (rows, columns) are published, or can range over ``protection`` by exchanges that nobody notices.

    ``counts`` are the true ones, ``hidden`` the cells that are not published, ``linked`` (columns,) says whose sum over
    all rows is, ``whole`` (rows,) the published number of people of a row, -1 where it is not. In a column that is not
    linked a cell exchanges people with its own row: those in no group, and other hidden cells. In a linked one another
    row has to take or give as many, from those in no group, or from another column so that both sums stay. Cells that
    are not movable in this way may still be safe; only an attack tells.

    >>> counts, hidden = np.array([[30, 6], [40, 7]]), np.array([[False, True], [False, True]])
    >>> movable(counts, hidden, np.array([False, True]), np.array([36, 47]))[:, 1].tolist()
    [False, False]
    >>> movable(counts, hidden, np.array([False, True]), np.array([46, 60]))[:, 1].tolist()
    [True, True]
    """
    withheld = counts * hidden
    groupless = np.where(whole < 0, protection, whole - counts.sum(axis=1))
    free = np.minimum(groupless + withheld[:, ~linked].sum(axis=1), protection)[:, None]
    takes = hidden * free
    down = np.minimum(withheld, takes.sum(axis=0) - takes)
    up = np.minimum(free, withheld.sum(axis=0) - withheld)
    for one, other in permutations(np.flatnonzero(linked).tolist(), 2):
        both = hidden[:, one] & hidden[:, other]
        mine, theirs = (np.where(both, counts[:, column], 0) for column in (one, other))
        up[:, one] = np.maximum(up[:, one], np.minimum(theirs, _largest_other(mine)) * both)
        down[:, one] = np.maximum(down[:, one], np.minimum(mine, _largest_other(theirs)) * both)
    through_others = (down * (hidden & linked)).sum(axis=1, keepdims=True)
    own_row = groupless[:, None] + withheld[:, ~linked].sum(axis=1, keepdims=True) + through_others
    return np.asarray(~hidden | (np.where(linked, up + down, own_row) >= protection))


def _largest_other(values: IntArray) -> IntArray:
    """For every entry the largest of the others; 0 for a single one."""
    if values.size < 2:
        return np.zeros_like(values)
    second, first = np.partition(values, values.size - 2)[-2:]
    others = np.where(values == first, second, first)
    return np.asarray(np.where((values == first).sum() > 1, first, others))
