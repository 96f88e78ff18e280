"""Whether a language's file has every text that catalogue.yaml asks for, and none besides.

A language that covers only what newcomers read may lack texts: what it lacks is no mistake but a gap
(``Catalogue.gaps``), which newcomers see in German.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaires.catalogue import LEVELS, RATINGS, SOURCE_LANGUAGE
from questionnaires.complaints import Complaint, suggestion
from questionnaires.documents import Document, Entry, Place

NEWCOMERS_SECTIONS = ("items", "open_questions", "profile_questions")
SECTIONS_BY_ID = ("target_groups", "areas", "dimensions", "criteria", *NEWCOMERS_SECTIONS)


def gaps(texts: Document, language: str, structure: Document | None, german: Document | None) -> list[Complaint]:
    """Every text missing from the file of ``language`` or without a place in the catalogue.

    ``german`` is the file of the source language, None when it cannot be read or is ``texts`` itself.
    """
    complaints = [*_language_named(texts, language), *_check_signed(texts, language), *_scales_complete(texts)]
    if structure is not None:
        complaints += [*_sections_complete(texts, structure), *_options_complete(texts, structure)]
    return complaints + (list(_same_as_german(texts, german)) if german else [])


def _language_named(texts: Document, language: str) -> Iterator[Complaint]:
    named = texts.data.get("language")
    if isinstance(named, str) and named != language:
        message = f"Die Datei heißt {language}.yaml, hier steht aber »{named}«. Gleichen Sie beides an."
        yield texts.complaint(("language",), message)


def _check_signed(texts: Document, language: str) -> Iterator[Complaint]:
    """Who says that a translation was checked says by whom and when; German is what the others are checked against."""
    if texts.data.get("checked_by_native_speaker") is not True or language == SOURCE_LANGUAGE:
        return
    for key in ("checked_by", "checked_on"):
        if key not in texts.data:
            message = f"Hier steht, dass die Übersetzung geprüft ist. Ergänzen Sie »{key}«: in welcher Aufgabe, wann."
            yield texts.complaint(("checked_by_native_speaker",), message)


def _scales_complete(texts: Document) -> Iterator[Complaint]:
    """Five levels and five ratings, for all criteria together and for each one."""
    yield from _count(texts, ("levels",), texts.data.get("levels"), LEVELS)
    yield from _count(texts, ("rating_labels",), texts.data.get("rating_labels"), RATINGS)
    for id, criterion in texts.section("criteria").items():
        if isinstance(criterion, dict):
            yield from _count(texts, ("criteria", id, "levels"), criterion.get("levels"), LEVELS)


def _count(texts: Document, place: Place, entries: object, scale: tuple[int, ...]) -> Iterator[Complaint]:
    if isinstance(entries, list) and len(entries) != len(scale):
        step = f"je einer für die Stufen {scale[0]} bis {scale[-1]}"
        yield texts.complaint(place, f"Zahl der Einträge: {len(entries)}, nötig sind {len(scale)}, {step}.")


def _sections_complete(texts: Document, structure: Document) -> Iterator[Complaint]:
    for section in NEWCOMERS_SECTIONS if _may_have_gaps(texts) else SECTIONS_BY_ID:
        if isinstance(texts.data.get(section), dict) or section not in texts.data:
            wanted = [id for _, id in structure.ids(section)]
            yield from _compare(texts, (section,), texts.section(section), wanted)


def _options_complete(texts: Document, structure: Document) -> Iterator[Complaint]:
    for question in structure.entries("profile_questions"):
        options = _options(texts, question)
        if isinstance(options, dict):
            wanted = [option.id for option in question.entries("options")]
            yield from _compare(texts, ("profile_questions", question.id, "options"), options, wanted)


def _options(texts: Document, question: Entry) -> object:
    found = texts.section("profile_questions").get(question.id)
    return found.get("options") if isinstance(found, dict) else None


def _may_have_gaps(texts: Document) -> bool:
    return texts.data.get("covers") == "newcomers"


def _compare(texts: Document, place: Place, present: Iterable[str], wanted: list[str]) -> Iterator[Complaint]:
    present = list(present)
    for id in dict.fromkeys(wanted):
        if id not in present and not _may_have_gaps(texts):
            yield texts.complaint((*place, id), f"Der Text zu »{id}« fehlt. Ergänzen Sie ihn unter {place[-1]}.")
    for id in present:
        if id not in wanted:
            message = f"»{id}« kommt in catalogue.yaml nicht vor.{suggestion(id, wanted)}"
            yield texts.complaint((*place, id), message)


def _same_as_german(texts: Document, german: Document) -> Iterator[Complaint]:
    """A criterion has as many evidence hints as in German, and a note on its application where German has one."""
    ours = texts.section("criteria")
    for id, theirs in german.section("criteria").items():
        criterion = ours.get(id)
        if isinstance(criterion, dict) and isinstance(theirs, dict):
            yield from _criterion_as_german(texts, ("criteria", id), criterion, theirs)
    yield from _hints_as_german(texts, german)


def _criterion_as_german(
    texts: Document, place: Place, criterion: dict[str, object], german: dict[str, object]
) -> Iterator[Complaint]:
    here, there = criterion.get("evidence"), german.get("evidence")
    if isinstance(here, list) and isinstance(there, list) and len(here) != len(there):
        message = f"Zahl der Nachweise: {len(here)}, in de.yaml {len(there)}. Gleichen Sie beides an."
        yield texts.complaint((*place, "evidence"), message)
    yield from _optional_as_german(texts, (*place, "application"), criterion, german)


def _hints_as_german(texts: Document, german: Document) -> Iterator[Complaint]:
    ours = texts.section("profile_questions")
    for id, theirs in german.section("profile_questions").items():
        question = ours.get(id)
        if isinstance(question, dict) and isinstance(theirs, dict):
            yield from _optional_as_german(texts, ("profile_questions", id, "hint"), question, theirs)


def _optional_as_german(
    texts: Document, place: Place, here: dict[str, object], there: dict[str, object]
) -> Iterator[Complaint]:
    key = str(place[-1])
    if key in there and key not in here and not _may_have_gaps(texts):
        yield texts.complaint(place, f"Die Übersetzung zu »{key}« fehlt; in de.yaml steht sie. Ergänzen Sie sie.")
    elif key in here and key not in there:
        yield texts.complaint(place, f"»{key}« steht hier, aber nicht in de.yaml. Ergänzen Sie es dort.")
