"""Every mistake in a catalogue's files is named with file, line, key and the mend; and all of them at once."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import BUILTIN, CatalogueError, Complaint, load

CATALOGUE, GERMAN, ENGLISH = "catalogue.yaml", "de.yaml", "en.yaml"


@dataclass(frozen=True)
class Mistake:
    """``old`` replaced by ``new`` in ``file``; the complaint is expected at the line that holds ``at``."""

    promise: str
    file: str
    old: str
    new: str
    at: str
    key: str
    says: str


CHILD_OPTION = "      - id: job\n      - id: child\n"
TEN_OPTIONS = "".join(f"      - id: o{n}\n" for n in range(8)) + CHILD_OPTION

MISTAKES = [
    # references
    Mistake("unknown criterion in a pair", CATALOGUE, "criterion: A1.1", "criterion: B9.9", "B9.9",
            "items.N01.criterion", "Das Kriterium »B9.9« gibt es nicht."),
    Mistake("near miss suggests the right id", CATALOGUE, "criterion: A1.1", "criterion: A1.l", "A1.l",
            "items.N01.criterion", "Das Kriterium »A1.l« gibt es nicht. Meinten Sie »A1.1«?"),
    Mistake("unknown related criterion", CATALOGUE, "related: [A2.1]", "related: [A2.7]", "A2.7",
            "items.N01.related.1", "Meinten Sie »A2.1«?"),
    Mistake("unknown dimension", CATALOGUE, "dimension: A2", "dimension: A3", "dimension: A3",
            "criteria.A2.1.dimension", "Den Qualitätsbereich »A3« gibt es nicht."),
    Mistake("unknown area", CATALOGUE, "area: A\n    weight: 2", "area: Z\n    weight: 2", "area: Z",
            "dimensions.A1.area", "Das Handlungsfeld »Z« gibt es nicht."),
    Mistake("unknown target group", CATALOGUE, "target_groups: [NEU]", "target_groups: [NEUE]", "[NEUE]",
            "criteria.A2.1.target_groups.1", "Die Zielgruppe »NEUE« gibt es nicht. Meinten Sie »NEU«?"),
    Mistake("show rule with unknown question", CATALOGUE, "question: D1", "question: D7", "question: D7",
            "items.N02.shown_if.1.question", "Die Profilfrage »D7« gibt es nicht."),
    Mistake("show rule with unknown option", CATALOGUE, "any_of: [far]", "any_of: [fra]", "[fra]",
            "items.N02.shown_if.1.any_of.1", "Die Antwort »fra« gibt es bei D1 nicht. Meinten Sie »far«?"),
    Mistake("show rule that excludes an unknown option", CATALOGUE, "none_of: [child]", "none_of: [chid]", "[chid]",
            "items.N03.shown_if.1.none_of.1", "Meinten Sie »child«?"),
    Mistake("show rule that asks for nothing", CATALOGUE, "      - question: D1\n        any_of: [far]\n",
            "      - question: D1\n", "question: D1", "items.N02.shown_if.1", "Die Regel verlangt nichts."),
    # pairs
    Mistake("two items paired with one criterion", CATALOGUE, "criterion: A2.1", "criterion: A1.1", "criterion: A1.1",
            "items.N02.criterion", "hat mit »N01« schon eine direkte Außensicht"),
    Mistake("direct pair repeated as related", CATALOGUE, "related: [A2.1]", "related: [A1.1]", "related: [A1.1]",
            "items.N01.related.1", "ist schon das direkte Kriterium"),
    # numbers
    *(
        Mistake(f"weight {weight}", CATALOGUE, "weight: 1.5", f"weight: {weight}", f"weight: {weight}",
                "criteria.A1.1.weight", "Hier wird eine Zahl größer als 0 erwartet, hier steht")
        for weight in ("0", "-1", ".nan", ".inf", "1e999", "viel", "true", '"1"')
    ),
    # duplicates
    Mistake("duplicate criterion id", CATALOGUE, "- id: A2.1", "- id: A1.1", "- id: A1.1",
            "criteria.A1.1.id", "»A1.1« steht hier zum zweiten Mal."),
    Mistake("duplicate item id", CATALOGUE, "- id: N02", "- id: N01", "- id: N01", "items.N01.id",
            "zum zweiten Mal"),
    Mistake("duplicate option id", CATALOGUE, "- id: child", "- id: job", "- id: job",
            "profile_questions.D2.options.job.id", "zum zweiten Mal"),
    Mistake("duplicate related criterion", CATALOGUE, "related: [A2.1]", "related: [A2.1, A2.1]", "related:",
            "items.N01.related.2", "zum zweiten Mal"),
    Mistake("duplicate language", CATALOGUE, "[de, en]", "[de, en, en]", "languages", "languages.3", "zum zweiten Mal"),
    Mistake("one id for two form fields", CATALOGUE, "open_questions: [O1]", "open_questions: [N01]", "[N01]",
            "open_questions.1", "ist schon unter items vergeben"),
    Mistake("duplicate key", CATALOGUE, "    core: false", "    core: false\n    core: true", "core: true\n    target",
            "criteria.A2.1.core", "»core« steht hier zum zweiten Mal."),
    Mistake("duplicate text", ENGLISH, "  N03: I am", "  N01: Again.\n  N03: I am", "Again", "items.N01",
            "zum zweiten Mal"),
    # keys and types
    Mistake("unknown key", CATALOGUE, "    core: true", "    core: true\n    cores: true", "cores",
            "criteria.A1.1.cores", "Den Schlüssel »cores« gibt es hier nicht. Meinten Sie »core«?"),
    Mistake("unknown key that resembles none", CATALOGUE, "    core: true", "    core: true\n    zzz: 1", "zzz",
            "criteria.A1.1.zzz", "Möglich sind: id, dimension, core"),
    Mistake("unknown top-level key", GERMAN, "opt_out:", "optout: x\nopt_out:", "optout", "optout",
            "Meinten Sie »opt_out«?"),
    Mistake("unknown key in texts of a criterion", ENGLISH, "    title: Bus", "    titel: Bus", "titel",
            "criteria.A2.1.titel", "Meinten Sie »title«?"),
    Mistake("missing key", CATALOGUE, "    core: false\n", "", "- id: A2.1", "criteria.A2.1.core",
            "Die Angabe »core« fehlt."),
    Mistake("id that is a number", CATALOGUE, "- id: near", "- id: 7", "id: 7", "profile_questions.D1.options.1.id",
            "Hier wird Text erwartet, hier steht »7«. Setzen Sie den Wert in Anführungszeichen."),
    Mistake("id with a blank", CATALOGUE, "- id: near", "- id: ganz nah", "ganz nah",
            "profile_questions.D1.options.ganz nah.id", "Eine Kennung besteht aus"),
    Mistake("no truth value", CATALOGUE, "core: false", "core: nein", "nein", "criteria.A2.1.core",
            "Hier wird true oder false erwartet, hier steht »nein«."),
    Mistake("unknown status", CATALOGUE, "status: draft", "status: fertig", "fertig", "status",
            "Möglich ist hier draft oder approved, hier steht »fertig«."),
    Mistake("no date", CATALOGUE, "2026-01-31", "31.01.2026", "31.01", "date", "Jahr-Monat-Tag"),
    Mistake("a day that does not exist", CATALOGUE, "2026-01-31", "2026-02-30", "02-30", "date", "Jahr-Monat-Tag"),
    Mistake("a list where a mapping belongs", GERMAN, "areas:\n  A: Ankommen", "areas: [Ankommen]", "areas", "areas",
            "»schlüssel: wert«"),
    Mistake("a text where a list belongs", GERMAN, "evidence: [Fahrplan]", "evidence: Fahrplan", "evidence: Fahrplan",
            "criteria.A2.1.evidence", "Hier wird eine Liste erwartet"),
    Mistake("a text where an entry belongs", CATALOGUE, "  - id: A\n    weight: 1\n", "  - A\n", "  - A\n", "areas.1",
            "»schlüssel: wert«"),
    Mistake("an empty list", CATALOGUE, "target_groups: [NEU]", "target_groups: []", "target_groups: []",
            "criteria.A2.1.target_groups", "Die Liste ist leer."),
    Mistake("unknown direction", ENGLISH, "direction: ltr", "direction: up", "direction: up", "direction",
            "ltr oder rtl"),
    # texts
    Mistake("missing level of a criterion", ENGLISH, "[none, planned, one, many, all]", "[none, planned, one, many]",
            "[none, planned, one, many]", "criteria.A2.1.levels", "Zahl der Einträge: 4, nötig sind 5"),
    Mistake("level too many", GERMAN, "immer besser]", "immer besser, bestens]", "bestens", "criteria.A1.1.levels",
            "Zahl der Einträge: 6, nötig sind 5, je einer für die Stufen 0 bis 4."),
    Mistake("missing level of the scale", GERMAN, "  - {name: geplant, meaning: steht fest, condition: Termin}\n", "",
            "\nlevels:", "levels", "Zahl der Einträge: 4"),
    Mistake("missing rating", ENGLISH, "partly, ", "", "rating_labels", "rating_labels", "für die Stufen 1 bis 5"),
    Mistake("empty level", GERMAN, "[keiner, geplant", '[keiner, ""', "[keiner", "criteria.A2.1.levels.1",
            "Der Text ist leer."),
    Mistake("text of nothing but blanks", ENGLISH, "N02: I take the bus.", 'N02: "   "', "N02", "items.N02",
            "Der Text ist leer."),
    Mistake("text left out after the key", ENGLISH, "N02: I take the bus.", "N02:", "N02:", "items.N02",
            "Der Text ist leer."),
    Mistake("missing translation of an item", ENGLISH, "  N02: I take the bus.\n", "", "items:", "items.N02",
            "Der Text zu »N02« fehlt."),
    Mistake("missing translation of a section", ENGLISH, "areas:\n  A: Arriving\n", "", "", "areas.A",
            "Der Text zu »A« fehlt."),
    Mistake("missing translation of an option", ENGLISH, "      far: from far\n", "", "    options:\n      near",
            "profile_questions.D1.options.far", "Der Text zu »far« fehlt."),
    Mistake("missing German text", GERMAN, "  FAM: Familien\n", "", "target_groups", "target_groups.FAM", "fehlt"),
    Mistake("missing evidence hint", ENGLISH, "evidence: [photo, list]", "evidence: [photo]", "[photo]",
            "criteria.A1.1.evidence", "Zahl der Nachweise: 1, in de.yaml 2."),
    Mistake("missing application note", ENGLISH, "    application: On the telephone too.\n", "",
            "  A1.1:\n    title: G", "criteria.A1.1.application", "Die Übersetzung zu »application« fehlt"),
    Mistake("application note that German has not", ENGLISH, "    evidence: [timetable]",
            "    evidence: [timetable]\n    application: Here.", "Here.", "criteria.A2.1.application",
            "nicht in de.yaml"),
    Mistake("missing hint", ENGLISH, "    hint: More than one possible.\n", "", "  D2:", "profile_questions.D2.hint",
            "Die Übersetzung zu »hint« fehlt"),
    Mistake("text for an unknown id", ENGLISH, "  A2: Everyday", "  A2b: Everyday", "A2b", "dimensions.A2b",
            "»A2b« kommt in catalogue.yaml nicht vor. Meinten Sie »A2«?"),
    Mistake("file of another language", ENGLISH, "language: en", "language: fr", "language: fr", "language",
            "Die Datei heißt en.yaml, hier steht aber »fr«."),
    # the whole
    Mistake("dimension without criteria", CATALOGUE, "dimension: A2", "dimension: A1", "- id: A2\n", "dimensions.A2",
            "Zu diesem Qualitätsbereich gibt es kein Kriterium."),
    Mistake("area without dimensions", CATALOGUE, "areas:\n", "areas:\n  - id: C\n", "- id: C", "areas.C",
            "Zu diesem Handlungsfeld gibt es keinen Qualitätsbereich."),
    Mistake("more options than a digit can name", CATALOGUE, CHILD_OPTION, TEN_OPTIONS, "multiple\n    options",
            "profile_questions.D2.options", "höchstens 9"),
    Mistake("German not declared", CATALOGUE, "[de, en]", "[en]", "languages", "languages", "Deutsch (de)"),
    Mistake("language without a code", CATALOGUE, "[de, en]", "[de, en, ../x]", "languages", "languages.3",
            "Eine Sprache steht hier mit ihrem Kürzel"),
    # YAML itself
    Mistake("colon in a plain text", ENGLISH, "N02: I take", "N02: I: take", "I: take", "", "Anführungszeichen"),
    Mistake("tab as indentation", GERMAN, "  N02: Ich", "\tN02: Ich", "\tN02", "", "Einrückung"),
    Mistake("anchor", CATALOGUE, "version: \"1\"", "version: &v \"1\"", "&v", "version", "Anker und Verweise"),
    Mistake("alias that holds itself", CATALOGUE, "open_questions: [O1]", "open_questions: &o [*o]", "&o",
            "open_questions", "Anker und Verweise"),
    Mistake("tag", CATALOGUE, "version: \"1\"", "version: !!python/name:os.system 1", "!!python", "version",
            "Typangaben"),
    Mistake("number that is none", CATALOGUE, "weight: 1.5", "weight: !!int eins", "eins", "criteria.A1.1.weight",
            "lässt sich nicht als Zahl"),
    Mistake("key that is no word", CATALOGUE, "version:", "? [a]\n: 1\nversion:", "? [a]", "",
            "Ein Schlüssel muss ein einfaches Wort sein."),
    Mistake("NUL byte", GERMAN, "Guten Tag.", "Guten\0Tag.", "\0", "", "unsichtbares Zeichen (Nullbyte)"),
    Mistake("control character", GERMAN, "Guten Tag.", "Guten\x07Tag.", "\x07", "", "Steuerzeichen U+0007"),
]  # fmt: skip


def spoil(directory: Path, mistake: Mistake) -> str:
    path = directory / mistake.file
    text = path.read_text(encoding="utf-8")
    assert text.count(mistake.old) == 1, "the mutation must hit one place"
    spoilt = text.replace(mistake.old, mistake.new)
    path.write_text(spoilt, encoding="utf-8")
    return spoilt


def complaints_of(directory: Path) -> tuple[Complaint, ...]:
    with pytest.raises(CatalogueError) as caught:
        load(directory)
    return caught.value.complaints


def line_of(text: str, at: str) -> range:
    """The lines that ``at`` spans in ``text``; with an empty ``at`` the place has no line."""
    if not at:
        return range(1)
    first = text.count("\n", 0, text.rindex(at)) + 1
    return range(first, first + at.strip("\n").count("\n") + 1 + at.startswith("\n"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.promise)
def test_a_mistake_is_named_with_file_line_key_and_mend(copied: Path, mistake: Mistake) -> None:
    text = spoil(copied, mistake)
    found = [c for c in complaints_of(copied) if mistake.says in c.message and c.key == mistake.key]
    assert [c.file for c in found] == [f"small/2026/{mistake.file}"], complaints_of(copied)
    assert found[0].line in line_of(text, mistake.at)


def test_a_complaint_reads_like_a_sentence_with_its_place(copied: Path) -> None:
    spoil(copied, MISTAKES[1])
    assert [str(c) for c in complaints_of(copied)] == [
        "small/2026/catalogue.yaml, Zeile 36, items.N01.criterion: Das Kriterium »A1.l« gibt es nicht. "
        "Meinten Sie »A1.1«?"
    ]


def test_all_mistakes_of_all_files_are_named_at_once(copied: Path) -> None:
    wanted = {
        "unknown criterion in a pair",
        "weight 0",
        "duplicate key",
        "unknown area",
        "missing level of a criterion",
        "empty level",
        "unknown key in texts of a criterion",
        "NUL byte",
        "show rule with unknown option",
    }
    mistakes = [mistake for mistake in MISTAKES if mistake.promise in wanted]
    assert len(mistakes) == len(wanted)
    for mistake in mistakes:
        spoil(copied, mistake)
    said = [(c.key, c.message) for c in complaints_of(copied)]
    for mistake in mistakes:
        assert any(key == mistake.key and mistake.says in message for key, message in said), mistake.promise


def test_the_complaints_stand_in_the_order_of_files_and_lines(copied: Path) -> None:
    for mistake in MISTAKES[:1] + [m for m in MISTAKES if m.promise in ("missing rating", "weight 0")]:
        spoil(copied, mistake)
    places = [(c.file, c.line) for c in complaints_of(copied)]
    assert places == sorted(places)
    assert len(places) == 3


@pytest.mark.parametrize("file", [CATALOGUE, GERMAN, ENGLISH])
def test_a_missing_file_is_named(copied: Path, file: str) -> None:
    (copied / file).unlink()
    assert f"small/2026/{file}: Die Datei fehlt. Legen Sie sie an." in [str(c) for c in complaints_of(copied)]


def test_a_directory_that_is_not_there_is_a_missing_file(tmp_path: Path) -> None:
    assert "Die Datei fehlt" in complaints_of(tmp_path / "nirgends")[0].message


def test_a_file_of_texts_that_no_language_declares_is_named(copied: Path) -> None:
    shutil.copy(copied / ENGLISH, copied / "fr.yaml")
    assert [(c.file, c.message) for c in complaints_of(copied)] == [
        ("small/2026/fr.yaml", "Die Datei gehört zu keiner Sprache des Katalogs. Nennen Sie »fr« unter languages.")
    ]


def test_a_file_in_another_encoding_is_named_with_its_line(copied: Path) -> None:
    text = (copied / GERMAN).read_text(encoding="utf-8")
    (copied / GERMAN).write_bytes(text.encode("latin-1"))
    complaint = complaints_of(copied)[0]
    assert complaint.message == "Die Datei ist nicht in UTF-8. Speichern Sie sie als UTF-8."
    assert complaint.line in line_of(text, "läuft")


@pytest.mark.parametrize("text", ["", "# nur ein Kommentar\n", "- a\n- b\n", "nur Text"])
def test_a_file_without_keys_is_named(copied: Path, text: str) -> None:
    (copied / ENGLISH).write_text(text)
    assert any("Die Datei ist leer oder" in c.message for c in complaints_of(copied))


def test_a_file_nested_beyond_reason_is_refused(copied: Path) -> None:
    (copied / ENGLISH).write_text("a: " + "[" * 1000)
    assert any(c.message == "Die Datei lässt sich nicht als YAML lesen." for c in complaints_of(copied))


def test_a_file_of_more_than_one_megabyte_is_refused_unread(copied: Path) -> None:
    (copied / ENGLISH).write_text("#" * (2**20 + 1))
    assert any("größer als 1 MB" in c.message for c in complaints_of(copied))


def test_a_folder_in_place_of_a_file_is_named(copied: Path) -> None:
    (copied / ENGLISH).unlink()
    (copied / ENGLISH).mkdir()
    assert any("lässt sich nicht lesen" in c.message for c in complaints_of(copied))


def test_more_items_than_a_questionnaire_bears_are_refused(copied: Path) -> None:
    path = copied / CATALOGUE
    many = "".join(f"  - id: X{n}\n" for n in range(62))
    path.write_text(path.read_text(encoding="utf-8").replace("items:\n", "items:\n" + many), encoding="utf-8")
    assert any(c.message == "Es sind 65 Fragen, möglich sind höchstens 64." for c in complaints_of(copied))


def test_a_mistake_in_a_copy_of_the_shipped_catalogue_is_found_in_its_line(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(BUILTIN, tmp_path / "welcome" / "2026"))
    text = (copy / CATALOGUE).read_text(encoding="utf-8").replace("    criterion: B2.2\n", "    criterion: B2.22\n")
    (copy / CATALOGUE).write_text(text, encoding="utf-8")
    line = text[: text.index("criterion: B2.22")].count("\n") + 1
    assert [str(c) for c in complaints_of(copy)] == [
        f"welcome/2026/catalogue.yaml, Zeile {line}, items.N03.criterion: Das Kriterium »B2.22« gibt es nicht. "
        "Meinten Sie »B2.2«?"
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_files_hold_nothing_but_a_catalogue_error_is_raised(copied: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([CATALOGUE, GERMAN, ENGLISH]))
    original = (copied / name).read_bytes()
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 40)))
    junk = data.draw(
        st.one_of(st.binary(max_size=8), st.sampled_from([b"[", b"{", b": ", b"- ", b"\n", b"&a ", b"!!"]))
    )
    (copied / name).write_bytes(original[:start] + junk + original[end:])
    try:
        with contextlib.suppress(CatalogueError):
            load(copied)
    finally:
        (copied / name).write_bytes(original)


def test_a_language_of_newcomers_falls_back_on_german_text_by_text(translated: Path) -> None:
    catalogue = load(translated)
    assert catalogue.item("N01").text["pl"] == "Powitano mnie."
    assert not catalogue.item("N02").text.has("pl")
    assert catalogue.item("N02").text["pl"] == catalogue.item("N02").text["de"]
    assert not catalogue.criteria[0].title.has("pl")
    assert catalogue.profile_questions[1].hint is not None
    assert not catalogue.profile_questions[1].hint.has("pl")


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("  N01: Powitano mnie.", "  N0l: Powitano mnie.", "items.N0l", "»N0l« kommt in catalogue.yaml nicht vor."),
        ("po części, ", "", "rating_labels", "Zahl der Einträge: 4"),
        ("      near: z bliska", "      nar: z bliska", "profile_questions.D1.options.nar", "Meinten Sie »near«?"),
        ("opt_out:", "areas: {A: x}\nopt_out:", "areas", "Den Schlüssel »areas« gibt es hier nicht."),
        ("checked_by: Lektorat\n", "", "checked_by_native_speaker", "Ergänzen Sie »checked_by«"),
        ("checked_on: 2026-11-01\n", "", "checked_by_native_speaker", "Ergänzen Sie »checked_on«"),
        ("covers: newcomers\n", "covers: neue\n", "covers", "Möglich ist hier everything"),
        ("language: pl\n", "language: cs\n", "language", "Die Datei heißt pl.yaml"),
    ],
)
def test_what_is_wrong_in_a_language_of_newcomers_is_named(
    translated: Path, old: str, new: str, key: str, says: str
) -> None:
    path = translated / "pl.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    found = [c for c in complaints_of(translated) if c.key == key and says in c.message]
    assert [c.file for c in found] == ["small/2026/pl.yaml"]


HIDING = """\
  - id: D2
    hidden_if:
      - question: D1
        any_of: [far]
"""


def test_a_profile_question_hides_behind_the_answer_to_an_earlier_one(copied: Path) -> None:
    path = copied / CATALOGUE
    text = path.read_text("utf-8")
    path.write_text(text.replace("  - id: D2\n", HIDING), "utf-8")
    assert load(copied).profile_questions[1].hidden_if[0].question == "D1"
    path.write_text(text.replace("  - id: D2\n", HIDING.replace("D1", "D2").replace("far", "job")), "utf-8")
    assert "muss vor »D2« stehen" in complaints_of(copied)[0].message


def test_residence_is_asked_by_one_question_with_one_answer(copied: Path) -> None:
    path = copied / CATALOGUE
    text = path.read_text("utf-8")
    path.write_text(text.replace("- id: near\n", "- id: near\n        years: 2\n"), "utf-8")
    assert load(copied).profile_questions[0].options[0].years == 2
    path.write_text(text.replace("- id: child\n", "- id: child\n        newcomer: false\n"), "utf-8")
    assert "years und newcomer gehören zu einer einzigen Profilfrage" in complaints_of(copied)[0].message
