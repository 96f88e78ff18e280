"""Every kind of figure in one table, so that each is tested, listed and drawn alike.

A kind draws what it can of a release, for one municipality's sheet where it needs one; ``plan`` is the drawing before
it becomes SVG.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reports.figures import (
    caterpillar,
    changes,
    course,
    distribution,
    dumbbell,
    funnel,
    groups,
    heatmap,
    level_counts,
    participation,
    priorities,
    profile,
    quadrant,
    region_profile,
    themes,
    tile_map,
    trend,
)
from reports.figures.drawing import Canvas, Figure
from reports.wording import Wording
from scoring.release import OutsideScore, Release, UnitSheet

Plan = Callable[[Release, UnitSheet, Wording], Canvas]
Draw = Callable[[Release, UnitSheet, str], Figure]


@dataclass(frozen=True)
class Kind:
    """One kind of figure; ``of_unit`` says whether it shows one municipality or the region."""

    plan: Plan
    draw: Draw
    of_unit: bool


def _items(sheet: UnitSheet) -> list[OutsideScore]:
    return [score for score in sheet.outside_view if score.kind == "item"]


def _name(release: Release, sheet: UnitSheet) -> str:
    return release.municipality(sheet.ags).name


def _shown(release: Release) -> list[UnitSheet]:
    return list(release.public.values())


def _first_area(release: Release) -> str:
    return release.catalogue.areas[0].id


KINDS: dict[str, Kind] = {
    "profile": Kind(
        lambda r, s, w: profile.plan(r, profile.dimension_scores(s), w),
        lambda r, s, lang: profile.draw(r, s, lang),
        True,
    ),
    "dumbbell": Kind(lambda r, s, w: dumbbell.plan(r, s.pairs, w), lambda r, s, lang: dumbbell.draw(r, s, lang), True),
    "quadrant": Kind(quadrant.plan, quadrant.draw, True),
    "distribution": Kind(
        lambda r, s, w: distribution.plan(r, _items(s), w),
        lambda r, s, lang: distribution.draw(r, s.outside_view, _name(r, s), lang),
        True,
    ),
    "groups": Kind(
        lambda r, s, w: groups.plan(r, s.groups, w),
        lambda r, s, lang: groups.draw(r, s.groups, _name(r, s), lang),
        True,
    ),
    "trend": Kind(trend.plan, trend.draw, True),
    "course": Kind(course.plan, course.draw, True),
    "themes": Kind(
        lambda r, s, w: themes.plan(s.themes, w),
        lambda r, s, lang: themes.draw(r, s.themes, _name(r, s), lang),
        True,
    ),
    "caterpillar": Kind(caterpillar.plan, caterpillar.draw, True),
    "funnel": Kind(funnel.plan, funnel.draw, True),
    "priorities": Kind(priorities.plan, priorities.draw, True),
    "caterpillar of the region": Kind(
        lambda r, s, w: caterpillar.plan(r, None, w), lambda r, s, lang: caterpillar.draw(r, None, lang), False
    ),
    "funnel of the region": Kind(
        lambda r, s, w: funnel.plan(r, None, w), lambda r, s, lang: funnel.draw(r, None, lang), False
    ),
    "priorities of the region": Kind(
        lambda r, s, w: priorities.plan(r, None, w), lambda r, s, lang: priorities.draw(r, None, lang), False
    ),
    "dumbbell of the region": Kind(
        lambda r, s, w: dumbbell.region_plan(r, w), lambda r, s, lang: dumbbell.draw_region(r, lang), False
    ),
    "distribution of the region": Kind(
        lambda r, s, w: distribution.plan(r, [i for i in r.region.outside_view if i.kind == "item"], w),
        lambda r, s, lang: distribution.draw(r, r.region.outside_view, r.region_name, lang),
        False,
    ),
    "groups of the region": Kind(
        lambda r, s, w: groups.plan(r, r.region.groups, w),
        lambda r, s, lang: groups.draw(r, r.region.groups, r.region_name, lang),
        False,
    ),
    "region": Kind(lambda r, s, w: region_profile.plan(r, w), lambda r, s, lang: region_profile.draw(r, lang), False),
    "levels": Kind(
        lambda r, s, w: level_counts.plan(r, _first_area(r), w),
        lambda r, s, lang: level_counts.draw(r, _first_area(r), lang),
        False,
    ),
    "heat map": Kind(
        lambda r, s, w: heatmap.plan(r, _shown(r), w),
        lambda r, s, lang: heatmap.draw(r, _shown(r), r.region_name, lang),
        False,
    ),
    "themes of the region": Kind(
        lambda r, s, w: themes.plan(r.themes, w),
        lambda r, s, lang: themes.draw(r, r.themes, r.region_name, lang),
        False,
    ),
    "changes of the region": Kind(
        lambda r, s, w: changes.plan(changes.region_shifts(r, w), "municipalities", w),
        lambda r, s, lang: changes.draw_region(r, lang),
        False,
    ),
    "changes of places": Kind(
        lambda r, s, w: changes.plan(changes.place_shifts(r, _shown(r), w), "verdict", w),
        lambda r, s, lang: changes.draw(r, _shown(r), r.region_name, lang),
        False,
    ),
    "tile map": Kind(lambda r, s, w: tile_map.plan(r, w), lambda r, s, lang: tile_map.draw(r, lang), False),
    "participation": Kind(
        lambda r, s, w: participation.plan(r, w), lambda r, s, lang: participation.draw(r, lang), False
    ),
}


def all_figures(release: Release, sheet: UnitSheet, language: str = "de") -> Iterable[tuple[str, Figure]]:
    """Every kind drawn once, by its name."""
    return ((name, kind.draw(release, sheet, language)) for name, kind in KINDS.items())
