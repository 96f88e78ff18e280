"""Laws that statistics keep whatever the data: one test per statistic of the registry and law."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scoring
from tests.scoring.exempt import EXEMPT, NOT_STATISTICS
from tests.scoring.registry import STATISTICS
from tests.scoring.statistic import Outcome, Statistic

few = settings(max_examples=25, deadline=None)
NUMBERS = ("value", "low", "high")


def known(outcome):
    return [np.asarray(getattr(outcome, name), dtype=float) for name in NUMBERS if getattr(outcome, name) is not None]


def assert_close(found, expected, tolerance=1e-4):
    for name in NUMBERS:
        one, other = getattr(found, name), getattr(expected, name)
        if other is not None:
            assert np.allclose(one, other, rtol=1e-6, atol=tolerance, equal_nan=True), name
    if expected.state is not None:
        assert np.array_equal(found.state, expected.state)


def stays_within(statistic, inputs, _):
    low, high = statistic.within
    for values in known(statistic.compute(**inputs)):
        there = values[~np.isnan(values)]
        assert ((there >= low - 1e-9) & (there <= high + 1e-9)).all()


def contains_its_value(statistic, inputs, _):
    value, low, high = known(statistic.compute(**inputs))
    assert np.array_equal(np.isnan(low), np.isnan(high))
    there = ~np.isnan(value) & ~np.isnan(low)
    assert ((low <= value + 1e-6) & (value <= high + 1e-6))[there].all()


def moves_with_the_scores(statistic, inputs, draw):
    constant = draw(st.floats(-40, 40))
    moved = inputs | {name: inputs[name] + constant for name in statistic.scores}
    before, added = statistic.compute(**inputs), constant * statistic.shift
    assert_close(statistic.compute(**moved), Outcome(*(v if v is None else v + added for v in before[:3])))


def stretches_with_the_scores(statistic, inputs, draw):
    factor = draw(st.floats(1, 8))
    stretched = dict(inputs)
    for power, names in ((1, statistic.scores + statistic.spreads), (2, statistic.squares)):
        stretched |= {name: inputs[name] * factor**power for name in names}
    before, by = statistic.compute(**inputs), factor**statistic.degree
    assert_close(statistic.compute(**stretched), Outcome(*(v if v is None else v * by for v in before[:3])), 1e-3)


def mirrors_the_scores(statistic, inputs, _):
    turned = inputs | {name: 100 - inputs[name] for name in statistic.scores}
    value, low, high = (v if v is None else statistic.mirror - np.asarray(v) for v in statistic.compute(**inputs)[:3])
    assert_close(statistic.compute(**turned), Outcome(value, high, low))


def follows_the_order(statistic, inputs, draw):
    names = statistic.units + statistic.pairs
    order = draw(st.permutations(range(len(inputs[names[0]]))))
    permuted = inputs | {name: inputs[name][order] for name in names}
    permuted |= {name: permuted[name][:, order] for name in statistic.pairs}
    before = statistic.compute(**inputs)
    if statistic.permutes == "units":
        before = Outcome(*(v if v is None else np.asarray(v)[order] for v in before))
    assert_close(statistic.compute(**permuted), before)


def ignores_a_unit_without_data(statistic, inputs, _):
    more = dict(inputs)
    for name, nothing in statistic.missing.items():
        row = np.full((1, *inputs[name].shape[1:]), nothing)
        more[name] = np.concatenate([inputs[name], row.astype(np.result_type(inputs[name], row))])
    before, after = statistic.compute(**inputs), statistic.compute(**more)
    if statistic.permutes == "units":
        after = Outcome(*(v if v is None else np.asarray(v)[:-1] for v in after))
    assert_close(after, before, 1e-9)


def repeats_itself(statistic, inputs, _):
    once, again = statistic.compute(**inputs), statistic.compute(**inputs)
    for one, other in zip(once, again, strict=True):
        assert (one is None and other is None) or np.asarray(one).tobytes() == np.asarray(other).tobytes()


LAWS = {
    "stays within its ends": (stays_within, lambda s: s.within is not None),
    "contains its value": (contains_its_value, lambda s: s.contains),
    "moves with the scores": (moves_with_the_scores, lambda s: s.shift is not None),
    "stretches with the scores": (stretches_with_the_scores, lambda s: s.degree is not None),
    "mirrors the scores": (mirrors_the_scores, lambda s: s.mirror is not None),
    "follows the order": (follows_the_order, lambda s: s.permutes is not None),
    "ignores a unit without data": (ignores_a_unit_without_data, lambda s: s.missing is not None),
    "repeats itself": (repeats_itself, lambda _: True),
}
CASES = [
    pytest.param(statistic, law, id=f"{statistic.name} {name}")
    for statistic in STATISTICS
    for name, (law, applies) in LAWS.items()
    if applies(statistic)
]


@pytest.mark.parametrize(("statistic", "law"), CASES)
@few
@given(data=st.data())
def test_a_statistic_keeps_its_laws(statistic, law, data):
    law(statistic, data.draw(statistic.drawn()), data.draw)


def test_names_are_unique():
    names = [statistic.name for statistic in STATISTICS]
    assert len(set(names)) == len(names)


def public_functions():
    """Every public function of scoring/ that stands in its own module, with the module."""
    for module in pkgutil.walk_packages(scoring.__path__, "scoring."):
        part = module.name.removeprefix("scoring.").split(".")[0]
        if part not in NOT_STATISTICS:
            for name, thing in vars(importlib.import_module(module.name)).items():
                if inspect.isfunction(thing) and thing.__module__ == module.name and not name.startswith("_"):
                    yield name


def test_every_public_statistic_is_registered_or_exempt_with_a_reason():
    registered = {s.name.split(",")[0].split(" ")[0] for s in STATISTICS} | {c for s in STATISTICS for c in s.covers}
    functions = set(public_functions())
    assert functions - registered - EXEMPT.keys() == set()
    assert EXEMPT.keys() - functions == set(), "exempt, but not there"
    assert EXEMPT.keys() & registered == set(), "exempt and registered"
    assert all(EXEMPT.values())
    assert all(NOT_STATISTICS.values())


def broken(**laws):
    """The share of the first unit: neither bounded by 0 and 1, nor blind to the order, nor to the scale's origin."""
    return Statistic(
        "broken",
        lambda values: Outcome(values[0] / 50, values[0] / 50 + 1, values[0] / 50 - 1),
        lambda rng, units: {"values": rng.uniform(60, 90, units)},
        scores=("values",),
        units=("values",),
        **laws,
    )


@pytest.mark.parametrize(
    ("law", "laws"),
    [
        ("stays within its ends", {"within": (0, 1)}),
        ("contains its value", {"contains": True}),
        ("moves with the scores", {"shift": 1}),
        ("stretches with the scores", {"degree": 2}),
        ("mirrors the scores", {"mirror": 0}),
        ("follows the order", {"permutes": "nothing"}),
    ],
)
def test_a_law_notices_who_breaks_it(law, laws):
    rng = np.random.default_rng(1)
    statistic = broken(**laws)
    choice = [1, 0, 2] if law == "follows the order" else 7.0
    with pytest.raises(AssertionError):
        LAWS[law][0](statistic, statistic.inputs(rng, 3), lambda _: choice)
