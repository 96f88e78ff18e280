"""The district's report: public, so nobody by name who did not agree, and nobody ranked."""

from __future__ import annotations

import io

import pikepdf
import pytest

from reports.documents import DistrictNotInRelease, district_report
from tests.reports import sample
from tests.reports.conftest import pages_of
from tests.reports.test_documents import HOSTILE, structure_elements

DISTRICT = "05970"


def test_it_names_everybody_and_shows_values_of_those_alone_that_agreed(documents):
    text = " ".join(pages_of(documents.district(DISTRICT)))
    assert all(name in text for name in sample.NAMES.values())
    scores = text.split("Gesamtbewertung der Neuen, 0 bis 100 Punkte")[1].split("Die Region Karte von")[0]
    assert "Siegen" in scores
    assert "Bad Berleburg" not in scores
    assert "Hallenberg" not in scores


def test_good_examples_stand_by_name(documents):
    text = " ".join(pages_of(documents.district(DISTRICT)))
    assert "Bad Berleburg" in text.partition("Gute Beispiele")[2]


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_is_tagged_says_its_language_and_every_figure_has_words(documents, language):
    with pikepdf.open(io.BytesIO(documents.district(DISTRICT, language))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == language
        figures = [element for element in structure_elements(pdf) if element.S == "/Figure"]
        assert len(figures) == 3
        assert all(len(str(figure.Alt)) > 60 for figure in figures)


def test_a_district_where_nobody_shows_results_says_so():
    release = sample.release().model_copy(update={"public": {}})
    text = " ".join(pages_of(district_report(release, DISTRICT)))
    assert "zeigt bisher keine Kommune ihre Selbsteinschätzung öffentlich" in text
    assert "liegen genügend Antworten von Neuen vor" in text


def test_it_has_two_to_eight_pages(documents):
    assert 2 <= len(pages_of(documents.district(DISTRICT))) <= 8


def test_a_key_that_is_no_district_is_refused_in_words():
    with pytest.raises(DistrictNotInRelease, match="05999"):
        district_report(sample.release(), "05999")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_holds(name):
    names = dict.fromkeys(sample.NAMES, name)
    assert len(pages_of(district_report(sample.release(names=names), DISTRICT))) >= 2
