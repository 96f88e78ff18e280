"""Variance components and alpha against textbook digits and raw computation."""

import numpy as np
import pytest

from scoring.likert import tally, to_scores
from scoring.reliability import NotACovariance, alpha_interval, cronbach_alpha, variance_components, within_covariance

# Davies and Goldsmith (1972): yield of dyestuff, six batches of five.
DYESTUFF = np.array(
    [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ]
)


def test_dyestuff_has_the_published_components():
    found = variance_components(np.full(6, 5), DYESTUFF.mean(axis=1), DYESTUFF.var(axis=1, ddof=1))
    assert (round(found.between, 2), round(found.within, 2), round(found.icc, 5)) == (1764.05, 2451.25, 0.41849)
    assert found.low < found.icc < found.high


def test_units_without_answers_do_not_count():
    some = variance_components([5, 5], [10.0, 20.0], [4.0, 4.0])
    assert variance_components([5, 0, 5], [10.0, np.nan, 20.0], [4.0, np.nan, 4.0]) == some


def test_no_difference_is_zero_and_not_negative():
    assert variance_components([5, 5, 5], [10, 10, 10], [4, 4, 4])[:3] == (0, 4, 0)


@pytest.mark.parametrize("n", [[5], [1, 1, 1], []])
def test_what_cannot_be_told_is_missing(n):
    assert np.isnan(variance_components(n, np.ones(len(n)), np.ones(len(n)))).all()


def test_alpha_of_parallel_items_is_spearman_brown():
    covariance = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    assert cronbach_alpha(covariance) == pytest.approx(4 * 0.5 / (1 + 3 * 0.5))


def test_a_negative_alpha_is_shown_as_it_is():
    assert cronbach_alpha([[1, -0.4], [-0.4, 1]]) < 0


def test_alpha_needs_two_items():
    with pytest.raises(NotACovariance):
        cronbach_alpha([[1.0]])


def test_the_interval_of_alpha_contains_it_and_narrows():
    wide, narrow = alpha_interval(0.8, 30, 6), alpha_interval(0.8, 300, 6)
    assert wide[0] < narrow[0] < 0.8 < narrow[1] < wide[1]


def test_the_pooled_covariance_is_that_of_answers_less_their_municipalitys_mean():
    rng = np.random.default_rng(5)
    ratings, unit = rng.integers(1, 6, (200, 4)).astype(np.uint8), rng.integers(0, 3, 200)
    scores = to_scores(ratings)
    centred = scores - np.array([scores[unit == u].mean(axis=0) for u in range(3)])[unit]
    assert np.allclose(within_covariance(tally(ratings, unit, 3)), centred.T @ centred / (200 - 3))
