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
    Backing,
    Change,
    Contact,
    Decision,
    District,
    EarlierInfo,
    Extract,
    FunnelLimit,
    Goal,
    Group,
    GroupScore,
    MethodInfo,
    Municipality,
    OutsideScore,
    PairGap,
    PeerGroup,
    Places,
    Quartiles,
    RegionAgreement,
    RegionChange,
    RegionIndicator,
    RegionNode,
    RegionPair,
    RegionSheet,
    Release,
    RoundInfo,
    RoundParticipation,
    SelfScore,
    Theme,
    UnitSheet,
    WaveScore,
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
                backing=_backing(number, level) if scored and level is not None else None,
                peers=SPREAD,
                region=SPREAD,
            )
        )
    return tuple(scores)


def _backing(number: int, level: int) -> Backing:
    """Every third criterion with evidence, every sixth claims more than it can show, validation in turn."""
    if number % 6 == 1 and level == 2:
        return Backing(claimed=3, self_report=True, validation="open")
    evidence = number % 3
    kinds = ("document", "link")[:evidence]
    return Backing(
        claimed=level, evidence=evidence, evidence_kinds=kinds, validation=("none", "accepted", "changed")[evidence]
    )


def groups(catalogue: Catalogue, scale: int = 1) -> tuple[Group, ...]:
    """Of each question the options but the first; the first is too small to be shown."""
    outcome = next(item.id for item in catalogue.items if item.outcome)
    found = []
    for q, question in enumerate(catalogue.profile_questions):
        for o, option in enumerate(question.options[1:]):
            n, score = (14 + 3 * o + q) * scale, 55.0 + 4 * o - 2 * q
            scores = tuple(
                GroupScore(indicator=i, n=n - 1, score=score, low=score - 8, high=score + 8)
                for i in ("overall", outcome)
            )
            found.append(Group(question=question.id, option=option.id, n=n, scores=scores))
    found += [Group(question="language", option=code, n=20 * scale) for code in ("de", "en")]
    return (*found, Group(question="channel", option="open", n=40 * scale))


def changes(catalogue: Catalogue) -> tuple[Change, ...]:
    found = [
        Change(
            subject=dimension.id,
            kind="dimension",
            view="self",
            earlier=(WaveScore(round="2024", score=30.0 + 3 * number),),
            change=12.5 - 3 * number,
        )
        for number, dimension in enumerate(catalogue.dimensions)
    ]
    flags = ("better", "open", "open", "worse", "same", "open")
    shown = [item.id for number, item in enumerate(catalogue.items) if number % 7 != 4 and number % 9 != 8]
    subjects = [("overall", "overall"), *((item, "item") for item in shown)]
    for number, (subject, kind) in enumerate(subjects):
        score = 45.0 + number
        found.append(
            Change(
                subject=subject,
                kind=kind,
                view="outside",
                earlier=(WaveScore(round="2024", n=60 + number, score=score, low=score - 6, high=score + 6),),
                change=9.0 - number,
                low=1.0 - number,
                high=17.0 - number,
                flag=flags[number % 6],
            )
        )
    return tuple(found)


def goals(catalogue: Catalogue) -> tuple[Goal, ...]:
    """One goal of each kind: reached, missed, still open."""
    return tuple(
        Goal(
            criterion=catalogue.criteria[number].id,
            target=3,
            due="2027-06-30",
            measure="Eine Lotsin gewinnen und einarbeiten",
            set_in="2024" if number < 2 else "2026",
            reached=(True, False, None)[number],
        )
        for number in range(3)
    )


def themes(*counts: int) -> tuple[Theme, ...]:
    names = (
        ("people", "Menschen", "People"),
        ("mobility", "Bus, Bahn, Wege", "Bus and train"),
        ("work", "Arbeit", "Work"),
    )
    found = [
        Theme(theme=code, title={"de": de, "en": en}, n=n) for (code, de, en), n in zip(names, counts, strict=False)
    ]
    return tuple(sorted(found, key=lambda theme: -theme.n))


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
            newcomers=420,
            goals=goals(catalogue),
            groups=groups(catalogue),
            changes=changes(catalogue),
            themes=themes(12, 31, 17),
            decision=Decision(
                body="council",
                decided_on="2025-03-12",
                paper_number="45/2025",
                votes=(31, 2, 1),
                renew_by="2029-12-31",
            ),
            contact=Contact(name="Willkommensstelle", phone="0271 123-0", email="willkommen@kommune.example"),
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
        groups=groups(catalogue, 40),
        changes=(
            RegionChange(
                indicator="overall", kind="overall", since="2024", municipalities=30, change=2.1, low=0.4, high=3.8
            ),
        ),
        participation=(
            RoundParticipation(
                round="2024",
                title="Erhebungsrunde 2024",
                closes="2024-10-31",
                invited=59,
                handed_in=38,
                with_results=30,
                responses=5120,
            ),
            RoundParticipation(
                round="2026",
                title="Erhebungsrunde 2026",
                closes="2026-10-31",
                invited=59,
                handed_in=46,
                with_results=38,
                responses=6543,
            ),
        ),
        funnel_centre=60.0,
        funnel=tuple(
            FunnelLimit(n=n, low=60 - w, high=60 + w, outer_low=60 - 1.6 * w, outer_high=60 + 1.6 * w)
            for n, w in ((10, 20.0), (20, 15.0), (50, 10.0), (100, 8.0), (200, 7.0))
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
                good_examples=("A1.1", "B2.3") if ags == SELF else (),
                latitude=51.0 + 0.1 * number,
                longitude=8.0 + 0.15 * (number % 3),
            )
            for number, (ags, name) in enumerate(NAMES.items())
        ),
        earlier=(EarlierInfo(key="2024", title="Erhebungsrunde 2024", opens="2024-09-01", closes="2024-10-31"),),
        region=region_sheet(catalogue),
        themes=themes(140, 210, 95),
        extracts=(Extract(text="Die Nachbarschaft hat geholfen."), Extract(text="Busse am Abend.")),
        public={ALL: sheets[ALL], OUTSIDE: sheets[OUTSIDE]},
        own=sheets,
    )


@cache
def _catalogue() -> Catalogue:
    return builtin()
