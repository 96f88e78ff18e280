"""The rows of the tables of a release: one per node, indicator, pair, group and change, by the codebook's names.

Values keep their type; what is not in the release is ``None`` or left out. Files and the API are made from these rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.catalogue import SOURCE_LANGUAGE, Catalogue
from reports.sheets import Audience, sha256_of, sheet_of
from reports.tables.codebook import VARIABLES
from scoring.release import (
    Change,
    Group,
    OutsideScore,
    PairGap,
    Quartiles,
    RegionChange,
    RegionIndicator,
    RegionNode,
    RegionPair,
    Release,
    SelfScore,
    UnitSheet,
)

Cell = str | int | float | bool | None
Row = dict[str, Cell]


def region_rows(release: Release) -> Iterator[Row]:
    """The region: its nodes, indicators, pairs, groups and changes."""
    head = _round(release)
    yield from (head | _region_node(release, node) for node in release.region.self_view)
    yield from (head | _region_indicator(release, score) for score in release.region.outside_view)
    yield from (head | _region_pair(release, pair) for pair in release.region.pairs)
    yield from (head | row for group in release.region.groups for row in _group_rows(release, group))
    yield from (head | _region_change(release, change) for change in release.region.changes)


def municipality_rows(release: Release, ags: str, audience: Audience = "public") -> Iterator[Row]:
    """One municipality as ``audience`` may see it; ``NotInRelease`` if there is no such sheet."""
    return _unit_rows(release, sheet_of(release, ags, audience))


def all_rows(release: Release) -> Iterator[Row]:
    """All municipalities that are public, one below the other."""
    for ags in sorted(release.public):
        yield from _unit_rows(release, release.public[ags])


def codebook_rows(release: Release) -> Iterator[Row]:
    """The codebook of these tables."""
    for variable in VARIABLES:
        yield {
            "demonstration": release.demo,
            "name": variable.name,
            "label_de": variable.german,
            "label_en": variable.english,
            "unit": variable.unit,
            "missing": variable.missing,
            "tables": " ".join(variable.tables),
        }


CODEBOOK_COLUMNS = ("demonstration", "name", "label_de", "label_en", "unit", "missing", "tables")


def _round(release: Release) -> Row:
    return {"demonstration": release.demo, "release": sha256_of(release), "round": release.round.key}


def _title(catalogue: Catalogue, kind: str, key: str) -> str:
    """The German title of a node or indicator; the kind itself for what spans everything."""
    if kind == "item":
        return catalogue.item(key).text[SOURCE_LANGUAGE]
    if kind == "area":
        return catalogue.area(key).title[SOURCE_LANGUAGE]
    if kind == "dimension":
        return catalogue.dimension(key).title[SOURCE_LANGUAGE]
    return catalogue.criterion(key).title[SOURCE_LANGUAGE] if kind == "criterion" else kind


def _shares(distribution: tuple[float, ...] | None) -> Row:
    return {f"share_{rating}": share for rating, share in enumerate(distribution or (), start=1)}


def _spread(spread: Quartiles | None, prefix: str = "") -> Row:
    return {prefix + name: getattr(spread, name) for name in ("q1", "median", "q3")} if spread else {}


def _picked(source: object, *names: str) -> Row:
    return {name: getattr(source, name) for name in names}


def _region_node(release: Release, node: RegionNode) -> Row:
    head: Row = {"view": "self", "kind": node.kind, "key": node.node}
    counts: Row = {f"level_{level}": count for level, count in enumerate(node.levels or ())}
    counts |= {"not_applicable": node.not_applicable, "municipalities": node.spread.n if node.spread else None}
    return head | {"title": _title(release.catalogue, node.kind, node.node)} | counts | _spread(node.spread)


def _region_indicator(release: Release, score: RegionIndicator) -> Row:
    head: Row = {"view": "newcomers", "kind": score.kind, "key": score.indicator, "answers": score.n}
    head["title"] = _title(release.catalogue, score.kind, score.indicator)
    head["municipalities"] = score.spread.n if score.spread else None
    means = _picked(score, "pooled", "pooled_low", "pooled_high", "typical", "typical_low", "typical_high")
    rest = _picked(score, "status", "top_two", "not_concerned", "differs")
    rest |= _picked(score, "alpha", "alpha_low", "alpha_high", "omega", "reliability")
    rest |= _picked(score, "importance", "importance_low", "importance_high")
    return head | means | rest | _shares(score.distribution) | _spread(score.spread)


def _region_pair(release: Release, pair: RegionPair) -> Row:
    return {
        "view": "pair",
        "kind": "pair",
        "key": f"{pair.criterion}/{pair.item}",
        "title": _title(release.catalogue, "criterion", pair.criterion),
        "municipalities": pair.municipalities,
        "self_score": pair.self_median,
        "outside_score": pair.outside_median,
        "gap": pair.gap_mean,
        "gap_low": pair.gap_low,
        "gap_high": pair.gap_high,
    }


def _unit_rows(release: Release, sheet: UnitSheet) -> Iterator[Row]:
    municipality = release.municipality(sheet.ags)
    head = _round(release) | {
        "ags": municipality.ags,
        "municipality": municipality.name,
        "district": municipality.district,
        "peer_group": municipality.peer_group,
    }
    yield from (head | _self_row(release, score) for score in sheet.self_view)
    yield from (head | _outside_row(release, score) for score in sheet.outside_view)
    yield from (head | _pair_row(release, pair) for pair in sheet.pairs)
    yield from (head | row for group in sheet.groups for row in _group_rows(release, group))
    yield from (head | _change_row(release, change) for change in sheet.changes)


def _compared(score: SelfScore | OutsideScore) -> Row:
    median = score.region.median if score.region else None
    return {"region_median": median} | _spread(score.peers, "peers_")


def _self_row(release: Release, score: SelfScore) -> Row:
    head: Row = {"view": "self", "kind": score.kind, "key": score.node}
    head["title"] = _title(release.catalogue, score.kind, score.node)
    values = _picked(score, "status", "level", "coverage", "score", "low", "high", "not_applicable")
    return head | values | _compared(score)


def _outside_row(release: Release, score: OutsideScore) -> Row:
    head: Row = {"view": "newcomers", "kind": score.kind, "key": score.indicator, "answers": score.n}
    head["title"] = _title(release.catalogue, score.kind, score.indicator)
    estimates = _picked(score, "status", "score", "low", "high", "shrunken", "shrunken_low", "shrunken_high", "band")
    estimates |= _picked(score, "detectable")
    shares = _picked(score, "top_two", "top_two_low", "top_two_high", "not_concerned")
    return head | estimates | shares | _shares(score.distribution) | _compared(score)


def _pair_row(release: Release, pair: PairGap) -> Row:
    return {
        "view": "pair",
        "kind": "pair",
        "key": f"{pair.criterion}/{pair.item}",
        "title": _title(release.catalogue, "criterion", pair.criterion),
        "self_score": pair.self_score,
        "outside_score": pair.outside_score,
        "low": pair.outside_low,
        "high": pair.outside_high,
        "gap": pair.gap,
        "gap_low": pair.low,
        "gap_high": pair.high,
        "quadrant": pair.quadrant,
    }


def _group_rows(release: Release, group: Group) -> Iterator[Row]:
    """How many chose an answer to a question about themselves, and what they say, one row per indicator."""
    head: Row = {"view": "newcomers", "kind": "group", "question": group.question, "option": group.option}
    yield head | {"key": "", "title": "", "answers": group.n}
    for score in group.scores:
        kind = _indicator_kind(release.catalogue, score.indicator)
        yield head | {
            "key": score.indicator,
            "title": _title(release.catalogue, kind, score.indicator),
            "answers": score.n,
            "score": score.score,
            "low": score.low,
            "high": score.high,
        }


def _indicator_kind(catalogue: Catalogue, indicator: str) -> str:
    if any(item.id == indicator for item in catalogue.items):
        return "item"
    return "dimension" if any(dimension.id == indicator for dimension in catalogue.dimensions) else indicator


def _change_row(release: Release, change: Change) -> Row:
    return {
        "view": "self" if change.view == "self" else "newcomers",
        "kind": "change",
        "key": change.subject,
        "title": _title(release.catalogue, change.kind, change.subject),
        "since": change.earlier[-1].round if change.earlier else None,
        "change": change.change,
        "change_low": change.low,
        "change_high": change.high,
        "change_flag": change.flag,
    }


def _region_change(release: Release, change: RegionChange) -> Row:
    return {
        "view": "newcomers",
        "kind": "change",
        "key": change.indicator,
        "title": _title(release.catalogue, change.kind, change.indicator),
        "municipalities": change.municipalities,
        "since": change.since,
        "change": change.change,
        "change_low": change.low,
        "change_high": change.high,
    }
