"""Peer groups: which municipalities are compared with each other, and what happens to a class that is too small."""

from __future__ import annotations

import hashlib
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.region.addresses import slug

SMALLEST_PEER_GROUP = 8
"""Smaller groups are merged with their neighbour by population (docs/method.md, Vergleichsgruppen)."""
LONGEST_ID, LONGEST_NAME, LONGEST_NOTE = 40, 120, 400


@dataclass(frozen=True)
class Group:
    """A peer group as it is stored; ``note`` says what was merged, if anything was."""

    id: str
    name: str
    note: str | None


def peer_groups(members: Iterable[tuple[str, int]]) -> dict[str, Group]:
    """Every class with the group it becomes, from (class, population) of each municipality.

    Classes stand in the order of their median population; while one is smaller than ``SMALLEST_PEER_GROUP``, the
    smallest joins the class below it, or the one above if there is none below.
    """
    populations: dict[str, list[int]] = defaultdict(list)
    for name, population in members:
        populations[name].append(population)
    classes = [[name] for name in sorted(populations, key=lambda name: (statistics.median(populations[name]), name))]
    while len(classes) > 1:
        sizes = [sum(len(populations[name]) for name in names) for names in classes]
        smallest = sizes.index(min(sizes))
        if sizes[smallest] >= SMALLEST_PEER_GROUP:
            break
        low = max(smallest - 1, 0)
        classes[low : low + 2] = [classes[low] + classes[low + 1]]
    return {name: _group(names) for names in classes for name in names}


def _group(names: list[str]) -> Group:
    joined = " und ".join(names)
    if len(names) == 1:
        return Group(_short(slug(joined), LONGEST_ID), joined, None)
    note = f"Zusammengelegt, weil eine Gruppe weniger als {SMALLEST_PEER_GROUP} Kommunen hatte: {joined}."
    return Group(_short(slug(joined), LONGEST_ID), _short(joined, LONGEST_NAME), _short(note, LONGEST_NOTE))


def _short(text: str, longest: int) -> str:
    """The text itself if it fits, else its beginning with a mark of the whole, so that different texts stay apart."""
    if len(text) <= longest:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{text[: longest - 7]}-{mark}"
