"""The chapter about how far the numbers carry: it says what was found, and nothing where nothing was found."""

from __future__ import annotations

import pytest

from reports.documents import municipal, region
from reports.documents.content import Order
from reports.wording import Wording
from scoring.release import Places, Release
from tests.reports import sample


def chapter(release: Release, language: str = "de") -> dict:
    return region.content(Order(release, "f" * 64, Wording(language)))["sections"][-1]


def without_worth(release: Release) -> Release:
    """The same release as an earlier method made it."""
    names = ("alpha", "alpha_low", "alpha_high", "omega", "importance", "importance_low", "importance_high")
    nothing = dict.fromkeys(names) | {"reliability": "none"}
    outside = tuple(score.model_copy(update=nothing) for score in release.region.outside_view)
    sheet = release.region.model_copy(update={"outside_view": outside, "agreement": (), "places": Places()})
    return release.model_copy(update={"region": sheet})


@pytest.mark.parametrize(
    ("language", "heading"), [("de", "Wie belastbar die Zahlen sind"), ("en", "How far the numbers carry")]
)
def test_the_regional_report_says_how_far_its_numbers_carry(language, heading):
    assert chapter(sample.release(), language)["heading"] == heading


def test_every_combined_value_stands_with_its_reliability_and_what_follows():
    rows = chapter(sample.release())["tables"][0]["rows"]
    assert rows[0][1:] == ["0,75 (0,71 bis 0,79)", "0,77", "trägt"]
    assert {row[3] for row in rows} == {"trägt", "mit Vorsicht", "Fragen einzeln lesen"}


def test_the_five_closest_questions_stand_in_the_order_of_their_share():
    rows = chapter(sample.release())["tables"][1]["rows"]
    shares = [int(row[1].split()[0].rstrip("%\u00a0")) for row in rows]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)


def test_an_association_is_not_called_a_cause():
    assert any("keine Ursache" in note for note in chapter(sample.release())["notes"])


def test_where_the_self_assessment_says_nothing_about_newcomers_it_is_said():
    notes = " ".join(chapter(sample.release())["notes"])
    assert "Kein gesicherter Zusammenhang" in notes
    assert "bewerten die Neuen niedriger" in notes


def test_the_reader_learns_why_nobody_is_ranked():
    notes = " ".join(chapter(sample.release())["notes"])
    assert "17 von 46 Plätzen" in notes
    assert "24 von 38 Plätzen" in notes


def test_a_release_made_before_has_no_such_chapter():
    assert chapter(without_worth(sample.release()))["heading"] == "Reifegrade je Kriterium"


def newcomers_notes(release: Release, ags: str) -> str:
    content = municipal.content(Order(release, "f" * 64, Wording("de")), release.own[ags], own=True)
    return " ".join(next(s for s in content["sections"] if s["heading"] == "Was die Neuen sagen")["notes"])


def test_a_municipality_learns_the_smallest_change_it_could_tell():
    assert "ab etwa 9 Punkten" in newcomers_notes(sample.release(), sample.ALL)


def test_a_municipality_without_answers_reads_nothing_about_scales():
    notes = newcomers_notes(sample.release(), sample.SELF)
    assert "Punkten von Zufall" not in notes
    assert "einzeln lesen" not in notes


def test_weak_scales_are_named_where_their_value_is_shown():
    assert "nur mäßig zusammenpassen" in newcomers_notes(sample.release(), sample.ALL)


def newcomers_chapter(release: Release, ags: str) -> dict:
    order = Order(release, "f" * 64, Wording("de"))
    sections = municipal.content(order, release.own[ags], own=True)["sections"]
    return next(section for section in sections if section["heading"] == "Was die Neuen sagen")


def test_questions_without_a_signal_are_named_where_nobody_is_compared():
    release = sample.release()
    ags = next(a for a, s in release.own.items() if any(o.indicator == "N06" and o.n for o in s.outside_view))
    outside = tuple(
        s.model_copy(update={"differs": s.indicator != "N06" and s.differs}) if s.kind == "item" else s
        for s in release.region.outside_view
    )
    changed = release.model_copy(update={"region": release.region.model_copy(update={"outside_view": outside})})
    notes = " ".join(newcomers_chapter(changed, ags)["notes"])
    assert "unterscheiden sich die Kommunen nicht erkennbar" in notes
    assert "N06" in notes


def test_a_municipality_reads_interval_state_and_the_smallest_change_it_could_tell():
    release = sample.release()
    ags = next(a for a, s in release.own.items() if any(o.band == "better" for o in s.outside_view))
    found = newcomers_chapter(release, ags)
    rows = [row for data in found["tables"] for row in data["rows"]]
    assert any(" bis " in row[3] for row in rows)
    assert any(row[5] == "über der Region" for row in rows)
    detectable = next(s.detectable for s in release.own[ags].outside_view if s.kind == "overall")
    assert any(f"ab etwa {detectable:.0f} Punkten" in note for note in found["notes"])


def test_how_many_answers_are_missing_is_said():
    release = sample.release()
    ags, sheet = next((a, s) for a, s in release.own.items() if s.responses and s.responses >= 10)
    own = dict(release.own) | {ags: sheet.model_copy(update={"needed": 37})}
    assert any("37" in line for line in newcomers_chapter(release.model_copy(update={"own": own}), ags)["lead"])
