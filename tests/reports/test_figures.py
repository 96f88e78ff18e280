"""What every figure promises: text inside the frame and apart, a sentence and a table for the same numbers."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from reports import fonts
from reports.figures import (
    caterpillar,
    changes,
    course,
    distribution,
    dumbbell,
    groups,
    heatmap,
    level_counts,
    places,
    priorities,
    profile,
    region_profile,
    registry,
    themes,
    tile_map,
    trend,
)
from reports.figures.drawing import Canvas, Figure, text_width, wrapped
from reports.figures.registry import KINDS
from reports.figures.rows import Scale
from reports.figures.svg import SVG
from reports.wording import Wording
from scoring.release import EarlierInfo, OutsideScore, Quartiles, Release, WaveScore
from tests.reports import sample

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsanwärterin und " * 3
GERMAN = Wording("de")


def with_long_names(release: Release) -> Release:
    """Every title 170 characters long, with a word that is wider than its column."""
    data = release.model_dump(mode="json")
    for part in ("areas", "dimensions", "criteria"):
        for entry in data["catalogue"][part]:
            entry["title"] = dict.fromkeys(entry["title"], LONG)
    for item in data["catalogue"]["items"]:
        item["text"] = dict.fromkeys(item["text"], LONG)
    return Release.model_validate(data)


def with_extremes(release: Release, score: float) -> Release:
    """Every score at one end of the scale, all quartiles equal."""
    data = release.model_dump(mode="json")
    equal = {"n": 10_000, "q1": score, "median": score, "q3": score}
    for sheet in data["own"].values():
        for entry in [*sheet["self_view"], *sheet["outside_view"]]:
            entry |= {"peers": equal, "region": equal}
            entry |= {"score": score, "low": score, "high": score} if entry["status"] == "published" else {}
            if entry.get("distribution"):
                entry["distribution"] = [1.0, 0, 0, 0, 0] if score == 0 else [0, 0, 0, 0, 1.0]
        for pair in sheet["pairs"]:
            gap = pair["gap"] is not None
            pair |= {"self_score": score, "outside_score": 100 - score, "gap": 2 * score - 100.0} if gap else {}
    for node in data["region"]["self_view"]:
        node["spread"] = equal
        node["levels"] = [10_000, 0, 0, 0, 0] if node["levels"] else None
    return Release.model_validate(data)


def with_names(release: Release, name: str) -> Release:
    """Every municipality, district and group called ``name``."""
    data = release.model_dump(mode="json")
    for part in ("municipalities", "districts", "peer_groups"):
        for entry in data[part]:
            entry["name"] = name
    data["region_name"] = data["round"]["title"] = name
    for wave in (*data["earlier"], *data["region"]["participation"]):
        wave["title"] = name
    return Release.model_validate(data)


def with_one_value(release: Release) -> Release:
    """Nothing but one score of each view, one group, one change, one round."""
    sheet = release.own[sample.ALL]
    kept = {
        "self_view": tuple(s for s in sheet.self_view if s.kind == "dimension")[:1],
        "outside_view": tuple(s for s in sheet.outside_view if s.kind in ("overall", "item"))[:2],
        "pairs": tuple(p for p in sheet.pairs if p.gap is not None)[:1],
        "groups": sheet.groups[:1],
        "changes": sheet.changes[:1],
        "themes": sheet.themes[:1],
    }
    one = sheet.model_copy(update=kept)
    region = release.region
    few = {
        "outside_view": tuple(i for i in region.outside_view if i.kind == "item")[:1],
        "self_view": region.self_view[:1],
        "pairs": region.pairs[:1],
        "groups": region.groups[:1],
        "participation": region.participation[-1:],
        "funnel": region.funnel[:1],
    }
    return release.model_copy(
        update={
            "own": {sample.ALL: one},
            "public": {sample.ALL: one},
            "region": region.model_copy(update=few),
            "municipalities": release.municipalities[:1],
            "districts": release.districts[:1],
        }
    )


def with_nothing(release: Release) -> Release:
    """No value at all, and nobody who shows anything."""
    region = release.region.model_copy(
        update=dict.fromkeys(("self_view", "outside_view", "pairs", "groups", "changes", "participation", "funnel"), ())
        | {"funnel_centre": None}
    )
    blank = dict.fromkeys(("self_view", "outside_view", "pairs", "groups", "changes", "goals", "themes"), ())
    own = {ags: sheet.model_copy(update=blank) for ags, sheet in release.own.items()}
    return release.model_copy(update={"own": own, "public": {}, "region": region, "themes": (), "extracts": ()})


def with_many_rounds(release: Release, rounds: int = 9, slope: float | None = 2.5) -> Release:
    """A long history: the overall score up and down between the ends of the scale, and a trend."""
    earlier = tuple(
        EarlierInfo(key=f"r{year}", title=f"Runde {year}", opens=f"{year}-09-01", closes=f"{year}-10-31")
        for year in range(2026 - rounds, 2026)
    )
    waves = tuple(
        WaveScore(round=info.key, n=50, score=100.0 * (number % 2), low=0.0, high=100.0)
        for number, info in enumerate(earlier)
    )
    sheet = release.own[sample.ALL]
    told = {"earlier": waves, "slope": slope, "slope_low": 1.0 if slope else None, "slope_high": 4.0 if slope else None}
    changes = tuple(c.model_copy(update=told) if c.view == "outside" else c for c in sheet.changes)
    own = {**release.own, sample.ALL: sheet.model_copy(update={"changes": changes})}
    return release.model_copy(update={"earlier": earlier, "own": own})


def with_ten_thousand(release: Release) -> Release:
    """As many municipalities as Germany has, all of them with public results."""
    pattern, sheet = release.municipalities[0], release.own[sample.ALL]
    towns = [
        pattern.model_copy(
            update={
                "ags": f"{number:08d}",
                "name": f"Ort {number}",
                "latitude": 47 + (number % 97) * 0.08,
                "longitude": 6 + (number % 89) * 0.1,
                "district": release.districts[number % len(release.districts)].ags,
            }
        )
        for number in range(10_000)
    ]
    public = {town.ags: sheet.model_copy(update={"ags": town.ags}) for town in towns}
    return release.model_copy(update={"municipalities": (*release.municipalities, *towns), "public": public})


def with_all_equal(release: Release) -> Release:
    """Every municipality has the same scores, right in the middle, and so has the region."""
    equal = with_extremes(release, 50.0)
    return equal.model_copy(update={"public": dict.fromkeys(equal.public, equal.own[sample.ALL])})


def canvases(release: Release) -> dict[str, Canvas]:
    sheet = release.own[sample.ALL]
    return {name: kind.plan(release, sheet, GERMAN) for name, kind in KINDS.items()}


def boxes(canvas: Canvas) -> list[tuple[str, float, float, float, float]]:
    """Every text with its left, bottom, right and top in points; the height is that of the letters."""
    found = []
    for text in canvas.picture.findobj(Text):
        size, weight = text.get_fontsize(), text.get_fontproperties().get_weight()
        width = text_width(text.get_text(), size, weight)
        x, y = text.get_position()
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_horizontalalignment()] * width
        found.append((text.get_text(), left, y + size * 0.2, left + width, y - size * 0.72))
    return found


VARIANTS = {
    "as it is": lambda release: release,
    "long names": with_long_names,
    "all at 0": lambda release: with_extremes(release, 0.0),
    "all at 100": lambda release: with_extremes(release, 100.0),
    "all equal": with_all_equal,
    "one value": with_one_value,
    "nothing": with_nothing,
    "ten thousand municipalities": with_ten_thousand,
    "many rounds": with_many_rounds,
    "markup": lambda release: with_names(release, '<b>Olpe</b> & #panic("x") $a^2$ {0} %s'),
    "quotes": lambda release: with_names(release, "„Olpe“ \"Olpe\" 'Olpe' »Olpe«"),
    "right to left": lambda release: with_names(release, "بلدية زيغن في جنوب وستفاليا"),
    "200 characters": lambda release: with_names(release, "Kommunenname" * 17),
    "emoji": lambda release: with_names(release, "Olpe 🏡 漢字 👩‍👩‍👧"),
}


CASES = [(variant, "de") for variant in VARIANTS]
CASES += [(variant, "en") for variant in ("as it is", "long names", "all at 100", "one value", "nothing")]


@pytest.mark.parametrize(("variant", "language"), CASES)
def test_texts_stay_in_the_frame_and_apart_and_the_finding_is_told(
    variant: str, language: str, monkeypatch: pytest.MonkeyPatch
):
    drawn: list[Canvas] = []
    real = Canvas.svg
    # thousands of rows would take seconds to write down
    written = real if variant != "ten thousand municipalities" else lambda _canvas, _title: "<svg/>"
    monkeypatch.setattr(Canvas, "svg", lambda canvas, title: drawn.append(canvas) or written(canvas, title))
    release = VARIANTS[variant](sample.release())
    for name, kind in KINDS.items():
        figure = kind.draw(release, release.own[sample.ALL], language)
        check_texts(name, drawn.pop())
        check_words(name, figure)


def check_words(name: str, figure: Figure) -> None:
    """The finding is a sentence, the table has as many cells as columns, and neither shows what is no number."""
    assert figure.alternative.endswith("."), name
    assert all(len(row) == len(figure.table.header) for row in figure.table.rows), name
    said = " ".join([figure.alternative, figure.table.caption, *(cell for row in figure.table.rows for cell in row)])
    assert not re.search(r"\b(nan|None|inf)\b|\{", said.replace("{0}", "")), (name, said)


def check_texts(name: str, canvas: Canvas) -> None:
    """No text of the drawing runs out of its frame or stands on another."""
    found = boxes(canvas)
    for text, left, bottom, right, top in found:
        inside = left >= -0.5 and right <= canvas.width + 0.5 and top >= -0.5 and bottom <= canvas.height + 0.5
        assert inside, (name, text)
    for one, other in combinations(found, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[2] <= other[4] or other[2] <= one[4]
        assert apart, (name, one[0], other[0])


def all_figures(release: Release, language: str = "de") -> list:
    return [figure for _, figure in registry.all_figures(release, release.own[sample.ALL], language)]


def test_every_module_that_draws_is_registered():
    """All but those that draw what no release knows, and have tests of their own."""
    apart = {"arrivals", "joined", "stage_map"}
    modules = {path.stem for path in Path(registry.__file__).parent.glob("*.py")}
    helpers = {"__init__", "drawing", "field", "library", "marks", "places", "registry", "rows", "svg"}
    assert {function.__module__.rsplit(".", 1)[-1] for function in drawn_by()} == modules - helpers - apart


def drawn_by():
    return [
        module.draw
        for module in vars(registry).values()
        if hasattr(module, "draw") and hasattr(module, "__path__") is False
    ]


def test_a_figure_draws_the_same_bytes_twice():
    assert [figure.svg for figure in all_figures(sample.release())] == [
        figure.svg for figure in all_figures(sample.release())
    ]


def test_a_figure_fits_a_page_with_a_strict_security_policy():
    identifiers: list[str] = []
    for figure in all_figures(sample.release()):
        root = ElementTree.fromstring(figure.svg)
        elements = list(root.iter())
        assert not [element for element in elements if "style" in element.attrib or element.tag == f"{{{SVG}}}style"]
        assert root.get("role") == "img"
        assert root[0].tag == f"{{{SVG}}}title"
        assert root[0].text
        own = {element.get("id") for element in elements} - {None}
        references = {element.get("href", "")[1:] for element in elements} - {""}
        assert references <= own
        identifiers += own
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_figure_has_a_sentence_and_a_full_table(language):
    for figure in all_figures(with_many_rounds(sample.release()), language):
        assert figure.alternative.endswith(".")
        assert figure.table.rows
        assert all(len(row) == len(figure.table.header) for row in figure.table.rows)


def test_the_profile_states_its_finding():
    release = sample.release()
    text = profile.draw(release, release.own[sample.ALL]).alternative
    assert "in 9 von 10 Qualitätsbereichen" in text
    assert "Am höchsten liegt „Zuhören, auswerten, voneinander lernen“ (88)" in text


def test_figures_without_any_value_say_so():
    release = sample.release()
    sheet = release.own[sample.NOTHING]
    assert "kein" in profile.draw(release, sheet).alternative
    assert "kein Kriterium" in dumbbell.draw(release, sheet).alternative
    assert "keiner Frage" in distribution.draw(release, sheet.outside_view, "Hallenberg").alternative
    empty = release.model_copy(
        update={"region": release.region.model_copy(update={"self_view": (), "outside_view": (), "pairs": ()})}
    )
    assert "zu wenige" in region_profile.draw(empty).alternative
    assert "zu wenige" in level_counts.draw(empty, "A").alternative
    assert "zu wenige" in dumbbell.draw_region(empty).alternative


def test_one_municipality_with_one_item_can_be_drawn():
    release = sample.release()
    one = OutsideScore(
        indicator="N01", kind="item", status="published", n=10, score=0.0, distribution=(0.96, 0.01, 0.01, 0.01, 0.01)
    )
    figure = distribution.draw(release, [one], "Olpe")
    assert len(figure.table.rows) == 1


def test_suppressed_items_keep_their_row_and_show_no_number():
    release = sample.release()
    table = distribution.draw(release, release.own[sample.SELF].outside_view, "Bad Berleburg").table
    assert len(table.rows) == len(release.catalogue.items)
    assert {cell for row in table.rows for cell in row[1:]} == {"–"}


def test_above_and_below_compare_with_the_quartiles_not_the_median():
    spread = Quartiles(n=9, q1=40, median=50, q3=60)
    release = sample.release()
    scores = profile.dimension_scores(release.own[sample.ALL])
    marked = [
        score.model_copy(update={"score": value, "peers": spread, "status": "published"})
        for score, value in zip(scores, (39.9, 40.0, 60.0, 60.1), strict=False)
    ]
    above, below = profile.outside_middle_half(marked)
    assert [score.score for score in above] == [60.1]
    assert [score.score for score in below] == [39.9]


@given(st.text(max_size=300), st.floats(20, 300))
@settings(max_examples=60, deadline=None)
def test_wrapped_lines_never_exceed_their_width(text, width):
    lines = wrapped(text, width)
    # a single letter may be wider than a very narrow column; nothing else may
    assert all(text_width(line) <= width or len(line) == 1 for line in lines)


def test_wrapping_loses_no_word():
    assert (
        " ".join(wrapped("Wohnen, Familie und Alltag in der Gemeinde", 60))
        == "Wohnen, Familie und Alltag in der Gemeinde"
    )


def a_region(count: int):
    pattern = sample.release().municipalities[0]
    rng = np.random.default_rng(count)
    return [
        pattern.model_copy(update={"ags": f"{n:08d}", "latitude": float(lat), "longitude": float(lon)})
        for n, (lat, lon) in enumerate(zip(rng.uniform(50, 52, count), rng.uniform(7, 9, count), strict=True))
    ]


@pytest.mark.parametrize("count", [1, 2, 59, 400, 1000])
def test_every_municipality_has_one_tile_of_its_own(count):
    placed = tile_map.tiles(a_region(count))
    assert len(set(placed.values())) == len(placed) == count


def test_tiles_keep_north_above_and_west_left():
    towns = a_region(59)
    placed = tile_map.tiles(towns)
    column, row = np.array([placed[m.ags] for m in towns]).T
    assert np.corrcoef(column, [m.longitude for m in towns])[0, 1] > 0.9
    assert np.corrcoef(row, [m.latitude for m in towns])[0, 1] < -0.9


def test_a_municipality_without_a_centre_still_has_a_tile():
    towns = [a_region(3)[0].model_copy(update={"latitude": None, "longitude": None}), *a_region(3)[1:]]
    assert len(set(tile_map.tiles(towns).values())) == 3


def test_nobody_is_drawn_among_municipalities_without_having_agreed():
    release = sample.release()
    hidden = release.own[sample.ALL].model_copy(update={"ags": sample.NOTHING})
    release = release.model_copy(update={"own": release.own | {sample.NOTHING: hidden}})
    assert len(places.points(release, None)) == len(release.public)
    assert [point.own for point in places.points(release, hidden)].count(True) == 1


def test_the_other_municipalities_of_a_caterpillar_plot_have_no_name():
    figure = caterpillar.draw(sample.release(), sample.release().own[sample.ALL])
    assert "Siegen" in figure.svg
    assert "Olpe" not in figure.svg + figure.alternative + str(figure.table.rows)


def test_of_many_municipalities_some_are_drawn_and_the_own_always():
    release = with_ten_thousand(sample.release())
    drawn = places.points(release, release.own[sample.ALL])
    assert 300 <= len(drawn) <= 301
    assert sum(point.own for point in drawn) == 1


def test_a_heat_map_of_many_says_how_many_more_there_are():
    release = with_ten_thousand(sample.release())
    figure = heatmap.draw(release, list(release.public.values()), "Südwestfalen")
    assert "und 9.960 weitere" in figure.svg
    assert len(figure.table.rows) == 10_000


def test_urgent_items_matter_more_and_are_rated_lower_than_the_middle():
    found = [("a", 0.3, 40.0), ("b", 0.2, 80.0), ("c", 0.1, 30.0), ("d", 0.05, 90.0)]
    assert [point.item for point in priorities.urgent([priorities.Point(*point) for point in found])] == ["a"]
    assert priorities.urgent([]) == []


def test_a_change_beyond_chance_is_named_in_the_alternative():
    release = sample.release()
    better, worse = trend.draw(release, release.own[sample.ALL]).alternative.split("schlechter")
    assert "Alle Fragen" in better
    assert "Alle Fragen" not in worse


def test_the_items_that_changed_most_are_drawn_and_no_more_than_fit_a_page():
    release = sample.release()
    sheet = release.own[sample.ALL]
    flagged = tuple(
        change.model_copy(update={"flag": "worse", "change": -float(number)}) if change.kind == "item" else change
        for number, change in enumerate(sheet.changes)
    )
    items = [change for change in trend.shown(sheet.model_copy(update={"changes": flagged})) if change.kind == "item"]
    largest = sorted((abs(c.change) for c in flagged if c.kind == "item"), reverse=True)[: trend.MOST_ITEMS]
    assert sorted((abs(change.change) for change in items), reverse=True) == largest


def test_groups_that_cannot_be_told_apart_are_not_called_different():
    release = sample.release()
    found = release.own[sample.ALL].groups
    assert (
        "überlappen sich, ein Unterschied ist nicht erkennbar" in groups.draw(release, found[:3], "Siegen").alternative
    )
    assert "überlappen sich nicht" in groups.draw(release, found, "Siegen").alternative


@given(st.floats(-1e9, 1e9))
def test_a_value_beyond_the_scale_stands_at_its_end(value):
    scale = Scale(100, 200)
    assert 100 <= scale.x(value) <= 200


def test_characters_that_no_font_has_are_named_and_control_characters_vanish():
    assert fonts.printable("Olpe\x07 \ue000") == "Olpe [U+E000]"
    assert fonts.printable("漢") == "[CJK UNIFIED IDEOGRAPH-6F22]"
    assert fonts.printable("👩\u200d👧 ❤\ufe0f") == "👩👧 ❤"
    assert fonts.printable("95\u00a0%") == "95\u00a0%"
    assert fonts.printable("Bad Berleburg ß „x“ →") == "Bad Berleburg ß „x“ →"


def test_a_picture_in_a_name_has_the_font_that_has_it_and_nothing_else_does():
    release = with_names(sample.release(), "Olpe 🏡 漢字 👩‍👩‍👧!")
    drawn = {text.get_text(): text.get_fontname() for text in canvases(release)["heat map"].picture.findobj(Text)}
    assert drawn["🏡"] == drawn["👩👩👧"] == fonts.EMOJI_FAMILY
    assert drawn["!"] == drawn["A1"] == fonts.FAMILY
    assert not {"Olpe 🏡", "□"} & drawn.keys()


def test_missing_fonts_are_named_with_the_mend(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    fonts.install.cache_clear()
    with pytest.raises(fonts.FontsMissing, match="make setup"):
        fonts.install()


def test_three_rounds_make_a_course_and_two_do_not():
    sheet = sample.ALL
    two = sample.release()
    assert course.points(two, two.own[sheet]) == []
    three = with_many_rounds(two, 2, None)
    found = course.points(three, three.own[sheet])
    assert [point.title for point in found] == ["Runde 2024", "Runde 2025", "Erhebungsrunde 2026"]
    assert found[-1].score == next(s for s in three.own[sheet].outside_view if s.kind == "overall").score


def test_a_trend_is_called_rising_only_where_its_interval_leaves_zero_out():
    assert "steigt sie um +2,5 Punkte im Jahr (Spanne +1,0 bis +4,0)" in course.slope_sentence(2.5, 1.0, 4.0, GERMAN)
    assert "sinkt sie um −2,5 Punkte" in course.slope_sentence(-2.5, -4.0, -1.0, GERMAN)
    assert "lässt sich nicht sagen" in course.slope_sentence(2.5, -0.5, 5.5, GERMAN)


def test_changes_of_places_are_by_name_and_only_of_those_given():
    release = sample.release()
    sheets = [release.public[sample.ALL], release.public[sample.OUTSIDE]]
    (shift,) = changes.place_shifts(release, sheets, GERMAN)
    assert (shift.label, shift.said) == ("Siegen", "besser")
    assert "Siegen" in changes.draw(release, sheets, "Kreis").alternative


def test_the_alternative_of_changes_names_only_what_is_beyond_zero():
    drawn = changes.draw_region(sample.release())
    assert "Mit ganzer Spanne über null: „Alle Fragen“. Mit ganzer Spanne unter null: nirgends." in drawn.alternative


def test_themes_are_named_with_their_number_of_texts_and_stand_beside_the_region():
    release = sample.release()
    drawn = themes.draw(release, release.own[sample.ALL].themes, "Siegen")
    assert "Am häufigsten: „Bus, Bahn, Wege“ (31 Texte)" in drawn.alternative
    assert drawn.table.rows[0] == ("Bus, Bahn, Wege", "31", "210")
