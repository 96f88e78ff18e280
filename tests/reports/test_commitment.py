"""Decision and contact in words: on the council's page always, in reports as far as they are known."""

from __future__ import annotations

import io

from docx import Document

from reports.documents import commitment
from reports.documents.content import Order
from reports.wording import Wording
from scoring.release import Decision
from tests.reports import sample
from tests.reports.conftest import pages_of

SAID = (
    "Rat, 12. März 2025, Vorlage 45/2025. 31 Ja, 2 Nein, eine Enthaltung. Erneut zu beschließen bis 31. Dezember 2029."
)


def order() -> Order:
    return Order(sample.release(), "0" * 64, Wording("de"))


def test_a_decision_says_who_when_on_which_paper_with_which_votes_and_until_when():
    assert commitment.decision_text(order(), sample.release().own[sample.ALL].decision) == SAID


def test_a_committee_is_named_and_a_decision_without_end_says_so():
    decision = Decision(body="committee", body_name="Hauptausschuss", decided_on="2024-01-15")
    text = commitment.decision_text(order(), decision)
    assert text == "Hauptausschuss, 15. Januar 2024. Er gilt bis auf Weiteres."


def test_the_council_page_has_both_as_pdf_and_as_docx(documents):
    (page,) = pages_of(documents.council(sample.ALL))
    paper = Document(io.BytesIO(documents.word(sample.ALL)))
    for text in (page, " ".join(paragraph.text for paragraph in paper.paragraphs)):
        assert f"Beschluss: {SAID}" in text.replace("- ", "-")
        assert "Ansprechstelle: Willkommensstelle, Telefon 0271 123-0, willkommen@kommune.example" in text


def test_the_council_page_says_what_is_not_on_record(documents):
    (page,) = pages_of(documents.council(sample.SELF))
    assert "Ein Beschluss des Rates ist bei der Agentur nicht eingetragen." in page
    assert "Eine Ansprechstelle ist nicht eingetragen" in page


def test_what_is_missing_is_for_the_municipality_alone():
    sheet = sample.release().own[sample.SELF]
    assert commitment.commitment_section(order(), sheet, own=False) is None
    assert len(commitment.commitment_section(order(), sheet, own=True)["lead"]) == 2
