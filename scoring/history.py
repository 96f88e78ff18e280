"""This round against the earlier ones that were released: what changed, for whom, and how many took part.

Only what was asked in the same words compares (method.md, 1.12). Earlier answers are counted again as this round
counts, so that both ends of a change are made by one method; an earlier value of a municipality is public only if it
had agreed to be shown then, too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from questionnaires.catalogue import SOURCE_LANGUAGE, Catalogue, Criterion, Item, LocalizedText
from scoring import audience, disclosure, likert, trends
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.benchmark import Benchmark
from scoring.index import PUBLISHED
from scoring.method import Method
from scoring.newcomers import expected, indicator_moments, mean_intervals
from scoring.region import responses_in
from scoring.release import Change, EarlierInfo, RegionChange, RoundInfo, RoundParticipation, WaveScore
from scoring.round_data import RoundData
from scoring.self_assessments import score_self_assessments
from scoring.views import OutsideView

_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class EarlierRound:
    """A released round before this one, as it is counted: on its own catalogue, with its own units."""

    info: RoundInfo
    catalogue: Catalogue
    data: RoundData


def wording(entry: Item | Criterion, catalogue: Catalogue) -> tuple[LocalizedText, ...]:
    """Every text by which a question is understood: item and the labels of its answers, or criterion and its levels."""
    if isinstance(entry, Item):
        return entry.text, *catalogue.rating_labels, catalogue.opt_out
    return entry.question, *entry.levels


def version_of(entry: Item | Criterion, catalogue: Catalogue) -> str:
    """A name for what was asked: the question in the wording of its source, and of whom.

    A translation says the same in other words, so neither a new nor a mended one makes another question of it
    (``retranslated`` names those instead). Who is asked (show-rules), and what the answer counts for, do.
    """
    rules = entry.model_dump(mode="json", include={"id", "shown_if", "hidden_if", "outcome", "core"})
    content = {**rules, "wording": [text[SOURCE_LANGUAGE] for text in wording(entry, catalogue)]}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def same_versions(now: Catalogue, then: Catalogue) -> tuple[BoolArray, BoolArray]:
    """Which items and which criteria of ``now`` were asked ``then`` in exactly the same words of the source."""
    found = []
    for entries, earlier in ((now.items, then.items), (now.criteria, then.criteria)):
        known = {version_of(entry, then) for entry in earlier}
        found.append(np.array([version_of(e, now) in known for e in entries], dtype=bool))
    return found[0], found[1]


def retranslated(now: Catalogue, then: Catalogue) -> tuple[str, ...]:
    """Languages of both in which a question that compares was read in other words ``then``, in the order of ``now``."""
    asked: list[Item | Criterion] = [*now.items, *now.criteria]
    known: list[Item | Criterion] = [*then.items, *then.criteria]
    earlier = {version_of(entry, then): entry for entry in known}
    pairs = [
        pair
        for entry in asked
        if (same := earlier.get(version_of(entry, now)))
        for pair in zip(wording(entry, now), wording(same, then), strict=True)
    ]
    return tuple(tag for tag in now.languages if tag in then.languages and any(a[tag] != b[tag] for a, b in pairs))


@dataclass(frozen=True, eq=False)
class _Wave:
    """A round in the rows and columns of this one: arrays (units, indicators) and (units, nodes); NaN is missing."""

    info: RoundInfo
    consented: BoolArray
    n: IntArray
    mean: FloatArray
    variance: FloatArray
    low: FloatArray
    high: FloatArray
    self_values: FloatArray


def _aligned(earlier: EarlierRound, data: RoundData, items: BoolArray, criteria: BoolArray) -> RoundData:
    """The earlier round in the structure of this one: equal items and criteria, units that are in this round."""
    then, row = earlier.data, {unit: place for place, unit in enumerate(data.units)}
    place = np.array([row.get(unit, -1) for unit in then.units], dtype=np.int64)
    known = place >= 0
    rows = np.flatnonzero(known)
    levels, away = np.full(data.levels.shape, np.nan), np.zeros(data.levels.shape, dtype=bool)
    for column in np.flatnonzero(criteria):
        source = then.criteria.index(data.criteria[column])
        levels[place[rows], column] = then.levels[rows, source]
        away[place[rows], column] = then.not_applicable[rows, source]
    kept = known[then.response_unit] if then.response_unit.size else np.zeros(0, dtype=bool)
    ratings = np.zeros((int(kept.sum()), len(data.items)), dtype=np.uint8)
    for column in np.flatnonzero(items):
        ratings[:, column] = then.ratings[kept, then.items.index(data.items[column])]
    consented, handed_in = np.zeros((2, len(data.units)), dtype=bool)
    consented[place[rows]], handed_in[place[rows]] = then.consented[rows], then.handed_in[rows]
    return replace(
        data,
        consented=consented,
        handed_in=handed_in,
        levels=levels,
        not_applicable=away,
        ratings=ratings,
        response_unit=place[then.response_unit[kept]],
        newcomers=np.full(len(data.units), np.nan),
        lapsed=None if then.lapsed is None else then.lapsed[kept],
        item_lapses=None if then.lapsed is None else data.item_lapses,
    )


def _wave(earlier: EarlierRound, now: Catalogue, data: RoundData, benchmark: Benchmark, method: Method) -> _Wave:
    items, criteria = same_versions(now, earlier.catalogue)
    aligned = _aligned(earlier, data, items, criteria)
    outside = benchmark.outside_view
    scales = [columns.tolist() for columns in outside.indicator_items[: outside.scales]]
    counted = likert.tally(aligned.ratings, aligned.response_unit, len(data.units), scales=scales, pairs=False)
    comparable = np.array([bool(items[columns].all()) for columns in outside.indicator_items])
    n, mean, variance = _safe_moments(aligned, counted, outside, method)
    n[:, ~comparable] = 0
    view = score_self_assessments(aligned, method)
    values = np.where(view.status == PUBLISHED, view.values, np.nan)
    values[:, ~_comparable_nodes(data, criteria)] = np.nan
    low, high = mean_intervals(n, mean, variance, outside.item_count, None, method)
    return _Wave(earlier.info, aligned.consented, n, mean, variance, low, high, values)


def _safe_moments(
    data: RoundData, counted: likert.Tally, outside: OutsideView, method: Method
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Number, mean and variance per unit and indicator, near-unanimous answers cut, thin scales left out."""
    n, mean, variance = indicator_moments(counted, outside.minimum_answered)
    safe = audience.cut_moments(counted.histograms, mean, variance, outside.indicator_items, method)
    wanted = expected(data, outside.indicator_items, outside.minimum_answered)
    thin = np.zeros(n.shape, dtype=bool)
    thin[:, : outside.scales] = n[:, : outside.scales] < method.scale_share * wanted - 1e-9
    return np.where(thin, 0, n), safe.mean, safe.variance


