"""The release of a round: what may be shown of a benchmark, written down for good.

The one place where arrays become sheets. Every figure has passed ``disclosure`` before; floats keep six decimals, so
that the last bit of another machine's arithmetic does not change the document. NaN becomes ``None``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from questionnaires.catalogue import Catalogue
from scoring import audience, disclosure, index
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.audience import Shown, ShownAnswers
from scoring.benchmark import Benchmark, OutsideView, SelfView
from scoring.disclosure import Spread
from scoring.method import Method
from scoring.release import (
    District,
    MethodInfo,
    Municipality,
    OutsideScore,
    PairGap,
    PeerGroup,
    Quartiles,
    RegionIndicator,
    RegionNode,
    RegionPair,
    RegionSheet,
    Release,
    RoundInfo,
    SelfScore,
    UnitSheet,
)
from scoring.round_data import RoundData

_DECIMALS = 6
_CATEGORIES = 6


class UnknownMunicipality(ValueError):
    """The round has a unit that is not among the municipalities of the release."""


def publish(
    *,
    catalogue: Catalogue,
    round: RoundInfo,
    municipalities: tuple[Municipality, ...],
    districts: tuple[District, ...],
    peer_groups: tuple[PeerGroup, ...],
    region_name: str,
    demo: bool,
    data: RoundData,
    benchmark: Benchmark,
    method: Method,
    input_sha256: str,
) -> Release:
    """The release document of a scored round.

    Public sheets for units that consented, own sheets for all; only self-assessments that were handed in count.
    The same arguments always give the same document. Raises ``UnknownMunicipality``.
    """
    missing = set(data.units) - {m.ags for m in municipalities}
    if missing:
        raise UnknownMunicipality(f"The round has units that are no municipality: {', '.join(sorted(missing))}.")
    safe = audience.cut(benchmark.outside_view, method)
    public = audience.show(data, benchmark, safe, method, method.minimum_public)
    own = audience.show(data, benchmark, safe, method, method.minimum_own)
    own_sheets, public_sheets = _sheets(data, benchmark, own, public, method)
    return Release(
        demo=demo,
        round=round,
        method=MethodInfo(version=method.version, parameters=method.parameters()),
        input_sha256=input_sha256,
        region_name=region_name,
        catalogue=catalogue,
        districts=districts,
        peer_groups=peer_groups,
        municipalities=municipalities,
        region=_region(data, benchmark, public, method),
        public={u: s for u, s, agreed in zip(data.units, public_sheets, data.consented, strict=True) if agreed},
        own=dict(zip(data.units, own_sheets, strict=True)),
    )


def _plain(values: NDArray[Any]) -> list[Any]:
    """Nested lists for the document: floats to six decimals, NaN and -1 as ``None``."""
    if values.dtype.kind == "U":
        return list(values.tolist())
    if values.dtype.kind == "f":
        values = np.round(values, _DECIMALS) + 0.0
    document = values.astype(object)
    document[np.isnan(values) if values.dtype.kind == "f" else values == -1] = None
    return list(document.tolist())


# --- spread over municipalities


def _spreads(values: FloatArray, visible: BoolArray, data: RoundData, method: Method) -> dict[str, list[Any]]:
    """Quartiles per column, for the region (key "") and every peer group, as sheets."""
    groups = np.array(data.groups, dtype=str)
    members = {"": np.ones(len(groups), dtype=bool)} | {str(g): groups == g for g in np.unique(groups)}
    return {name: _spread(values, visible, member, method) for name, member in members.items()}


def _spread(values: FloatArray, visible: BoolArray, member: BoolArray, method: Method) -> list[Any]:
    available = ~np.isnan(values) & member[:, None]
    allowed = disclosure.contributors(available, visible, method.minimum_hidden)
    return _quartile_sheets(disclosure.quartiles(values, allowed, method.minimum_quartiles))


def _quartile_sheets(spread: Spread) -> list[Any]:
    rows = zip(spread.n.tolist(), *(_plain(v) for v in (spread.q1, spread.median, spread.q3)), strict=True)
    return [None if q1 is None else Quartiles(n=n, q1=q1, median=median, q3=q3) for n, q1, median, q3 in rows]


# --- one municipality


def _sheets(
    data: RoundData, benchmark: Benchmark, own: Shown, public: Shown, method: Method
) -> tuple[list[UnitSheet], list[UnitSheet]]:
    """Own and public sheet of every unit; they share the self-view and the spread of the others."""
    self_view = _self_sheets(data, benchmark.self_view, method)
    spreads = _spreads(public.score, _visible(data, public), data, method)
    own_sheets, public_sheets = (
        _audience_sheets(data, benchmark, shown, minimum, self_view, spreads)
        for shown, minimum in ((own, method.minimum_own), (public, method.minimum_public))
    )
    return own_sheets, public_sheets


def _visible(data: RoundData, public: Shown) -> BoolArray:
    return data.consented[:, None] & (public.tier > disclosure.SUPPRESSED)


def _audience_sheets(
    data: RoundData,
    benchmark: Benchmark,
    shown: Shown,
    minimum: int,
    self_view: list[tuple[SelfScore, ...]],
    spreads: dict[str, list[Any]],
) -> list[UnitSheet]:
    outside = benchmark.outside_view
    responses = _plain(disclosure.audience_sees(data.responses, minimum))
    needed = _plain(_needed(outside, data, minimum))
    newcomers = _plain(np.nan_to_num(disclosure.round_population(data.newcomers), nan=-1).astype(int))
    scores = _outside_sheets(outside, shown)
    pairs = _pair_sheets(data, benchmark, shown)
    return [
        UnitSheet(
            ags=unit,
            handed_in=bool(data.handed_in[u]),
            responses=responses[u],
            needed=needed[u],
            newcomers=newcomers[u],
            self_view=self_view[u],
            outside_view=_with_spread(scores[u], spreads[data.groups[u]], spreads[""]),
            pairs=pairs[u],
        )
        for u, unit in enumerate(data.units)
    ]


def _needed(outside: OutsideView, data: RoundData, minimum: int) -> IntArray:
    """Answers still missing for a reliable overall score; -1 where unknown, none or more than there are newcomers."""
    enough = outside.answers_needed[0] if len(outside.answers_needed) else np.nan
    if not np.isfinite(enough):
        return np.full(len(data.units), -1)
    missing = int(np.ceil(enough)) - data.responses
    possible = ~(data.newcomers < np.ceil(enough))
    return np.where((missing > 0) & (data.responses >= minimum) & possible, missing, -1)


def _self_sheets(data: RoundData, view: SelfView, method: Method) -> list[tuple[SelfScore, ...]]:
    visible = ~np.isnan(view.values) & data.consented[:, None]
    spreads = _spreads(view.values, visible, data, method)
    fields = _self_fields(data, view)
    return [
        tuple(
            SelfScore(**{**row, "peers": peers, "region": region})
            for row, peers, region in zip(fields[u], spreads[data.groups[u]], spreads[""], strict=True)
        )
        if data.handed_in[u]
        else ()
        for u in range(len(data.units))
    ]


def _self_fields(data: RoundData, view: SelfView) -> list[list[dict[str, Any]]]:
    criteria = len(view.nodes) - len(data.criteria)
    level = np.full(view.values.shape, -1)
    level[:, criteria:] = np.where(view.status[:, criteria:] == index.PUBLISHED, np.nan_to_num(data.levels, nan=-1), -1)
    missing = (view.low < view.high) & (view.status != index.UNANSWERED)
    columns = {
        "status": np.array(index.STATUSES)[view.status],
        "score": view.values,
        "level": level,
        "coverage": view.shares,
        "not_applicable": view.not_applicable,
        "low": np.where(missing, view.low, np.nan),
        "high": np.where(missing, view.high, np.nan),
    }
    return _records({"node": view.nodes, "kind": view.kinds}, columns)


def _records(fixed: dict[str, tuple[str, ...]], columns: dict[str, NDArray[Any]]) -> list[list[dict[str, Any]]]:
    """Per row and column of the arrays a record of field names and plain values."""
    plain = [_plain(values) for values in columns.values()]
    names = (*fixed, *columns)
    return [
        [dict(zip(names, cell, strict=True)) for cell in zip(*fixed.values(), *row, strict=True)]
        for row in zip(*plain, strict=True)
    ]


def _outside_sheets(outside: OutsideView, shown: Shown) -> list[list[dict[str, Any]]]:
    columns = {
        "status": np.array(disclosure.TIER_STATUS)[shown.tier],
        "n": shown.n,
        "score": shown.score,
        "low": shown.low,
        "high": shown.high,
        "shrunken": shown.shrunken,
        "shrunken_low": shown.shrunken_low,
        "shrunken_high": shown.shrunken_high,
        "band": shown.band,
    }
    records = _records({"indicator": outside.indicators, "kind": outside.kinds}, columns)
    answers, distributions = _answer_records(shown.answers), _distributions(shown.answers.distribution)
    for unit, row in enumerate(records):
        for item, record in enumerate(row[outside.scales :]):
            record.update(answers[unit][item], distribution=distributions[unit][item])
    return records


def _answer_records(answers: ShownAnswers) -> list[list[dict[str, Any]]]:
    return _records({}, {name: values for name, values in vars(answers).items() if name != "distribution"})


def _distributions(shares: FloatArray) -> list[list[tuple[float, ...] | None]]:
    return [[None if cell[0] is None else tuple(cell) for cell in row] for row in _plain(shares)]


def _with_spread(records: list[dict[str, Any]], peers: list[Any], region: list[Any]) -> tuple[OutsideScore, ...]:
    return tuple(OutsideScore(**r, peers=p, region=q) for r, p, q in zip(records, peers, region, strict=True))


def _pair_sheets(data: RoundData, benchmark: Benchmark, shown: Shown) -> list[tuple[PairGap, ...]]:
    names = {
        "item": tuple(data.items[i] for i in benchmark.pairs.items),
        "criterion": tuple(data.criteria[c] for c in benchmark.pairs.criteria),
    }
    return [tuple(PairGap(**record) for record in row) for row in _records(names, dict(vars(shown.pairs)))]


# --- the region


def _region(data: RoundData, benchmark: Benchmark, public: Shown, method: Method) -> RegionSheet:
    return RegionSheet(
        invited=len(data.units),
        handed_in=int(data.handed_in.sum()),
        with_results=int((data.responses >= method.minimum_public).sum()),
        responses=_region_responses(data, method),
        self_view=_region_nodes(data, benchmark.self_view, method),
        outside_view=_region_indicators(data, benchmark.outside_view, public, method),
        pairs=_region_pairs(data, benchmark, public, method),
    )


def _region_responses(data: RoundData, method: Method) -> int | None:
    """All responses, less those whose number a reader could work out by taking away the published ones."""
    visible = data.consented & (data.responses >= method.minimum_public)
    counted = disclosure.countable(
        data.responses[:, None, None], visible[:, None], method.minimum_public, method.minimum_hidden
    )
    total = int(data.responses[counted[:, 0]].sum())
    return total if total >= method.minimum_public else None


def _region_nodes(data: RoundData, view: SelfView, method: Method) -> tuple[RegionNode, ...]:
    visible = ~np.isnan(view.values) & data.consented[:, None]
    spread = _spread(view.values, visible, np.ones(len(data.units), dtype=bool), method)
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


def _region_indicators(
    data: RoundData, outside: OutsideView, public: Shown, method: Method
) -> tuple[RegionIndicator, ...]:
    visible = _visible(data, public)
    allowed = disclosure.contributors(~np.isnan(public.score), visible, method.minimum_hidden)
    pooled = audience.pool(outside, visible, method)
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
    records = _records(
        {"indicator": outside.indicators, "kind": outside.kinds}, {k: v[None] for k, v in columns.items()}
    )[0]
    _add_answers(records[outside.scales :], pooled.answers)
    spread = _quartile_sheets(disclosure.quartiles(public.score, allowed, method.minimum_quartiles))
    return tuple(
        RegionIndicator(**record, spread=quartiles, differs=_differs(record["probability"], method))
        for record, quartiles in zip(records, spread, strict=True)
    )


def _differs(probability: float | None, method: Method) -> bool | None:
    """Whether there is a signal between municipalities at all; ``None`` where it was not asked."""
    return None if probability is None else probability >= method.gate_probability


def _add_answers(records: list[dict[str, Any]], answers: ShownAnswers) -> None:
    top_two, away = _plain(answers.top_two), _plain(answers.not_concerned)
    distributions = _distributions(answers.distribution[None])[0]
    for item, record in enumerate(records):
        record.update(top_two=top_two[item], not_concerned=away[item], distribution=distributions[item])


def _region_pairs(data: RoundData, benchmark: Benchmark, public: Shown, method: Method) -> tuple[RegionPair, ...]:
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
    return tuple(RegionPair(**r) for r in _records(names, {k: v[None] for k, v in columns.items()})[0])
