"""From results to files: all of them or none, at full precision, and always the same bytes for the same input.

Numbers are written with as many digits as it takes to read the same number again; an empty cell is missing.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.files.computing import FIGURES, Results, Sheet
from scoring.files.persons import Wave
from scoring.files.reading import Input
from scoring.files.robustness import Robustness
from scoring.index import STATUSES

SCORES = (
    "unit",
    "wave",
    "node",
    "score",
    "share",
    "status",
    "n",
    "low",
    "high",
    "shrunken",
    "shrunken_low",
    "shrunken_high",
    "flag",
    "rank_low",
    "rank_high",
)
CHANGES = ("unit", "node", "change", "low", "high", "shrunken", "shrunken_low", "shrunken_high", "flag")
RELIABILITY = ("node", "items", "n", "alpha", "alpha_low", "alpha_high", "omega")
_PLACES = {"rank": "nominal", "rank_low": "low", "rank_median": "median", "rank_high": "high"}
_REPLICATED = ("shift", "near", "robust", "scored", "score_low", "score_median", "score_high")
SENSITIVITY = ("unit", "wave", "node", *_PLACES, *_REPLICATED)
SUMMARY = "summary.json"
FILES = ("scores.csv", "changes.csv", "reliability.csv", "sensitivity.csv", SUMMARY)

Line = Iterable[object]


class OutputNotEmpty(ValueError):
    """The place for the results is taken by something else."""


def check_output(folder: Path) -> None:
    """Raise ``OutputNotEmpty`` unless the folder is missing, empty, or holds earlier results and nothing else."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputNotEmpty(f"{folder} is a file; name a folder that does not exist yet.")
    names = {path.name for path in folder.iterdir()}
    if names and not (SUMMARY in names and names <= set(FILES)):
        others = ", ".join(sorted(names - set(FILES))[:5]) or "other files"
        raise OutputNotEmpty(f"{folder} holds {others}; name an empty folder, or one with earlier results only.")


