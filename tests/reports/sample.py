"""A small release made by hand: four municipalities, each in a state of its own, from the built-in catalogue.

``ALL`` has both views, ``SELF`` handed in but has too few answers, ``OUTSIDE`` has answers but handed nothing in,
``NOTHING`` has neither. The numbers follow a fixed pattern; they are made to be told apart, not to be likely.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from scoring.release import (
    District,
    MethodInfo,
    Municipality,
    OutsideScore,
    PairGap,
    PeerGroup,
    Places,
    Quartiles,
    RegionAgreement,
    RegionIndicator,
    RegionNode,
    RegionPair,
    RegionSheet,
    Release,
    RoundInfo,
    SelfScore,
    UnitSheet,
)

ALL, SELF, OUTSIDE, NOTHING = "05970001", "05970002", "05970003", "05970004"
NAMES = {ALL: "Siegen", SELF: "Bad Berleburg", OUTSIDE: "Olpe", NOTHING: "Hallenberg"}
PARAMETERS = {"margin": 5.0, "quadrant_self": 50.0, "quadrant_outside": 60.0, "minimum_public": 10, "minimum_own": 5}
SPREAD = Quartiles(n=18, q1=37.5, median=50.0, q3=62.5)
BANDS = ("better", "same", "worse", "open")


def level_of(number: int) -> int | None:
    """Levels 0 to 4 in turn, every eleventh criterion not answered."""
    return None if number % 11 == 10 else (number * 3 + number // 5) % 5


def self_view(catalogue: Catalogue) -> tuple[SelfScore, ...]:
    scores = [SelfScore(node="total", kind="total", status="published", score=55.0, coverage=0.95)]
    scores += [
        SelfScore(node=a.id, kind="area", status="published", score=52.5, coverage=0.9, peers=SPREAD, region=SPREAD)
        for a in catalogue.areas
    ]
    for number, dimension in enumerate(catalogue.dimensions):
        missing = number == 3
        partial = number == 5
        scores.append(
            SelfScore(
                node=dimension.id,
                kind="dimension",
                status="insufficient" if missing else "published",
                score=None if missing else 12.5 + 8.4 * number,
                coverage=0.33 if missing else 0.8 if partial else 1.0,
                low=40.0 if partial else None,
                high=60.0 if partial else None,
                peers=SPREAD,
                region=SPREAD.model_copy(update={"n": 57, "median": 47.5}),
            )
        )
    for number, criterion in enumerate(catalogue.criteria):
        level = level_of(number)
        status = "not_applicable" if number == 7 else "unanswered" if level is None else "published"
        scored = status == "published"
        scores.append(
            SelfScore(
                node=criterion.id,
                kind="criterion",
                status=status,
                score=25.0 * level if scored and level is not None else None,
                level=level if scored else None,
                coverage=1.0 if scored else 0.0,
                peers=SPREAD,
                region=SPREAD,
            )
        )
    return tuple(scores)


def outside_view(catalogue: Catalogue) -> tuple[OutsideScore, ...]:
    """Every seventh item suppressed, every ninth coarse, the rest published."""
    scores = [_published("overall", "overall", 61.3, 83, 0)]
    dimensions = {catalogue.criterion(i.criterion).dimension for i in catalogue.items if i.criterion}
    scores += [
        _published(dimension, "dimension", 48.0 + 4 * number, 80 - number, number)
        for number, dimension in enumerate(sorted(dimensions))
    ]
    for number, item in enumerate(catalogue.items):
        if number % 7 == 4:
            scores.append(OutsideScore(indicator=item.id, kind="item", status="suppressed"))
        elif number % 9 == 8:
            scores.append(OutsideScore(indicator=item.id, kind="item", status="coarse", score=65.0))
        else:
            scores.append(_published(item.id, "item", 30.7 + 3.1 * number, 83 - number, number))
    return tuple(scores)


def _published(indicator: str, kind: str, score: float, n: int, number: int) -> OutsideScore:
    tilt = number / 20
    shares = (0.25 * (1 - tilt), 0.2 * (1 - tilt), 0.15, 0.25, 0.15 + 0.45 * tilt)
    return OutsideScore(
        indicator=indicator,
        kind=kind,
        status="published",
        n=n,
        score=score,
        low=score - 6.2,
        high=score + 5.9,
        top_two=shares[3] + shares[4],
        distribution=shares if kind == "item" else None,
        not_concerned=0.04,
        detectable=9.0,
        band=BANDS[number % 4],
        peers=SPREAD,
        region=SPREAD,
    )


def pairs(catalogue: Catalogue, views: tuple[SelfScore, ...], outside: tuple[OutsideScore, ...]) -> tuple[PairGap, ...]:
    own = {score.node: score.score for score in views}
    theirs = {score.indicator: score for score in outside if score.status == "published"}
    return tuple(_pair(number, item, c, own, theirs) for number, (item, c) in enumerate(catalogue.pairs()))


def _pair(number, item, criterion, own, theirs) -> PairGap:
    score, other = own.get(criterion.id), theirs.get(item.id)
    if score is None or other is None:
        return PairGap(item=item.id, criterion=criterion.id, self_score=score)
    gap = score - other.score
    return PairGap(
        item=item.id,
        criterion=criterion.id,
        self_score=score,
        outside_score=other.score,
        outside_low=other.low,
        outside_high=other.high,
        gap=gap,
        low=gap - 9,
        high=gap + 9,
        verdict="higher" if gap > 15 else "undecided",
        quadrant=_quadrant(score, other, decided=number % 6 != 5),
    )


def _quadrant(score: float, other: OutsideScore, *, decided: bool) -> str:
    if not decided or other.low < 60 <= other.high:
        return "undecided"
    high = other.score >= 60
    return ("strength" if high else "blind_spot") if score >= 50 else ("hidden_strength" if high else "need_to_act")


def units(catalogue: Catalogue) -> dict[str, UnitSheet]:
    views, outside = self_view(catalogue), outside_view(catalogue)
    hidden = tuple(OutsideScore(indicator=s.indicator, kind=s.kind, status="suppressed") for s in outside)
    blank = tuple(SelfScore(node=s.node, kind=s.kind, status="unanswered") for s in views)
    return {
        ALL: UnitSheet(
            ags=ALL,
            handed_in=True,
            responses=85,
            needed=15,
            self_view=views,
            outside_view=outside,
            pairs=pairs(catalogue, views, outside),
        ),
        SELF: UnitSheet(
            ags=SELF, handed_in=True, self_view=views, outside_view=hidden, pairs=pairs(catalogue, views, hidden)
        ),
        OUTSIDE: UnitSheet(
            ags=OUTSIDE,
            handed_in=False,
            responses=85,
            self_view=blank,
            outside_view=outside,
            pairs=pairs(catalogue, blank, outside),
        ),
        NOTHING: UnitSheet(ags=NOTHING, handed_in=False, self_view=blank, outside_view=hidden),
    }


def region_sheet(catalogue: Catalogue) -> RegionSheet:
    nodes = [
        RegionNode(node=d.id, kind="dimension", spread=SPREAD.model_copy(update={"median": 40.0 + 2 * number}))
        for number, d in enumerate(catalogue.dimensions)
    ]
    nodes += [
        RegionNode(
            node=criterion.id,
            kind="criterion",
            spread=SPREAD,
            levels=(number % 9, 12, 20 - number % 9, 9, 4) if number != 2 else None,
            not_applicable=number % 3 if number != 2 else None,
        )
        for number, criterion in enumerate(catalogue.criteria)
    ]
    dimensions = sorted({catalogue.criterion(i.criterion).dimension for i in catalogue.items if i.criterion})
    indicators = [_indicator(d, "dimension", 55.0 + 2 * n, n) for n, d in enumerate(dimensions)]
    indicators += [_indicator(item.id, "item", 42.0 + 2 * n, n) for n, item in enumerate(catalogue.items)]
    return RegionSheet(
        invited=59,
        handed_in=46,
        with_results=38,
        responses=6543,
        self_view=tuple(nodes),
        outside_view=tuple(indicators),
        pairs=tuple(
            RegionPair(
                item=item.id,
                criterion=criterion.id,
                municipalities=30 - number if number != 3 else 2,
                self_median=50.0 if number != 3 else None,
                outside_median=45.0 + 2 * number if number != 3 else None,
                gap_mean=8.0 - 1.5 * number if number != 3 else None,
                gap_low=3.0 - 1.5 * number if number != 3 else None,
                gap_high=13.0 - 1.5 * number if number != 3 else None,
            )
            for number, (item, criterion) in enumerate(catalogue.pairs())
        ),
        agreement=tuple(
            RegionAgreement(
                dimension=dimension,
                municipalities=30,
                bias=12.0,
                low=-9.0,
                high=33.0,
                correlation=0.4,
                correlation_low=-0.1,
                correlation_high=0.7,
                prediction=prediction,
            )
            for dimension, prediction in zip(
                dimensions, ("predicts", "does_not_predict", "contradicts", "undecided"), strict=False
            )
        ),
        places=Places(self_units=46, by_rules=17, outside_units=38, by_chance=24),
    )


def _indicator(indicator: str, kind: str, score: float, number: int) -> RegionIndicator:
    return RegionIndicator(
        indicator=indicator,
        kind=kind,
        status="published",
        n=6000 - 100 * number,
        pooled=score,
        pooled_low=score - 1.1,
        pooled_high=score + 1.2,
        typical=score - 2.4,
        typical_low=score - 4.9,
        typical_high=score + 0.3,
        distribution=(0.1, 0.2, 0.25, 0.25, 0.2),
        top_two=0.45,
        not_concerned=0.07,
        spread=SPREAD,
        differs=number % 3 != 0,
        probability=0.9,
        **(_item_worth(number) if kind == "item" else _scale_worth(number)),
    )


def _scale_worth(number: int) -> dict[str, Any]:
    verdict = ("report", "weak", "suppress")[number % 3]
    return {"alpha": 0.75, "alpha_low": 0.71, "alpha_high": 0.79, "omega": 0.77, "reliability": verdict}


def _item_worth(number: int) -> dict[str, Any]:
    return {"importance": 0.02 * (number + 1), "importance_low": 0.01, "importance_high": 0.03 * (number + 1)}


def release(catalogue: Catalogue | None = None, *, demo: bool = True, names: dict[str, str] | None = None) -> Release:
    """The sample; ``names`` replaces names of municipalities by their key."""
    catalogue = catalogue or _catalogue()
    sheets = units(catalogue)
    return Release(
        demo=demo,
        round=RoundInfo(key="2026", title="Erhebungsrunde 2026", opens="2026-09-01", closes="2026-10-31"),
        method=MethodInfo(version="1.1", parameters=PARAMETERS),
        input_sha256="0" * 64,
        region_name="Südwestfalen",
        catalogue=catalogue,
        districts=(District(ags="05970", name="Siegen-Wittgenstein"), District(ags="05966", name="Olpe")),
        peer_groups=(
            PeerGroup(id="towns", name="sonstige Städte", members=tuple(NAMES)),
            PeerGroup(id="villages", name="Gemeinden", members=(), note="zu klein, mit den Städten verglichen"),
        ),
        municipalities=tuple(
            Municipality(
                ags=ags,
                name=(names or {}).get(ags, name),
                kind="Stadt",
                legal_status="Mittlere kreisangehörige Stadt",
                district="05970",
                population=20_000,
                peer_group="towns",
                participates=ags != NOTHING,
                consented=ags != NOTHING,
            )
            for ags, name in NAMES.items()
        ),
        region=region_sheet(catalogue),
        public={ALL: sheets[ALL], OUTSIDE: sheets[OUTSIDE]},
        own=sheets,
    )


@cache
def _catalogue() -> Catalogue:
    return builtin()
