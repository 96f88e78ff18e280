"""Our functions and those of statsmodels and pingouin on the same data, over many data sets."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.multivariate.factor import Factor
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttost_ind, ttost_paired

from scoring import comparison, intervals, reliability, shrinkage, weighting
from tests.scoring.registry import covariance, network

with warnings.catch_warnings():  # What pingouin imports warns of what others will change; that is not ours to mend.
    warnings.simplefilter("ignore")
    import pingouin

some = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)
units = st.integers(3, 40)


def quietly(program, *arguments, **options):
    """What another program says; what it warns of is not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return program(*arguments, **options)


def two_samples(rng, sizes=(25, 40)):
    return [rng.normal(rng.uniform(40, 60), rng.uniform(5, 25), size) for size in sizes]


@some
@given(seeds, units)
def test_variance_between_units_is_that_of_combine_effects(seed, size):
    estimates, variances = network(np.random.default_rng(seed), size).values()
    laird = quietly(combine_effects, estimates, variances, method_re="chi2").tau2
    # Theirs is not cut at zero.
    assert shrinkage.between_variance(estimates, variances, method="DL") == pytest.approx(max(0.0, laird), abs=1e-8)
    found = shrinkage.between_variance(estimates, variances, method="PM")
    theirs = quietly(combine_effects, estimates, variances, method_re="iterated", atol=1e-9, maxiter=5000).tau2
    if theirs > 0:
        assert found == pytest.approx(theirs, rel=1e-6)
    elif found > 0:  # Their step was too long, and they give up with 0; ours solves the equation.
        weights = 1 / (variances + found)
        misfit = weights @ (estimates - weights @ estimates / weights.sum()) ** 2
        assert misfit == pytest.approx(size - 1)


@some
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_p_values_are_adjusted_as_by_multipletests(p):
    assert np.allclose(comparison.adjusted_p_values(p), multipletests(p, method="fdr_bh")[1])


@some
@given(seeds, st.integers(3, 9))
def test_omega_is_that_of_the_maximum_likelihood_factor(seed, items):
    r = reliability.correlation(covariance(np.random.default_rng(seed), items)["covariance"])
    found = reliability.one_factor(r)
    if not found.heywood:
        theirs = quietly(
            Factor(corr=r, n_factor=1, method="ml", nobs=500).fit, em_iter=100, opt={"gtol": 1e-8}
        ).loadings.ravel()
        omega = theirs.sum() ** 2 / (theirs.sum() ** 2 + (1 - theirs**2).sum())
        assert np.abs(theirs) == pytest.approx(np.abs(found.loadings), abs=1e-4)
        assert reliability.omega_total(r) == pytest.approx(omega, abs=1e-4)


@some
@given(seeds, st.integers(2, 9))
def test_alpha_and_its_interval_are_those_of_pingouin(seed, items):
    rng = np.random.default_rng(seed)
    answers = rng.normal(0, 1, (60, 1)) + rng.normal(0, rng.uniform(0.5, 2), (60, items))
    theirs, (low, high) = pingouin.cronbach_alpha(pd.DataFrame(answers))
    alpha = reliability.cronbach_alpha(np.cov(answers.T))
    assert alpha == pytest.approx(theirs)
    # Their limits are printed to three decimals.
    assert reliability.alpha_interval(alpha, 60, items) == pytest.approx((low, high), abs=5.1e-4)


@some
@given(seeds)
def test_the_intraclass_correlation_is_that_of_pingouin(seed):
    values = np.random.default_rng(seed).normal(0, 1, (7, 1)) + np.random.default_rng(seed + 1).normal(0, 1, (7, 4))
    long = pd.DataFrame(
        {"unit": np.repeat(np.arange(7), 4), "rater": np.tile(np.arange(4), 7), "score": values.ravel()}
    )
    theirs = quietly(pingouin.intraclass_corr, long, targets="unit", raters="rater", ratings="score").iloc[0]["ICC"]
    found = reliability.variance_components(np.full(7, 4), values.mean(axis=1), values.var(axis=1, ddof=1))
    assert found.icc == pytest.approx(max(0.0, theirs), abs=1e-9)


@some
@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_of_a_share_is_that_of_proportion_confint(successes, more, level):
    n = successes + more
    theirs = 100 * np.array(proportion_confint(successes, n, 1 - level, method="wilson"))
    assert np.allclose(intervals.share_interval(successes, n, level), theirs, atol=1e-9)


@some
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_the_difference_of_two_shares_is_newcombes(one, one_more, two, two_more):
    shares = [(100 * k / (k + m), intervals.share_interval(k, k + m)) for k, m in ((one, one_more), (two, two_more))]
    found = intervals.difference_interval(*shares[0], *shares[1])
    theirs = confint_proportions_2indep(two, two + two_more, one, one + one_more, method="newcomb", compare="diff")
    assert np.allclose(found, 100 * np.array(theirs), atol=1e-9)


@some
@given(seeds)
def test_without_a_margin_the_minimum_effect_test_is_welchs(seed):
    x, y = two_samples(np.random.default_rng(seed))
    compared = CompareMeans(DescrStatsW(x), DescrStatsW(y))
    _, p, df = compared.ttest_ind(usevar="unequal")
    variance = x.var(ddof=1) / x.size + y.var(ddof=1) / y.size
    assert float(comparison.minimum_effect_test(x.mean() - y.mean(), variance, df, 0.0)) == pytest.approx(p)


@some
@given(seeds, st.floats(1, 20))
def test_equivalence_is_that_of_two_one_sided_tests(seed, margin):
    x, y = two_samples(np.random.default_rng(seed))
    variance = x.var(ddof=1) / x.size + y.var(ddof=1) / y.size
    df = CompareMeans(DescrStatsW(x), DescrStatsW(y)).dof_satt()
    found = comparison.equivalence_test(x.mean() - y.mean(), variance, df, margin)
    assert float(found) == pytest.approx(ttost_ind(x, y, -margin, margin, usevar="unequal")[0])
    assert float(found) == pytest.approx(float(pingouin.tost(x, y, margin, correction=True)["pval"].iloc[0]), abs=1e-6)


@some
@given(seeds, st.floats(1, 20))
def test_equivalence_of_linked_answers_is_that_of_ttost_paired(seed, margin):
    before, after = two_samples(np.random.default_rng(seed), (30, 30))
    d = after - before
    change, variance, _, _ = comparison.paired_change(d.size, d.sum(), (d**2).sum())
    found = comparison.equivalence_test(change, variance, d.size - 1, margin)
    assert float(found) == pytest.approx(ttost_paired(after, before, -margin, margin)[0])


@some
@given(seeds)
def test_a_weighted_mean_is_that_of_descrstatsw(seed):
    rng = np.random.default_rng(seed)
    counts, weights, scores = rng.integers(0, 20, (4, 5)) + 1, rng.uniform(0.3, 3, 4), np.arange(5) * 25.0
    theirs = DescrStatsW(np.tile(scores, 4), weights=(counts * weights[:, None]).ravel())
    assert weighting.weighted_moments(counts, scores, weights)[1] == pytest.approx(theirs.mean)
