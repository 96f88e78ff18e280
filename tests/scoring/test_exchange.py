"""Rows and columns of groups together: what can plainly be exchanged is safe from the attacker, too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring import disclosure, exchange

tables = arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(1, 3)), elements=st.integers(0, 9))


def ranges(counts, hidden, linked, whole, protection):
    """What the attacker finds of the hidden cells that range over less than asked for."""
    rows, columns = counts.shape
    keys = [[(row, column) for column in range(columns)] for row in range(rows)]
    table = disclosure.PublishedTable("groups", counts, hidden, margins=False, keys=keys)
    relations = [
        disclosure.Relation({(row, column): 1.0 for column in range(columns)}, 0, float(whole[row]))
        for row in np.flatnonzero(whole >= 0).tolist()
    ] + [
        disclosure.Relation({(row, column): 1.0 for row in range(rows)}, *[float(counts[:, column].sum())] * 2)
        for column in np.flatnonzero(linked).tolist()
    ]
    return {finding.cell for finding in disclosure.audit([table], relations, protection=protection)}


@settings(max_examples=60, deadline=None)
@given(tables, st.data())
def test_what_can_plainly_be_exchanged_is_safe_from_the_attacker(counts, data):
    hidden = data.draw(arrays(bool, counts.shape))
    linked = data.draw(arrays(bool, counts.shape[1]))
    groupless = data.draw(arrays(np.int64, len(counts), elements=st.integers(0, 6)))
    known = data.draw(arrays(bool, len(counts)))
    whole = np.where(known, counts.sum(axis=1) + groupless, -1)
    safe = exchange.movable(counts, hidden, linked, whole, protection=4)
    assert not any(safe[cell] for cell in ranges(counts, hidden, linked, whole, 4))
    assert safe[~hidden].all()


def test_safe_rows_and_safe_columns_may_give_a_cell_away_together():
    counts = np.array([[30, 12], [40, 15], [50, 20]])
    hidden = np.array([[False, True]] * 3)
    linked, whole = np.array([False, True]), counts.sum(axis=1)
    assert not exchange.movable(counts, hidden, linked, whole)[:, 1].any()
    assert ranges(counts, hidden, linked, whole, 5) == {(0, 1), (1, 1), (2, 1)}
    assert not ranges(counts, hidden, np.array([False, False]), whole, 5)
    assert not ranges(counts, hidden, linked, np.full(3, -1), 5)


@pytest.mark.parametrize("column", [0, 1])
def test_two_columns_exchange_people_across_two_rows(column):
    counts = np.array([[12, 9], [15, 20]])
    everything = np.ones(counts.shape, dtype=bool)
    linked, whole = np.array([True, True]), counts.sum(axis=1)
    assert exchange.movable(counts, everything, linked, whole)[:, column].all()
    assert not ranges(counts, everything, linked, whole, 5)
