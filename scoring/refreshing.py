"""The inspection of a release beside an earlier one of its round: what both together say of those who came or went.

That a figure is shown in one of them and withheld in the other is no leak. What can be: a number in both that changed
by too few, and a figure of the one that holds for the other too and leaves too few when it is taken from a total there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from scoring import disclosure
from scoring.exposure import RESPONSES, Exposure
from scoring.groups import Question
from scoring.method import Method
from scoring.release import Group, OutsideScore, RegionIndicator, RegionSheet, Release, UnitSheet

_SAID = ("score", "pooled", "distribution", "top_two", "not_concerned")
_SAID_OF_GROUPS = ("score", "low", "high", "homogeneous")

Cell = tuple[str, str, str]
"""Question, option and indicator of a group's number; without indicator that of its persons."""

_ANY = 10**9
"""By how many a number changed of which nothing is known: more than there are people."""


@dataclass(frozen=True)
class _Figure:
    """A published number of answers, and what is said of them."""

    n: int
    said: tuple[object, ...] = ()


def exposed_changes(
    before: Release, after: Release, method: Method, questions: Sequence[Question] = ()
) -> Iterator[Exposure]:
    """What readers of both releases learn of fewer people than they may: of those who came or went, or are withheld.

    Every published number of answers has changed by none or by enough: of the region and of municipalities, of all and
    of groups by the ``questions`` about them, of persons and of those with a score. As many as before say the same as
    before. A group that only one release shows is taken for known in the other as far as the changes of its persons,
    and of all, say how many it had there; what it leaves of a total there is none of the group or enough.
    """
    if before.input_sha256 == after.input_sha256:
        return
    comparable = before.method == after.method
    earlier, later = _by_place(before), _by_place(after)
    for unit in sorted(earlier.keys() & later.keys()):
        for subject in sorted(earlier[unit].keys() & later[unit].keys()):
            yield from _change(unit, subject, earlier[unit][subject], later[unit][subject], comparable, method)
    yield from _remainders(before, after, questions, method)


def _by_place(release: Release) -> dict[str, Mapping[str, _Figure]]:
    """The figures of the region (empty key) and of every municipality."""
    region: dict[str, Mapping[str, _Figure]] = {"": _region_figures(release.region)}
    return region | {unit: _unit_figures(sheet) for unit, sheet in release.own.items()}


def _region_figures(region: RegionSheet) -> dict[str, _Figure]:
    found = _figures(region.outside_view, region.responses) | _group_figures(region.groups)
    if region.residents is None:
        return found
    of_items = {f"residents:{s.item}": _Figure(s.n, (s.score, s.top_two)) for s in region.residents.items}
    return found | {"residents": _Figure(region.residents.persons)} | of_items


def _unit_figures(sheet: UnitSheet) -> dict[str, _Figure]:
    return _figures(sheet.outside_view, sheet.responses) | _group_figures(sheet.groups)


def _group_figures(groups: Sequence[Group]) -> dict[str, _Figure]:
    """Each group's persons, and those with a score of an indicator with what they say."""
    persons = {_name((g.question, g.option, "")): _Figure(g.n) for g in groups}
    return persons | {
        _name((g.question, g.option, s.indicator)): _Figure(s.n, tuple(getattr(s, name) for name in _SAID_OF_GROUPS))
        for g in groups
        for s in g.scores
    }


def _figures(scores: Sequence[OutsideScore | RegionIndicator], responses: int | None) -> dict[str, _Figure]:
    found = {
        s.indicator: _Figure(s.n, tuple(getattr(s, name, None) for name in _SAID)) for s in scores if s.n is not None
    }
    return found if responses is None else found | {RESPONSES: _Figure(responses)}


def _name(cell: Cell) -> str:
    return ":".join(part for part in cell if part)


def _change(
    unit: str, subject: str, before: _Figure, after: _Figure, comparable: bool, method: Method
) -> Iterator[Exposure]:
    """What a reader of both versions learns of those who came or went; one of the two numbers is taken to be known."""
    if before.n == after.n:
        if comparable and before.said != after.said:
            yield Exposure("exchanged", subject, unit)
        return
    versions = disclosure.PublishedTable(
        subject, [before.n, after.n], [False, False], margins=False, keys=["before", "after"]
    )
    withdrawn = max(0, before.n - after.n)
    difference = disclosure.Difference(subject, "before", "after", withdrawn, method.minimum_own)
    for finding in disclosure.audit([versions], differences=[difference], protection=method.minimum_own):
        yield Exposure("refreshed", subject, unit, 0, finding.low, finding.high)


@dataclass(frozen=True)
class _Numbers:
    """The numbers that a place publishes: of groups, and of everybody by indicator (persons: empty)."""

    cells: Mapping[Cell, int]
    wholes: Mapping[str, int]


