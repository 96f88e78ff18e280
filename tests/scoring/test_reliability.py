"""Variance components, reliability and item functioning against textbook digits and raw computation."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import fdtr, ndtr

from scoring.likert import UnitOutOfRange, tally, to_scores
from scoring.reliability import (
    ConstantItem,
    NotACorrelation,
    NotACovariance,
    NotPositiveDefinite,
    TooFewPersons,
    alpha_if_deleted,
    alpha_interval,
    answers_needed,
    assess,
    between_covariance,
    correlation,
    count_rest_scores,
    cronbach_alpha,
    first_eigenvalue_share,
    item_functioning,
    item_total_correlation,
    judge,
    mean_reliability,
    omega_total,
    one_factor,
    smallest_pair_count,
    spearman_brown,
    three_levels,
    variance_components,
    within_covariance,
)

few = settings(max_examples=25, deadline=None)

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


def test_the_interval_of_the_icc_inverts_the_f_test():
    found = variance_components(np.full(6, 5), DYESTUFF.mean(axis=1), DYESTUFF.var(axis=1, ddof=1))
    observed = 1 + 5 * found.icc / (1 - found.icc)
    for icc, chance in ((found.low, 0.975), (found.high, 0.025)):
        assert fdtr(5, 24, observed / (1 + 5 * icc / (1 - icc))) == pytest.approx(chance)


def test_reliability_of_a_mean_and_answers_needed_for_it_agree():
    needed = answers_needed(36.0, 540.0, 0.7)
    assert mean_reliability(36.0, 540.0 / needed) == pytest.approx(0.7)
    assert answers_needed(0.0, 540.0) == np.inf
    assert mean_reliability(0.0, 0.0) == 0


def complete_answers(seed=1, persons=300, items=5):
    """Ratings that share a common cause, so that the items go together."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(3, 0.8, (persons, 1)) + rng.normal(0, 0.8, (persons, items))
    return np.clip(np.rint(latent), 1, 5).astype(np.uint8)


def test_alpha_and_its_companions_equal_the_raw_computation():
    ratings = complete_answers()
    scores, everybody = to_scores(ratings), np.zeros(300, dtype=np.int64)
    c = within_covariance(tally(ratings, everybody, 1))
    assert np.allclose(c, np.cov(scores.T), rtol=1e-10)
    total = scores.sum(axis=1)
    assert cronbach_alpha(c) == pytest.approx(5 / 4 * (1 - scores.var(axis=0, ddof=1).sum() / total.var(ddof=1)))
    for item in range(5):
        others = np.delete(scores, item, axis=1)
        without = 4 / 3 * (1 - others.var(axis=0, ddof=1).sum() / others.sum(axis=1).var(ddof=1))
        assert alpha_if_deleted(c)[item] == pytest.approx(without)
        with_rest = np.corrcoef(scores[:, item], others.sum(axis=1))[0, 1]
        assert item_total_correlation(c)[item] == pytest.approx(with_rest)


def test_the_interval_of_alpha_inverts_the_f_test():
    low, high = alpha_interval(0.8, 30, 6)
    assert fdtr(29, 145, 0.2**-1 * (1 - low)) == pytest.approx(0.975)
    assert fdtr(29, 145, 0.2**-1 * (1 - high)) == pytest.approx(0.025)
    with pytest.raises(TooFewPersons):
        alpha_interval(0.8, 1, 6)


def test_reversing_an_item_in_the_answers_or_in_the_covariance_is_the_same():
    ratings, unit = complete_answers(), np.arange(300) % 7
    turned = ratings.copy()
    turned[:, 2] = 6 - turned[:, 2]
    reverse = np.arange(5) == 2
    for statistic in (within_covariance, between_covariance):
        assert np.allclose(statistic(tally(turned, unit, 7), reverse), statistic(tally(ratings, unit, 7)))


def test_the_between_covariance_is_the_analysis_of_variance_of_every_pair():
    rng = np.random.default_rng(12)
    ratings, unit = complete_answers(2, 150, 3), rng.integers(0, 6, 150)
    ratings[rng.random(ratings.shape) < 0.2] = 0
    scores, found = to_scores(ratings), between_covariance(tally(ratings, unit, 6))
    for a in range(3):
        for b in range(3):
            both = ~np.isnan(scores[:, a]) & ~np.isnan(scores[:, b])
            x, y, u = scores[both, a], scores[both, b], unit[both]
            n = np.array([(u == g).sum() for g in range(6)])
            means = np.array([[z[u == g].mean() for g in range(6)] for z in (x, y)])
            among = (n * (means[0] - x.mean()) * (means[1] - y.mean())).sum() / 5
            within = ((x - means[0][u]) * (y - means[1][u])).sum() / (n.sum() - 6)
            size = (n.sum() - (n**2).sum() / n.sum()) / 5
            assert found[a, b] == pytest.approx((among - within) / size)


