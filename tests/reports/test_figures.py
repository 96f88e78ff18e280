"""What every figure promises: text inside the frame and apart, a sentence and a table for the same numbers."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from reports import fonts
from reports.figures import distribution, dumbbell, level_counts, profile, region_profile
from reports.figures.drawing import Canvas, text_width, wrapped
from reports.figures.rows import Scale
from reports.figures.svg import SVG
from reports.wording import Wording
from scoring.release import OutsideScore, Quartiles, Release
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


def canvases(release: Release) -> dict[str, Canvas]:
    sheet = release.own[sample.ALL]
    items = [score for score in sheet.outside_view if score.kind == "item"]
    return {
        "profile": profile.plan(release, profile.dimension_scores(sheet), GERMAN),
        "dumbbell": dumbbell.plan(release, sheet.pairs, GERMAN),
        "dumbbell of the region": dumbbell.region_plan(release, GERMAN),
        "distribution": distribution.plan(release, items, GERMAN),
        "region": region_profile.plan(release, GERMAN),
        "levels": level_counts.plan(release, "B", GERMAN),
    }


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
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_texts_stay_in_the_frame_and_apart(variant):
    for name, canvas in canvases(VARIANTS[variant](sample.release())).items():
        found = boxes(canvas)
        assert found
        for text, left, bottom, right, top in found:
            inside = left >= -0.5 and right <= canvas.width + 0.5 and top >= -0.5 and bottom <= canvas.height + 0.5
            assert inside, (name, text)
        for one, other in combinations(found, 2):
            apart = one[3] <= other[1] or other[3] <= one[1] or one[2] <= other[4] or other[2] <= one[4]
            assert apart, (name, one[0], other[0])


def all_figures(release: Release, language: str = "de") -> list:
    sheet = release.own[sample.ALL]
    return [
        profile.draw(release, sheet, language),
        dumbbell.draw(release, sheet, language),
        dumbbell.draw_region(release, language),
        distribution.draw(release, sheet.outside_view, "Siegen", language),
        region_profile.draw(release, language),
        level_counts.draw(release, "A", language),
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
    for figure in all_figures(sample.release(), language):
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


@given(st.floats(-1e9, 1e9))
def test_a_value_beyond_the_scale_stands_at_its_end(value):
    scale = Scale(100, 200)
    assert 100 <= scale.x(value) <= 200


def test_unknown_characters_become_squares_and_control_characters_vanish():
    assert fonts.printable("Olpe\x07 \ue000") == "Olpe □"
    assert fonts.printable("95\u00a0%") == "95\u00a0%"
    assert fonts.printable("Bad Berleburg ß „x“ →") == "Bad Berleburg ß „x“ →"


def test_missing_fonts_are_named_with_the_mend(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    fonts.install.cache_clear()
    with pytest.raises(fonts.FontsMissing, match="make setup"):
        fonts.install()
