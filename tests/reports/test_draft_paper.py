"""A draft council paper says what a council needs, in whatever template; a template holds fields and nothing else."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pikepdf
import pytest
from docx import Document

from reports.documents import draft_paper
from reports.documents.draft_paper import Facts, FieldUnknown, NotATemplate, StatementFound, TagBroken
from reports.documents.draft_paper.fields import Published, Survey
from tests.reports.conftest import pages_of
from tests.reports.test_documents import HOSTILE, structure_elements

DAY = dt.date(2026, 11, 28)
MOMENT = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
FACTS = Facts(
    name="Attendorn", kind="Stadt", district="Kreis Olpe", population=24_367, region="Südwestfalen",
    agency="Südwestfalen Agentur", site="https://kompass.example.org", day=DAY, criteria=43, core=20, decided=12,
    municipalities=59, decided_near=3, near=7, reported=38, reported_in="Juni 2020",
)  # fmt: skip
BUSY = replace(
    FACTS,
    presented_on=dt.date(2026, 9, 1),
    survey=Survey("Erhebung 2027", dt.date(2027, 3, 1), dt.date(2027, 5, 31)),
    published=Published("Erhebung 2026", 40, 3210, 38),
)


def docx_with(*paragraphs: str, **more: str) -> bytes:
    paper, target = Document(), io.BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    if "header" in more:
        paper.sections[0].header.paragraphs[0].text = more["header"]
    paper.save(target)
    return target.getvalue()


def filled(template: bytes, facts: Facts = BUSY) -> bytes:
    return draft_paper.filled(template, draft_paper.values(facts), MOMENT)


def text_of(paper: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(paper)).paragraphs)


def test_every_field_has_a_text_and_no_other_is_known():
    words = draft_paper.values(BUSY)
    assert tuple(words) == draft_paper.FIELDS
    assert all(words.values())


def test_our_template_can_be_used_and_says_what_a_council_needs():
    assert set(draft_paper.check(draft_paper.ours())) >= {
        "betreff", "sachverhalt", "teilnahme", "kosten", "stand_region", "beschluss",
    }  # fmt: skip
    text = text_of(filled(draft_paper.ours()))
    for part in (
        "Teilnahme an der Qualitätsoffensive »Willkommen in Südwestfalen«",
        "am 1. September 2026 in der Bürgermeisterkonferenz vorgestellt (Kreis Olpe)",
        "»Erhebung 2027«, 1. März 2027 bis 31. Mai 2027",
        "43 Kriterien, davon 20 Kernkriterien",
        "mit rund einer Stunde zu rechnen, für alle 43 Kriterien mit rund 2 Stunden",
        "12 der 59 Kommunen in Südwestfalen mit einem Beschluss teil, davon 3 von 7 im eigenen Kreis",
        "3.210 Neubürgerinnen und Neubürger haben geantwortet",
        "1. Die Stadt Attendorn nimmt an der Qualitätsoffensive",
    ):
        assert part in text
    assert "{{" not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decided": 0}, "zuletzt 38 von 59 teilnehmenden Kommunen (Juni 2020)"),
        (
            {"decided_on": dt.date(2022, 5, 3)},
            "zuletzt am 3. Mai 2022 beschlossen. Diese Vorlage dient der Erneuerung.",
        ),
        ({"published": Published("Runde", 4, None, 0)}, "haben 4 Kommunen ihre Selbsteinschätzung abgegeben. Für 0"),
        ({"demo": True}, "Achtung, Demonstration: Diese Zahlen sind erfunden."),
        ({"survey": None}, "gibt die Kommune ihre Selbsteinschätzung ab: 43 Kriterien, davon 20 Kernkriterien.\n"),
    ],
)
def test_it_says_what_is_known_and_nothing_else(changes, said):
    assert said in text_of(filled(draft_paper.ours(), replace(BUSY, **changes)))


def test_a_text_of_several_paragraphs_takes_the_format_of_its_field():
    paper = Document(io.BytesIO(filled(draft_paper.ours())))
    assert sum(paragraph.style.name == "List Bullet" for paragraph in paper.paragraphs) == 5


def test_the_same_day_gives_the_same_bytes():
    first, second = filled(draft_paper.ours()), filled(draft_paper.ours())
    assert first == second
    assert draft_paper.pdf(first, "T", "A", MOMENT) == draft_paper.pdf(second, "T", "A", MOMENT)


def test_the_pdf_is_tagged_and_says_the_same():
    paper = filled(draft_paper.ours())
    pdf = draft_paper.pdf(paper, "Entwurf", "Agentur", MOMENT)
    told = " ".join(pages_of(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.open_metadata()["pdfuaid:part"] == "1"
        kinds = {str(element.S) for element in structure_elements(document)}
    assert {"/H1", "/H2", "/L", "/Table", "/P"} <= kinds
    for line in text_of(paper).split("\n"):
        assert " ".join(line.split()[:3]) in told


def test_a_template_of_somebody_else_gives_a_pdf_too():
    paper, target = Document(), io.BytesIO()
    paper.add_heading("{{ betreff }}", level=3)
    paper.add_table(rows=1, cols=1).cell(0, 0).text = "Kommune: {{kommune}}"
    paper.add_paragraph("{{ beschluss }}", style="List Number")
    paper.save(target)
    assert draft_paper.check(target.getvalue()) == ("kommune", "betreff", "beschluss")
    pdf = draft_paper.pdf(filled(target.getvalue()), "T", "A", MOMENT)
    assert "Kommune: Attendorn" in " ".join(pages_of(pdf))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_holds(name):
    paper = filled(draft_paper.ours(), replace(BUSY, name=name))
    assert len(pages_of(draft_paper.pdf(paper, name, "A", MOMENT))) >= 1


def test_a_name_that_looks_like_a_field_stays_as_it_is():
    assert "{{ kreis }} & <w:p>" in text_of(
        filled(docx_with("{{ kommune }}"), replace(BUSY, name="{{ kreis }} & <w:p>"))
    )


@pytest.mark.parametrize(
    ("text", "refusal", "found"),
    [
        ("{{ komune }}", FieldUnknown, "komune"),
        ("{{ bürgermeister }}", FieldUnknown, "bürgermeister"),
        ("{% for x in region %}{{ x }}{% endfor %}", StatementFound, "{% for x in region %}"),
        ("{%p if kreis %}", StatementFound, "{%p if kreis %}"),
        ("{# Hinweis #}", StatementFound, "{# Hinweis #}"),
        ("{{ kommune.__class__ }}", StatementFound, "{{ kommune.__class__ }}"),
        ("{{ kommune|upper }}", StatementFound, "{{ kommune|upper }}"),
        ("{{ 7 * 7 }}", StatementFound, "{{ 7 * 7 }}"),
        ("{{r kommune }}", StatementFound, "{{r kommune }}"),
        ("{{ kommune", TagBroken, "{{ kommune"),
        ("kommune }}", TagBroken, "}}"),
        ("{{ }}", TagBroken, "{{}}"),
    ],
)
@pytest.mark.parametrize("place", ["body", "header"])
def test_what_is_no_plain_field_is_refused_and_named(text, refusal, found, place):
    template = docx_with(text) if place == "body" else docx_with("Text", header=text)
    with pytest.raises(refusal) as refused:
        draft_paper.check(template)
    assert refused.value.found == found


@pytest.mark.parametrize(("typed", "meant"), [("komune", "kommune"), ("Beschluß", "beschluss"), ("xyz", "")])
def test_the_nearest_field_is_named(typed, meant):
    with pytest.raises(FieldUnknown) as refused:
        draft_paper.check(docx_with(f"{{{{ {typed} }}}}"))
    assert refused.value.nearest == meant


def test_a_field_that_word_has_split_into_pieces_is_known():
    paper, target = Document(), io.BytesIO()
    paragraph = paper.add_paragraph()
    for piece in ("{", "{ kom", "mune }", "}"):
        paragraph.add_run(piece).bold = piece == "{ kom"
    paper.save(target)
    assert draft_paper.check(target.getvalue()) == ("kommune",)
    assert "Attendorn" in text_of(filled(target.getvalue()))


def test_a_statement_spread_over_two_paragraphs_does_not_slip_through():
    with pytest.raises((StatementFound, TagBroken)):
        draft_paper.check(docx_with("{", "% set x = 1 %", "}"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 kaputt", b"<html>"])
def test_what_is_no_word_document_is_refused(content):
    with pytest.raises(NotATemplate):
        draft_paper.check(content)
