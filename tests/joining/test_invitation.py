"""The invitation is a flyer ready to print and a page for everybody, per municipality and for all."""

from __future__ import annotations

import io

import pikepdf
import pytest

from tests.joining.conftest import OLPE
from tests.reports.conftest import pages_of
from tests.reports.test_documents import structure_elements

POINTS = 72 / 25.4
FLYER = "/agentur/faltblatt"


def test_the_public_page_says_what_the_flyer_says(client, desk, decide):
    decide(OLPE)
    answer = client.get("/mitmachen/olpe")
    assert "Eine Einladung an die Stadt Olpe" in answer.text
    assert "Eine von 59 Kommunen hat die Teilnahme beschlossen. In Ihrem Kreis (Kreis Olpe): 1 von 7." in answer.text
    flyer = " ".join(pages_of(desk.get(f"{FLYER}/olpe.pdf").data))
    for sentence in ("Eine Einladung an die Stadt Olpe", "Was es braucht", "Noch kein Beschluss?", "mitmachen"):
        assert sentence in flyer


def test_a_public_page_sets_no_cookie_and_loads_nothing_from_elsewhere(client):
    answer = client.get("/mitmachen")
    assert "Set-Cookie" not in answer.headers
    assert "Eine Einladung an die Städte und Gemeinden der Region" in answer.text
    assert "38 von 59 Kommunen waren zuletzt dabei" in answer.text


def test_page_and_flyer_speak_english_too(client, desk):
    page = client.get("/mitmachen/olpe?lang=en").text
    assert "An invitation to Olpe" in page
    assert "Arrive well. Gladly stay." in page
    english = desk.get(f"{FLYER}/olpe.pdf?sprache=en&beschnitt=1")
    assert english.headers["Content-Disposition"] == 'inline; filename="faltblatt-olpe-en.pdf"'
    assert "An invitation to Olpe" in " ".join(pages_of(english.data))
    german = desk.get(f"{FLYER}/olpe.pdf?lang=en").data  # Who reads the service in English hands out German flyers.
    assert "Eine Einladung an die Stadt Olpe" in " ".join(pages_of(german))


def test_the_invitation_is_linked_from_every_public_page(client):
    assert '<a href="/mitmachen">Mitmachen als Kommune</a>' in client.get("/impressum").text


@pytest.mark.parametrize("address", ["/mitmachen/atlantis", f"{FLYER}/atlantis.pdf"])
def test_a_municipality_that_does_not_exist_is_not_found(desk, address):
    assert desk.get(address).status_code == 404


def test_the_flyer_is_for_the_agency_the_page_for_all(client):
    assert client.get(f"{FLYER}.pdf").status_code == 302


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_six_panels_on_two_sides_tagged_with_the_cover_read_first(desk):
    pdf = desk.get(f"{FLYER}/olpe.pdf").data
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 2
        assert document.open_metadata()["pdfuaid:part"] == "1"
        assert [round(float(side) / POINTS) for side in document.pages[0].mediabox[2:]] == [297, 210]
        kinds = [str(element.S) for element in structure_elements(document)]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 5
        assert kinds.count("/Figure") == 2
    outer, inner = pages_of(pdf)
    assert outer.index("Gut ankommen.") < outer.index("Was es braucht") < outer.index("Machen Sie mit")
    assert inner.index("Worum es geht") < inner.index("So geht es") < inner.index("Was Sie davon haben")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_for_the_print_shop_it_has_bleed_and_trim_boxes(desk):
    pdf = desk.get(f"{FLYER}/olpe.pdf?beschnitt=1").data
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            assert [round(float(side) / POINTS) for side in page.mediabox[2:]] == [317, 230]
            left, bottom, right, top = (round(float(side) / POINTS) for side in page.obj.TrimBox)
            assert (left, bottom, right - left, top - bottom) == (10, 10, 297, 210)
            assert round(float(page.obj.BleedBox[0]) / POINTS) == 7


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_municipalitys_texts_fit_their_panels(app):
    """The template refuses a panel that holds too much; the longest names and a far address show it does not."""
    from app.joining.facts import counts, places
    from app.joining.invitation import as_pdf, told

    with app.app_context():
        longest = sorted(places(), key=lambda place: len(place.facts.name + place.facts.district))[-3:]
        for place in longest:
            for language in ("de", "en"):
                content = told(place, counts(language), language, neutral=False)
                content["address"] = content["short"] = f"https://willkommen.{'s' * 30}.example/mitmachen/{'n' * 30}"
                assert as_pdf(content, place, press=True).startswith(b"%PDF")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_panel_that_holds_too_much_is_refused(app):
    from app.joining.facts import counts, places
    from app.joining.invitation import as_pdf, told

    with app.app_context():
        place = places()[0]
        content = told(place, counts("de"), "de", neutral=True)
        content["panels"][0]["text"] = ["Zu viel Text. " * 200]
        with pytest.raises(Exception, match="holds too much"):
            as_pdf(content, place, press=False)
