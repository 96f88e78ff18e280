"""The report of ``flask questionnaire check``: what a catalogue holds, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from questionnaires.catalogue import Catalogue, Translation
from questionnaires.loading import CatalogueError, load

STATUS = {"draft": "Entwurf", "approved": "freigegeben"}


def report(directory: Path) -> tuple[int, str]:
    """Exit code and text: 0 and the catalogue's contents, or 1 and every mistake with file, line and key.

    Texts that newcomers will read in German because their language lacks them are no mistake, but each is named.
    """
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
            *_gaps(catalogue),
            f"SHA-256: {catalogue.sha256}",
        ]
    )


def _gaps(catalogue: Catalogue) -> list[str]:
    gaps = catalogue.gaps()
    if not gaps:
        return []
    head = "1 Text fehlt" if len(gaps) == 1 else f"{len(gaps)} Texte fehlen"
    return [
        f"{head} und wird deutsch angezeigt:" if len(gaps) == 1 else f"{head} und werden deutsch angezeigt:",
        *(f"  {gap.language}.yaml: {gap.place}" for gap in gaps),
    ]


def _language(translation: Translation) -> str:
    part = ", nur der Fragebogen für Neue" if translation.covers == "newcomers" else ""
    return f"{translation.name} ({translation.language}{part}{_checked(translation)})"


def _checked(translation: Translation) -> str:
    if not translation.checked_by_native_speaker:
        return ", noch nicht muttersprachlich geprüft"
    return f", geprüft: {translation.checked_by}, {translation.checked_on}" if translation.checked_by else ""
