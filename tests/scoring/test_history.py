"""This round beside earlier ones: only equal questions compare, and earlier values need the consent of then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from questionnaires.catalogue import Catalogue
from scoring.benchmark import Method
from scoring.history import EarlierRound, retranslated, same_versions
from scoring.release import Release, RoundInfo
from tests.scoring.synthetic import catalogue, synthetic_release, synthetic_round

UNITS = 10
QUICK = Method(draws_small_network=50, grid_points=30)


def a_round(seed: int, **changes):
    everybody = np.ones(UNITS, dtype=bool)
    data = synthetic_round(
        units=UNITS,
        seed=seed,
        sizes=np.full(UNITS, 60),
        consented=everybody,
        handed_in=everybody,
        groups=("g",) * UNITS,
    )
    return replace(data, **changes) if changes else data


def earlier(data, year: int, of=None) -> EarlierRound:
    info = RoundInfo(key=str(year), title=f"Runde {year}", opens=f"{year}-03-01", closes=f"{year}-05-31")
    return EarlierRound(info, of or catalogue(), data)


def changes_of(sheet, view):
    return {change.subject: change for change in sheet.changes if change.view == view}


@pytest.fixture(scope="module")
def data():
    return a_round(3)


@pytest.fixture(scope="module")
def compared(data) -> Release:
    return synthetic_release(data, QUICK, earlier=[earlier(a_round(4), 2025)])


def test_a_first_round_has_no_changes_and_counts_itself(data):
    release = synthetic_release(data, QUICK)
    assert release.earlier == ()
    assert not any(sheet.changes for sheet in release.own.values())
    assert [p.round for p in release.region.participation] == ["2026"]


def test_a_change_is_the_difference_of_the_scores_that_are_shown(data, compared):
    for sheet in compared.own.values():
        now = {score.indicator: score for score in sheet.outside_view}
        for subject, change in changes_of(sheet, "outside").items():
            assert change.change == pytest.approx(now[subject].score - change.earlier[-1].score)
            assert change.low <= change.high
            assert change.earlier[-1].round == "2025"


def test_the_earlier_score_is_the_one_that_was_released_then(compared):
    before = synthetic_release(a_round(4), QUICK)
    for unit, sheet in compared.own.items():
        then = {score.indicator: score for score in before.own[unit].outside_view}
        for subject, change in changes_of(sheet, "outside").items():
            assert change.earlier[-1].score == then[subject].score
            assert change.earlier[-1].n == then[subject].n


def test_a_large_change_is_flagged_and_an_unchanged_round_is_not(data):
    ratings = np.where((data.ratings >= 1) & (data.ratings <= 5), 1, data.ratings)
    worse = np.where((data.response_unit == 2)[:, None], ratings, data.ratings)
    release = synthetic_release(data, QUICK, earlier=[earlier(replace(data, ratings=worse), 2025)])
    assert changes_of(release.own[data.units[2]], "outside")["overall"].flag == "better"
    others = [changes_of(release.own[u], "outside")["overall"] for u in data.units if u != data.units[2]]
    assert {change.flag for change in others} <= {"same", "open"}
    assert {change.change for change in others} == {0.0}


def with_another_wording(item: int):
    data = catalogue().model_dump(mode="json")
    data["items"][item]["text"]["de"] += " (neu)"
    return type(catalogue()).model_validate(data)


def test_an_item_that_was_asked_in_other_words_is_not_compared_nor_is_a_scale_with_it(data):
    then = with_another_wording(5)
    items, criteria = same_versions(catalogue(), then)
    assert np.flatnonzero(~items).tolist() == [5]
    assert criteria.all()
    release = synthetic_release(data, QUICK, earlier=[earlier(a_round(4), 2025, then)])
    subjects = {c.subject for sheet in release.own.values() for c in sheet.changes}
    assert data.items[5] not in subjects
    assert "overall" not in subjects
    assert data.items[6] in subjects


def retold(change) -> Catalogue:
    """The catalogue with its JSON changed."""
    content = catalogue().model_dump(mode="json")
    change(content)
    return Catalogue.model_validate(content)


def test_a_new_or_mended_translation_breaks_no_trend_and_is_named(data):
    mended = retold(lambda content: content["items"][5]["text"].update(uk="Інакше"))
    fewer = retold(lambda content: content.update(languages=[tag for tag in content["languages"] if tag != "tr"]))
    for then, named in ((mended, ("uk",)), (fewer, ()), (catalogue(), ())):
        items, criteria = same_versions(catalogue(), then)
        assert items.all()
        assert criteria.all()
        assert retranslated(catalogue(), then) == named
    release = synthetic_release(data, QUICK, earlier=[earlier(a_round(4), 2025, mended)])
    assert data.items[5] in {c.subject for sheet in release.own.values() for c in sheet.changes}
    assert [info.retranslated for info in release.earlier] == [("uk",)]


def test_a_text_that_was_german_for_want_of_a_translation_counts_as_translated_anew():
    then = retold(lambda content: content["items"][5]["text"].pop("uk"))
    assert retranslated(catalogue(), then) == ("uk",)


def test_the_translation_of_a_question_that_does_not_compare_is_of_no_interest():
    def other(content):
        content["items"][5]["text"].update(de="Etwas anderes", uk="Інше")

    assert retranslated(catalogue(), retold(other)) == ()


@pytest.mark.parametrize("change", [
    lambda content: content["items"][5].update(hidden_if=[{"question": "D1", "any_of": ["under_6_months"]}]),
    lambda content: content["items"][5].update(shown_if=[{"question": "D3", "any_of": ["children"]}]),
    lambda content: content["items"][5].update(outcome=not content["items"][5]["outcome"]),
])  # fmt: skip
def test_a_question_that_was_put_to_others_is_another(change):
    items, _criteria = same_versions(catalogue(), retold(change))
    assert np.flatnonzero(~items).tolist() == [5]


@pytest.mark.parametrize("label", ["rating_labels", "opt_out"])
def test_other_answers_to_choose_from_make_every_question_another(label):
    def reworded(content):
        text = content[label] if label == "opt_out" else content[label][2]
        text["de"] += " (neu)"

    items, criteria = same_versions(catalogue(), retold(reworded))
    assert not items.any()
    assert criteria.all()


def test_a_criterion_with_other_levels_is_not_compared_nor_is_its_dimension(data):
    content = catalogue().model_dump(mode="json")
    content["criteria"][0]["levels"][2]["de"] += " (neu)"
    then = type(catalogue()).model_validate(content)
    release = synthetic_release(data, QUICK, earlier=[earlier(a_round(4), 2025, then)])
    subjects = {c.subject for sheet in release.own.values() for c in sheet.changes if c.view == "self"}
    assert data.criteria[0] not in subjects
    assert catalogue().criteria[0].dimension not in subjects
    assert "total" not in subjects
    assert data.criteria[-1] in subjects


def test_an_earlier_value_is_public_only_with_the_consent_of_then(data):
    then = a_round(4, consented=np.arange(UNITS) != 3)
    release = synthetic_release(data, QUICK, earlier=[earlier(then, 2025)])
    assert release.public[data.units[3]].changes == ()
    assert release.own[data.units[3]].changes
    assert release.public[data.units[4]].changes


def test_a_result_too_small_in_either_round_gives_no_change(data):
    few = a_round(4)
    kept = ~((few.response_unit == 6) & (np.cumsum(few.response_unit == 6) > 9))
    then = replace(few, ratings=few.ratings[kept], response_unit=few.response_unit[kept])
    release = synthetic_release(data, QUICK, earlier=[earlier(then, 2025)])
    assert changes_of(release.own[data.units[6]], "outside") == {}


def test_municipalities_that_left_or_joined_are_counted_in_their_own_round_only(data):
    then = a_round(4)
    then = replace(then, units=("00000000", *then.units[1:]))
    release = synthetic_release(data, QUICK, earlier=[earlier(then, 2025)])
    assert release.own[data.units[0]].changes == ()
    assert release.region.changes[0].municipalities == UNITS - 1


def test_there_is_a_slope_from_four_rounds_on(data):
    three = [earlier(a_round(seed), year) for seed, year in ((5, 2023), (6, 2024), (4, 2025))]
    with_two = synthetic_release(data, QUICK, earlier=three[1:])
    assert all(c.slope is None for sheet in with_two.own.values() for c in sheet.changes)
    change = changes_of(synthetic_release(data, QUICK, earlier=three).own[data.units[1]], "outside")["overall"]
    assert [point.round for point in change.earlier] == ["2023", "2024", "2025"]
    assert change.slope_low < change.slope < change.slope_high


def test_the_region_changes_by_the_mean_of_its_municipalities(data, compared):
    overall = next(change for change in compared.region.changes if change.indicator == "overall")
    own = [changes_of(sheet, "outside")["overall"].change for sheet in compared.own.values()]
    assert overall.municipalities == UNITS
    assert overall.change == pytest.approx(np.mean(own), abs=0.051)
    assert overall.low < overall.change < overall.high


def test_participation_is_counted_for_every_round(compared):
    assert [(p.round, p.invited, p.handed_in) for p in compared.region.participation] == [
        ("2025", UNITS, UNITS), ("2026", UNITS, UNITS)
    ]  # fmt: skip


def test_the_funnel_narrows_and_holds_its_centre(data):
    region = synthetic_release(data, QUICK).region
    assert len(region.funnel) > 3
    widths = [limit.high - limit.low for limit in region.funnel]
    assert widths == sorted(widths, reverse=True)
    for limit in region.funnel:
        assert limit.outer_low <= limit.low < region.funnel_centre < limit.high <= limit.outer_high
