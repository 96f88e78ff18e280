"""Whose answers count for what: arriving fades from memory, and who did not move here is no newcomer.

Items about arriving count from people who have lived here for up to ``arrival_years``, items about living here from
those with up to ``living_years`` (domain notes, 3.5). Who does not say for how long counts for both. Who did not move
here never counts among the newcomers; pupils and students among them are a group of their own (``residents``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from questionnaires.catalogue import Catalogue, Option
from scoring.arrays import BoolArray, FloatArray, RatingArray
from scoring.groups import Traits
from scoring.method import Method
from scoring.round_data import RoundData

NOT_ANSWERED = 0


@dataclass(frozen=True, eq=False)
class Pooled:
    """A round with newcomers' answers only, each where it counts.

    ``learners`` are the ratings (responses, items) of pupils and students who did not move here, ``others`` the number
    of responses by other people who did not.
    """

    data: RoundData
    traits: Traits
    learners: RatingArray
    others: int = 0


def pool(catalogue: Catalogue, data: RoundData, traits: Traits, method: Method) -> Pooled:
    """The round as ``method`` counts it; ``data`` and ``traits`` have a row per response, in the same order."""
    years = longest_residence(catalogue, traits)
    moved, learning = ~_chose(catalogue, traits, _did_not_move), _chose(catalogue, traits, _learns)
    too_long = _uncounted(catalogue, years[moved], method)
    ratings = np.where(too_long, np.uint8(NOT_ANSWERED), data.ratings[moved]) if too_long.any() else data.ratings[moved]
    lapsing = np.array([item.about == "arrival" for item in catalogue.items])
    return Pooled(
        data=replace(
            data,
            ratings=ratings,
            response_unit=data.response_unit[moved],
            lapsed=np.asarray(too_long[:, lapsing].any(axis=1)),
            item_lapses=lapsing,
        ),
        traits=_of_newcomers(catalogue, traits, moved),
        learners=data.ratings[~moved & learning],
        others=int((~moved & ~learning).sum()),
    )


def _of_newcomers(catalogue: Catalogue, traits: Traits, moved: BoolArray) -> Traits:
    """What newcomers say about themselves, without the answer that is not theirs."""
    foreign = {column for column, option in _options(catalogue, traits) if not option.newcomer}
    questions = tuple(
        replace(question, options=tuple(o for c, o in zip(columns, question.options, strict=True) if c not in foreign))
        for question, columns in zip(traits.questions, traits.columns, strict=True)
    )
    kept = [column for columns in traits.columns for column in columns if column not in foreign]
    return Traits(questions, traits.member[moved][:, kept])


def longest_residence(catalogue: Catalogue, traits: Traits) -> FloatArray:
    """For how many years at most each person has lived here, by the answer given; NaN where none was given."""
    years = np.full(len(traits.member), np.nan)
    for column, option in _options(catalogue, traits):
        if option.years is not None:
            years[traits.member[:, column]] = option.years
    return years


def _uncounted(catalogue: Catalogue, years: FloatArray, method: Method) -> BoolArray:
    """Answers (responses, items) from people who have lived here too long for the item."""
    limits = {"arrival": method.arrival_years, "living": method.living_years}
    limit = np.array([limits[item.about] for item in catalogue.items])
    return np.asarray(years[:, None] > limit)


def _chose(catalogue: Catalogue, traits: Traits, wanted: Callable[[Option], bool]) -> BoolArray:
    """Who chose an option of that kind."""
    columns = [column for column, option in _options(catalogue, traits) if wanted(option)]
    return np.asarray(traits.member[:, columns].any(axis=1))


def _did_not_move(option: Option) -> bool:
    return not option.newcomer


def _learns(option: Option) -> bool:
    return option.learner


def _options(catalogue: Catalogue, traits: Traits) -> list[tuple[int, Option]]:
    """Every option of the profile with its column among the traits."""
    asked = {question.id: question.options for question in catalogue.profile_questions}
    return [
        (column, option)
        for question, columns in zip(traits.questions, traits.columns, strict=True)
        for column, option in zip(columns, asked.get(question.id, ()), strict=False)
    ]
