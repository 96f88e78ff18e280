"""The report of ``flask questionnaire check``: what a catalogue holds, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from questionnaires.catalogue import Catalogue, Translation
from questionnaires.loading import CatalogueError, load

STATUS = {"draft": "Entwurf", "approved": "freigegeben"}


def report(directory: Path) -> tuple[int, str]:
    """Exit code and text: 0 and the catalogue's contents, or 1 and every mistake with file, line and key."""
    try:
        catalogue = load(directory)
    except CatalogueError as error:
        return 1, _mistakes(error)
    return 0, _contents(catalogue)


def _mistakes(error: CatalogueError) -> str:
    count = len(error.complaints)
    head = "1 Fehler gefunden:" if count == 1 else f"{count} Fehler gefunden:"
    return "\n".join([head, *map(str, error.complaints)])


def _contents(catalogue: Catalogue) -> str:
    core = sum(criterion.core for criterion in catalogue.criteria)
    return "\n".join(
        [
            f"Der Katalog {catalogue.id}, Version {catalogue.version} vom {catalogue.date}, ist in Ordnung "
            f"({STATUS[catalogue.status]}).",
            f"{len(catalogue.areas)} Handlungsfelder, {len(catalogue.dimensions)} Qualitätsbereiche, "
            f"{len(catalogue.criteria)} Kriterien, davon {core} Kern",
            f"{len(catalogue.items)} Fragen, {len(list(catalogue.pairs()))} Paare, "
            f"{len(catalogue.open_questions)} offene Fragen, {len(catalogue.profile_questions)} Profilfragen",
            f"Sprachen: {', '.join(map(_language, catalogue.translations))}",
            f"SHA-256: {catalogue.sha256}",
        ]
    )


def _language(translation: Translation) -> str:
    unchecked = "" if translation.checked_by_native_speaker else ", noch nicht muttersprachlich geprüft"
    return f"{translation.name} ({translation.language}{unchecked})"
