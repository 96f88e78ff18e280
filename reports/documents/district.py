"""The public report of a district: who takes part, and what those say of themselves that agreed to be shown."""

from __future__ import annotations

from collections.abc import Iterator

from reports.documents.content import Content, Order, asked, figure, frame, kicker, method, notices, section, table
from reports.figures import changes, heatmap, places, tile_map
from reports.figures.drawing import Table
from reports.figures.dumbbell import estimate
from scoring.release import District, Municipality, UnitSheet


class DistrictNotInRelease(LookupError):
    """The release knows no district of that key."""

    def __init__(self, ags: str | None) -> None:
        super().__init__(f"Der Auswertungsstand kennt keinen Kreis mit dem Schlüssel {ags}.")


def content(order: Order, ags: str | None) -> Content:
    """The whole report as data; ``DistrictNotInRelease`` for a key that is no district's."""
    release, wording = order.release, order.wording
    district = next((d for d in release.districts if d.ags == ags), None)
    if district is None:
        raise DistrictNotInRelease(ags)
    title = wording("district.title", name=district.name)
    sections = [
        _members(order, district),
        _self_view(order, district),
        _newcomers(order, district),
        _changes(order, district),
        _map(order),
        _examples(order, district),
    ]
    return {
        "frame": frame(order, title, wording("frame.author", region=release.region_name)),
        "cover": _cover(order, district, title),
        "sections": [part for part in sections if part],
        "criteria": None,
        "limits": None,
        "method": method(order),
    }


def members(order: Order, district: District) -> list[Municipality]:
    """The municipalities of the district by name."""
    found = [m for m in order.release.municipalities if m.district == district.ags]
    return sorted(found, key=lambda m: (m.name, m.ags))


def shown(order: Order, district: District) -> list[tuple[Municipality, UnitSheet]]:
    """Those with a public sheet."""
    public = order.release.public
    return [(m, public[m.ags]) for m in members(order, district) if m.ags in public]


def _cover(order: Order, district: District, title: str) -> Content:
    wording, region = order.wording, order.release.region_name
    everybody, named = members(order, district), shown(order, district)
    numbers = {
        "fact_members": len(everybody),
        "fact_part": sum(m.participates for m in everybody),
        "fact_shown": len(named),
        "fact_population": sum(m.population for m in everybody),
    }
    return {
        "kicker": kicker(order),
        "title": title,
        "subtitle": wording("district.subtitle", region=region),
        "notices": notices(order),
        "facts": [{"value": wording.number(n), "label": wording(f"district.{key}")} for key, n in numbers.items()],
        "asked": {
            "heading": wording("municipal.asked_heading"),
            "text": asked(order, "region.asked", region=region),
        },
        "strengths": None,
        "gaps": None,
        "steps": None,
        "caution": wording("district.caution"),
    }


def _members(order: Order, district: District) -> Content:
    wording = order.wording
    states = {m.ags: wording(f"tile_map.{tile_map.state(order.release, m)}") for m in members(order, district)}
    rows = tuple(
        (m.name, m.legal_status, wording.number(m.population), states[m.ags]) for m in members(order, district)
    )
    header = tuple(wording(f"district.header.{key}") for key in ("municipality", "status", "population", "state"))
    data = Table(wording("district.members_caption", name=district.name), header, rows)
    return section(
        wording("region.participation.heading"),
        [wording("district.members")],
        tables=[table(data, ["1fr", "150pt", "80pt", "150pt"], words=(0, 1, 3))],
    )


def _self_view(order: Order, district: District) -> Content:
    wording = order.wording
    sheets = [sheet for _, sheet in shown(order, district)]
    drawing = heatmap.draw(order.release, sheets, district.name, wording.language)
    heading = wording("district.self_heading")
    if not heatmap.by_name(order.release, sheets):
        return section(heading, [drawing.alternative])
    keys = [f"{d.id} {d.title[wording.language]}" for d in order.release.catalogue.dimensions]
    return section(
        heading,
        [wording("district.self_lead"), wording("district.keys", keys="; ".join(keys))],
        figures=[figure(drawing)],
        notes=[drawing.alternative],
    )


def _newcomers(order: Order, district: District) -> Content:
    wording = order.wording
    rows = tuple(_scores(order, district))
    heading = wording("municipal.newcomers.heading")
    if not rows:
        return section(heading, [wording("district.no_newcomers")])
    header = tuple(wording(f"district.score_header.{key}") for key in ("municipality", "n", "score", "band"))
    data = Table(wording("district.score_caption", name=district.name), header, rows)
    pooled = next((s for s in order.release.region.outside_view if s.kind == "overall"), None)
    lead = [wording("district.newcomers_lead")]
    if pooled is not None and pooled.typical is not None:
        lead.append(wording("district.newcomers_region", score=wording.number(pooled.typical)))
    return section(heading, lead, tables=[table(data, ["1fr", "70pt", "120pt", "110pt"], words=(0, 3))])


def _scores(order: Order, district: District) -> Iterator[tuple[str, ...]]:
    wording = order.wording
    for municipality, sheet in shown(order, district):
        score = places.overall(sheet)
        if score is not None and score.status == "published":
            value = estimate(wording.number(score.score), wording.interval(score.low, score.high))
            yield municipality.name, wording.number(score.n), value, wording(f"bands.{score.band}")


def _changes(order: Order, district: District) -> Content | None:
    """The overall change of those that agreed; ``None`` where nothing compares."""
    wording, sheets = order.wording, [sheet for _, sheet in shown(order, district)]
    if not changes.place_shifts(order.release, sheets, wording):
        return None
    drawing = changes.draw(order.release, sheets, district.name, wording.language)
    return section(
        wording("changes.places_heading"),
        [wording("changes.places_lead")],
        figures=[figure(drawing)],
        notes=[drawing.alternative],
    )


def _examples(order: Order, district: District) -> Content | None:
    wording, catalogue = order.wording, order.release.catalogue
    rows = []
    for criterion in catalogue.criteria:
        names = [m.name for m in members(order, district) if criterion.id in m.good_examples]
        if names:
            rows.append((f"{criterion.id} {criterion.title[wording.language]}", ", ".join(names)))
    if not rows:
        return None
    header = (wording("neighbours.header.criterion"), wording("district.examples_names"))
    data = Table(wording("district.examples_caption", name=district.name), header, tuple(rows))
    return section(
        wording("district.examples_heading"),
        [wording("district.examples_lead")],
        tables=[table(data, ["190pt", "1fr"], words=(0, 1))],
    )


def _map(order: Order) -> Content:
    drawing = tile_map.draw(order.release, order.wording.language)
    return section(order.wording("district.map_heading"), [drawing.alternative], figures=[figure(drawing)])
