"""The report of a catalogue check: what it holds when it is right, everything that is wrong when it is not."""

from __future__ import annotations

from pathlib import Path

from questionnaires.catalogue import Catalogue
from questionnaires.checking import report
from questionnaires.loading import BUILTIN


def test_a_sound_catalogue_is_reported_with_its_counts_and_hash(welcome: Catalogue) -> None:
    code, text = report(BUILTIN)
    assert code == 0
    assert text.splitlines() == [
        "Der Katalog welcome-2026, Version 0.2 vom 2026-11-27, ist in Ordnung (Entwurf).",
        "2 Handlungsfelder, 10 Qualitätsbereiche, 43 Kriterien, davon 20 Kern",
        "18 Fragen, 17 Paare, 2 offene Fragen, 4 Profilfragen",
        "Sprachen: Deutsch (de), Leichte Sprache (de-simple, nur der Fragebogen für Neue, noch nicht muttersprachlich "
        "geprüft), English (en, noch nicht muttersprachlich geprüft), "
        + ", ".join(
            f"{t.name} ({t.language}, nur der Fragebogen für Neue, noch nicht muttersprachlich geprüft)"
            for t in welcome.translations[3:]
        ),
        f"SHA-256: {welcome.sha256}",
    ]


def test_what_newcomers_will_read_in_german_is_named(translated: Path) -> None:
    code, text = report(translated)
    assert code == 0
    assert "Polski (pl, nur der Fragebogen für Neue, geprüft: Lektorat, 2026-11-01)" in text
    gaps = text.splitlines()[text.splitlines().index("4 Texte fehlen und werden deutsch angezeigt:") + 1 : -1]
    assert gaps == [
        "  pl.yaml: items.N02",
        "  pl.yaml: open_questions.O1.hint",
        "  pl.yaml: profile_questions.D2.hint",
        "  pl.yaml: profile_questions.D2.options.none",
    ]


def test_one_mistake_is_reported_with_its_place(copied: Path) -> None:
    (copied / "fr.yaml").write_text("language: fr\n")
    assert report(copied) == (
        1,
        "1 Fehler gefunden:\nsmall/2026/fr.yaml: Die Datei gehört zu keiner Sprache des Katalogs. "
        "Nennen Sie »fr« unter languages.",
    )


def test_every_mistake_has_a_line_of_its_own(copied: Path) -> None:
    (copied / "en.yaml").unlink()
    (copied / "de.yaml").write_text("")
    code, text = report(copied)
    assert code == 1
    assert text.splitlines()[0] == f"{len(text.splitlines()) - 1} Fehler gefunden:"
    assert "small/2026/en.yaml: Die Datei fehlt. Legen Sie sie an." in text.splitlines()
