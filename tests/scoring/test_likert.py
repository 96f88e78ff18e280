"""Ratings are read exactly as they were given, and what is counted of them equals the raw answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.likert import RatingOutOfRange, RatingStringLength, UnitOutOfRange, moments, parse, tally, to_scores

few = settings(max_examples=40)

CODES = np.array([0, 1, 2, 3, 4, 5, 255], dtype=np.uint8)


@st.composite
def answers(draw, units=3, items=4):
    rows = draw(st.lists(st.lists(st.sampled_from(CODES.tolist()), min_size=items, max_size=items), max_size=30))
    unit = draw(st.lists(st.integers(0, units - 1), min_size=len(rows), max_size=len(rows)))
    return np.array(rows, dtype=np.uint8).reshape(-1, items), np.array(unit, dtype=np.int64)


def test_rating_strings_are_read_as_in_the_worked_example():
    assert parse(["15.", "3-2"], 3).tolist() == [[1, 5, 0], [3, 255, 2]]


@few
@given(answers())
def test_strings_and_joined_bytes_give_the_same_matrix(given_answers):
    ratings, _ = given_answers
    letters = {0: ".", 255: "-"} | {digit: str(digit) for digit in range(1, 6)}
    strings = ["".join(letters[code] for code in row) for row in ratings.tolist()]
    assert np.array_equal(parse(strings, 4), ratings)
    assert np.array_equal(parse("".join(strings).encode(), 4), ratings)


@pytest.mark.parametrize("letter", ["7", "0", "6", " ", "x", "\0", "é", "☃"])
def test_a_character_that_is_no_rating_is_named_with_its_place(letter):
    with pytest.raises(RatingOutOfRange, match="Response 2, item 3"):
        parse(["123", f"12{letter}"], 3)


def test_a_string_of_the_wrong_length_is_refused():
    with pytest.raises(RatingStringLength, match="Response 2 has 2 ratings, expected 3"):
        parse(["123", "12"], 3)
    with pytest.raises(RatingStringLength):
        parse(b"1234", 3)
    with pytest.raises(RatingStringLength):
        parse(b"", 0)


def test_no_responses_are_an_empty_matrix():
    assert parse([], 18).shape == (0, 18)


def test_scores_run_from_0_to_100_and_what_is_no_answer_is_missing():
    ratings = np.array([[1, 2, 3, 4, 5, 0, 255]], dtype=np.uint8)
    assert to_scores(ratings)[0, :5].tolist() == [0, 25, 50, 75, 100]
    assert np.isnan(to_scores(ratings)[0, 5:]).all()


def test_a_reversed_item_is_turned_round():
    assert to_scores(np.array([[1, 1]], dtype=np.uint8), reverse=np.array([False, True])).tolist() == [[0, 100]]


def test_a_rating_of_7_is_refused():
    with pytest.raises(RatingOutOfRange, match="not 7"):
        tally(np.array([[7]], dtype=np.uint8), np.array([0]), 1)


def test_a_response_of_an_unknown_unit_is_refused():
    with pytest.raises(UnitOutOfRange):
        tally(np.array([[1]], dtype=np.uint8), np.array([1]), 1)


@few
@given(answers())
def test_item_moments_from_the_tally_equal_those_of_the_raw_answers(given_answers):
    ratings, unit = given_answers
    n, mean, variance = moments(tally(ratings, unit, 3).histograms, np.arange(5) * 25.0)
    scores = to_scores(ratings)
    for u in range(3):
        for item in range(4):
            raw = scores[unit == u, item]
            raw = raw[~np.isnan(raw)]
            assert n[u, item] == len(raw)
            assert len(raw) == 0 or mean[u, item] == pytest.approx(raw.mean(), abs=1e-10)
            assert len(raw) < 2 or variance[u, item] == pytest.approx(raw.var(ddof=1), abs=1e-10)


@few
@given(answers(), st.integers(1, 4))
def test_scale_moments_from_the_tally_equal_those_of_the_persons(given_answers, minimum):
    ratings, unit = given_answers
    n, mean, variance = tally(ratings, unit, 3).scale_moments(0, minimum)
    scores = to_scores(ratings)
    for u in range(3):
        rows = scores[unit == u]
        rows = rows[(~np.isnan(rows)).sum(axis=1) >= minimum]
        persons = np.nanmean(rows, axis=1) if len(rows) else np.array([])
        assert n[u] == len(persons)
        assert len(persons) == 0 or mean[u] == pytest.approx(persons.mean(), abs=1e-10)
        assert len(persons) < 2 or variance[u] == pytest.approx(persons.var(ddof=1), abs=1e-9)


@few
@given(answers())
def test_pair_moments_count_only_persons_with_both_answers(given_answers):
    ratings, unit = given_answers
    counted = tally(ratings, unit, 3)
    x = np.where((ratings == 0) | (ratings == 255), 0, ratings).astype(int)
    for u in range(3):
        rows, present = x[unit == u], (x[unit == u] > 0).astype(int)
        assert np.array_equal(counted.pair_count[u], present.T @ present)
        assert np.array_equal(counted.pair_sum[u], rows.T @ present)
        assert np.array_equal(counted.pair_product[u], rows.T @ rows)


@few
@given(answers(), answers())
def test_tallies_of_two_parts_add_up_to_the_tally_of_all(first, second):
    together = tally(np.vstack([first[0], second[0]]), np.concatenate([first[1], second[1]]), 3)
    added = tally(*first, 3) + tally(*second, 3)
    for name in ("items", "pair_count", "pair_sum", "pair_product", "respondents"):
        assert np.array_equal(getattr(together, name), getattr(added, name)), name
    assert np.array_equal(together.scales[0], added.scales[0])


@few
@given(answers(), st.integers(1, 5), st.integers(1, 80))
def test_counting_in_pieces_does_not_show(given_answers, responses, cells):
    whole = tally(*given_answers, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scoring.likert._RESPONSES_AT_ONCE", responses)
        patch.setattr("scoring.likert._CELLS_AT_ONCE", cells)
        patch.setattr("scoring.likert._PERSONS_AT_ONCE", 2)
        piecemeal = tally(*given_answers, 3)
        moments_of_pieces = piecemeal.scale_moments(0, 2)
    for name in ("items", "pair_count", "pair_sum", "pair_product", "respondents"):
        assert np.array_equal(getattr(whole, name), getattr(piecemeal, name)), name
    assert np.array_equal(whole.scales[0], piecemeal.scales[0])
    for one, other in zip(whole.scale_moments(0, 2), moments_of_pieces, strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-10, equal_nan=True)


def test_thousands_of_persons_of_one_unit_are_counted_exactly():
    ratings = CODES[np.random.default_rng(1).integers(0, 7, (70_000, 3))]
    counted = tally(ratings, np.zeros(70_000, dtype=np.int64), 1)
    x = np.where(ratings == 255, 0, ratings).astype(np.int64)
    assert np.array_equal(counted.pair_product[0], x.T @ x)
    assert np.array_equal(counted.pair_sum[0], x.T @ (x > 0))
    assert counted.respondents.tolist() == [70_000]
