"""What is withheld stays unknown: checked by enumerating tables, by maximum flows, and by subtracting like a reader."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import scipy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from scoring import attacker, disclosure, suppression
from scoring import audit as auditing
from scoring.disclosure import (
    UNBOUNDED,
    ContradictsCounts,
    Difference,
    KeyNotWhole,
    NotACount,
    NotATable,
    NotNested,
    PublishedTable,
    Relation,
    UnknownCount,
    audit,
    cell_key_noise,
    differ_by_one,
    differs_enough,
    feasible_ranges,
    noise_variance,
    peers_enough,
    protect,
    protect_with_totals,
    refreshable,
    with_totals,
)

# On a busy machine even drawing the tables is slow, which is no fault of theirs.
few = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
fewest = settings(few, max_examples=10)
everything = 10**6

# Fischetti and Salazar-González: a table whose cell 22 is confidential, and the three cells withheld with it.
REGIONS = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
REGIONS_MASK = [[0, 0, 0], [1, 0, 1], [1, 0, 1]]

# Every line has two withheld cells with joint number 32, and still 2 must lie between 0 and 4.
HEXAGON = np.array([[2, 30, 500], [500, 30, 2], [30, 500, 30]])
HEXAGON_MASK = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)


def fillings(row, hidden):
    """All rows of whole numbers with the same total and the same published cells."""
    rest = int(row[hidden].sum())
    ways = [way for way in product(range(rest + 1), repeat=int(hidden.sum())) if sum(way) == rest]
    rows = np.tile(row, (len(ways), 1))
    rows[:, hidden] = np.array(ways, dtype=int).reshape(len(ways), -1)
    return rows


def enumerated_ranges(table, hidden, columns=True):
    """Ranges over all tables with the same row totals (and column totals), one by one."""
    rows = [fillings(row, mask) for row, mask in zip(table, hidden, strict=True)]
    index = np.indices([len(ways) for ways in rows]).reshape(len(rows), -1)
    tables = np.stack([ways[i] for ways, i in zip(rows, index, strict=True)], axis=1)
    if columns:
        tables = tables[(tables.sum(axis=1) == table.sum(axis=0)).all(axis=1)]
    return tables.min(axis=0), tables.max(axis=0)


def swings(table, mask):
    """How far each withheld cell can move, up and down together, as two maximum flows; -1 where nothing is withheld."""
    rows, columns = table.shape
    plenty = int(table.sum())
    width = np.full(table.shape, -1)
    for i, j in np.argwhere(mask):
        capacity = np.zeros((rows + columns, rows + columns), dtype=np.int32)
        others = mask.copy()
        others[i, j] = False
        capacity[:rows, rows:] = np.where(others, table, 0)
        capacity[rows:, :rows] = np.where(others, plenty, 0).T
        graph = csr_array(capacity)
        up = maximum_flow(graph, i, rows + j).flow_value
        down = min(maximum_flow(graph, rows + j, i).flow_value, table[i, j])
        width[i, j] = up + down
    return width


def protected(table, mask, protection=5):
    return (swings(table, mask)[mask] >= protection).all()


small_tables = arrays(np.int64, (3, 3), elements=st.integers(0, 3))
masks = arrays(bool, (3, 3))
tables = arrays(np.int64, (3, 4), elements=st.integers(0, 40))


@few
@given(small_tables, masks)
def test_ranges_are_those_of_all_tables_enumerated(table, hidden):
    low, high = feasible_ranges(table, hidden)
    expected_low, expected_high = enumerated_ranges(table, hidden)
    assert np.array_equal(low, expected_low)
    assert np.array_equal(high, expected_high)


@few
@given(small_tables, masks)
def test_ranges_without_one_kind_of_total_are_those_of_all_tables_enumerated(table, hidden):
    expected = enumerated_ranges(table, hidden, columns=False)
    assert np.array_equal(feasible_ranges(table, hidden, (True, False)), expected)
    low, high = feasible_ranges(table.T, hidden.T, (False, True))
    assert np.array_equal((low.T, high.T), expected)


@few
@given(arrays(np.int64, 4, elements=st.integers(0, 5)), arrays(bool, 4))
def test_ranges_of_a_row_are_those_of_all_rows_enumerated(row, hidden):
    ways = fillings(row, hidden)
    assert np.array_equal(feasible_ranges(row, hidden), (ways.min(axis=0), ways.max(axis=0)))


@fewest
@given(arrays(np.int64, (2, 2), elements=st.integers(0, 3)), arrays(bool, (3, 3)))
def test_ranges_with_withheld_totals_are_those_of_all_tables_enumerated(table, hidden):
    hidden[2, 2] = False
    cells = np.array([way for way in product(range(table.sum() + 1), repeat=4) if sum(way) == table.sum()])
    candidates = np.array([with_totals(way.reshape(2, 2)) for way in cells])
    true = with_totals(table)
    fitting = candidates[(candidates == true)[:, ~hidden].all(axis=1)]
    assert np.array_equal(feasible_ranges(table, hidden), (fitting.min(axis=0), fitting.max(axis=0)))


@few
@given(arrays(np.int64, (4, 5), elements=st.integers(0, 60)), arrays(bool, (4, 5)))
def test_ranges_are_as_wide_as_maximum_flows_say(table, hidden):
    low, high = feasible_ranges(table, hidden)
    assert np.array_equal((high - low)[hidden], swings(table, hidden)[hidden])
    assert np.array_equal(low[~hidden], table[~hidden])


def test_a_published_example_has_its_published_range():
    low, high = feasible_ranges(REGIONS, REGIONS_MASK)
    assert (low[1, 2], high[1, 2]) == (5, 30)


def test_a_lone_suppressed_cell_is_known():
    table, mask = np.full((4, 3), 20), np.zeros((4, 3), dtype=bool)
    table[2, 1], mask[2, 1] = 3, True
    low, high = feasible_ranges(table, mask)
    assert low[2, 1] == high[2, 1] == 3
    (finding,) = audit([PublishedTable("answers by age", table, mask)])
    assert (finding.cell, finding.low, finding.high) == ((2, 1), 3, 3)
    assert '"answers by age", row 3, column 2' in finding.sentence


def test_without_totals_nothing_limits_a_cell():
    low, high = feasible_ranges([[3, 4], [5, 6]], [[1, 0], [0, 0]], margins=False)
    assert (low[0, 0], high[0, 0]) == (0, UNBOUNDED)


def test_a_withheld_grand_total_limits_nothing():
    low, high = feasible_ranges([3, 4], [True, False, True])
    assert low.tolist() == [0, 4, 4]
    assert high.tolist() == [UNBOUNDED, 4, UNBOUNDED]


@fewest
@given(arrays(np.int64, 5, elements=st.integers(0, 3)))
def test_a_published_mean_narrows_a_withheld_distribution_as_enumeration_says(counts):
    scores = np.arange(5) * 25.0
    n, total = counts.sum(), counts @ scores
    hidden = np.ones(5, dtype=bool)
    # A mean in whole points, as published from ten answers on.
    slack = 0.5 * n
    ways = fillings(counts, hidden)
    ways = ways[np.abs(ways @ scores - total) <= slack]
    found = feasible_ranges(counts, hidden, constraints=(scores[None], [total - slack], [total + slack]))
    assert np.array_equal(found, (ways.min(axis=0), ways.max(axis=0)))


def test_fractions_protect_nobody():
    seven_and_five = ([[7, 5]], [24], [24])
    assert np.array_equal(feasible_ranges([2, 2], [1, 1], False, seven_and_five), [[2, 2], [2, 2]])


def test_a_programme_that_gives_up_leaves_the_range_too_narrow(monkeypatch):
    problem = ([4, 2], [1, 1], False, ([[7, 5]], [36], [40]))
    assert np.array_equal(feasible_ranges(*problem), [[0, 1], [5, 8]])
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: SimpleNamespace(x=None, status=1))
    low, high = feasible_ranges(*problem)
    assert (low >= [0, 1]).all()
    assert (low <= [4, 2]).all()
    assert (high >= [4, 2]).all()
    assert high[0] < 5
    assert high[1] <= 8


@few
@given(tables)
def test_what_is_protected_passes_the_audit_and_a_maximum_flow(table):
    mask = protect(table)
    assert mask[table < 10].all()
    totals = np.concatenate([table.sum(axis=0), table.sum(axis=1)])
    if mask.any() and (totals < 10).any():
        assert mask.all()
        return
    assert protected(table, mask)
    assert audit([PublishedTable("table", table, mask)]) == ()


@fewest
@given(tables)
def test_what_is_protected_with_its_totals_passes_the_audit(table):
    mask = protect_with_totals(table)
    assert mask[with_totals(table) < 10].all()
    assert audit([PublishedTable("table", table, mask)]) == ()


@few
@given(arrays(np.int64, 6, elements=st.integers(0, 25)))
def test_of_a_row_the_fewest_answers_are_withheld(row):
    mask = protect(row)
    best = None
    for extra in product([False, True], repeat=6):
        chosen = np.array(extra) | (row < 10)
        withheld = row[chosen].sum()
        safe = not chosen.any() or (chosen.sum() >= 2 and withheld >= 5)
        if safe and (best is None or withheld < best):
            best = withheld
    assert mask.all() if row.sum() < 10 else row[mask].sum() == best


@few
@given(arrays(np.int64, (2, 5), elements=st.integers(0, 30)))
def test_of_two_rows_the_fewest_answers_are_withheld(table):
    """Two rows: a column is withheld in both or neither, and the first row tells all."""
    columns, rows = table.sum(axis=0), table.sum(axis=1)
    if (columns < 10).any() or (rows < 10).any():
        assert protect(table).all() or (table >= 10).all()
        return
    best = None
    for extra in product([False, True], repeat=5):
        chosen = np.array(extra) | (table < 10).any(axis=0)
        rest, room = table[0, chosen].sum(), columns[chosen]
        width = np.minimum(room, rest) - np.maximum(0, rest - (room.sum() - room))
        if (width >= 5).all() and (best is None or room.sum() < best):
            best = room.sum()
    assert table[protect(table)].sum() == best


def cheapest(table, minimum=10):
    """The least number withheld by any mask that protects, all masks tried."""
    primary = table < minimum
    free = np.argwhere(~primary)
    costs = []
    for extra in product([False, True], repeat=len(free)):
        mask = primary.copy()
        mask[tuple(free.T)] = extra
        if min(costs, default=everything) > table[mask].sum() and protected(table, mask):
            costs.append(table[mask].sum())
    return min(costs)


@pytest.mark.parametrize("seed", range(6))
def test_of_a_table_the_fewest_answers_are_withheld(seed):
    table = np.random.default_rng(seed).integers(4, 40, (3, 3))
    assert table[protect(table)].sum() == cheapest(table)


def test_where_two_in_every_line_do_not_protect_more_is_withheld():
    low, high = feasible_ranges(HEXAGON, HEXAGON_MASK)
    assert (low[0, 0], high[0, 0]) == (0, 4)
    mask = protect(HEXAGON)
    assert protected(HEXAGON, mask)
    assert HEXAGON[mask].sum() == cheapest(HEXAGON) > HEXAGON[HEXAGON_MASK].sum()


def test_a_single_small_number_takes_the_cheapest_rectangle_with_it():
    table = [[100, 100, 100, 100], [100, 3, 100, 60], [100, 40, 100, 20], [100, 100, 100, 100]]
    assert np.argwhere(protect(table)).tolist() == [[1, 1], [1, 3], [2, 1], [2, 3]]


@pytest.mark.parametrize("table", [[[3, 4], [1, 90]], [[20, 0, 30], [40, 0, 50]], [2, 3, 4], [0, 0, 0]])
def test_a_total_below_the_minimum_withholds_everything(table):
    assert protect(table).all()


def test_a_table_without_small_numbers_is_published_whole():
    assert not protect([[10, 20], [30, 40]]).any()
    assert not protect_with_totals([[10, 20], [30, 40]]).any()
    assert not protect(np.zeros((0, 3))).any()


def test_without_totals_only_the_small_numbers_are_withheld():
    assert protect([[20, 3], [30, 40]], margins=False).tolist() == [[False, True], [False, False]]


def test_a_silent_municipality_does_not_withhold_the_whole_region():
    table = [[60, 70], [0, 0], [3, 2], [40, 30], [80, 20]]
    mask = protect_with_totals(table)
    assert mask[1:3].all()
    assert not mask[[0, 4]].all(axis=1).any()
    assert not mask[-1].any()
    assert audit([PublishedTable("region", table, mask)]) == ()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_columns_does_not_change_how_much_is_withheld(seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 60, (6, 5))
    withheld = table[protect(table)].sum()
    for _ in range(3):
        shuffled = table[rng.permutation(6)][:, rng.permutation(5)]
        assert shuffled[protect(shuffled)].sum() == withheld


def test_the_same_table_gives_the_same_mask():
    table = np.random.default_rng(4).poisson(14, (8, 6))
    assert np.array_equal(protect(table), protect(table))


@pytest.mark.parametrize("lacking", ["cells", "solution"])
def test_the_greedy_choice_protects_as_well(monkeypatch, lacking):
    table = np.random.default_rng(2).poisson(15, (7, 5))
    exact = table[protect(table)].sum()
    if lacking == "cells":
        monkeypatch.setattr(suppression, "_PROGRAMME_CELLS", 0)
    else:
        monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: SimpleNamespace(x=None, status=1))
    for example in (table, HEXAGON):
        assert protected(example, protect(example))
    assert table[protect(table)].sum() >= exact


def test_a_region_of_59_municipalities_is_protected_and_audited():
    rng = np.random.default_rng(0)
    table = rng.poisson(rng.lognormal(2.5, 1, (59, 1)) * rng.dirichlet(np.full(12, 3.0)) * 6)
    mask = protect_with_totals(table)
    assert mask[with_totals(table) < 10].all()
    assert not mask.all()
    assert audit([PublishedTable("region", table, mask)]) == ()


@fewest
@given(arrays(np.int64, 4, elements=st.integers(0, 6)))
def test_tables_that_share_a_count_are_attacked_together(counts):
    """By age (a, b, c) and by sex (a, d), where a is the same people: all pairs enumerated."""
    a, b, c, d = (int(v) for v in counts)
    by_age = PublishedTable("by age", [a, b, c], [True, True, False], keys=["young", "middle", "old"])
    by_sex = PublishedTable("by sex", [a, d], [True, True], keys=["young", "other"])
    ways = np.array([(x, a + b - x, a + d - x) for x in range(a + min(b, d) + 1)])
    found = {(f.table, f.cell): (f.low, f.high) for f in audit([by_age, by_sex], protection=everything)}
    low, high = ways.min(axis=0).tolist(), ways.max(axis=0).tolist()
    assert found[("by age", (0,))] == found[("by sex", (0,))] == (low[0], high[0])
    assert found[("by age", (1,))] == (low[1], high[1])
    assert found[("by sex", (1,))] == (low[2], high[2])


def test_a_count_withheld_here_and_published_there_is_found():
    may = PublishedTable("May", [30, 8, 9], [False, True, True], keys=["a", "b", "c"])
    assert audit([may]) == ()
    june = PublishedTable("June", [8, 50], [False, False], keys=["b", "d"])
    assert [(f.table, f.cell, f.low, f.high) for f in audit([may, june])] == [
        ("May", (1,), 8, 8),
        ("May", (2,), 9, 9),
    ]


def test_the_total_of_one_table_is_a_cell_of_another():
    """Ages are withheld without a total; the total stands in another table, and with a part it tells the rest."""
    ages = PublishedTable("ages", [12, 3], [False, True], margins=False, keys=["young", "old", "all"])
    assert audit([ages]) == ()
    towns = PublishedTable("towns", [15, 40], [False, False], keys=["all", "elsewhere"])
    assert [(f.table, f.cell, f.low) for f in audit([ages, towns])] == [("ages", (1,), 3)]


def test_a_published_mean_can_give_a_distribution_away():
    table = PublishedTable("answers", [0, 0, 0, 0, 6], [True] * 5, keys=[1, 2, 3, 4, 5])
    assert audit([table]) == ()
    all_agree = Relation({k: 25.0 * (k - 1) for k in range(1, 6)}, 600, 600)
    assert [(f.low, f.high) for f in audit([table], [all_agree])] == [(0, 0)] * 4 + [(6, 6)]


def versions(before, after):
    return [PublishedTable("all answers", [before, after], [False, False], margins=False, keys=["May", "June"])]


@pytest.mark.parametrize(("after", "found"), [(20, []), (23, [(3, 3)]), (24, [(4, 4)]), (25, []), (40, [])])
def test_two_versions_that_differ_by_few_answers_are_found(after, found):
    findings = audit(versions(20, after), differences=[Difference("May to June", "May", "June")])
    assert [(f.low, f.high) for f in findings] == found
    assert all(f.table == "May to June" and f.cell == () for f in findings)


def test_additions_and_withdrawals_are_counted_separately():
    (finding,) = audit(versions(20, 24), differences=[Difference("May to June", "May", "June", withdrawn=1)])
    assert (finding.low, finding.high) == (1, 1)
    assert "withdrawn" in finding.sentence
    assert audit(versions(20, 20), differences=[Difference("May to June", "May", "June", withdrawn=6)]) == ()


def test_a_breakdown_with_distributions_needs_ten_people_more():
    ten = Difference("women within all", "May", "June", least=10)
    assert [f.high for f in audit(versions(20, 29), differences=[ten])] == [9]
    assert audit(versions(20, 30), differences=[ten]) == ()


def test_a_difference_that_readers_cannot_form_is_no_finding():
    later = PublishedTable("June", [23, 31, 40], [True, True, False], keys=["after", "x", "y"])
    earlier = PublishedTable("May", [20], [False], margins=False, keys=["before"])
    grown = [Difference("May to June", "before", "after")]
    assert audit([earlier, later], differences=grown) == ()
    plain = PublishedTable("June", [23, 31, 40], [False] * 3, keys=["after", "x", "y"])
    assert len(audit([earlier, plain], differences=grown)) == 1


def test_nothing_published_gives_nothing_away():
    assert audit([]) == ()


@pytest.mark.parametrize("wrong", [[[1, -2], [3, 4]], [1.5, 2], [np.nan, 1], [np.inf, 1]])
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(NotACount):
        protect(wrong)


@pytest.mark.parametrize(
    ("table", "mask", "margins"),
    [([[1, 2]], [1, 0], True), ([1, 2, 3], [1, 0], True), ([[[1]]], [[[1]]], True), ([1, 2], [1, 0], (True, False))],
)
def test_what_is_no_table_or_has_another_shape_is_refused(table, mask, margins):
    with pytest.raises(NotATable):
        feasible_ranges(table, mask, margins)


@pytest.mark.parametrize("constraints", [([[1, 1, 1]], [3], [3]), ([[1, 1]], [3], [3, 4])])
def test_constraints_on_other_cells_are_refused(constraints):
    with pytest.raises(NotATable):
        feasible_ranges([1, 2], [1, 1], constraints=constraints)


def test_what_contradicts_the_counts_is_refused():
    with pytest.raises(ContradictsCounts):
        feasible_ranges([1, 2], [1, 1], constraints=([[1, 0]], [5], [6]))
    with pytest.raises(ContradictsCounts):
        audit([PublishedTable(name, [n], [False], keys=["same"]) for name, n in (("a", 5), ("b", 6))])
    for withdrawn in (0, 21, -1):
        with pytest.raises(ContradictsCounts):
            audit(versions(20, 15), differences=[Difference("d", "May", "June", withdrawn)])


def test_counts_that_nobody_holds_are_refused():
    with pytest.raises(UnknownCount):
        audit(versions(20, 25), differences=[Difference("d", "May", "July")])
    with pytest.raises(UnknownCount):
        audit(versions(20, 25), [Relation({"July": 1.0}, 0, 1)])


@pytest.mark.parametrize("keys", [["a"], ["a", "b", "c", "d"]])
def test_keys_for_other_cells_are_refused(keys):
    with pytest.raises(NotATable):
        audit([PublishedTable("t", [1, 2], [True, True], keys=keys)])


def test_the_attacker_is_reached_through_disclosure():
    assert disclosure.feasible_ranges is attacker.feasible_ranges
    assert disclosure.protect is suppression.protect
    assert disclosure.audit is auditing.audit
    assert all(hasattr(disclosure, name) for name in disclosure.__all__)


def test_nested_groups_differ_by_nobody_or_by_enough():
    assert differs_enough(10, [10, 11, 14, 15]).tolist() == [True, False, False, True]
    assert differs_enough(10, [10, 19, 20], least=10).tolist() == [True, False, True]
    with pytest.raises(NotNested):
        differs_enough(11, 10)


@few
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4))
def test_figures_are_refreshed_only_when_every_earlier_version_allows_it(changes):
    added, withdrawn = [a for a, _ in changes], [w for _, w in changes]
    assert bool(refreshable(added, withdrawn)) == all(n not in (1, 2, 3, 4) for n in added + withdrawn)


def test_five_additions_and_one_withdrawal_wait():
    assert refreshable([[5], [5], [0]], [[1], [0], [5]]).tolist() == [False, True, True]


def test_peers_are_four_and_none_has_more_than_half():
    assert peers_enough([5, 5, 5, 15])
    assert not peers_enough([5, 5, 5, 16])
    assert not peers_enough([5, 5, 5])
    assert not peers_enough([0, 5, 5, 5])
    assert not peers_enough([])


def test_groups_that_differ_by_one_municipality_are_recognised():
    group = np.array([True, True, False, False])
    others = [[True, False, False, False], [True, True, True, False], group, [True, False, True, False]]
    assert differ_by_one(group, others).tolist() == [True, True, False, False]


def test_the_noise_over_all_cell_keys_is_zero_on_average_exactly():
    keys = np.arange(2**16)
    noise = cell_key_noise(keys, keys, keys.size)
    assert noise.sum() == 0
    assert np.unique(noise).tolist() == [-2, -1, 0, 1, 2]
    assert (noise**2).mean() == noise_variance() == 1.0


@few
@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=20), st.randoms())
def test_the_same_people_get_the_same_noise(keys, random):
    shuffled = random.sample(keys, len(keys))
    first = cell_key_noise(keys, np.zeros(len(keys), dtype=int), 1)
    again = cell_key_noise(shuffled, np.full(len(keys), 3), 5)
    assert again[3] == first[0]
    assert again[[0, 1, 2, 4]].tolist() == [0, 0, 0, 0]


def test_the_noise_depends_on_the_sum_of_the_keys_modulo_65536():
    assert cell_key_noise([65_000, 1_000], [0, 0], 1)[0] == cell_key_noise([464], [0], 1)[0]


@pytest.mark.parametrize(("keys", "cell"), [([-1], [0]), ([0.5], [0]), ([1], [2]), ([1], [-1]), ([1], [0.0])])
def test_keys_that_are_not_whole_and_cells_that_do_not_exist_are_refused(keys, cell):
    with pytest.raises(KeyNotWhole):
        cell_key_noise(keys, cell, 2)


def test_an_open_table_without_records_has_no_noise():
    assert cell_key_noise([], [], 3).tolist() == [0, 0, 0]
