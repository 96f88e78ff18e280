"""How far the numbers of a release carry, for the agency: intervals, signal, the four states, gaps, reliability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from scoring.release import OutsideScore, RegionIndicator, Release, UnitSheet

SIGNAL: dict[bool | None, LazyString] = {
    True: _("ja"),
    False: _("nicht erkennbar, kein Vergleich"),
    None: _("zu wenige Kommunen"),
}
STATES: dict[str, LazyString] = {
    "better": _("über der Region"),
    "worse": _("unter der Region"),
    "same": _("wie die Region"),
    "open": _("noch nicht zu sagen"),
}
RELIABILITY: dict[str, LazyString] = {
    "report": _("trägt"),
    "weak": _("mit Vorsicht"),
    "suppress": _("Fragen einzeln lesen"),
    "none": LazyString(lambda: "–"),
}
VERDICTS: dict[str, LazyString] = {
    "higher": _("schätzt sich höher ein"),
    "lower": _("schätzt sich niedriger ein"),
    "agrees": _("stimmt überein"),
    "undecided": _("offen"),
}
QUADRANTS: dict[str, LazyString] = {
    "strength": _("Stärke"),
    "hidden_strength": _("verborgene Stärke"),
    "blind_spot": _("blinder Fleck"),
    "need_to_act": _("Handlungsbedarf"),
}


@dataclass(frozen=True)
class Indicator:
    """One indicator over the region: its figure, the signal between places, how many stand where, what it can tell."""

    title: str
    region: RegionIndicator
    states: Counter[str]
    detectable: float | None

    @property
    def signal(self) -> LazyString:
        """Whether municipalities differ recognisably, in words."""
        return SIGNAL[self.region.differs]

    @property
    def reliability(self) -> LazyString:
        """What the agreement of its questions allows, in words."""
        return RELIABILITY[self.region.reliability]


@dataclass(frozen=True)
class Gap:
    """One pair of criterion and question: how many municipalities judge themselves how; quadrants where decided."""

    criterion: str
    verdicts: Counter[str]
    quadrants: Counter[str]


@dataclass(frozen=True)
class Whole:
    """What all questions together say of one municipality, as it will read it, and how many answers it still needs."""

    name: str
    score: OutsideScore
    needed: int | None

    @property
    def state(self) -> LazyString | str:
        """Where it stands against the region; empty where no comparison is made."""
        return STATES.get(self.score.band, "")


@dataclass(frozen=True)
class Worth:
    """Everything of it for one release."""

    indicators: tuple[Indicator, ...]
    gaps: tuple[Gap, ...]
    wholes: tuple[Whole, ...]


def worth_of(release: Release, language: str) -> Worth:
    """How far the numbers of a release carry; titles in a language of the catalogue."""
    sheets = list(release.own.values())
    return Worth(
        tuple(_indicator(release, position, sheets, language) for position in range(len(release.region.outside_view))),
        tuple(_gaps(release, sheets, language)),
        tuple(sorted(_wholes(release), key=lambda whole: whole.name)),
    )


def _indicator(release: Release, position: int, sheets: list[UnitSheet], language: str) -> Indicator:
    scores = [sheet.outside_view[position] for sheet in sheets]
    changes = [score.detectable for score in scores if score.detectable is not None]
    region = release.region.outside_view[position]
    return Indicator(
        _title(release, region, language),
        region,
        Counter(score.band for score in scores),
        median(changes) if changes else None,
    )


def _title(release: Release, score: RegionIndicator, language: str) -> str:
    if score.kind == "item":
        return f"{score.indicator} {release.catalogue.item(score.indicator).text[language]}"
    if score.kind == "dimension":
        return f"{score.indicator} {release.catalogue.dimension(score.indicator).title[language]}"
    return str(_("Alle Fragen"))


def _gaps(release: Release, sheets: list[UnitSheet], language: str) -> Iterator[Gap]:
    """The pairs of all municipalities by criterion, in the order of the catalogue."""
    pairs = [pair for sheet in sheets for pair in sheet.pairs if pair.gap is not None]
    for criterion in release.catalogue.criteria:
        found = [pair for pair in pairs if pair.criterion == criterion.id]
        if found:
            decided: Counter[str] = Counter(pair.quadrant for pair in found if pair.quadrant in QUADRANTS)
            verdicts: Counter[str] = Counter(pair.verdict for pair in found)
            yield Gap(f"{criterion.id} {criterion.title[language]}", verdicts, decided)


def _wholes(release: Release) -> Iterator[Whole]:
    for ags, sheet in release.own.items():
        overall = next((score for score in sheet.outside_view if score.kind == "overall"), None)
        if overall is not None and overall.status != "suppressed":
            yield Whole(release.municipality(ags).name, overall, sheet.needed)
