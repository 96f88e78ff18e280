"""The attacker: reads everything public, writes down what it says as equations, and looks for what they force.

Nothing here knows the release or the database: ``tables`` are as a stranger gets them. ``attack`` takes the releases of
one round, the oldest first. The method is public, so the attacker knows its rules: a total is formed of all
municipalities or only of those shown, a figure is shown from ten answers on, and answers only come in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

THRESHOLD = 10
OWN = 5
"""What a municipality itself may see; and the fewest people who may come in between two releases."""
PROTECTION = 5
POINTS = np.arange(5) * 25.0
FINE = 30
TINY = 1e-6
Row = dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What one release says: rows of its tables, who takes part, and how many responded where that is said."""

    region: list[Row]
    places: list[Row]
    members: tuple[str, ...]
    responses: dict[str, int]
    everybody: int | None
    themes: dict[str, dict[str, int]]
    """How many texts have a theme: by key of the municipality, empty for the region, and theme."""
    addresses: dict[str, str] = field(default_factory=dict)
    """The page of each municipality, and its key."""
    keys: dict[str, str] = field(default_factory=dict)
    """The name of each municipality, and its key."""

    def told(self, ags: str = "", key: str = "") -> set[int]:
        """Every number of answers that is told of a question (or any) and a municipality (or any), and of the region.

        Of all questions together also how many responded, and how many wrote on a theme.
        """
        rows = [*self.region, *(row for row in self.places if ags in ("", row["ags"]))]
        found = {int(row["answers"]) for row in rows if row["answers"] and key in ("", row["key"])}
        if key:
            return found
        responses = {number for place, number in self.responses.items() if ags in ("", place)}
        themes = (themes.values() for place, themes in self.themes.items() if not place or ags in ("", place))
        return found.union(responses, {self.everybody or 0}, *themes)


@dataclass(frozen=True)
class Pinned:
    """Something withheld to which the equations leave less room than it must have."""

    what: str
    ags: str
    low: float
    high: float


def rows_of(table: bytes | str) -> list[Row]:
    """The rows of a CSV file."""
    text = table.decode() if isinstance(table, bytes) else table
    return list(csv.DictReader(io.StringIO(text)))


def attack(readings: Sequence[Reading]) -> list[Pinned]:
    """Everything withheld in any of the releases that can be narrowed down too far."""
    found = [pinned for item in items(readings[0]) for pinned in counts(readings, item)]
    for reading in readings:
        found += means(reading, "typical", "score", ("overall", "dimension", "item"), (0, 100))
        found += means(reading, "gap", "gap", ("pair",), (-100, 100))
        found += means(reading, "change", "change", ("change",), (-100, 100))
        found += quartiles(reading)
        found += levels(reading)
        found += themes(reading)
    return [*found, *groups(readings), *came(readings), *carried(readings)]


def items(reading: Reading) -> list[str]:
    return [row["key"] for row in reading.region if row["kind"] == "item"]