def _numbers(sheet: UnitSheet | RegionSheet | None) -> _Numbers:
    if sheet is None:
        return _Numbers({}, {})
    cells = {(g.question, g.option, ""): g.n for g in sheet.groups}
    cells |= {(g.question, g.option, s.indicator): s.n for g in sheet.groups for s in g.scores}
    wholes = {s.indicator: s.n for s in sheet.outside_view if s.n is not None}
    return _Numbers(cells, wholes if sheet.responses is None else wholes | {"": sheet.responses})


@dataclass(frozen=True)
class _Range:
    low: int
    high: int


@dataclass(frozen=True)
class _Pair:
    """A place in the release that is attacked, ``here``, and in the ``other`` one."""

    here: _Numbers
    other: _Numbers

    def only_there(self) -> Iterator[Cell]:
        """Groups' numbers that only the other release shows."""
        return (cell for cell in self.other.cells if cell not in self.here.cells)

    def known(self, cell: Cell) -> _Range | None:
        """How many a group has here, for who reads both: as many as shown, or as there less what may have changed."""
        if cell in self.here.cells:
            return _Range(self.here.cells[cell], self.here.cells[cell])
        if cell not in self.other.cells:
            return None
        least, most = self._change(cell)
        n = self.other.cells[cell]
        return _Range(max(0, n + least), max(0, n + most))

    def _change(self, cell: Cell) -> tuple[int, int]:
        """By how many fewer (below 0) or more a group may have here; no more than all persons, or its own, changed."""
        question, option, subject = cell
        here, other, persons = self.here, self.other, (question, option, "")
        changes = [
            here.wholes[key] - other.wholes[key] for key in ("", subject) if key in here.wholes and key in other.wholes
        ]
        if persons in here.cells and persons in other.cells:
            changes.append(here.cells[persons] - other.cells[persons])
        least = max((min(0, change) for change in changes), default=-other.cells[cell])
        return least, min((max(0, change) for change in changes), default=_ANY)


def _remainders(before: Release, after: Release, questions: Sequence[Question], method: Method) -> Iterator[Exposure]:
    """Groups of either release that what the other one shows narrows down too far, in a place or over all of them."""
    exclusive = {question.id: question.exclusive for question in questions}
    options = {question.id: question.options for question in questions}
    for here, other in permutations((before, after)):
        region = _Pair(_numbers(here.region), _numbers(other.region))
        places = _pairs(here.own, other.own)
        public = [*_pairs(here.public, other.public).values()]
        for unit, place in ({"": region} | places).items():
            for question, subject in dict.fromkeys((cell[0], cell[2]) for cell in place.only_there()):
                # A total of the visible says no more than their own, and groups may count others than it does.
                if not unit and region.here.wholes.get(subject) == sum(p.here.wholes.get(subject, 0) for p in public):
                    continue
                for columns in [options[question]] if exclusive[question] else [[o] for o in options[question]]:
                    cells = [(question, option, subject) for option in columns]
                    yield from _in_a_place(unit, place, cells, method)
        for cell in dict.fromkeys(cell for place in (region, *public) for cell in place.only_there()):
            yield from _over_places(cell, region, public, method)


def _pairs(here: Mapping[str, UnitSheet], other: Mapping[str, UnitSheet]) -> dict[str, _Pair]:
    return {unit: _Pair(_numbers(here.get(unit)), _numbers(other.get(unit))) for unit in {**here, **other}}


def _in_a_place(unit: str, place: _Pair, cells: Sequence[Cell], method: Method) -> Iterator[Exposure]:
    """What is left of everybody without the groups that are known here, some of them from the other release."""
    whole = place.here.wholes.get(cells[0][2])
    found = {cell: known for cell in cells if (known := place.known(cell)) is not None}
    carried = [cell for cell in found if cell not in place.here.cells]
    if whole is None or not carried:
        return
    low = whole - sum(known.high for known in found.values())
    high = whole - sum(known.low for known in found.values())
    nothing_hidden = high == 0 and len(found) == len(cells)
    if 0 <= high < method.minimum_own and not nothing_hidden:
        yield Exposure("subtraction", _name(carried[0]), unit, 0, max(0, low), high)


def _over_places(cell: Cell, region: _Pair, places: Sequence[_Pair], method: Method) -> Iterator[Exposure]:
    """What is left of a group of the region without the municipalities where it is known.

    A total of the visible municipalities alone says nothing of the others, in whichever release it is.
    """
    of_here = cell in region.here.cells
    total, told = region.known(cell), (region.here if of_here else region.other).cells.get(cell)
    visible = sum((place.here if of_here else place.other).cells.get(cell, 0) for place in places)
    if total is None or told == visible:
        return
    found = [known for place in places if (known := place.known(cell)) is not None]
    low = total.low - sum(known.high for known in found)
    high = total.high - sum(known.low for known in found)
    if 0 <= high < method.minimum_own:
        yield Exposure("subtraction", _name(cell), "", 0, max(0, low), high)


__all__ = ["exposed_changes"]
