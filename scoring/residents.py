"""Pupils and students who did not move here: their answers to the short form, reported apart, for the region only.

They are in no other figure of a release, so nothing can be worked out by taking one from the other; and where no
municipality's value is shown, none is left over for the rest.
"""

from __future__ import annotations

import numpy as np

from scoring import disclosure, intervals, likert
from scoring.arrays import RatingArray
from scoring.method import Method
from scoring.release import Residents, ResidentScore
from scoring.sheets import plain


def residents_sheet(items: tuple[str, ...], ratings: RatingArray, others: int, method: Method) -> Residents | None:
    """The answers ``ratings`` (responses, items) as everybody may see them; None below ``minimum_public`` persons.

    Items with fewer answers are left out. ``others`` who did not move here are counted if they are as many.
    """
    persons = len(ratings)
    if persons < method.minimum_public:
        return None
    counted = likert.tally(ratings, np.zeros(persons, dtype=np.int64), 1, pairs=False)
    safe = disclosure.censor(counted.histograms[0], method.homogeneous_share)
    tier = disclosure.tiers(safe.n, method.minimum_public, method.minimum_public, method.minimum_fine)
    low, high = intervals.mean_interval(safe.n, safe.mean, safe.variance, level=method.level, pseudo=method.pseudo_item)
    columns = [disclosure.round_scores(values, tier) for values in (safe.mean, low, high)]
    top_two = disclosure.round_shares(safe.top_two, tier)
    scores = tuple(
        ResidentScore(item=item, n=int(safe.n[i]), score=score, low=least, high=most, top_two=share)
        for i, (item, score, least, most, share) in enumerate(
            zip(items, *(plain(values) for values in (*columns, top_two)), strict=True)
        )
        if safe.n[i] >= method.minimum_public
    )
    return Residents(persons=persons, others=others if others >= method.minimum_public else None, items=scores)
