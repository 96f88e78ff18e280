"""The council's page: one page whatever happens, accessible as PDF and as DOCX, the same bytes for the same release."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from docx import Document

from reports.documents import NotInRelease, council_docx, council_paper
from scoring.release import sha256
from tests.reports import sample
from tests.reports.conftest import pages_of
from tests.reports.test_documents import HOSTILE, structure_elements


@pytest.mark.parametrize("ags", sample.NAMES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_it_is_one_page(documents, ags, language):
    assert len(pages_of(documents.council(ags, language))) == 1


def test_it_says_what_a_council_needs(documents):
    (page,) = pages_of(documents.council(sample.ALL))
    for part in ("Was gut gelingt", "Wo es sich lohnt anzusetzen", "Nächste Schritte", "Entwicklungsziele"):
        assert part in page
    assert sha256(documents.release.to_json())[:12] in page
    assert "Alle Zahlen sind erfunden" in page


def test_a_goal_reads_as_one_sentence():
    release = sample.release()
    sheet = release.own[sample.ALL]
    goal = sheet.goals[0].model_copy(update={"measure": "Lotsen gewinnen."})
    told = release.model_copy(update={"own": {**release.own, sample.ALL: sheet.model_copy(update={"goals": (goal,)})}})
    (page,) = pages_of(council_paper(told, sample.ALL))
    assert "Lotsen gewinnen (Zielstufe 3 bis 30. Juni 2027): erreicht." in page


def test_without_anything_it_says_so(documents):
    (page,) = pages_of(documents.council(sample.NOTHING))
    assert "Das ist kein schlechtes Ergebnis, sondern keines." in page
    assert "Was gut gelingt" not in page


@pytest.mark.parametrize(
    ("ags", "said"),
    [
        (sample.ALL, "Die Kommune hat sich selbst eingeschätzt, Zugezogene haben anonym bewertet."),
        (sample.SELF, "Die Kommune hat sich selbst eingeschätzt; Zugezogene haben zu selten geantwortet"),
        (sample.OUTSIDE, "Zugezogene haben anonym bewertet; eine Selbsteinschätzung der Kommune liegt"),
    ],
)
def test_it_names_only_the_views_there_are(documents, ags, said):
    (page,) = pages_of(documents.council(ags))
    assert said in page
    assert ".:" not in page


def test_the_pdf_is_tagged_with_language_title_and_embedded_fonts(documents):
    with pikepdf.open(io.BytesIO(documents.council(sample.ALL))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "de"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith("Willkommenskultur in Siegen")
        kinds = [str(element.S) for element in structure_elements(pdf)]
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert all("/FontFile2" in f or "/FontFile3" in f for f in (d.FontDescriptor for d in map(_inner, fonts)))
    assert {"/H1", "/H2", "/Table", "/TH", "/L"} <= set(kinds)


def _inner(font: pikepdf.Object) -> pikepdf.Object:
    return font.DescendantFonts[0] if "/DescendantFonts" in font else font


def test_the_word_file_has_headings_a_header_row_its_language_and_no_picture(documents):
    paper = Document(io.BytesIO(documents.word(sample.ALL)))
    styles = [paragraph.style.name for paragraph in paper.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") >= 3
    (table,) = paper.tables
    assert "tblHeader" in table.rows[0]._tr.xml
    assert len(table.rows) == 11
    assert 'w:val="de-DE"' in paper.styles["Normal"].element.xml
    assert paper.core_properties.title.startswith("Willkommenskultur in Siegen")
    assert not paper.inline_shapes
    first, *others = [column.width for column in table.columns]
    assert first > 2 * max(others)
    for style in ("Heading 1", "Heading 2", "Normal"):
        assert "Theme" not in paper.styles[style].element.rPr.rFonts.xml.partition("rFonts ")[2]


def test_the_word_file_says_the_same_as_the_pdf(documents):
    (page,) = pages_of(documents.council(sample.ALL))
    paper = Document(io.BytesIO(documents.word(sample.ALL)))
    squeezed = page.replace(" ", "").replace("-", "")
    bullets = [p.text for p in paper.paragraphs if p.style.name == "List Bullet"]
    assert len(bullets) >= 9
    for bullet in bullets:
        assert bullet.replace(" ", "").replace("-", "") in squeezed


def test_the_same_release_gives_the_same_word_file(documents):
    assert council_docx(sample.release(), sample.ALL) == documents.word(sample.ALL)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_holds(name):
    release = sample.release(names={sample.ALL: name})
    assert pages_of(council_paper(release, sample.ALL))
    written = council_docx(release, sample.ALL)
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert parts.testzip() is None
    assert Document(io.BytesIO(written)).paragraphs


def test_who_is_not_in_the_release_has_no_page():
    with pytest.raises(NotInRelease):
        council_docx(sample.release(), "00000000")
    with pytest.raises(NotInRelease):
        council_paper(sample.release(), sample.SELF, audience="public")