class System:
    """Linear equations and limits of unknowns; ``span`` gives the least and greatest value of a sum of them."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[tuple[np.ndarray, np.ndarray]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.least, self.most = np.zeros(width), np.full(width, np.inf)

    def add(self, columns: Any, values: Any, low: float, high: float) -> None:
        """``low`` <= the sum of ``values`` times these unknowns <= ``high``."""
        columns = np.atleast_1d(np.asarray(columns, dtype=int))
        self.rows.append((columns, np.broadcast_to(np.asarray(values, dtype=float), columns.shape)))
        self.low.append(low)
        self.high.append(high)

    @cached_property
    def limits(self) -> dict[str, Any]:
        """The equations as ``linprog`` wants them, put together once, when all are there."""
        sizes = [len(columns) for columns, _ in self.rows]
        places = np.concatenate([columns for columns, _ in self.rows]) if self.rows else np.zeros(0, dtype=int)
        values = np.concatenate([v for _, v in self.rows]) if self.rows else np.zeros(0)
        ends = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
        matrix = csr_array((values, places, ends), shape=(len(self.rows), self.width))
        low, high = np.array(self.low), np.array(self.high)
        above, below = np.isfinite(high), np.isfinite(low)
        return {
            "A_ub": vstack([matrix[above], -matrix[below]], format="csr"),
            "b_ub": np.concatenate([high[above], -low[below]]) + TINY,
            "bounds": np.column_stack([self.least, self.most]),
        }

    def span(self, columns: Any, values: Any = 1.0) -> tuple[float, float]:
        direction = np.zeros(self.width)
        direction[columns] = values
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * direction, **self.limits, method="highs")
            assert solved.status in (0, 3), solved.message
            ends.append(round(sign * solved.fun, 4) if solved.status == 0 else -sign * np.inf)
        return ends[0], ends[1]


# Numbers of answers and means of a question, over all releases together. Each municipality has six unknowns in each
# release: how many chose each of the five answers, and how many responded but did not answer.
CELLS = 6


def counts(readings: Sequence[Reading], item: str) -> Iterator[Pinned]:
    """Suppressed numbers of answers to an item, and suppressed means."""
    members = readings[0].members
    block = CELLS * len(members)
    system = System(block * len(readings))
    hidden: list[tuple[int, int]] = []
    known = [{r["ags"]: r for r in reading.places if (r["kind"], r["key"]) == ("item", item)} for reading in readings]
    for number, reading in enumerate(readings):
        for place, ags in enumerate(members):
            first = number * block + CELLS * place
            answers = first + np.arange(5)
            row = known[number].get(ags)
            if ags in reading.responses:
                system.add(first + np.arange(CELLS), 1.0, reading.responses[ags], reading.responses[ags])
            if row is not None and row["answers"]:
                say(system, answers[:, None], row, "score")
                continue
            hidden.append((number, place))
            if row is not None:  # Shown by name, but not this figure: then too few answered.
                later = [float(k[ags]["answers"]) for k in known[number + 1 :] if k[ags]["answers"]]
                system.add(answers, 1.0, 0, min([THRESHOLD - 1, *(max(OWN - 1, n - OWN) for n in later)]))
        total(system, reading, item, known[number], number * block)
    for column in range(block * (len(readings) - 1)):  # Answers only come in.
        if column % CELLS < CELLS - 1:
            system.add([column + block, column], [1.0, -1.0], 0, np.inf)
    yield from narrow(system, hidden, members, block, item)


def say(system: System, cells: np.ndarray, row: Row, mean: str) -> None:
    """What is published of the answers (answers, municipalities) of a row: number, shares and mean, all rounded."""
    n = float(row["answers"])
    system.add(cells.ravel(), 1.0, n, n)
    if not row["share_1"]:  # Answers so alike that they are withheld have a mean that is cut.
        return
    step, half = (0.01, 0.05) if n >= FINE else (0.1, 0.5)
    for rating, columns in enumerate(cells, start=1):
        share = float(row[f"share_{rating}"])
        system.add(columns, 1.0, n * (share - step), n * (share + step))
    if row["top_two"]:
        share = float(row["top_two"])
        system.add(cells[3:].ravel(), 1.0, n * (share - step / 2), n * (share + step / 2))
    middle = float(row[mean])
    system.add(cells.ravel(), np.repeat(POINTS, cells.shape[1]), n * (middle - half), n * (middle + half))


def total(system: System, reading: Reading, item: str, known: dict[str, Row], start: int) -> None:
    """The region's answers: those of the municipalities shown, which says nothing new, or of all of them."""
    cells = start + np.arange(CELLS * len(reading.members)).reshape(-1, CELLS)
    told = sum(reading.responses.values())
    if reading.everybody is not None and reading.everybody != told:
        system.add(cells.ravel(), 1.0, reading.everybody, reading.everybody)
    row = next(row for row in reading.region if (row["kind"], row["key"]) == ("item", item))
    visible = sum(float(place["answers"] or 0) for place in known.values())
    if row["answers"] and float(row["answers"]) != visible:
        say(system, cells[:, :5].T, row, "pooled")


def narrow(
    system: System, hidden: list[tuple[int, int]], members: Sequence[str], block: int, item: str
) -> Iterator[Pinned]:
    for number, place in hidden:
        columns = number * block + CELLS * place + np.arange(5)
        low, high = system.span(columns)
        if high - low >= PROTECTION:
            continue
        yield Pinned(f"release {number + 1}, {item}, number", members[place], low, high)
        if low == high > 0:
            least, most = system.span(columns, POINTS / low)
            if most - least < PROTECTION:
                yield Pinned(f"release {number + 1}, {item}, mean", members[place], least, most)


def parts(reading: Reading, row: Row, value: str) -> list[float]:
    """What is published of municipalities on the subject of a row of the region."""
    same = [p for p in reading.places if (p["view"], p["kind"], p["key"]) == (row["view"], row["kind"], row["key"])]
    return [float(p[value]) for p in same if p[value]]


