"""CSV files of a release: UTF-8, comma, RFC 4180, decimal point, one header row named by the codebook.

A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers never do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from questionnaires.catalogue import SOURCE_LANGUAGE, Catalogue
from reports.sheets import Audience, sha256_of, sheet_of
from reports.tables.codebook import VARIABLES, Table, columns
from scoring.release import (
    OutsideScore,
    PairGap,
    Quartiles,
    RegionIndicator,
    RegionNode,
    RegionPair,
    Release,
    SelfScore,
    UnitSheet,
)

Cell = str | int | float | bool | None
Row = dict[str, Cell]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def region_csv(release: Release) -> bytes:
    """The region: one row per node, indicator and pair."""
    rows = [
        *(_region_node(release, node) for node in release.region.self_view),
        *(_region_indicator(release, score) for score in release.region.outside_view),
        *(_region_pair(release, pair) for pair in release.region.pairs),
    ]
    return _written("region", (_round(release) | row for row in rows))


def municipality_csv(release: Release, ags: str, audience: Audience = "public") -> bytes:
    """One municipality as ``audience`` may see it; ``NotInRelease`` if there is no such sheet."""
    return _written("municipality", _unit_rows(release, sheet_of(release, ags, audience)))


def all_csv(release: Release) -> bytes:
    """All municipalities that are public, one below the other."""
    sheets = (release.public[ags] for ags in sorted(release.public))
    return _written("municipality", (row for sheet in sheets for row in _unit_rows(release, sheet)))


def codebook_csv(release: Release) -> bytes:
    """The codebook of the files of this release."""
    names = ("demonstration", "name", "label_de", "label_en", "unit", "missing", "tables")
    rows: Iterable[Row] = (
        {
            "demonstration": release.demo,
            "name": variable.name,
            "label_de": variable.german,
            "label_en": variable.english,
            "unit": variable.unit,
            "missing": variable.missing,
            "tables": " ".join(variable.tables),
        }
        for variable in VARIABLES
    )
    return _delimited(names, rows)


def _written(table: Table, rows: Iterable[Row]) -> bytes:
    return _delimited(columns(table), rows)


def _delimited(names: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue().encode()


def cell(value: Cell) -> str:
    """A value as it stands in the file; ``None`` is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(round(value, 6))
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


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