def _comparable_nodes(data: RoundData, criteria: BoolArray) -> BoolArray:
    """Nodes of the self-view (total, areas, dimensions, criteria) all of whose criteria are the same."""
    dimension = [bool(criteria[data.criterion_dimension == d].all()) for d in range(len(data.dimensions))]
    area = [all(np.array(dimension)[data.dimension_area == a]) for a in range(len(data.areas))]
    return np.array([all(area), *area, *dimension, *criteria.tolist()], dtype=bool)


class History:
    """What this round says beside the earlier ones; without any, nothing."""

    def __init__(
        self,
        catalogue: Catalogue,
        data: RoundData,
        benchmark: Benchmark,
        earlier: Sequence[EarlierRound],
        info: RoundInfo,
        method: Method,
    ) -> None:
        self.data, self.method, self.info = data, method, info
        self.outside, self.view, self.earlier = benchmark.outside_view, benchmark.self_view, earlier
        self.catalogue = catalogue
        self.waves = [_wave(wave, catalogue, data, benchmark, method) for wave in earlier]
        self.n, self.mean, self.variance = _safe_moments(data, self.outside.tally, self.outside, method)

    def compared(self) -> tuple[EarlierInfo, ...]:
        """The earlier rounds, each with the languages that read a question that compares in other words then."""
        return tuple(
            EarlierInfo(**wave.info.model_dump(), retranslated=retranslated(self.catalogue, wave.catalogue))
            for wave in self.earlier
        )

    def unit_changes(self, *, public: bool) -> list[tuple[Change, ...]]:
        """Changes of every unit as its audience may see them."""
        if not self.waves:
            return [()] * len(self.data.units)
        outside, own = list(self._outside(public)), list(self._self(public))
        return [tuple(a) + tuple(b) for a, b in zip(own, outside, strict=True)]

    def _agreed(self, wave: _Wave, public: bool) -> BoolArray:
        return wave.consented if public else np.ones(len(self.data.units), dtype=bool)

    def _outside(self, public: bool) -> Iterator[list[Change]]:
        """Changes of the newcomers' view, unit by unit."""
        then = [self._tier(wave.n) for wave in self.waves]
        seen = [
            (tier > disclosure.SUPPRESSED) & self._agreed(wave, public)[:, None]
            for tier, wave in zip(then, self.waves, strict=True)
        ]
        for unit in range(len(self.data.units)):
            changes = []
            for i in np.flatnonzero(self._tier(self.n)[unit] > disclosure.SUPPRESSED):
                known = [w for w in range(len(self.waves)) if seen[w][unit, i]]
                if known:
                    changes.append(self._change(unit, int(i), known, then))
            yield changes

    def _change(self, unit: int, i: int, known: list[int], then: list[IntArray]) -> Change:
        """Change of one indicator of one unit since the last of the ``known`` waves, in steps of the smaller number."""
        now, last = self._tier(self.n)[unit, i], known[-1]
        points = tuple(self._point(self.waves[w], then[w], unit, i) for w in known)
        found, tier = self._changes[last], np.minimum(now, then[last][unit, i])
        score = float(disclosure.round_scores(self.mean[unit, i], now))
        return Change(
            subject=self.outside.indicators[i],
            kind=self.outside.kinds[i],
            view="outside",
            earlier=points,
            change=round(score - points[-1].score, 6) + 0.0,
            low=float(disclosure.round_scores(found.low[unit, i], tier)),
            high=float(disclosure.round_scores(found.high[unit, i], tier)),
            flag=str(found.flag[unit, i]),
            **(self._slopes[unit][i] if len(known) + 1 >= trends.MINIMUM_WAVES else {}),
        )

    def _tier(self, n: IntArray) -> IntArray:
        minimum = self.method.minimum_public
        return disclosure.tiers(n, minimum, minimum, self.method.minimum_fine)

    @cached_property
    def _changes(self) -> list[trends.Changes]:
        """Changes since each wave, judged over all units and indicators at once."""
        return [
            trends.changes(
                wave.n, wave.mean, wave.variance, self.n, self.mean, self.variance,
                items=self.outside.item_count, minimum_n=self.method.minimum_public, method=self.method,
            )
            for wave in self.waves
        ]  # fmt: skip

    @cached_property
    def _slopes(self) -> list[list[dict[str, float]]]:
        """Slopes per year of every unit and indicator with four waves or more; empty where there are fewer."""
        shape = len(self.data.units), len(self.outside.indicators)
        found: list[list[dict[str, float]]] = [[{} for _ in range(shape[1])] for _ in range(shape[0])]
        if len(self.waves) + 1 < trends.MINIMUM_WAVES:
            return found
        times = [_year(wave.info) for wave in self.waves] + [_year(self.info)]
        n, mean, variance = (
            np.array([getattr(wave, name) for wave in self.waves] + [getattr(self, name)])
            for name in ("n", "mean", "variance")
        )
        n = np.where(n >= self.method.minimum_public, n, 0)
        for i in range(shape[1]):
            slopes = trends.trend(times, n[:, :, i], mean[:, :, i], variance[:, :, i], method=self.method)
            for unit in np.flatnonzero(np.isfinite(slopes.slope)):
                values = (slopes.slope[unit], slopes.low[unit], slopes.high[unit])
                names = ("slope", "slope_low", "slope_high")
                found[unit][i] = {name: round(float(v), 1) for name, v in zip(names, values, strict=True)}
        return found

    def _point(self, wave: _Wave, tier: IntArray, unit: int, i: int) -> WaveScore:
        score, low, high = (
            float(disclosure.round_scores(v[unit, i], tier[unit, i])) for v in (wave.mean, wave.low, wave.high)
        )
        return WaveScore(round=wave.info.key, n=int(wave.n[unit, i]), score=score, low=low, high=high)

    def _self(self, public: bool) -> Iterator[list[Change]]:
        now = np.where(self.view.status == PUBLISHED, self.view.values, np.nan)
        values = [np.where(self._agreed(w, public)[:, None], w.self_values, np.nan) for w in self.waves]
        for unit in range(len(self.data.units)):
            changes = []
            for i, node in enumerate(self.view.nodes):
                points = tuple(
                    WaveScore(round=w.info.key, score=round(float(v[unit, i]), 6))
                    for w, v in zip(self.waves, values, strict=True)
                    if np.isfinite(v[unit, i])
                )
                if points and np.isfinite(now[unit, i]):
                    change = round(float(now[unit, i]) - points[-1].score, 6) + 0.0
                    kind = self.view.kinds[i]
                    changes.append(Change(subject=node, kind=kind, view="self", earlier=points, change=change))
            yield changes

    def region_changes(self) -> tuple[RegionChange, ...]:
        """Mean change since the round before, over units with a shown result in both; each counts once."""
        if not self.waves:
            return ()
        wave, method = self.waves[-1], self.method
        scores = [
            disclosure.round_scores(mean, self._tier(n)) for mean, n in ((wave.mean, wave.n), (self.mean, self.n))
        ]
        both = ~np.isnan(scores[0]) & ~np.isnan(scores[1])
        named = both & (self.data.consented & wave.consented)[:, None]
        allowed = disclosure.contributors(both, named, method.minimum_hidden)
        return tuple(self._region_changes(scores, allowed))

    def _region_changes(self, scores: list[FloatArray], allowed: BoolArray) -> Iterator[RegionChange]:
        for i, indicator in enumerate(self.outside.indicators):
            if allowed[:, i].sum() < self.method.minimum_quartiles:
                continue
            before, now = (np.where(allowed[:, i], score[:, i], np.nan) for score in scores)
            found = trends.network_change(before, now, self.method.level)
            yield RegionChange(
                indicator=indicator,
                kind=self.outside.kinds[i],
                since=self.waves[-1].info.key,
                municipalities=found.units,
                change=round(found.change, 1) + 0.0,
                low=round(max(found.low, -100.0), 1) + 0.0,
                high=round(min(found.high, 100.0), 1) + 0.0,
            )

    def participation(self) -> tuple[RoundParticipation, ...]:
        """How many took part in each round, the oldest first; this round is the last."""
        rounds = [(wave.info, wave.data) for wave in self.earlier] + [(self.info, self.data)]
        return tuple(
            RoundParticipation(
                round=info.key,
                title=info.title,
                closes=info.closes,
                invited=len(data.units),
                handed_in=int(data.handed_in.sum()),
                with_results=int((data.responses >= self.method.minimum_public).sum()),
                responses=responses_in(data, self.method),
            )
            for info, data in rounds
        )


def _year(info: RoundInfo) -> float:
    return dt.date.fromisoformat(info.closes[:10]).toordinal() / _YEAR
