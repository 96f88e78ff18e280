"""Classes too small to compare are merged, and the merged group says so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.region.grouping import LONGEST_ID, LONGEST_NAME, LONGEST_NOTE, SMALLEST_PEER_GROUP, peer_groups


def members(**classes: tuple[int, int]) -> list[tuple[str, int]]:
    """``name=(how many, population)`` as rows of municipalities."""
    return [(name, population) for name, (number, population) in classes.items() for _ in range(number)]


def test_classes_that_are_large_enough_stay_as_they_are():
    groups = peer_groups(members(Klein=(8, 5000), Mittel=(9, 20000)))
    assert [(g.name, g.note) for g in groups.values()] == [("Klein", None), ("Mittel", None)]


def test_a_small_class_joins_the_next_smaller_by_population_and_says_so():
    groups = peer_groups(members(Groß=(5, 90000), Klein=(9, 5000), Mittel=(9, 20000)))
    assert groups["Groß"] == groups["Mittel"]
    assert groups["Groß"].name == "Mittel und Groß"
    assert groups["Groß"].note.startswith("Zusammengelegt, weil eine Gruppe weniger als 8 Kommunen hatte")
    assert groups["Klein"].note is None


def test_the_smallest_class_joins_the_next_larger():
    groups = peer_groups(members(Klein=(2, 5000), Mittel=(9, 20000)))
    assert groups["Klein"].name == "Klein und Mittel"


def test_a_region_smaller_than_one_group_is_one_group():
    assert peer_groups(members(A=(1, 1), B=(2, 2), C=(3, 3)))["A"].name == "A und B und C"


def test_long_names_stay_apart_though_they_are_cut():
    first, second = (f"{'Sehr lange Klasse ' * 6}{end}" for end in ("Nord", "Süd"))
    groups = peer_groups([(name, 1) for name in (first, second) for _ in range(9)])
    assert len({group.id for group in groups.values()}) == 2


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.integers(1, 10**6)), min_size=1, max_size=60))
def test_no_group_is_too_small_unless_it_is_the_only_one(rows):
    groups = peer_groups(rows)
    sizes = {group: sum(groups[name] == group for name, _ in rows) for group in groups.values()}
    assert len(sizes) == 1 or min(sizes.values()) >= SMALLEST_PEER_GROUP


@given(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=9, unique=True))
def test_what_is_stored_fits_its_column(names):
    for group in peer_groups([(name, 1) for name in names]).values():
        assert len(group.id) <= LONGEST_ID
        assert len(group.name) <= LONGEST_NAME
        assert len(group.note or "") <= LONGEST_NOTE