def write_results(folder: Path, data: Input, results: Results, timings: Mapping[str, float] | None = None) -> list[str]:
    """Write all files and give their names; the folder appears, or is replaced, at once when all are complete.

    Only the person who runs this can read them. Raises ``OutputNotEmpty`` and ``OSError``; nothing is left then.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_tables(aside, data, results)
        text = json.dumps(summary(data, results, timings), indent=2, ensure_ascii=False, allow_nan=False)
        (aside / SUMMARY).write_text(text + "\n", encoding="utf-8")
        _move(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return [name for name in FILES if (folder / name).is_file()]


def _move(aside: Path, folder: Path) -> None:
    check_output(folder)
    if folder.exists():
        earlier = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        folder.replace(earlier)
        try:
            aside.replace(folder)
        except OSError:
            earlier.replace(folder)
            raise
        shutil.rmtree(earlier)
    else:
        aside.replace(folder)


def _write_tables(folder: Path, data: Input, results: Results) -> None:
    _write(folder / "scores.csv", SCORES, _score_rows(data, results))
    if results.changes is not None:
        _write(folder / "changes.csv", CHANGES, _change_rows(data, results))
    _write(folder / "reliability.csv", RELIABILITY, _reliability_rows(data, results))
    rows = (row for found in results.robustness for row in _sensitivity_rows(data, found))
    _write(folder / "sensitivity.csv", SENSITIVITY, rows)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _cells(values: NDArray[np.generic]) -> list[object]:
    """Numbers as they are to be written: "" for missing, whole numbers without a point behind them, no minus zero."""
    return ["" if v != v else v + 0 if isinstance(v, float) else v for v in values.tolist()]


def _score_rows(data: Input, results: Results) -> Iterator[Line]:
    """By unit in the order of the input, then wave, then node in the order of the structure."""
    ids = data.hierarchy.structure.ids
    for u, unit in enumerate(data.units):
        for sheet in results.sheets:
            yield from _unit_rows(unit, u, sheet, ids)


def _unit_rows(unit: str, u: int, sheet: Sheet, ids: tuple[str, ...]) -> Iterator[Line]:
    nodes = np.flatnonzero(sheet.filled)
    figures = {name: _cells(sheet.figures[name][u, nodes]) for name in FIGURES}
    figures["n"] = ["" if n == "" else int(n) for n in figures["n"]]  # type: ignore[call-overload]
    figures["node"] = [ids[node] for node in nodes]
    figures["status"] = [STATUSES[code] for code in sheet.status[u, nodes]]
    figures["flag"] = _flags(sheet.flag[u, nodes])
    for row in zip(*(figures[name] for name in SCORES[2:]), strict=True):
        yield (unit, sheet.wave, *row)


def _flags(flags: NDArray[np.str_]) -> list[object]:
    return ["" if flag == "none" else flag for flag in flags.tolist()]


def _change_rows(data: Input, results: Results) -> Iterator[Line]:
    if results.changes is None or results.persons is None:
        return
    ids = [data.hierarchy.structure.ids[node] for node in results.persons.nodes]
    for u, unit in enumerate(data.units):
        columns = [_cells(getattr(results.changes, name)[u]) for name in CHANGES[2:-1]]
        for row in zip(ids, *columns, _flags(results.changes.flag[u]), strict=True):
            yield (unit, *row)


def _reliability_rows(data: Input, results: Results) -> Iterator[Line]:
    for node, found in results.reliability:
        values = _cells(np.array([found.alpha, found.alpha_low, found.alpha_high, found.omega]))
        yield (data.hierarchy.structure.ids[node], found.items, found.n, *values)


def _sensitivity_rows(data: Input, found: Robustness) -> Iterator[Line]:
    names = (*_PLACES.values(), *_REPLICATED)
    columns = [_cells(np.asarray(getattr(found.uncertainty, name), dtype=float)) for name in names]
    columns[names.index("robust")] = ["yes" if robust else "no" for robust in found.uncertainty.robust.tolist()]
    for row in zip(data.units, *columns, strict=True):
        if row[1] != "":
            yield (row[0], found.wave, _root(data), *row[1:])


def _root(data: Input) -> str:
    return next(node.id for node in data.hierarchy.nodes if not node.parent)


def summary(data: Input, results: Results, timings: Mapping[str, float] | None = None) -> dict[str, object]:
    """How the numbers were made: method and parameters, input files, what was counted, signals, and what to know."""
    settings = data.settings
    found: dict[str, object] = {
        "method": settings.method.version,
        "parameters": settings.method.parameters(),
        "index": {
            "normalise": data.normalisation,
            "to": list(settings.to),
            "order": settings.order,
            "minimum_share": settings.minimum_share,
        },
        "inputs": data.files,
        "counts": _counts(data, results),
        "signals": [signal for wave in _waves(results) for signal in _signals(data, results, wave)],
        "sobol": [_sobol(varied) for varied in results.robustness if varied.sobol is not None],
        "notes": list(results.notes),
    }
    return found if timings is None else found | {"timings": dict(timings)}


def _waves(results: Results) -> tuple[Wave, ...]:
    return () if results.persons is None else results.persons.waves


def _counts(data: Input, results: Results) -> dict[str, object]:
    responses = {} if data.ratings is None else dict.fromkeys((wave.name for wave in _waves(results)), 0)
    if data.ratings is not None:
        for (_, wave), n in zip(data.ratings.cells, data.ratings.tally.respondents.tolist(), strict=True):
            responses[wave] += n
    return {
        "units": len(data.units),
        "nodes": len(data.hierarchy.nodes),
        "indicators": len(data.indicators),
        "items": int(data.item.sum()),
        "responses": responses,
        "change": [wave.name for wave in _waves(results)[-2:]] if results.changes is not None else [],
    }


def _signals(data: Input, results: Results, wave: Wave) -> Iterator[dict[str, object]]:
    """Per node, whether units differ; empty figures where too few units have enough answers."""
    model, gate = wave.model, data.settings.method.gate_probability
    nodes = () if results.persons is None else results.persons.nodes.tolist()
    for j, node in enumerate(nodes):
        probability = _finite(model.probability[j])
        yield {
            "wave": wave.name,
            "node": data.hierarchy.structure.ids[node],
            "units": int(model.units[j]),
            "probability": probability,
            "signal": None if probability is None else probability >= gate,
            "between_variance": _finite(model.between[j]),
            "answers_needed": _finite(model.needed[j]),
        }


def _sobol(varied: Robustness) -> dict[str, object]:
    """The share of each factor in the places of all units together, alone and with its interactions."""
    if varied.sobol is None:
        return {}
    places = varied.sobol.places
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    return {
        "wave": varied.wave,
        "affected": bool(places.affected),
        "factors": {
            factor: {"varied": varied.sobol.active[k]} | {name: _finite(getattr(places, name)[k]) for name in names}
            for k, factor in enumerate(varied.sobol.factors)
        },
    }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
