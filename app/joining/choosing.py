"""Choosing among the municipalities that get council papers and flyers: by district and by where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.commitment.forms import FilterForm
from app.joining.facts import Place
from app.region.models import District


@dataclass(frozen=True)
class Group:
    """A district with those of its municipalities that were asked for."""

    district: District
    places: list[Place]

    @property
    def decided(self) -> int:
        """How many of them have a resolution that holds."""
        return sum(place.standing.state == "decided" for place in self.places)


@dataclass(frozen=True)
class Choice:
    """What was asked for; ``narrowed`` if not everything was."""

    form: FilterForm
    groups: list[Group]
    narrowed: bool

    @property
    def number(self) -> int:
        """How many municipalities that are."""
        return sum(len(group.places) for group in self.groups)


def chosen(form: FilterForm, places: Sequence[Place]) -> Choice:
    """The municipalities that the form asks for, by district."""
    by_name = sorted(places, key=lambda place: _district(place).name)
    every = [Group(district, list(found)) for district, found in groupby(by_name, key=_district)]
    form.offer(group.district for group in every)
    asked = [Group(one.district, [place for place in one.places if form.fits(place.standing)]) for one in every]
    groups = [group for group in asked if group.places]
    return Choice(form, groups, groups != every)


def _district(place: Place) -> District:
    return place.standing.municipality.district
