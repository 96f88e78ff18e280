"""The agency gets a draft council paper for each municipality, alone or all at once."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from docx import Document

from app.database import db, today
from app.joining import papers
from app.releases.models import Job
from app.rounds import lifecycle
from tests.joining.conftest import MESCHEDE, OLPE
from tests.reports.conftest import pages_of

PAGE = "/agentur/ratsvorlagen"


def text_of(paper: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(paper)).paragraphs)


def downloaded(desk) -> bytes:
    with desk.get(f"{PAGE}/alle.zip") as answer:
        return answer.data


def test_the_page_offers_every_municipality_in_both_formats(desk):
    page = desk.get(PAGE).text
    assert page.count(".docx") >= 59
    assert page.count(".pdf") >= 59
    assert "59 von 59 Kommunen" in page
    assert "Vor dem Versand prüfen" in page


def test_the_list_is_folded_by_district_and_narrowed_without_script(desk, decide):
    decide(OLPE)
    whole = desk.get(PAGE).text
    assert "Kreis Olpe: 7 Kommunen, 1 mit Beschluss" in whole
    assert "<details open" not in whole.replace(' class="kern-accordion"', "")
    narrowed = desk.get(f"{PAGE}?kreis={OLPE[:5]}&stand=decided").text
    assert "1 von 59 Kommunen" in narrowed
    assert "Kreis Olpe: 1 Kommune, 1 mit Beschluss" in narrowed
    assert "<details open" in narrowed.replace(' class="kern-accordion"', "")
    assert f"{MESCHEDE}.docx" not in narrowed
    assert f"{OLPE}.docx" in narrowed
    assert "So steht gerade keine Kommune da" in desk.get(f"{PAGE}?kreis=00000").text


def test_a_paper_tells_where_municipality_and_region_stand(app, desk, decide, confer):
    decide(OLPE)
    confer("interested", held_on=dt.date(2023, 9, 1))
    with app.app_context():
        lifecycle.create_round("naechste", "Erhebung bald", today(), today() + dt.timedelta(days=60))
        db.session.commit()
    text = text_of(desk.get(f"{PAGE}/{MESCHEDE}.docx").data)
    assert "Der Rat der Stadt Meschede beschließt:" in text
    assert "am 1. September 2023 in der Bürgermeisterkonferenz vorgestellt (Hochsauerlandkreis)" in text
    assert "nimmt eine der 59 Kommunen" in text
    assert "davon 0 von 12 im eigenen Kreis" in text
    assert "»Erhebung bald«" in text


def test_a_municipality_that_decided_gets_a_paper_for_the_renewal(desk, decide):
    decide(decided_on=dt.date(2020, 5, 2), renew_by=dt.date(2024, 5, 2))
    assert "zuletzt am 2. Mai 2020 beschlossen" in text_of(desk.get(f"{PAGE}/{MESCHEDE}.docx").data)


def test_the_pdf_is_shown_in_the_browser(desk):
    answer = desk.get(f"{PAGE}/{MESCHEDE}.pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="ratsvorlage-meschede.pdf"'
    assert "Stadt Meschede" in " ".join(pages_of(answer.data))


@pytest.mark.parametrize("address", [f"{PAGE}/00000000.docx", f"{PAGE}/{MESCHEDE}.odt", f"{PAGE}/alle.zip"])
def test_what_does_not_exist_is_not_found(desk, address):
    assert desk.get(address).status_code == 404


def test_all_papers_come_as_one_archive_with_progress(app, desk):
    page = desk.read(desk.post(f"{PAGE}/alle"))
    assert "Ratsvorlagen aller Kommunen" in page
    assert "Zu den Dateien" in page
    with app.app_context():
        job = db.session.query(Job).one()
        assert (job.state, job.done, job.total, job.message) == ("done", 59, 59, "59 Kommunen")
    archive = zipfile.ZipFile(io.BytesIO(downloaded(desk)))
    assert len(archive.namelist()) == 177
    assert "Stadt Meschede" in text_of(archive.read("ratsvorlagen/ratsvorlage-meschede.docx"))
    assert archive.read("ratsvorlagen/ratsvorlage-meschede.pdf").startswith(b"%PDF")
    assert archive.read("faltblaetter/faltblatt-meschede.pdf").startswith(b"%PDF")
    assert "aus einer anderen Vorlage" not in desk.get(PAGE).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_and_the_earlier_archive_stays(app, desk, monkeypatch):
    with monkeypatch.context() as quick:
        quick.setattr(papers, "_files", lambda place, *_: [(f"{place.standing.municipality.slug}.pdf", b"%PDF")])
        desk.post(f"{PAGE}/alle")
    before = downloaded(desk)
    monkeypatch.setattr(papers, "as_docx", _no_space)
    page = desk.read(desk.post(f"{PAGE}/alle"))
    assert "Das Archiv ließ sich nicht schreiben" in page
    assert "Ein früheres ist unverändert" in page
    assert downloaded(desk) == before
    assert "Ansehen und neu starten" in desk.get(PAGE).text


def _no_space(*_arguments: object) -> bytes:
    raise OSError(28, "No space left on device")
