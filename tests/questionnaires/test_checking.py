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
        "Der Katalog welcome-2026, Version 0.1 vom 2026-11-22, ist in Ordnung (Entwurf).",
        "2 Handlungsfelder, 10 Qualitätsbereiche, 43 Kriterien, davon 20 Kern",
        "18 Fragen, 17 Paare, 2 offene Fragen, 4 Profilfragen",
        "Sprachen: Deutsch (de), English (en, noch nicht muttersprachlich geprüft)",
        f"SHA-256: {welcome.sha256}",
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
