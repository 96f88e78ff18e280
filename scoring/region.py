"""The region's sheet of a release: spreads and means over municipalities, and how far the numbers carry."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring import audience, disclosure, ranking, sheets, subtraction
from scoring.arrays import BoolArray
from scoring.audience import Shown, ShownAnswers
from scoring.benchmark import Benchmark
from scoring.method import Method
from scoring.release import FunnelLimit, Places, RegionAgreement, RegionIndicator, RegionNode, RegionPair, RegionSheet
from scoring.round_data import RoundData
from scoring.views import OutsideView, SelfView
from scoring.worth import Worth

_CATEGORIES = 6
_FUNNEL_SIZES = (10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000, 10_000, 100_000)


def region_sheet(data: RoundData, benchmark: Benchmark, method: Method) -> RegionSheet:
    """The region of a scored round, from what the public may see and from totals that give nobody away."""
    public, pooled = benchmark.public, benchmark.pooled
    return RegionSheet(
        invited=len(data.units),
        handed_in=int(data.handed_in.sum()),
        with_results=int((data.responses >= method.minimum_public).sum()),
        responses=responses_in(data, method),
        self_view=_nodes(data, benchmark.self_view, method),
        outside_view=_indicators(data, benchmark, method),
        pairs=_pairs(data, benchmark, public, method),
        agreement=_agreement(benchmark.worth),
        places=_places(benchmark.worth),
        **_funnel(benchmark.outside_view, public, pooled.counted, method),
    )


def _funnel(outside: OutsideView, public: Shown, counted: BoolArray, method: Method) -> dict[str, Any]:
    """Limits of the funnel of overall scores, over the units counted in the region's overall figure."""
    used = counted[:, 0] & np.isfinite(outside.sampling[:, 0]) if outside.scales else np.zeros(0, dtype=bool)
    if used.sum() < method.minimum_units:
        return {}
    n, mean, variance = outside.n[used, 0], outside.mean[used, 0], outside.variance[used, 0]
    centre = float(mean.mean())
    within = float(((n - 1) * variance).sum() / (n - 1).sum())
    between = ranking.winsorised_between_variance(mean, outside.sampling[used, 0], centre)
    most = int(np.max(np.where(counted[:, 0], public.n[:, 0], 0)))
    grid = [size for size in _FUNNEL_SIZES if size <= most] or list(_FUNNEL_SIZES[:1])
    if grid[-1] < most:
        grid.append(next((size for size in _FUNNEL_SIZES if size >= most), grid[-1]))
    limits = [ranking.funnel_limits(grid, centre, within, between, level) for level in (0.95, 0.998)]
    columns = [np.clip(np.round(limit, 1), 0, 100).tolist() for pair in limits for limit in pair]
    rows = zip(grid, *columns, strict=True)
    named = ("n", "low", "high", "outer_low", "outer_high")
    return {
        "funnel_centre": round(centre, 1),
        "funnel": tuple(FunnelLimit(**dict(zip(named, row, strict=True))) for row in rows),
    }


def responses_in(data: RoundData, method: Method) -> int | None:
    """All responses, less those whose number a reader could work out by taking away the published ones."""
    visible = audience.responses_shown(data, method)
    counted = disclosure.countable(
        data.responses[:, None, None], visible[:, None], method.minimum_public, method.minimum_hidden
    )
    total = int(data.responses[counted[:, 0]].sum())
    given_away = subtraction.derivable(subtraction.Total(total), data.responses[:, None], visible, method.minimum_own)
    if next(given_away, None) is not None:
        total = int(data.responses[visible].sum())
    return total if total >= method.minimum_public else None


def _nodes(data: RoundData, view: SelfView, method: Method) -> tuple[RegionNode, ...]:
    visible = ~np.isnan(view.values) & data.consented[:, None]
    spread = sheets.spread(view.values, visible, np.ones(len(data.units), dtype=bool), method)
    levels: list[Any] = [None] * (len(view.nodes) - len(data.criteria)) + _level_counts(data, method)
    return tuple(
        RegionNode(
            node=node,
            kind=kind,
            spread=quartiles,
            levels=None if counts is None else counts[:-1],
            not_applicable=None if counts is None else counts[-1],
        )
        for node, kind, quartiles, counts in zip(view.nodes, view.kinds, spread, levels, strict=True)
    )


def _level_counts(data: RoundData, method: Method) -> list[Any]:
    """Per criterion the municipalities at level 0 to 4 and where it does not apply; ``None`` where too few."""
    category = np.where(data.not_applicable, _CATEGORIES - 1, np.nan_to_num(data.levels, nan=_CATEGORIES)).astype(int)
    category[~data.handed_in] = _CATEGORIES
    one_hot = np.eye(_CATEGORIES + 1, dtype=np.int64)[category][..., :_CATEGORIES]
    visible = np.broadcast_to(data.consented[:, None], category.shape)
    counted = disclosure.countable(one_hot, visible, method.minimum_hidden - 1, method.minimum_hidden, 1.0)
    counts = (one_hot * counted[..., None]).sum(axis=0)
    return [row if sum(row) >= method.minimum_quartiles else None for row in counts.tolist()]


