"""The generative model of the demonstration data keeps what docs/demonstration.md says of it."""

from __future__ import annotations

import numpy as np
import pytest

from app.demonstration import model
from questionnaires import answers
from questionnaires.loading import builtin


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_same_seed_gives_the_same_answers():
    counts, quality = np.array([9, 30]), np.array([0.5, -0.5])

    assert model.newcomers(builtin(), counts, quality, rng()) == model.newcomers(builtin(), counts, quality, rng())


def test_sizes_are_realistic_from_9_to_1000():
    counts = model.response_counts(np.array([4375, 16774, 102275, 900_000]), rng())

    assert counts.min() >= 9
    assert counts.max() == 1000
    assert counts[0] < counts[2]


def test_levels_are_0_to_4_and_follow_the_quality_of_the_municipality():
    quality = np.linspace(-2, 2, 200)
    levels = model.levels(builtin(), quality, rng())

    assert set(np.unique(levels)) == {0, 1, 2, 3, 4}
    assert np.corrcoef(levels.mean(axis=1), quality)[0, 1] > 0.8


def test_every_answer_is_one_that_the_questionnaire_allows():
    catalogue = builtin()
    (given,) = model.newcomers(catalogue, np.array([200]), np.array([0.0]), rng())

    for ratings, profile in zip(given.ratings, given.profiles, strict=True):
        assert set(ratings) <= set("12345-.")
        decoded = answers.decode_ratings(catalogue, ratings)
        assert answers.encode_profile(catalogue, answers.decode_profile(catalogue, profile)) == profile
        hidden = {item.id for item in catalogue.items} - answers.counted_items(
            catalogue, answers.decode_profile(catalogue, profile)
        )
        assert not {item for item in hidden if decoded.get(item, ".") not in (".", None)}


@pytest.mark.parametrize(("quality", "better"), [(3.0, True), (-3.0, False)])
def test_a_better_municipality_gets_better_ratings(quality: float, better: bool):
    average, other = (
        np.mean([int(symbol) for text in given.ratings for symbol in text if symbol.isdigit()])
        for given in model.newcomers(builtin(), np.array([800, 800]), np.array([0.0, quality]), rng())
    )

    assert bool(other > average) is better
