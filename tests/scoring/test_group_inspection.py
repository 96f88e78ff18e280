"""Groups that readers could count though they are withheld stop a release."""

import numpy as np
import pytest

from scoring.benchmark import Method, score_round
from scoring.exposure import Exposure, ReleaseExposes
from scoring.group_inspection import exposed_groups
from scoring.groups import Question, Traits
from scoring.release import Group
from scoring.subtraction import TotalNotExplained
from tests.scoring.synthetic import synthetic_release, synthetic_round

AGE = Question("D2", ("young", "middle", "old"))
REASON = Question("D3", ("job", "family"), exclusive=False)
UNIT = 4


@pytest.fixture(scope="module")
def data():
    return synthetic_round(
        units=10, sizes=np.full(10, 60), consented=np.ones(10, dtype=bool), handed_in=np.ones(10, dtype=bool)
    )


@pytest.fixture(scope="module")
def traits(data):
    """In one municipality only three are old and only two did not come for a job; everywhere else all are many."""
    rng = np.random.default_rng(3)
    age = np.eye(3, dtype=bool)[rng.choice(3, len(data.ratings), p=(0.4, 0.35, 0.25))]
    reason = rng.random((len(data.ratings), 2)) < 0.5
    here = np.flatnonzero(data.response_unit == UNIT)
    age[here] = np.eye(3, dtype=bool)[np.repeat([0, 1, 2], [30, 27, 3])]
    reason[here, 0] = np.arange(60) >= 2
    return Traits((AGE, REASON), np.concatenate([age, reason], axis=1))


@pytest.fixture(scope="module")
def release(data, traits):
    return synthetic_release(data, traits=traits)


@pytest.fixture(scope="module")
def outside(data):
    return score_round(data, Method()).outside_view


def found(release, data, outside, traits):
    return list(exposed_groups(release, data, outside, traits, Method()))


def with_groups(release, unit, groups):
    sheets = {name: dict(getattr(release, name)) for name in ("own", "public")}
    for of_audience in sheets.values():
        of_audience[unit] = of_audience[unit].model_copy(update={"groups": tuple(groups)})
    return without_region(release).model_copy(update=sheets)


def without_region(release):
    return release.model_copy(update={"region": release.region.model_copy(update={"groups": ()})})


def test_what_is_made_passes(release, data, outside, traits):
    assert release.own[data.units[UNIT]].groups
    assert found(release, data, outside, traits) == []


def test_the_only_group_that_is_missing_follows_from_the_others(release, data, outside, traits):
    groups = [Group(question="D2", option="young", n=30), Group(question="D2", option="middle", n=27)]
    told = found(with_groups(release, data.units[UNIT], groups), data, outside, traits)
    assert Exposure("subtraction", "D2:old", data.units[UNIT], 0, 0, 3) in told


def test_who_is_not_in_a_group_of_nearly_all_is_known(release, data, outside, traits):
    groups = [Group(question="D3", option="job", n=58)]
    told = found(with_groups(release, data.units[UNIT], groups), data, outside, traits)
    assert Exposure("subtraction", "D3:job", data.units[UNIT], 0, 0, 2) in told


def test_a_group_of_the_region_less_those_of_all_other_municipalities_is_that_of_the_last(
    release, data, outside, traits
):
    old = traits.member[:, 2]
    others = [unit for unit in data.units if unit != data.units[UNIT]]
    told_everywhere = release
    for unit in others:
        n = int(old[data.response_unit == data.units.index(unit)].sum())
        told_everywhere = with_groups(told_everywhere, unit, [Group(question="D2", option="old", n=n)])
    region = release.region.model_copy(update={"groups": (Group(question="D2", option="old", n=int(old.sum())),)})
    told = found(told_everywhere.model_copy(update={"region": region}), data, outside, traits)
    assert any(e.subject == "D2:old" and e.unit == "" and e.high == 3 for e in told)


def test_a_release_with_groups_is_inspected_when_it_is_made(data, traits, monkeypatch):
    from scoring import groups

    monkeypatch.setattr(groups, "showable", lambda counts, total, questions, allowed, method: counts.sum(axis=-1) >= 3)
    with pytest.raises((ReleaseExposes, TotalNotExplained)):
        synthetic_release(data, traits=traits)


def test_rows_and_columns_that_give_a_group_away_together_are_found(data, outside):
    """Everybody says how old they are, and no other group is hidden: the hidden ones are what is left of their row."""
    ages = Question("D2", ("young", "old"))
    old = np.zeros(len(data.ratings), dtype=bool)
    for unit in range(3):
        old[np.flatnonzero(data.response_unit == unit)[: 12 + unit]] = True
    traits = Traits((ages,), np.stack([~old, old], axis=1))
    release = synthetic_release(data)
    sheets = {
        unit: sheet.model_copy(
            update={"groups": (Group(question="D2", option="young", n=60 - (12 + u if u < 3 else 0)),)}
        )
        for u, (unit, sheet) in enumerate(release.own.items())
    }
    region = release.region.model_copy(update={"groups": (Group(question="D2", option="old", n=39),)})
    shown = release.model_copy(update={"own": sheets, "public": sheets, "region": region})
    told = found(shown, data, outside, traits)
    crossed = {exposure.unit: exposure for exposure in told if exposure.unit in data.units[:3]}
    assert [crossed[unit].low for unit in data.units[:3]] == [12, 13, 14]