def test_a_variance_between_units_agrees_with_the_components_of_one_item():
    ratings, unit = complete_answers(3, 200, 2), np.arange(200) % 9
    scores = to_scores(ratings[:, :1])
    groups = [scores[unit == u, 0] for u in range(9)]
    components = variance_components(
        [g.size for g in groups], [g.mean() for g in groups], [g.var(ddof=1) for g in groups]
    )
    found = float(between_covariance(tally(ratings, unit, 9))[0, 0])
    assert components.between == pytest.approx(max(found, 0.0), abs=1e-9)


def test_what_nobody_answered_together_is_missing():
    counted = tally(np.array([[1, 0], [0, 3], [2, 0], [0, 4]], dtype=np.uint8), np.array([0, 0, 1, 1]), 2)
    assert np.isnan(within_covariance(counted)[0, 1])
    assert np.isnan(between_covariance(counted)[0, 1])
    assert smallest_pair_count(counted) == 0
    with pytest.raises(NotACovariance, match="items 1 and"):
        cronbach_alpha(within_covariance(counted))


def test_persons_who_always_give_one_answer_leave_nothing_to_items():
    person = np.random.default_rng(1).integers(1, 6, 400)
    levels = three_levels(tally(np.repeat(person[:, None], 4, axis=1).astype(np.uint8), np.arange(400) % 10, 10))
    assert levels.person == pytest.approx(625 * person.var(), rel=0.05)
    assert (levels.item, levels.unit_item, levels.residual) == pytest.approx((0, 0, 0), abs=1e-9)


def test_the_levels_of_a_constructed_network_are_found():
    rng = np.random.default_rng(4)
    unit = np.repeat(np.arange(60), 60)
    latent = (
        3
        + rng.normal(0, 0.4, 60)[unit, None]
        + rng.normal(0, 0.5, unit.size)[:, None]
        + rng.normal(0, 0.3, 8)
        + rng.normal(0, 0.2, (60, 8))[unit]
        + rng.normal(0, 0.6, (unit.size, 8))
    )
    # 41 fine steps, so that rounding does not matter; 10 fine steps to one of the latent scale.
    fine = np.clip(np.rint(10 * (latent - 1)) + 1, 1, 41).astype(np.uint8)
    levels = three_levels(tally(fine, unit, 60, points=41))
    assert np.sqrt(levels) / 25 == pytest.approx([0.4, 0.5, 0.3, 0.2, 0.6], rel=0.3)


def one_factor_correlation(loadings):
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1.0)
    return r


@few
@given(st.lists(st.floats(0.2, 0.95), min_size=3, max_size=18))
def test_loadings_of_a_perfect_factor_are_found_and_omega_is_their_share(loadings):
    true = np.array(loadings)
    found = one_factor(one_factor_correlation(true))
    assert np.allclose(found.loadings, true, atol=1e-5)
    share = true.sum() ** 2 / (true.sum() ** 2 + (1 - true**2).sum())
    assert omega_total(one_factor_correlation(true)) == pytest.approx(share, abs=1e-6)


@few
@given(st.integers(0, 10_000), st.integers(4, 12))
def test_a_solution_reproduces_the_variances_and_solves_the_likelihood_equations(seed, items):
    rng = np.random.default_rng(seed)
    r = np.corrcoef(rng.normal(0, 1, (80, items)).T + rng.normal(0, 1, 80))
    found = one_factor(r)
    if found.heywood:
        return
    implied = np.outer(found.loadings, found.loadings) + np.diag(found.uniquenesses)
    assert np.allclose(np.diag(implied), 1.0, atol=1e-6)
    # Lawley and Maxwell (1971): R Sigma^-1 L = L at the maximum.
    assert np.allclose(r @ np.linalg.solve(implied, found.loadings), found.loadings, atol=1e-5)


def test_no_other_loadings_are_likelier():
    r = np.corrcoef(complete_answers(5, 60, 5).T.astype(float))

    def deviance(loadings):
        implied = np.outer(loadings, loadings) + np.diag(np.maximum(1 - loadings**2, 0.005))
        return np.linalg.slogdet(implied)[1] + np.trace(np.linalg.solve(implied, r))

    found = one_factor(r).loadings
    other = minimize(deviance, np.full(5, 0.5), method="Nelder-Mead", options={"maxiter": 6000, "fatol": 1e-14})
    assert deviance(found) <= other.fun + 1e-9
    assert np.allclose(found, other.x, atol=1e-3)


def test_a_uniqueness_never_falls_below_its_limit():
    found = one_factor([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    assert found.heywood
    assert found.uniquenesses[0] == pytest.approx(0.005)
    assert 0 < omega_total([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]]) < 1


def test_items_without_anything_in_common_have_no_more_than_one_items_share():
    assert omega_total(np.eye(5)) <= 1 / 5


@pytest.mark.parametrize(
    ("matrix", "error"),
    [
        (np.eye(2), NotACorrelation),
        (np.ones((2, 3)), NotACorrelation),
        (2 * np.eye(3), NotACorrelation),
        ([[1, 0.5, np.nan], [0.5, 1, 0.5], [np.nan, 0.5, 1]], NotACorrelation),
        (np.ones((3, 3)), NotPositiveDefinite),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], NotPositiveDefinite),
    ],
)
def test_omega_refuses_what_is_no_correlation_matrix(matrix, error):
    with pytest.raises(error):
        omega_total(matrix)


