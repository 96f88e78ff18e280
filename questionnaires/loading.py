"""From the files of a catalogue to the ``Catalogue``: everything is checked, every mistake is named at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from questionnaires.assembly import assemble
from questionnaires.catalogue import SOURCE_LANGUAGE, Catalogue
from questionnaires.complaints import CatalogueError, Complaint
from questionnaires.completeness import gaps
from questionnaires.consistency import inconsistencies
from questionnaires.documents import Document, read
from questionnaires.sources import LANGUAGE_FORM, AnySource, AnyTexts, StructureSource, parse, texts_source

__all__ = ["BUILTIN", "CatalogueError", "Complaint", "builtin", "load"]

BUILTIN = Path(__file__).parent / "welcome" / "2026"
STRUCTURE = "catalogue.yaml"


def load(directory: Path) -> Catalogue:
    """The catalogue in ``directory``: ``catalogue.yaml`` and a file of texts for each language it declares.

    Raises ``CatalogueError`` with every mistake in all of the files; nothing else, whatever the files hold.
    """
    complaints: list[Complaint] = []
    structure = _read(directory / STRUCTURE, complaints)
    source = _parsed(structure, StructureSource, complaints)
    documents = _texts(directory, structure, complaints)
    texts = {language: _parsed_texts(document, complaints) for language, document in documents.items()}
    complaints += _relations(structure, documents)
    if complaints or source is None:
        raise CatalogueError(complaints)
    return assemble(source, {language: parsed for language, parsed in texts.items() if parsed})


@cache
def builtin() -> Catalogue:
    """The catalogue that comes with the service, ``welcome/2026``; loaded once per process."""
    return load(BUILTIN)


def _label(path: Path) -> str:
    """The last three parts of a path: enough to know the file, and nothing of the machine it lies on."""
    return "/".join(path.absolute().parts[1:][-3:])


def _read(path: Path, complaints: list[Complaint]) -> Document | None:
    document, found = read(path, _label(path))
    complaints += found
    return document


def _parsed(document: Document | None, source: type[AnySource], complaints: list[Complaint]) -> AnySource | None:
    if document is None:
        return None
    parsed, found = parse(document, source)
    complaints += found
    return parsed


def _parsed_texts(document: Document | None, complaints: list[Complaint]) -> AnyTexts | None:
    return None if document is None else _parsed(document, texts_source(document), complaints)


def _texts(directory: Path, structure: Document | None, complaints: list[Complaint]) -> dict[str, Document | None]:
    """The language files, those declared and those that lie there; without the structure, whatever lies there."""
    present = [path.stem for path in sorted(directory.glob("*.yaml")) if path.name != STRUCTURE]
    declared = _declared(structure) or present
    complaints += [_undeclared(directory, language) for language in present if language not in declared]
    return {language: _read(directory / f"{language}.yaml", complaints) for language in declared}


def _declared(structure: Document | None) -> list[str]:
    return [id for _, id in structure.ids("languages") if LANGUAGE_FORM.fullmatch(id)] if structure else []


def _undeclared(directory: Path, language: str) -> Complaint:
    message = f"Die Datei gehört zu keiner Sprache des Katalogs. Nennen Sie »{language}« unter languages."
    return Complaint(_label(directory / f"{language}.yaml"), 0, "", message)


def _relations(structure: Document | None, documents: Mapping[str, Document | None]) -> list[Complaint]:
    complaints = inconsistencies(structure) if structure else []
    for language, document in documents.items():
        if document:
            german = None if language == SOURCE_LANGUAGE else documents.get(SOURCE_LANGUAGE)
            complaints += gaps(document, language, structure, german)
    return complaints
