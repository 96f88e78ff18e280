"""The agency brings its own template: it is checked, looked at, used, and left again; what cannot be used says why."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.database import db
from app.joining import papers
from app.joining.models import LARGEST, PaperTemplate
from tests.joining.conftest import MESCHEDE, docx_with

PAGE = "/agentur/ratsvorlagen"
OURS, THEIRS = "Was die Teilnahme bedeutet", "Briefkopf der Agentur"
GOOD = docx_with(f"{THEIRS}: {{{{ kommune }}}}")


def text_of(desk, query: str = "") -> str:
    paper = Document(io.BytesIO(desk.get(f"{PAGE}/{MESCHEDE}.docx{query}").data))
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def with_part(content: bytes, name: str, inside: bytes = b"x") -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, inside)
    return target.getvalue()


def kept(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(PaperTemplate.name)))


def test_a_new_template_is_not_used_before_somebody_says_so(desk, upload):
    page = upload(GOOD)
    assert "Die Vorlage ist in Ordnung" in page
    assert "unsere Vorlage gilt" in page
    assert OURS in text_of(desk)
    assert f"{THEIRS}: Meschede" in text_of(desk, "?vorlage=eigene")


def test_it_is_used_and_left_again_with_one_click_each(app, desk, upload):
    upload(GOOD)
    assert "Ihre Vorlage gilt" in desk.read(desk.post(f"{PAGE}/vorlage/gebrauch", {"vorlage": "eigene"}))
    assert f"{THEIRS}: Meschede" in text_of(desk)
    assert "Ihre eigene bleibt erhalten" in desk.read(desk.post(f"{PAGE}/vorlage/gebrauch", {"vorlage": "unsere"}))
    assert OURS in text_of(desk)
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
        assert [a for a in actions if a.startswith("paper_template")] == [
            "paper_template.uploaded", "paper_template.switched", "paper_template.switched",
        ]  # fmt: skip


def test_a_later_template_waits_while_the_first_is_in_use_and_then_takes_its_place(app, desk, upload):
    upload(GOOD)
    desk.post(f"{PAGE}/vorlage/gebrauch", {"vorlage": "eigene"})
    page = upload(docx_with("{{ kreis }}"), "zweite.docx")
    assert "Geprüft und noch nicht in Gebrauch: »zweite.docx«" in page
    assert f"{THEIRS}: Meschede" in text_of(desk)
    desk.post(f"{PAGE}/vorlage/gebrauch", {"vorlage": "eigene"})
    assert text_of(desk) == "Hochsauerlandkreis"
    assert kept(app) == ["zweite.docx"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_archive_says_when_it_comes_from_another_template(desk, upload, monkeypatch):
    monkeypatch.setattr(papers, "_files", lambda place, *_: [(f"{place.standing.municipality.slug}.pdf", b"%PDF")])
    desk.post(f"{PAGE}/alle")
    upload(GOOD)
    desk.post(f"{PAGE}/vorlage/gebrauch", {"vorlage": "eigene"})
    assert "aus einer anderen Vorlage" in desk.get(PAGE).text


def test_our_template_can_be_taken_as_a_start(desk, upload):
    ours = desk.get(f"{PAGE}/vorlage.docx?vorlage=unsere").data
    assert "Die Vorlage ist in Ordnung" in upload(ours)
    assert desk.get(f"{PAGE}/vorlage.docx?vorlage=eigene").data == ours


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (docx_with("{{ komune }}"), "Das Feld »komune« gibt es nicht. Meinten Sie »kommune«?"),
        (docx_with("{{ xyz }}"), "Das Feld »xyz« gibt es nicht. Alle Felder stehen auf dieser Seite."),
        (docx_with("{% for k in region %}"), "Die Vorlage enthält »{% for k in region %}«."),
        (docx_with("{{ kommune", "}}"), "stimmen die Klammern nicht"),
        (docx_with("{{ kommune.upper() }}"), "keine Schleifen, Bedingungen und Rechnungen"),
        (with_part(GOOD, "word/vbaProject.bin"), "Die Vorlage enthält Makros"),
        (with_part(GOOD, "word/embeddings/oleObject1.bin"), "Die Vorlage enthält Makros oder eingebettete Dateien"),
        (b"%PDF-1.7 kein Word", "Das ist kein Word-Dokument."),
        (b"", "Wählen Sie zuerst eine Datei aus."),
        (with_part(GOOD, "word/media/bild.png", b"x" * LARGEST), "mehr als 2 MB"),
    ],
)
def test_what_cannot_be_used_says_why_and_changes_nothing(app, desk, upload, content, sentence):
    upload(GOOD, "erste.docx")
    assert sentence in upload(content, "zweite.docx", status=422)
    assert kept(app) == ["erste.docx"]


def test_a_document_with_macros_under_its_own_ending_is_refused(app, upload):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as found, zipfile.ZipFile(target, "w") as written:
        for part in found.infolist():
            content = found.read(part)
            if part.filename == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
            written.writestr(part, content)
    assert "Die Vorlage enthält Makros" in upload(target.getvalue(), "vorlage.docm", status=422)
    assert kept(app) == []


def test_a_file_far_too_large_is_refused_before_it_is_read(app, upload):
    page = upload(b"x" * (LARGEST + 300 * 1024), status=413)
    assert "mehr als 2 MB" in page
    assert kept(app) == []


def test_there_is_no_way_to_a_template_that_does_not_exist(desk):
    assert desk.post(f"{PAGE}/vorlage/gebrauch", {"vorlage": "eigene"}).status_code == 404
