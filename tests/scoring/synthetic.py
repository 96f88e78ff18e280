"""A round made up from a known model, for tests and benchmarks: any number of municipalities and responses.

Unit effects (s.d. in rating points), item effects, response style and missing answers are drawn from a fixed seed; the
catalogue is the built-in one. No municipality of this module exists.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from scoring.benchmark import Method, RoundData, score_round
from scoring.publication import publish
from scoring.release import District, Municipality, PeerGroup, Release, RoundInfo

GROUPS = ("large", "town", "village")


@cache
def catalogue() -> Catalogue:
    """The built-in catalogue, loaded once."""
    return builtin()


def responses_per_unit(units: int, total: int | None, rng: np.random.Generator) -> np.ndarray:
    """Realistic sizes, 9 to about 1,000 per unit; scaled to ``total`` if given."""
    sizes = np.clip(np.exp(rng.normal(4.2, 1.0, units)), 9, 1000)
    if total is not None:
        sizes = rng.multinomial(total, sizes / sizes.sum())
    return sizes.astype(np.int64)


def synthetic_round(
    units: int = 59,
    responses: int | None = None,
    seed: int = 2026,
    sizes: np.ndarray | None = None,
    between: float = 0.35,
    **changes: Any,
) -> RoundData:
    """A round of ``units`` municipalities; ``sizes`` responses each, or ``responses`` in all; ``changes`` to fields."""
    rng = np.random.default_rng(seed)
    counts = responses_per_unit(units, responses, rng) if sizes is None else np.asarray(sizes, dtype=np.int64)
    unit = np.repeat(np.arange(units), counts)
    effect = rng.normal(0, between, units)
    ratings = _ratings(effect, unit, rng)
    levels, not_applicable = _levels(effect, rng)
    data = RoundData.from_catalogue(
        catalogue(),
        units=[f"99{u:06d}" for u in range(units)],
        groups=[GROUPS[g] for g in rng.integers(0, 3, units)],
        consented=rng.random(units) < 0.85,
        handed_in=rng.random(units) < 0.9,
        levels=levels,
        not_applicable=not_applicable,
        ratings=ratings,
        response_unit=unit,
        newcomers=counts * 5.0,
    )
    return replace(data, **changes) if changes else data


def _ratings(effect: np.ndarray, unit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    items = catalogue().items
    person = rng.normal(0, 0.5, len(unit))
    latent = 3.5 + effect[unit, None] + person[:, None] + rng.normal(0, 0.3, len(items)) + _noise(unit, items, rng)
    ratings = np.clip(np.round(latent), 1, 5).astype(np.uint8)
    ratings[rng.random(ratings.shape) < 0.04] = 0
    ratings[rng.random(ratings.shape) < 0.03] = 255
    shown = rng.random(ratings.shape) < np.where([bool(item.shown_if) for item in items], 0.3, 1.0)
    return np.where(shown, ratings, 0).astype(np.uint8)


def _noise(unit: np.ndarray, items: tuple[Any, ...], rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, 0.9, (len(unit), len(items)))


def _levels(effect: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    criteria = catalogue().criteria
    levels = np.clip(np.round(2 + 1.5 * effect[:, None] + rng.normal(0, 1, (len(effect), len(criteria)))), 0, 4)
    away = (rng.random(levels.shape) < 0.1) & np.array([c.may_not_apply for c in criteria])
    missing = rng.random(levels.shape) < 0.03
    return np.where(away | missing, np.nan, levels), away


def synthetic_release(data: RoundData, method: Method | None = None, **more: Any) -> Release:
    """The release of a synthetic round, all of its municipalities in one district; ``more`` goes to ``publish``."""
    method = method or Method()
    groups = sorted(set(data.groups))
    return publish(
        catalogue=catalogue(),
        round=RoundInfo(key="2026", title="Erfundene Runde", opens="2026-03-01", closes="2026-05-31"),
        municipalities=tuple(_municipality(data, u) for u in range(len(data.units))),
        districts=(District(ags="99000", name="Musterkreis"),),
        peer_groups=tuple(
            PeerGroup(id=g, name=g, members=tuple(u for u, of in zip(data.units, data.groups, strict=True) if of == g))
            for g in groups
        ),
        region_name="Musterregion",
        demo=True,
        data=data,
        benchmark=score_round(data, method),
        method=method,
        input_sha256="0" * 64,
        **more,
    )


def _municipality(data: RoundData, u: int) -> Municipality:
    return Municipality(
        ags=data.units[u],
        name=f"Musterort {u}",
        kind="Gemeinde",
        legal_status="Gemeinde",
        district="99000",
        population=10_000,
        peer_group=data.groups[u],
        participates=True,
        consented=bool(data.consented[u]),
    )
