"""Which level counts: what evidence carries, and that nobody loses by claiming more."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.evidence import Counted, Proof, counted, oldest

LAST = dt.date(2026, 12, 31)
RECENT, OLD = dt.date(2025, 1, 1), dt.date(2024, 12, 30)
PROOFS = st.lists(
    st.builds(Proof, st.dates(dt.date(2020, 1, 1), LAST), check=st.booleans(), improvement=st.booleans()), max_size=4
)


@pytest.mark.parametrize("level", [None, 0, 1, 2])
def test_up_to_level_2_no_evidence_is_asked_for(level: int | None) -> None:
    assert counted(level, [], LAST) == Counted(level)


@pytest.mark.parametrize("level", [3, 4])
def test_without_evidence_levels_3_and_4_count_as_2_and_are_self_declared(level: int) -> None:
    found = counted(level, [], LAST)
    assert (found.level, found.self_declared) == (2, True)


def test_one_recent_piece_of_evidence_carries_level_3() -> None:
    assert counted(3, [Proof(RECENT)], LAST) == Counted(3)


def test_evidence_older_than_24_months_carries_nothing() -> None:
    assert counted(3, [Proof(OLD, check=True, improvement=True)], LAST) == Counted(2, ("recent",))


def test_24_months_to_the_day_are_recent_enough() -> None:
    assert counted(3, [Proof(oldest(LAST))], LAST).level == 3
    assert counted(3, [Proof(oldest(LAST) - dt.timedelta(days=1))], LAST).level == 2


@pytest.mark.parametrize(
    ("proofs", "level", "missing"),
    [
        ([Proof(RECENT, check=True, improvement=True)], 4, ()),
        ([Proof(RECENT, check=True), Proof(RECENT, improvement=True)], 4, ()),
        ([Proof(RECENT, check=True)], 3, ("improvement",)),
        ([Proof(RECENT, improvement=True)], 3, ("check",)),
        ([Proof(RECENT)], 3, ("check", "improvement")),
        ([Proof(RECENT, check=True), Proof(OLD, improvement=True)], 3, ("improvement",)),
    ],
)
def test_level_4_shows_the_check_and_the_improvement(proofs: list[Proof], level: int, missing: tuple) -> None:
    assert counted(4, proofs, LAST) == Counted(level, missing)


@given(PROOFS)
def test_claiming_more_never_counts_less(proofs: list[Proof]) -> None:
    levels = [counted(level, proofs, LAST).level for level in range(5)]
    assert levels == sorted(levels)


@given(PROOFS, st.integers(0, 4))
def test_more_evidence_never_counts_less_and_nothing_counts_beyond_the_claim(proofs: list[Proof], level: int) -> None:
    with_one_less = counted(level, proofs[1:], LAST).level
    assert with_one_less <= counted(level, proofs, LAST).level <= level
