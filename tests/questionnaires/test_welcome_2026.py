"""The catalogue that comes with the service: complete, as the domain notes have it, and the same every time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaires.answers import asked_profile, shown_items
from questionnaires.catalogue import Catalogue, Definition, LocalizedText
from questionnaires.loading import BUILTIN, builtin, load


def texts(value: object) -> list[LocalizedText]:
    """Every text anywhere inside a definition."""
    if isinstance(value, LocalizedText):
        return [value]
    if isinstance(value, Definition):
        return [text for name in type(value).model_fields for text in texts(getattr(value, name))]
    return [text for entry in value for text in texts(entry)] if isinstance(value, tuple) else []


def test_it_has_two_areas_ten_dimensions_and_43_criteria_of_which_20_are_core(welcome: Catalogue) -> None:
    assert [area.id for area in welcome.areas] == ["A", "B"]
    assert [d.id for d in welcome.dimensions] == ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "B5", "B6"]
    assert [len(welcome.criteria_of(d.id)) for d in welcome.dimensions] == [4, 4, 4, 3, 5, 5, 5, 4, 5, 4]
    assert len(welcome.criteria) == 43
    assert sum(criterion.core for criterion in welcome.criteria) == 20


def test_core_criteria_are_spread_as_the_overview_says(welcome: Catalogue) -> None:
    core = {d.id: sum(c.core for c in welcome.criteria_of(d.id)) for d in welcome.dimensions}
    assert core == {"A1": 1, "A2": 2, "A3": 1, "A4": 1, "B1": 2, "B2": 3, "B3": 3, "B4": 1, "B5": 3, "B6": 3}


def test_it_has_18_items_17_of_them_paired_and_one_outcome(welcome: Catalogue) -> None:
    assert [item.id for item in welcome.items] == [f"N{n:02}" for n in range(1, 19)]
    assert len(list(welcome.pairs())) == 17
    assert [item.id for item in welcome.items if item.outcome] == ["N18"]
    assert welcome.item("N18").criterion is None


def test_every_item_is_paired_and_related_as_the_questionnaire_table_says(welcome: Catalogue) -> None:
    assert {item.id: item.criterion for item, _ in welcome.pairs()} == {
        "N01": "B2.1", "N02": "A2.1", "N03": "B2.2", "N04": "B2.3", "N05": "A2.4", "N06": "B3.1", "N07": "B3.2",
        "N08": "B3.3", "N09": "B4.1", "N10": "B4.2", "N11": "B4.3", "N12": "B5.1", "N13": "B5.2", "N14": "B5.4",
        "N15": "B6.1", "N16": "A2.2", "N17": "A3.1",
    }  # fmt: skip
    assert {item.id: item.related for item in welcome.items if item.related} == {
        "N01": ("B2.4",), "N02": ("A4.2",), "N07": ("B3.4",), "N08": ("B1.2", "A2.3"), "N11": ("B4.4",),
        "N12": ("B5.3", "A4.3", "B2.5"), "N15": ("B5.5", "A3.4"), "N16": ("A1.1",), "N17": ("A3.2", "A3.3"),
    }  # fmt: skip


def test_it_asks_two_open_and_four_profile_questions(welcome: Catalogue) -> None:
    assert [question.id for question in welcome.open_questions] == ["O1", "O2"]
    assert {q.id: (q.kind, len(q.options)) for q in welcome.profile_questions} == {
        "D1": ("single", 5), "D2": ("single", 4), "D3": ("multiple", 8), "D4": ("single", 4),
    }  # fmt: skip


def test_not_applicable_is_offered_only_where_the_criterion_says_so(welcome: Catalogue) -> None:
    offered = [criterion for criterion in welcome.criteria if criterion.may_not_apply]
    assert [criterion.id for criterion in offered] == ["A3.3", "B5.3"]
    assert all(c.application and c.application["de"].endswith("nicht zutreffend.") for c in offered)


@pytest.mark.parametrize(
    ("criterion", "level", "german"),
    [
        ("A1.1", 0, "Kein geregelter Kontakt zu diesem Thema."),
        ("A3.3", 4, "Angebote nach Auswertung verbessert; Verbleib nach dem Studium ist Thema der Planung."),
        ("B2.1", 3, "Von der Startseite mit höchstens zwei Klicks erreichbar; Inhalte werden mindestens "
                    "halbjährlich geprüft, Aufrufe gezählt."),
        ("B3.3", 1, "Stelle bestimmt, noch nicht bekannt gemacht."),
        ("B5.1", 4, "Format nach den Zahlen verändert (Ort, Größe, Anlass); auch Fehlschläge werden geteilt."),
        ("B6.4", 2, "Ein gemeinsames Angebot läuft."),
    ],
)  # fmt: skip
def test_level_descriptors_are_carried_over_word_for_word(
    welcome: Catalogue, criterion: str, level: int, german: str
) -> None:
    assert welcome.criterion(criterion).levels[level]["de"] == german


def test_questions_scale_and_introduction_are_carried_over_word_for_word(welcome: Catalogue) -> None:
    assert welcome.item("N16").text["de"] == (
        "Beim beruflichen Start, meinem eigenen oder dem meiner Partnerin oder meines Partners, gab es hier gute "
        "Unterstützung."
    )
    assert [label["de"] for label in welcome.rating_labels] == [
        "trifft gar nicht zu", "trifft eher nicht zu", "teils, teils", "trifft eher zu", "trifft voll zu",
    ]  # fmt: skip
    assert welcome.opt_out["de"] == "betrifft mich nicht / weiß ich nicht"
    assert welcome.introduction["de"] == (
        "Sie sind in den letzten fünf Jahren hierher gezogen oder zurückgekehrt? Dann hilft uns Ihre Erfahrung. "
        "Die Befragung dauert etwa vier Minuten, ist freiwillig und anonym. Ab 16 Jahren. Bitte nennen Sie keine Namen."
    )
    assert [level.name["de"] for level in welcome.levels] == [
        "nicht begonnen", "geplant", "umgesetzt", "überprüft", "verbessert",
    ]  # fmt: skip


def test_every_text_is_there_in_german_and_english_and_differs(welcome: Catalogue) -> None:
    found = texts(welcome)
    assert len(found) > 43 * 9
    assert all({"de", "en"} <= set(text.root) for text in found)
    same = {text["de"] for text in found if text["de"] == text["en"]}
    assert same == {"Link"}, "only what is one word in both languages may be the same"


def test_no_english_text_kept_german_letters_but_in_names(welcome: Catalogue) -> None:
    names = ("Märkischer Kreis", "Große kreisangehörige Städte")
    for text in texts(welcome):
        english = text["en"]
        for name in names:
            english = english.replace(name, "")
        assert not re.search("[äöüßÄÖÜ]", english), english


def test_it_says_who_vouches_for_each_language(welcome: Catalogue) -> None:
    said = {t.language: (t.name, t.direction, t.checked_by_native_speaker, t.covers) for t in welcome.translations}
    assert said == {
        "de": ("Deutsch", "ltr", True, "everything"),
        "de-simple": ("Leichte Sprache", "ltr", False, "newcomers"),
        "en": ("English", "ltr", False, "everything"),
        "uk": ("Українська", "ltr", False, "newcomers"),
        "ru": ("Русский", "ltr", False, "newcomers"),
        "pl": ("Polski", "ltr", False, "newcomers"),
        "ro": ("Română", "ltr", False, "newcomers"),
        "tr": ("Türkçe", "ltr", False, "newcomers"),
        "ar": ("العربية", "rtl", False, "newcomers"),
        "fa": ("فارسی / دری", "rtl", False, "newcomers"),
        "fr": ("Français", "ltr", False, "newcomers"),
        "es": ("Español", "ltr", False, "newcomers"),
    }


def test_no_text_that_newcomers_read_is_missing_in_any_of_the_twelve_languages(welcome: Catalogue) -> None:
    assert len(welcome.languages) == 12
    assert welcome.gaps() == []


@pytest.mark.parametrize("language", ["uk", "ru", "ar", "fa"])
def test_no_other_script_strays_into_a_translation(welcome: Catalogue, language: str) -> None:
    """Of Latin letters there are only German names of districts and of the region."""
    names = "Südwestfalen|Hochsauerlandkreis|Märkischer Kreis|Olpe|Siegen-Wittgenstein|Soest"
    for text in texts(welcome):
        if text.has(language):
            assert not re.search("[A-Za-zÄÖÜäöüß]", re.sub(names, "", text[language])), text[language]


def test_whoever_did_not_move_here_gets_the_short_form(welcome: Catalogue) -> None:
    """Domain notes, 3.5: D3, D4, N11 to N15, N17, N18 and the open questions."""
    profile = {"D1": {"not_moved"}, "D3": {"pupil"}}
    assert shown_items(welcome, profile) == {"N11", "N12", "N13", "N14", "N15", "N17", "N18"}
    assert not asked_profile(welcome, {**profile, "D2": {"abroad"}})["D2"]


def test_items_about_arriving_are_those_of_the_domain_notes(welcome: Catalogue) -> None:
    arrival = [item.id for item in welcome.items if item.about == "arrival"]
    assert arrival == [*(f"N{n:02}" for n in range(1, 11)), "N16"]


def test_it_is_a_draft_and_every_criterion_names_its_origin(welcome: Catalogue) -> None:
    assert welcome.status == "draft"
    assert all(criterion.origin for criterion in welcome.criteria)


@pytest.mark.parametrize("file", sorted(BUILTIN.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_says_first_that_it_is_not_the_official_catalogue(file: Path) -> None:
    head = file.read_text(encoding="utf-8").split("\n\n")[0]
    assert "nicht der amtliche Katalog" in head or "not the official catalogue" in head


def test_it_survives_the_way_through_json_with_the_same_hash(welcome: Catalogue) -> None:
    again = Catalogue.from_json(welcome.to_json())
    assert again == welcome
    assert again.sha256 == welcome.sha256
    assert again.to_json() == welcome.to_json()


def test_loading_twice_gives_the_same_hash_and_the_builtin_is_loaded_once(welcome: Catalogue) -> None:
    assert load(BUILTIN).sha256 == welcome.sha256
    assert builtin() is welcome


def test_one_changed_word_changes_the_hash(small: Catalogue) -> None:
    changed = small.model_copy(update={"title": LocalizedText({"de": "Großer Katalog", "en": "Small catalogue"})})
    assert changed.sha256 != small.sha256