def _indicators(data: RoundData, benchmark: Benchmark, method: Method) -> tuple[RegionIndicator, ...]:
    outside, public, pooled = benchmark.outside_view, benchmark.public, benchmark.pooled
    visible = audience.visible(data, public)
    allowed = disclosure.contributors(~np.isnan(public.score), visible, method.minimum_hidden)
    mean, low, high = audience.typical(public.score, allowed, method.minimum_quartiles, method.level)
    columns = {
        "status": np.array(disclosure.TIER_STATUS)[pooled.tier],
        "n": pooled.n,
        "pooled": pooled.score,
        "pooled_low": pooled.low,
        "pooled_high": pooled.high,
        "typical": mean,
        "typical_low": np.clip(low, 0, 100),
        "typical_high": np.clip(high, 0, 100),
        "probability": outside.probability,
    }
    records = sheets.records(
        {"indicator": outside.indicators, "kind": outside.kinds}, {k: v[None] for k, v in columns.items()}
    )[0]
    _add_answers(records[outside.scales :], pooled.answers)
    _add_worth(records, outside, benchmark.worth, method)
    spread = sheets.quartile_sheets(disclosure.quartiles(public.score, allowed, method.minimum_quartiles))
    return tuple(
        RegionIndicator(**record, spread=quartiles, differs=_differs(record["probability"], method))
        for record, quartiles in zip(records, spread, strict=True)
    )


def _differs(probability: float | None, method: Method) -> bool | None:
    """Whether there is a signal between municipalities at all; ``None`` where it was not asked."""
    return None if probability is None else probability >= method.gate_probability


def _add_answers(records: list[dict[str, Any]], answers: ShownAnswers) -> None:
    top_two, away = sheets.plain(answers.top_two), sheets.plain(answers.not_concerned)
    distributions = sheets.distributions(answers.distribution[None])[0]
    for item, record in enumerate(records):
        record.update(top_two=top_two[item], not_concerned=away[item], distribution=distributions[item])


def _add_worth(records: list[dict[str, Any]], outside: OutsideView, worth: Worth, method: Method) -> None:
    """Reliability of scales that enough persons answered, importance of items; as coarse as they are read."""
    for record, found in zip(records[: outside.scales], worth.scales, strict=True):
        if found.n >= method.minimum_reliability and np.isfinite(found.alpha):
            values = {name: getattr(found, name) for name in ("alpha", "alpha_low", "alpha_high", "omega")}
            record.update({name: _coarse(value) for name, value in values.items()})
            record["reliability"] = found.judgement.verdict
    for record, row in zip(records[outside.scales :], worth.importance.tolist(), strict=True):
        names = ("importance", "importance_low", "importance_high")
        record.update(zip(names, (_coarse(share) for share in row), strict=True))


def _coarse(value: float) -> float | None:
    return round(value, 2) + 0.0 if np.isfinite(value) else None


def _agreement(worth: Worth) -> tuple[RegionAgreement, ...]:
    return tuple(
        RegionAgreement(
            dimension=dimension,
            municipalities=found.units,
            bias=round(found.bias),
            low=round(found.low),
            high=round(found.high),
            correlation=_coarse(found.true_correlation),
            correlation_low=_coarse(found.true_low),
            correlation_high=_coarse(found.true_high),
            prediction=found.prediction,
        )
        for dimension, found in worth.agreement.items()
    )


def _places(worth: Worth) -> Places:
    return Places(
        self_units=worth.by_rules.units,
        by_rules=worth.by_rules.places,
        outside_units=worth.by_chance.units,
        by_chance=worth.by_chance.places,
    )


def _pairs(data: RoundData, benchmark: Benchmark, public: Shown, method: Method) -> tuple[RegionPair, ...]:
    pairs = public.pairs
    both = ~np.isnan(pairs.gap)
    allowed = disclosure.contributors(both, both & data.consented[:, None], method.minimum_hidden)
    medians = [
        disclosure.quartiles(v, allowed, method.minimum_quartiles) for v in (pairs.self_score, pairs.outside_score)
    ]
    mean, low, high = audience.typical(pairs.gap, allowed, method.minimum_quartiles, method.level)
    columns = {
        "municipalities": allowed.sum(axis=0),
        "self_median": medians[0].median,
        "outside_median": medians[1].median,
        "gap_mean": mean,
        "gap_low": np.clip(low, -100, 100),
        "gap_high": np.clip(high, -100, 100),
    }
    names = {
        "item": tuple(data.items[i] for i in benchmark.pairs.items),
        "criterion": tuple(data.criteria[c] for c in benchmark.pairs.criteria),
    }
    return tuple(RegionPair(**r) for r in sheets.records(names, {k: v[None] for k, v in columns.items()})[0])
