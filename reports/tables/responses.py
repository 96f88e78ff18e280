"""The codebook of a round's microdata, and responses coded by it: one row per response, one column per variable.

Numbers below 0 are missing codes: -1 no answer (or not asked), -2 "betrifft mich nicht". Everything that is exported of
single responses (CSV, workbook, SPSS, R, DDI) is made from this one object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from questionnaires.answers import CHOSEN, NOT_CONCERNED
from questionnaires.catalogue import RATINGS, SOURCE_LANGUAGE, Catalogue, ProfileQuestion

NO_ANSWER, DOES_NOT_CONCERN = -1, -2
NO_ANSWER_LABEL = "keine Angabe oder nicht gefragt"
CHANNELS = {
    "open": "offener Link",
    "welcome": "Begrüßungsschreiben",
    "counter": "Aushang im Rathaus",
    "employer": "Arbeitgeber",
    "school": "Schule oder Hochschule",
    "code": "Zugangscode",
    "paper": "Papierbogen",
}
CASE, AGS, MONTH, LANGUAGE, CHANNEL = "fall", "ags", "monat", "sprache", "weg"
_UNUSABLE = re.compile(r"[^A-Za-z0-9_]")

Kind = Literal["number", "text"]
Columns = dict[str, Any]
"""Values by name of the variable: whole numbers in arrays, texts in lists, all of one length."""


@dataclass(frozen=True)
class MicroVariable:
    """One variable: name, short label, the question it comes from, labels of its codes, which of them are missing."""

    name: str
    label: str
    kind: Kind
    question: str = ""
    labels: tuple[tuple[int | str, str], ...] = ()
    missing: tuple[int, ...] = ()
    measure: Literal["nominal", "ordinal", "scale"] = "nominal"


@dataclass(frozen=True, eq=False)
class MicroCodebook:
    """The codebook of a catalogue's microdata; ``municipalities`` maps keys (AGS) to names."""

    catalogue: Catalogue
    municipalities: Mapping[str, str]

    @cached_property
    def variables(self) -> tuple[MicroVariable, ...]:
        """Every variable in the order of its column."""
        return (*_frame(self.municipalities), *_items(self.catalogue), *_profile(self.catalogue))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(variable.name for variable in self.variables)

    def code(self, responses: Sequence[Sequence[str]], first: int = 1) -> Columns:
        """Columns of responses, each AGS, month, language, channel, ratings, profile; cases are counted from ``first``.

        A profile from before a question was added is filled up with "no answer".
        """
        ags, months, languages, channels, ratings, profiles = zip(*responses, strict=True)
        width = sum(_width(question) for question in self.catalogue.profile_questions)
        rated = _matrix(ratings, len(self.catalogue.items))
        told = _matrix([profile[:width].ljust(width, ".") for profile in profiles], width)
        columns: Columns = {CASE: np.arange(first, first + len(responses))}
        columns |= {AGS: list(ags), MONTH: list(months), LANGUAGE: list(languages), CHANNEL: list(channels)}
        for place, item in enumerate(self.catalogue.items):
            columns[_name(item.id)] = _RATING_CODES[rated[:, place]]
        return columns | _coded_profile(self.catalogue.profile_questions, told)


def _frame(municipalities: Mapping[str, str]) -> tuple[MicroVariable, ...]:
    return (
        MicroVariable(CASE, "laufende Nummer in dieser Datei, ohne Bezug zur Reihenfolge des Eingangs", "number"),
        MicroVariable(AGS, "Kommune (Amtlicher Gemeindeschlüssel)", "text", labels=tuple(municipalities.items())),
        MicroVariable(MONTH, "Monat der Antwort", "text"),
        MicroVariable(LANGUAGE, "Sprache der Antwort", "text"),
        MicroVariable(CHANNEL, "Weg, auf dem die Antwort kam", "text", labels=tuple(CHANNELS.items())),
    )


def _items(catalogue: Catalogue) -> tuple[MicroVariable, ...]:
    rated = [(rating, catalogue.rating_labels[rating - 1][SOURCE_LANGUAGE]) for rating in RATINGS]
    missing = [(DOES_NOT_CONCERN, catalogue.opt_out[SOURCE_LANGUAGE]), (NO_ANSWER, NO_ANSWER_LABEL)]
    return tuple(
        MicroVariable(
            _name(item.id),
            item.text[SOURCE_LANGUAGE],
            "number",
            item.text[SOURCE_LANGUAGE],
            tuple(rated + missing),
            (DOES_NOT_CONCERN, NO_ANSWER),
            "ordinal",
        )
        for item in catalogue.items
    )


def _profile(catalogue: Catalogue) -> tuple[MicroVariable, ...]:
    return tuple(
        variable
        for question in catalogue.profile_questions
        for variable in (_choices(question) if question.kind == "multiple" else (_choice(question),))
    )


def _choice(question: ProfileQuestion) -> MicroVariable:
    text = question.text[SOURCE_LANGUAGE]
    options = [(number, option.text[SOURCE_LANGUAGE]) for number, option in enumerate(question.options, start=1)]
    labels = (*options, (NO_ANSWER, NO_ANSWER_LABEL))
    return MicroVariable(_name(question.id), text, "number", text, labels, (NO_ANSWER,))


def _choices(question: ProfileQuestion) -> tuple[MicroVariable, ...]:
    text = question.text[SOURCE_LANGUAGE]
    labels = ((1, "gewählt"), (0, "nicht gewählt"), (NO_ANSWER, NO_ANSWER_LABEL))
    return tuple(
        MicroVariable(
            _name(f"{question.id}_{option.id}"),
            f"{text} – {option.text[SOURCE_LANGUAGE]}",
            "number",
            text,
            labels,
            (NO_ANSWER,),
        )
        for option in question.options
    )


def _coded_profile(questions: Sequence[ProfileQuestion], told: NDArray[np.uint8]) -> Columns:
    columns: Columns = {}
    place = 0
    for question in questions:
        part = told[:, place : place + _width(question)]
        place += _width(question)
        if question.kind == "single":
            columns[_name(question.id)] = _RATING_CODES[part[:, 0]]
            continue
        chosen = part == ord(CHOSEN)
        codes = np.where(chosen.any(axis=1, keepdims=True), chosen, NO_ANSWER).astype(np.int8)
        for number, option in enumerate(question.options):
            columns[_name(f"{question.id}_{option.id}")] = codes[:, number]
    return columns


def _width(question: ProfileQuestion) -> int:
    return len(question.options) if question.kind == "multiple" else 1


def _name(id: str) -> str:
    """A name that SPSS and R both take."""
    return _UNUSABLE.sub("_", id)


def _matrix(strings: Sequence[str], width: int) -> NDArray[np.uint8]:
    """Characters of strings of one width as numbers (rows, characters)."""
    return np.frombuffer("".join(strings).encode("ascii"), dtype=np.uint8).reshape(len(strings), width)


def _rating_codes() -> NDArray[np.int8]:
    codes = np.full(256, NO_ANSWER, dtype=np.int8)
    codes[ord("1") : ord("9") + 1] = np.arange(1, 10)
    codes[ord(NOT_CONCERNED)] = DOES_NOT_CONCERN
    return codes


_RATING_CODES = _rating_codes()
"""The code of every character of a rating or single choice."""
