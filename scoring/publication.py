"""The release of a round: what may be shown of a benchmark, written down for good.

The one place where arrays become sheets. Every figure has passed ``disclosure`` before; floats keep six decimals, so
that the last bit of another machine's arithmetic does not change the document. NaN becomes ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from questionnaires.catalogue import Catalogue
from scoring import audience, disclosure, index, inspection, sheets
from scoring.arrays import IntArray
from scoring.audience import Shown, ShownAnswers
from scoring.benchmark import Benchmark
from scoring.groups import Traits, group_sheets
from scoring.history import EarlierRound, History
from scoring.method import Method
from scoring.region import region_sheet
from scoring.release import (
    District,
    Group,
    MethodInfo,
    Municipality,
    OutsideScore,
    PairGap,
    PeerGroup,
    Release,
    Residents,
    RoundInfo,
    SelfScore,
    UnitSheet,
)
from scoring.round_data import RoundData
from scoring.standing import NOTHING_SAID, Standing
from scoring.threads import one_thread
from scoring.views import OutsideView, SelfView

_DECIMALS = 6
_CATEGORIES = 6


class UnknownMunicipality(ValueError):
    """The round has a unit that is not among the municipalities of the release."""


@one_thread
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
    standings: Mapping[str, Standing] | None = None,
    traits: Traits | None = None,
    earlier: Sequence[EarlierRound] = (),
    seen: Sequence[Release] = (),
    residents: Residents | None = None,
) -> Release:
    """The release document of a scored round.

    ``standings`` is what units said beside their levels, by their key; ``traits`` what newcomers said about themselves;
    ``earlier`` the released rounds before this one, the oldest first; ``residents`` what others than newcomers said.

    Public sheets for units that consented, own sheets for all; only self-assessments that were handed in count.
    The same arguments always give the same document. Before it is returned it is inspected, together with the releases
    of this round that were ``seen`` before: ``inspection.ReleaseExposes`` if readers could work out what is withheld.
    Raises ``UnknownMunicipality``.
    """
    missing = set(data.units) - {m.ags for m in municipalities}
    if missing:
        raise UnknownMunicipality(f"The round has units that are no municipality: {', '.join(sorted(missing))}.")
    own_sheets, public_sheets = _sheets(data, benchmark, method, standings or {})
    history = History(catalogue, data, benchmark, earlier, round, method)
    unit_groups, region_groups = _groups(data, benchmark, traits, method)
    own_sheets = _with(own_sheets, groups=unit_groups, changes=history.unit_changes(public=False))
    public_sheets = _with(public_sheets, groups=unit_groups, changes=history.unit_changes(public=True))
    release = Release(
        demo=demo,
        round=round,
        method=MethodInfo(version=method.version, parameters=method.parameters()),
        input_sha256=input_sha256,
        region_name=region_name,
        catalogue=catalogue,
        districts=districts,
        peer_groups=peer_groups,
        municipalities=municipalities,
        region=region_sheet(data, benchmark, method).model_copy(
            update={
                "groups": region_groups,
                "changes": history.region_changes(),
                "participation": history.participation(),
                "residents": residents,
            }
        ),
        earlier=history.compared(),
        public={u: s for u, s, agreed in zip(data.units, public_sheets, data.consented, strict=True) if agreed},
        own=dict(zip(data.units, own_sheets, strict=True)),
    )
    inspection.require_nothing_exposed(release, data, benchmark.outside_view, method, seen, traits)
    return release.written_out()


def _sheets(
    data: RoundData, benchmark: Benchmark, method: Method, standings: Mapping[str, Standing]
) -> tuple[list[UnitSheet], list[UnitSheet]]:
    """Own and public sheet of every unit; they share the self-view and the spread of the others."""
    self_view = _self_sheets(data, benchmark.self_view, method, standings)
    own, public = benchmark.own, benchmark.public
    spreads = sheets.spreads(public.score, audience.visible(data, public), data, method)
    own_sheets, public_sheets = (
        _audience_sheets(data, benchmark, shown, minimum, self_view, spreads)
        for shown, minimum in ((own, method.minimum_own), (public, method.minimum_public))
    )
    goals = [standings.get(unit, NOTHING_SAID).goals for unit in data.units]
    return _with(own_sheets, goals=goals), public_sheets


def _with(units: list[UnitSheet], **fields: Sequence[Any]) -> list[UnitSheet]:
    """The sheets with fields added: one value per sheet."""
    rows = zip(units, *fields.values(), strict=True)
    return [sheet.model_copy(update=dict(zip(fields, values, strict=True))) for sheet, *values in rows]


def _groups(
    data: RoundData, benchmark: Benchmark, traits: Traits | None, method: Method
) -> tuple[list[tuple[Group, ...]], tuple[Group, ...]]:
    """The groups of every unit and of the region; none if nothing is known of the persons."""
    if traits is None:
        return [()] * len(data.units), ()
    return group_sheets(data, benchmark.outside_view, traits, method)


def _audience_sheets(
    data: RoundData,
    benchmark: Benchmark,
    shown: Shown,
    minimum: int,
    self_view: list[tuple[SelfScore, ...]],
    spreads: dict[str, list[Any]],
) -> list[UnitSheet]:
    outside = benchmark.outside_view
    responses = sheets.plain(disclosure.audience_sees(data.responses, minimum))
    needed = sheets.plain(_needed(outside, data, minimum))
    newcomers = sheets.plain(np.nan_to_num(disclosure.round_population(data.newcomers), nan=-1).astype(int))
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


def _self_sheets(
    data: RoundData, view: SelfView, method: Method, standings: Mapping[str, Standing]
) -> list[tuple[SelfScore, ...]]:
    visible = ~np.isnan(view.values) & data.consented[:, None]
    spreads = sheets.spreads(view.values, visible, data, method)
    fields = _self_fields(data, view)
    backings = [standings.get(unit, NOTHING_SAID).backings for unit in data.units]
    return [
        tuple(
            SelfScore(**{**row, "peers": peers, "region": region, "backing": backings[u].get(row["node"])})
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
    return sheets.records({"node": view.nodes, "kind": view.kinds}, columns)


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
        "detectable": shown.detectable,
        "band": shown.band,
    }
    records = sheets.records({"indicator": outside.indicators, "kind": outside.kinds}, columns)
    answers, distributions = _answer_records(shown.answers), sheets.distributions(shown.answers.distribution)
    for unit, row in enumerate(records):
        for item, record in enumerate(row[outside.scales :]):
            record.update(answers[unit][item], distribution=distributions[unit][item])
    return records


def _answer_records(answers: ShownAnswers) -> list[list[dict[str, Any]]]:
    return sheets.records({}, {name: values for name, values in vars(answers).items() if name != "distribution"})


def _with_spread(records: list[dict[str, Any]], peers: list[Any], region: list[Any]) -> tuple[OutsideScore, ...]:
    return tuple(OutsideScore(**r, peers=p, region=q) for r, p, q in zip(records, peers, region, strict=True))


def _pair_sheets(data: RoundData, benchmark: Benchmark, shown: Shown) -> list[tuple[PairGap, ...]]:
    names = {
        "item": tuple(data.items[i] for i in benchmark.pairs.items),
        "criterion": tuple(data.criteria[c] for c in benchmark.pairs.criteria),
    }
    return [tuple(PairGap(**record) for record in row) for row in sheets.records(names, dict(vars(shown.pairs)))]
