"""What is left of a total less its published parts, against enumeration of every table that readers could think of."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import disclosure
from scoring.method import Method
from scoring.subtraction import Remainder, Total, TotalNotExplained, _statements, answered_between, derivable, total_of

few = settings(max_examples=30, deadline=None)


def published(counts):
    """The total of counts (units, answers) as a release would round it."""
    codes, n = counts.sum(axis=0), int(counts.sum())
    tier = disclosure.tiers(np.array(n), 10, 10, 30)
    scores = np.linspace(0, 100, len(codes))
    return total_of(
        n,
        disclosure.round_distribution(codes, tier),
        float(disclosure.round_shares(np.array(codes[-2:].sum() / n), tier)),
        float(disclosure.round_scores(np.array(codes @ scores / n), tier)),
        Method(),
    )


def tables(rest, answers):
    """Every way to spread ``rest`` answers over the kinds of answers."""
    ways = combinations_with_replacement(range(answers), rest)
    return np.array([np.bincount(way, minlength=answers) for way in ways]).reshape(-1, answers)


def told_by_enumeration(total, counts, visible):
    """Whether any reader, the public or any hidden unit, can narrow an answer's number in another to less than 5."""
    hidden = counts[~visible]
    for reader in (-1, *range(len(hidden))):
        others = np.delete(hidden, reader, axis=0) if reader >= 0 else hidden
        known = counts.sum(axis=0) - others.sum(axis=0)
        possible = tables(int(others.sum()), counts.shape[1])
        weights, low, high = (np.array(part) for part in zip(*_statements(total, counts.shape[1]), strict=True))
        said = (possible + known) @ weights.T
        possible = possible[((said >= low) & (said <= high)).all(axis=1)]
        smallest = 0 if len(others) > 1 else possible.min(axis=0)
        if (possible.max(axis=0) - smallest < 5).any():
            return True
    return False


@few
@given(st.integers(0, 2**32 - 1))
def test_the_attacker_finds_what_enumeration_finds_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(3, rng.choice([0.7, 3.0])))
    visible = rng.multinomial(int(rng.choice([20, 60, 400])), shares, size=1)
    hidden = rng.multinomial(int(rng.integers(2, 9)), shares, size=int(rng.integers(2, 4)))
    counts = np.concatenate([visible, hidden])
    shown = np.arange(len(counts)) == 0
    total = published(counts)
    assert (next(derivable(total, counts, shown), None) is not None) == told_by_enumeration(total, counts, shown)


def test_a_total_of_the_visible_alone_says_nothing_new():
    counts = np.array([[5, 5, 5, 5, 5], [1, 1, 0, 0, 0]])
    assert list(derivable(published(counts[:1]), counts, np.array([True, False]))) == []


def test_one_hidden_unit_is_what_is_left():
    counts = np.array([[9, 9, 9, 9, 9], [4, 3, 2, 1, 4]])
    found = list(derivable(published(counts), counts, np.array([True, False])))
    assert found


def test_large_hidden_units_hide_among_each_other():
    counts = np.array([[90, 80, 70, 60, 50], [20, 20, 20, 20, 20], [15, 15, 15, 15, 15], [30, 10, 10, 10, 10]])
    assert list(derivable(published(counts), counts, np.arange(4) == 0)) == []


def test_a_hidden_unit_that_takes_its_own_answers_away_is_a_reader_too():
    counts = np.array([[50], [60], [3], [1]])
    visible = np.array([True, False, False, False])
    assert Remainder(0, 0, 4) in list(derivable(Total(114), counts, visible))


def test_a_total_that_counts_something_else_is_not_accepted():
    with pytest.raises(TotalNotExplained, match="7 answers are published"):
        next(derivable(Total(7), np.array([[5], [9]]), np.array([True, False])))


def test_withheld_shares_tell_only_the_number():
    total = total_of(40, None, 0.9, 92.5, Method())
    assert (total.n, total.shares, total.top_two, total.mean) == (40, None, None, None)


@few
@given(st.integers(0, 2**32 - 1))
def test_numbers_of_answers_lie_where_enumeration_of_who_did_not_answer_says(seed):
    rng = np.random.default_rng(seed)
    responses = rng.integers(0, 15, size=4)
    silent = np.array([rng.integers(0, came + 1) for came in responses])
    told = responses >= 10
    numbers = responses - silent
    visible = numbers >= 10
    least, most = answered_between(numbers[:, None], visible[:, None], responses, told)
    for unit in np.flatnonzero(told & ~visible):
        possible = set()
        for reader in (unit, *np.flatnonzero(~visible)):  # The unit itself stands for the public.
            others = [u for u in np.flatnonzero(~visible) if u not in (unit, reader)]
            rest = silent[~visible].sum() - (silent[reader] if reader != unit else 0)
            room = responses[others].sum()
            ways = [n for n in range(10) if 0 <= responses[unit] - n <= rest and rest - (responses[unit] - n) <= room]
            possible.add(min(ways))
            assert most[unit, 0] >= max(ways)
        assert least[unit, 0] == max(possible)