def test_the_first_eigenvalue_of_equal_correlations_is_known():
    assert first_eigenvalue_share(np.full((4, 4), 0.4) + 0.6 * np.eye(4)) == pytest.approx((1 + 3 * 0.4) / 4)


def test_two_items_are_judged_by_spearman_brown():
    found = assess([[4.0, 3.0], [3.0, 9.0]], 100)
    assert found.omega == spearman_brown(0.5) == pytest.approx(2 / 3)
    assert found.judgement == ("weak", "low_reliability")


@pytest.mark.parametrize(
    ("coefficients", "share", "expected"),
    [
        ([0.7, 0.7], 0.35, ("report", "sufficient")),
        ([0.9, 0.6999], 0.5, ("weak", "low_reliability")),
        ([0.9, 0.4999], 0.5, ("suppress", "too_low_reliability")),
        ([0.9, 0.9], 0.3499, ("suppress", "several_factors")),
        ([0.8, np.nan], 0.5, ("report", "sufficient")),
        ([np.nan], 0.5, ("suppress", "not_computable")),
        ([0.8], np.nan, ("suppress", "not_computable")),
    ],
)
def test_the_lowest_coefficient_decides(coefficients, share, expected):
    assert judge(coefficients, share) == expected


def test_a_scale_that_cannot_be_computed_says_why():
    assert assess(np.eye(3), 29, minimum_n=30).judgement == ("suppress", "too_few")
    assert assess([[1.0]], 100).judgement == ("suppress", "too_few")
    assert assess([[1.0, 0.0], [0.0, 0.0]], 100).judgement == ("suppress", "not_computable")
    assert assess([[1.0, np.nan], [np.nan, 1.0]], 100).judgement == ("suppress", "not_computable")
    with pytest.raises(ConstantItem, match="Item 2"):
        correlation([[1.0, 0.0], [0.0, 0.0]])


def test_the_difference_of_an_item_is_the_weighted_difference_within_bands():
    rng = np.random.default_rng(7)
    counts = rng.integers(0, 9, (2, 3, 4, 5))
    found, scores = item_functioning(counts), np.arange(5) * 25.0
    for item in range(2):
        for language in range(3):
            own, others = counts[item, language], np.delete(counts[item], language, axis=0).sum(axis=0)
            n, m = own.sum(axis=1), others.sum(axis=1)
            weight = n * m / (n + m)
            difference = own @ scores / n - others @ scores / m
            expected = (weight * difference).sum() / weight.sum()
            assert found.difference[item, language] == pytest.approx(expected)


def test_the_test_of_an_item_knows_every_way_the_answers_could_have_fallen():
    own, others = [0, 4, 4], [0, 0, 1, 1, 2]
    ratings = np.array([*own, *others])
    sums = np.array([sum(c) for c in combinations(ratings, 3)])
    z = (sum(own) - sums.mean()) / sums.std()
    counts = [[[np.bincount(own, minlength=5)], [np.bincount(others, minlength=5)]]]
    assert item_functioning(counts).p_value[0, 0] == pytest.approx(2 * ndtr(-abs(z)))


def test_an_item_that_only_one_language_understands_otherwise_is_flagged_and_no_other():
    rng = np.random.default_rng(3)
    ratings, language = complete_answers(8, 3000, 6), rng.integers(0, 3, 3000)
    ratings[language == 1, 4] = np.maximum(ratings[language == 1, 4].astype(int) - 1, 1)
    found = item_functioning(count_rest_scores(ratings, language, 3))
    assert found.flagged[4, 1]
    assert found.difference[4, 1] == pytest.approx(-23, abs=4)
    assert not np.delete(found.flagged, 4, axis=0).any()


def test_a_satisfied_language_is_not_taken_for_a_misunderstood_item():
    rng = np.random.default_rng(5)
    latent = rng.normal(3, 0.8, (6000, 1)) + np.repeat([0.0, 0.8], 3000)[:, None] + rng.normal(0, 0.5, (6000, 8))
    ratings = np.clip(np.rint(latent), 1, 5).astype(np.uint8)
    assert not item_functioning(count_rest_scores(ratings, np.repeat([0, 1], 3000), 2)).flagged.any()


def test_rest_scores_of_two_halves_add_up_and_languages_are_checked():
    ratings, language = complete_answers(), np.arange(300) % 3
    ratings[::5, 1] = 0
    whole = count_rest_scores(ratings, language, 3)
    halves = count_rest_scores(ratings[:100], language[:100], 3) + count_rest_scores(ratings[100:], language[100:], 3)
    assert np.array_equal(whole, halves)
    assert whole.sum() == (ratings > 0).sum()
    with pytest.raises(UnitOutOfRange):
        count_rest_scores(ratings, language, 2)


def test_languages_that_never_meet_in_a_band_are_not_compared():
    found = item_functioning([[[[3, 0], [0, 0]], [[0, 0], [0, 3]]]])
    assert np.isnan(found.difference).all()
    assert not found.flagged.any()