def means(
    reading: Reading, mean: str, value: str, kinds: Sequence[str], limits: tuple[float, float]
) -> Iterator[Pinned]:
    """Suppressed values of municipalities from a mean over municipalities and the values that are shown."""
    for row in reading.region:
        if row["kind"] not in kinds or not row[mean] or not row["municipalities"]:
            continue
        shown = parts(reading, row, value)
        others = int(row["municipalities"]) - len(shown)
        if others <= 0:
            continue
        system = System(others)
        system.least[:], system.most[:] = limits
        rest = float(row[mean]) * int(row["municipalities"]) - sum(shown)
        system.add(np.arange(others), 1.0, rest - 0.01, rest + 0.01)
        low, high = system.span(0)
        if high - low < PROTECTION:
            yield Pinned(f"{row['kind']} {row['key']}, {mean}", "one of those withheld", low, high)


def quartiles(reading: Reading) -> Iterator[Pinned]:
    """The value of the only municipality that is counted but not shown, from quartiles and all other values."""
    for row in reading.region:
        if not row["median"] or not row["municipalities"]:
            continue
        shown = parts(reading, row, "score")
        if int(row["municipalities"]) != len(shown) + 1:
            continue
        said = [float(row[name]) for name in ("q1", "median", "q3")]
        possible = [
            value
            for value in np.arange(0, 100.25, 0.25)
            if np.abs(np.quantile([*shown, value], (0.25, 0.5, 0.75)) - said).max() < 0.26
        ]
        if possible and possible[-1] - possible[0] < PROTECTION:
            yield Pinned(f"{row['kind']} {row['key']}, quartiles", "the one withheld", possible[0], possible[-1])


def groups(readings: Sequence[Reading]) -> Iterator[Pinned]:
    """Suppressed numbers of persons in groups, and of their answers, from wholes, other groups and the region's.

    All releases of the round at once: the rows and columns of one, and the same people in the next.
    """
    asked = {(r["key"], r["question"]) for reading in readings for r in reading.places if r["kind"] == "group"}
    for key, question in sorted(asked):
        yield from groups_of([Crossed.of(reading, question, key) for reading in readings], f"{question} {key}")


@dataclass(frozen=True)
class Crossed:
    """Groups (columns) in municipalities (rows) in one release: cells shown, known sums of rows and of columns."""

    members: tuple[str, ...]
    shown: dict[tuple[str, str], float]
    wholes: dict[str, int]
    regional: dict[str, float]

    @classmethod
    def of(cls, reading: Reading, question: str, key: str) -> Crossed:
        said = [r for r in reading.places if (r["kind"], r["question"], r["key"]) == ("group", question, key)]
        everybody = {
            r["ags"]: int(r["answers"])
            for r in reading.places
            if r["kind"] != "group" and r["view"] == "newcomers" and r["key"] == key and r["answers"]
        }
        regional = {
            r["option"]: float(r["answers"])
            for r in reading.region
            if (r["kind"], r["question"], r["key"]) == ("group", question, key)
        }
        shown = {(r["ags"], r["option"]): float(r["answers"]) for r in said}
        return cls(reading.members, shown, everybody if key else reading.responses, regional)

    def together(self, ags: str) -> float:
        return sum(n for (place, _), n in self.shown.items() if place == ags)

    def visible(self, option: str) -> float:
        return sum(n for (_, column), n in self.shown.items() if column == option)


def groups_of(tables: Sequence[Crossed], subject: str) -> Iterator[Pinned]:
    options = sorted({o for table in tables for o in (*(option for _, option in table.shown), *table.regional)})
    members, width = tables[0].members, len(options) + 1
    block = len(members) * width
    system = System(block * len(tables))
    exclusive = all(table.together(ags) <= table.wholes.get(ags, np.inf) for table in tables for ags in members)
    for number, table in enumerate(tables):
        write_down(system, table, options, number * block, exclusive=exclusive)
    for column in range(block * (len(tables) - 1)):  # Answers only come in.
        system.add([column + block, column], [1.0, -1.0], 0, np.inf)
    for number, table in enumerate(tables):
        for place, ags in enumerate(members):
            for column, option in enumerate(options):
                if (ags, option) not in table.shown and table.together(ags):
                    low, high = system.span(number * block + place * width + column)
                    if high - low < PROTECTION:
                        yield Pinned(f"release {number + 1}, group {option} {subject}".rstrip(), ags, low, high)


