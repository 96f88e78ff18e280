"""Printed material: every format in every language on one page, readable by machines, ready for a print shop."""

from __future__ import annotations

import datetime as dt
import io
import re
import string

import pikepdf
import pypdf
import pytest

from questionnaires.loading import builtin
from reports import fonts
from reports.documents import round_table
from reports.documents.printed import FORMATS, LANGUAGES, Place, code_letters, material, questionnaire, typesetting
from reports.documents.printed.wording import sentences

# The longest name in the region on the longest address that is likely.
PLACE = Place(
    "Erndtebrück-Wittgenstein",
    "Südwestfalen",
    "https://willkommen.suedwestfalen.example.org/f/bad-laasphe",
    dt.date(2026, 12, 31),
    demo=True,
    draft=True,
)
CODES = ["7K3M-9QWX-2ABC", "0000-0000-0000"]
MILLIMETRE = 72 / 25.4


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_in_every_language_is_one_page_of_its_size(name: str, language: str):
    for press in (False, True):
        pdf = opened(material(PLACE, name, language, "schalter", press))
        [page] = pdf.pages
        extra = 20 if press else 0
        size = [float(value) / MILLIMETRE for value in page.mediabox[2:]]
        assert size == pytest.approx([FORMATS[name].width + extra, FORMATS[name].height + extra], abs=0.2)
        assert str(pdf.Root.Lang).startswith(language[:2])
        assert pdf.Root.MarkInfo.Marked


def test_a_print_shop_finds_where_to_cut_and_three_millimetres_to_spare():
    document = opened(material(PLACE, "card", "de", press=True))
    [page] = document.pages
    trim, bleed = ([float(value) / MILLIMETRE for value in page.obj[name]] for name in ("/TrimBox", "/BleedBox"))
    assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx([105, 148], abs=0.2)
    assert [trim[0] - bleed[0], bleed[3] - trim[3]] == pytest.approx([3, 3], abs=0.01)


def test_the_qr_code_carries_channel_and_language_and_the_eye_reads_a_short_address(monkeypatch: pytest.MonkeyPatch):
    drawn = []
    monkeypatch.setattr("reports.documents.printed.handouts.qr_code", lambda address: drawn.append(address) or SVG)
    text = text_of(material(PLACE, "flyer", "uk", "schule"))
    assert drawn == [f"{PLACE.address}?von=schule&lang=uk"]
    assert "willkommen.suedwestfalen.example.org/f/bad-laasphe" in re.sub(r"\s|\u200b", "", text)
    assert "von=" not in text


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def test_every_code_has_its_own_letter_and_its_own_qr_code(monkeypatch: pytest.MonkeyPatch):
    drawn = []
    monkeypatch.setattr("reports.documents.printed.handouts.qr_code", lambda address: drawn.append(address) or SVG)
    pages = pypdf.PdfReader(io.BytesIO(code_letters(PLACE, "https://w.example.org/c/", CODES, "de"))).pages
    assert [code in page.extract_text() for code, page in zip(CODES, pages, strict=True)] == [True, True]
    assert drawn == [f"https://w.example.org/c/{code.replace('-', '')}?lang=de" for code in CODES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_with_codes_are_one_page_each(language: str):
    assert len(opened(code_letters(PLACE, "https://w.example.org/c/", CODES, language)).pages) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questionnaire_is_one_sheet_with_every_question(language: str):
    catalogue = builtin()
    pdf = questionnaire(PLACE, catalogue, language)
    assert len(opened(pdf).pages) == 2
    if language in ("de", "en"):
        text = re.sub(r"\s+", "", text_of(pdf)).replace("-", "")
        asked = (*catalogue.items, *catalogue.profile_questions, *catalogue.open_questions)
        missing = [q.id for q in asked if re.sub(r"\s+", "", q.text[language]).replace("-", "") not in text]
        assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_names_of_the_german_one(language: str):
    german, other = sentences("de"), sentences(language)
    assert list(other) == list(german)
    for key, sentence in german.items():
        assert names_in(other[key]) == names_in(sentence), key


def names_in(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_every_language_has_a_shape_in_our_own_fonts(language: str):
    fonts.install()
    ours = [fonts.FOLDER / "FiraSans-Regular.ttf", fonts.FOLDER / "Vazirmatn-Regular.ttf"]
    known = set().union(*(fonts._letters(str(path)) for path in ours))
    written = "".join(sentences(language).values()) + "".join(LANGUAGES.values())
    assert {letter for letter in written if ord(letter) not in known and letter not in "\u200c\u00a0\u202f"} == set()


def test_fonts_are_embedded_as_subsets():
    pdf = opened(material(PLACE, "letter", "ar"))
    found = [font for page in pdf.pages for font in page.resources.Font.values()]
    names = {str(font.BaseFont) for font in found}
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in names)
    assert any("Vazirmatn" in name for name in names)


def test_arabic_is_shaped_and_its_letters_can_still_be_copied():
    text = text_of(material(PLACE, "letter", "ar"))
    assert "مختلق" in text


def test_the_same_request_gives_the_same_bytes():
    assert material(PLACE, "card", "de", press=True) == material(PLACE, "card", "de", press=True)


def test_a_name_is_never_read_as_markup():
    odd = Place('#panic("x") *A*', "R", "https://x.example/f/a", dt.date(2026, 1, 1))
    assert '#panic("x") *A*' in text_of(material(odd, "letter", "en"))


def test_pictures_and_signs_of_other_scripts_in_a_name_stop_no_paper():
    odd = Place("Olpe 🏡 漢", "R", "https://x.example/f/a", dt.date(2026, 1, 1))
    guests = [["Anna 🎉", "漢", "Olpe", "https://x.example/g/1"]]
    papers = [material(odd, "letter", "fa"), round_table.badges(["R", "T"], guests, "de")]
    papers.append(round_table.guest_list(["R", "T"], [guests[0][:3]], "", "de"))
    for paper, picture in zip(papers, "🏡🎉🎉", strict=True):
        assert picture in text_of(paper)
        assert "[CJK UNIFIED IDEOGRAPH-6F22]" in text_of(paper)


def test_the_qr_code_has_a_quiet_zone_and_says_where_it_leads():
    assert typesetting.qr_code("https://x.example/f/a").startswith("<svg")
    pdf = material(PLACE, "letter", "en", "schalter")
    assert b"von=schalter" in alternatives(pdf)


def alternatives(pdf: bytes) -> bytes:
    """Every alternative text in the document."""
    document, found = opened(pdf), []
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing:
            found.append(str(thing.Alt))
    return " ".join(found).encode()
