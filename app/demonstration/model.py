"""The generative model behind the demonstration data, on NumPy arrays; docs/demonstration.md describes it in words.

Each municipality has a quality of welcome q ~ N(0, 1). It moves its maturity levels and, weakly, what newcomers say,
so that both views agree in part, as one would expect of real ones. Newcomers have a response style (a shift and a
spread of their own), items have a difficulty, and answers go missing in three ways: not concerned, skipped, broken off.
All randomness comes from one generator with a fixed seed: the same call gives the same data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires import answers
from questionnaires.catalogue import Catalogue

ARRIVALS_PER_INHABITANT = 0.041
"""Registrations of newcomers a year: Meschede 2023, 1,229 of 29,632 (see docs/sources.md)."""
LOWEST_RESPONSE, HIGHEST_RESPONSE = 0.05, 0.24
"""Response shares: card only (assumption), and Wolfsburg's letter with reminder."""
SMALLEST, LARGEST = 9, 1000

QUALITY_ON_LEVEL = 0.7
DIMENSION_ON_LEVEL = 0.5
CRITERION_ON_LEVEL = 0.7
MEAN_LEVEL = 1.9

MUNICIPAL_EFFECT = 0.22
ITEM_BY_MUNICIPALITY_EFFECT = 0.16
QUALITY_SHARE = 0.6
ITEM_EFFECT = 0.35
STYLE_SHIFT = 0.5
STYLE_SPREAD = 0.2
RESIDUAL = 0.75
MEAN_RATING = 3.6

SKIPPED = 0.03
BROKEN_OFF = 0.04
NOT_CONCERNED = {"N02": 0.25, "N05": 0.2, "N09": 0.2, "N10": 0.15, "N13": 0.15, "N16": 0.3}
NOT_CONCERNED_OTHERWISE = 0.04

PROFILE = {
    "D1": (0.15, 0.2, 0.3, 0.32, 0.03),
    "D2": (0.35, 0.3, 0.2, 0.15),
    "D4": (0.2, 0.45, 0.25, 0.1),
}
TARGETS = {
    "job": 0.4,
    "family": 0.45,
    "children": 0.3,
    "returned": 0.15,
    "pupil": 0.05,
    "student": 0.08,
    "abroad": 0.15,
}
UNANSWERED_PROFILE = 0.06


@dataclass(frozen=True)
class Answers:
    """Answers of one municipality's newcomers: one rating string and one profile string per response."""

    ratings: tuple[str, ...]
    profiles: tuple[str, ...]


def response_counts(population: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """How many newcomers answer in each municipality: arrivals of a year times a response share, 9 to 1,000."""
    share = rng.uniform(LOWEST_RESPONSE, HIGHEST_RESPONSE, len(population))
    return np.clip(np.rint(population * ARRIVALS_PER_INHABITANT * share), SMALLEST, LARGEST).astype(np.int64)


def qualities(units: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Quality of welcome of each municipality, standard normal."""
    return rng.standard_normal(units)


def levels(catalogue: Catalogue, quality: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Maturity levels 0 to 4, shape (municipalities, criteria), in catalogue order."""
    dimension = [d.id for d in catalogue.dimensions]
    of_criterion = [dimension.index(c.dimension) for c in catalogue.criteria]
    by_dimension = rng.standard_normal((len(quality), len(dimension)))[:, of_criterion]
    difficulty = rng.normal(0, 0.45, len(catalogue.criteria)) + np.array(
        [0.0 if c.core else 0.4 for c in catalogue.criteria]
    )
    own = rng.standard_normal((len(quality), len(catalogue.criteria)))
    latent = (
        MEAN_LEVEL
        - difficulty
        + QUALITY_ON_LEVEL * quality[:, None]
        + DIMENSION_ON_LEVEL * by_dimension
        + CRITERION_ON_LEVEL * own
    )
    return np.clip(np.rint(latent), 0, 4).astype(np.int64)


def newcomers(
    catalogue: Catalogue,
    counts: NDArray[np.int64],
    quality: NDArray[np.float64],
    rng: np.random.Generator,
    lasting: np.random.Generator | None = None,
) -> list[Answers]:
    """Answers of all newcomers, one entry per municipality.

    ``lasting`` draws what stays from round to round: how hard an item is, and what is special about a place.
    """
    lasting = lasting or rng
    difficulty = lasting.normal(0, ITEM_EFFECT, len(catalogue.items))
    item_effect = lasting.normal(0, ITEM_BY_MUNICIPALITY_EFFECT, (len(counts), len(catalogue.items)))
    other = lasting.standard_normal(len(counts))
    effect = MUNICIPAL_EFFECT * (QUALITY_SHARE * quality + np.sqrt(1 - QUALITY_SHARE**2) * other)
    return [
        _of_municipality(catalogue, int(n), MEAN_RATING + effect[i] + item_effect[i] - difficulty, rng)
        for i, n in enumerate(counts)
    ]


def _of_municipality(catalogue: Catalogue, n: int, mean: NDArray[np.float64], rng: np.random.Generator) -> Answers:
    ratings = _ratings(n, mean, rng)
    symbols = ratings.astype("U1")
    symbols[rng.random(symbols.shape) < _not_concerned(catalogue)] = answers.NOT_CONCERNED
    symbols[rng.random(symbols.shape) < SKIPPED] = answers.NOT_ANSWERED
    last = np.where(rng.random(n) < BROKEN_OFF, rng.integers(3, symbols.shape[1], n), symbols.shape[1])
    symbols[np.arange(symbols.shape[1]) >= last[:, None]] = answers.NOT_ANSWERED
    profiles = [_profile(catalogue, rng) for _ in range(n)]
    ids = [item.id for item in catalogue.items]
    for row, profile in zip(symbols, profiles, strict=True):
        counted = answers.counted_items(catalogue, profile)
        row[[id not in counted for id in ids]] = answers.NOT_ANSWERED
    return Answers(
        tuple("".join(row) for row in symbols),
        tuple(answers.encode_profile(catalogue, profile) for profile in profiles),
    )


def _ratings(n: int, mean: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    shift = rng.normal(0, STYLE_SHIFT, (n, 1))
    spread = RESIDUAL * np.exp(rng.normal(0, STYLE_SPREAD, (n, 1)))
    latent = mean + shift + spread * rng.standard_normal((n, len(mean)))
    return np.clip(np.rint(latent), 1, 5).astype(np.int64)


def _not_concerned(catalogue: Catalogue) -> NDArray[np.float64]:
    return np.array([NOT_CONCERNED.get(item.id, NOT_CONCERNED_OTHERWISE) for item in catalogue.items])


def _profile(catalogue: Catalogue, rng: np.random.Generator) -> dict[str, frozenset[str]]:
    profile: dict[str, frozenset[str]] = {}
    for question in catalogue.profile_questions:
        if rng.random() < UNANSWERED_PROFILE:
            profile[question.id] = frozenset()
        elif question.kind == "multiple":
            chosen = {o.id for o in question.options if rng.random() < TARGETS.get(o.id, 0.0)}
            profile[question.id] = frozenset(chosen or {question.options[-1].id})
        else:
            chances = np.array(PROFILE.get(question.id, np.ones(len(question.options))), dtype=float)
            chosen_index = rng.choice(len(question.options), p=chances / chances.sum())
            profile[question.id] = frozenset({question.options[chosen_index].id})
    if "not_moved" in profile.get("D1", ()):  # Who did not move here was asked at school or university.
        profile["D3"] = frozenset({str(rng.choice(["pupil", "student"]))})
    return answers.asked_profile(catalogue, profile)