def write_down(system: System, table: Crossed, options: Sequence[str], start: int, *, exclusive: bool) -> None:
    """What one release says of its groups; with those who gave no answer, they are everybody."""
    width = len(options) + 1
    for place, ags in enumerate(table.members):
        columns = start + place * width + np.arange(width)
        for column, option in zip(columns, options, strict=False):
            if (ags, option) in table.shown:
                system.least[column] = system.most[column] = table.shown[ags, option]
        if ags in table.wholes and exclusive:
            system.add(columns, 1.0, table.wholes[ags], table.wholes[ags])
        elif ags in table.wholes:
            system.most[columns] = np.minimum(system.most[columns], table.wholes[ags])
    for number, option in enumerate(options):
        if option in table.regional and table.regional[option] != table.visible(option):
            columns = start + np.arange(number, len(table.members) * width, width)
            system.add(columns, 1.0, table.regional[option], table.regional[option])


def levels(reading: Reading) -> Iterator[Pinned]:
    """Levels of municipalities that did not agree: the region's counts less those that are shown."""
    shown = {row["ags"] for row in reading.places}
    hidden = [ags for ags in reading.members if ags not in shown]
    for row in reading.region:
        if row["kind"] != "criterion" or not row["level_0"]:
            continue
        places = [p for p in reading.places if (p["kind"], p["key"]) == ("criterion", row["key"])]
        rest = [int(row[f"level_{n}"]) - sum(p["level"] == str(n) for p in places) for n in range(5)]
        if sum(rest) <= 0 or not hidden:
            continue
        system = System(5 * len(hidden))
        system.most[:] = 1
        for level in range(5):
            system.add(np.arange(level, system.width, 5), 1.0, rest[level], rest[level])
        for place in range(len(hidden)):
            system.add(5 * place + np.arange(5), 1.0, 0, 1)
        for place, ags in enumerate(hidden):
            for level in range(5):
                low, high = system.span(5 * place + level)
                if low > 1 - TINY:
                    yield Pinned(f"{row['key']} level {level}", ags, low, high)


def themes(reading: Reading) -> Iterator[Pinned]:
    """Numbers of texts on a theme that are not shown: the region's less those that are."""
    for theme, whole in reading.themes[""].items():
        shown = {ags: found[theme] for ags, found in reading.themes.items() if ags and theme in found}
        rest, others = whole - sum(shown.values()), [ags for ags in reading.members if ags not in shown]
        if not rest or not others:
            continue
        system = System(len(others))
        system.add(np.arange(len(others)), 1.0, rest, rest)
        low, high = system.span(0)
        if high - low < PROTECTION:
            yield Pinned(f"theme {theme}", "one of those withheld", low, high)


# Releases of one round side by side.


def numbers(reading: Reading) -> dict[tuple[str, ...], int]:
    """Every published number of answers by place (region: empty) and subject."""
    subject = ("view", "kind", "key", "question", "option")
    found = {
        (row.get("ags", ""), *(row.get(name, "") for name in subject)): int(float(row["answers"]))
        for row in [*reading.region, *reading.places]
        if row["answers"]
    }
    return found | {(ags, "responses"): n for ags, n in reading.responses.items()}


def came(readings: Sequence[Reading]) -> Iterator[Pinned]:
    """People who came between two releases, so few that a figure with them less one without is about them."""
    for before, after in pairwise(numbers(reading) for reading in readings):
        for subject in before.keys() & after.keys():
            if 0 < (few := abs(after[subject] - before[subject])) < PROTECTION:
                yield Pinned(f"came: {' '.join(subject[1:])}", subject[0], few, few)


def carried(readings: Sequence[Reading]) -> Iterator[Pinned]:
    """Few people outside a group in a place, known since the group has as many as in the release that shows it."""
    for one, other in pairwise(readings):
        for here, there in ((numbers(one), numbers(other)), (numbers(other), numbers(one))):
            for subject in there.keys() - here.keys():
                ags, view, kind, key, question, option = (*subject, *[""] * 4)[:6]
                persons, whole = (ags, view, kind, "", question, option), (ags, view, "item", key, "", "")
                same = kind == "group" and key and persons in here and here[persons] == there.get(persons)
                if same and whole in here and 0 <= (rest := here[whole] - there[subject]) < PROTECTION:
                    yield Pinned(f"not in group {question} {option} {key}", ags, rest, rest)
