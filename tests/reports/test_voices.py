"""What newcomers wrote: themes everywhere, edited passages in the region's report only."""

from __future__ import annotations

from reports.documents import voices
from reports.documents.content import Order
from reports.wording import Wording
from scoring.release import Extract, Release
from tests.reports import sample


def section(release: Release, ags: str | None):
    sheet = None if ags is None else release.own[ags]
    return voices.voices_section(Order(release, "0" * 64, Wording("de")), sheet)


def test_a_municipality_reads_its_own_themes_and_no_passage(documents):
    made = section(sample.release(), sample.ALL)
    assert made["quotes"] == []
    assert [row[0] for row in made["tables"][0]["rows"]] == ["Bus, Bahn, Wege", "Arbeit", "Menschen"]
    assert "Die Nachbarschaft hat geholfen" not in documents.text(sample.ALL)
    assert "Was die Neuen geschrieben haben" in documents.text(sample.ALL)


def test_the_region_reads_its_themes_and_the_passages(documents):
    made = section(sample.release(), None)
    assert made["quotes"] == ["„Die Nachbarschaft hat geholfen.“", "„Busse am Abend.“"]
    text = documents.text(None)
    assert "„Busse am Abend.“" in text
    assert "ohne Angabe des Ortes" in text


def test_without_themes_there_is_no_chapter(documents):
    assert section(sample.release(), sample.OUTSIDE) is None
    assert "Was die Neuen geschrieben haben" not in documents.text(sample.OUTSIDE)


def test_of_many_passages_the_report_shows_some_and_says_how_many_more_there_are():
    many = tuple(Extract(text=f"Satz {number}") for number in range(voices.MOST_EXTRACTS + 3))
    made = section(sample.release().model_copy(update={"extracts": many}), None)
    assert len(made["quotes"]) == voices.MOST_EXTRACTS
    assert made["notes"][-1] == "Weitere 3 Auszüge stehen in den offenen Daten."
