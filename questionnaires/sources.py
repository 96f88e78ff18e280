"""The shape of a catalogue's files: which keys there are and what may stand under them, and the words when it does not.

pydantic finds every deviation at once; ``complaints`` says each in German, with the file's line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from questionnaires.catalogue import About, Weight
from questionnaires.complaints import Complaint, suggestion
from questionnaires.documents import Document, Place

ID_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
LANGUAGE_FORM = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _id(value: str) -> str:
    if not ID_FORM.fullmatch(value):
        raise PydanticCustomError(
            "german", "Eine Kennung besteht aus 1 bis 32 Buchstaben (ohne Umlaute), Ziffern, Punkten und Strichen."
        )
    return value


def _language(value: str) -> str:
    if not LANGUAGE_FORM.fullmatch(value):
        raise PydanticCustomError("german", "Eine Sprache steht hier mit ihrem Kürzel, zum Beispiel de, en oder uk.")
    return value


def _date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise PydanticCustomError("german", "Ein Datum steht hier als Jahr-Monat-Tag: 2026-01-31.") from None


Id = Annotated[str, AfterValidator(_id)]
LanguageCode = Annotated[str, AfterValidator(_language)]
IsoDate = Annotated[str, AfterValidator(_date)]
Text = Annotated[str, Field(min_length=1)]


class Source(BaseModel):
    """Base of everything that stands in a file: strict types, no unknown key, text without outer blanks."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class AreaSource(Source):
    """An area as catalogue.yaml has it."""

    id: Id
    weight: Weight = 1.0


class DimensionSource(Source):
    """A dimension as catalogue.yaml has it."""

    id: Id
    area: Id
    weight: Weight = 1.0


class CriterionSource(Source):
    """A criterion as catalogue.yaml has it."""

    id: Id
    dimension: Id
    core: bool
    target_groups: Annotated[list[Id], Field(min_length=1)]
    weight: Weight = 1.0
    may_not_apply: bool = False
    origin: list[Text] = []


class ShowRuleSource(Source):
    """A show rule as catalogue.yaml has it."""

    question: Id
    any_of: list[Id] = []
    none_of: list[Id] = []


class ItemSource(Source):
    """An item as catalogue.yaml has it."""

    id: Id
    criterion: Id | None = None
    related: list[Id] = []
    shown_if: list[ShowRuleSource] = []
    hidden_if: list[ShowRuleSource] = []
    about: About = "living"
    outcome: bool = False


class OptionSource(Source):
    """An option of a profile question as catalogue.yaml has it."""

    id: Id
    exclusive: bool = False
    years: Weight | None = None
    newcomer: bool = True
    learner: bool = False


class ProfileQuestionSource(Source):
    """A profile question as catalogue.yaml has it."""

    id: Id
    kind: Literal["single", "multiple"]
    options: Annotated[list[OptionSource], Field(min_length=1)]
    hidden_if: list[ShowRuleSource] = []


class StructureSource(Source):
    """catalogue.yaml: everything but the texts."""

    id: Id
    version: Text
    date: IsoDate
    status: Literal["draft", "approved"]
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    target_groups: Annotated[list[Id], Field(min_length=1)]
    areas: Annotated[list[AreaSource], Field(min_length=1)]
    dimensions: Annotated[list[DimensionSource], Field(min_length=1)]
    criteria: Annotated[list[CriterionSource], Field(min_length=1)]
    items: Annotated[list[ItemSource], Field(min_length=1)]
    open_questions: list[Id] = []
    profile_questions: list[ProfileQuestionSource] = []


class LevelTexts(Source):
    """The texts of one maturity level."""

    name: Text
    meaning: Text
    condition: Text


class CriterionTexts(Source):
    """The texts of one criterion."""

    title: Text
    question: Text
    levels: list[Text]
    evidence: list[Text]
    application: Text | None = None


class OpenQuestionTexts(Source):
    """The texts of one open question."""

    text: Text
    hint: Text


class ProfileQuestionTexts(Source):
    """The texts of one profile question."""

    text: Text
    hint: Text | None = None
    options: dict[str, Text]


class LanguageSource(Source):
    """The head of a language's file; once somebody has checked it, it says in which function and when."""

    language: LanguageCode
    name: Text
    direction: Literal["ltr", "rtl"]
    checked_by_native_speaker: bool
    checked_by: Text | None = None
    checked_on: IsoDate | None = None


class TextsSource(LanguageSource):
    """The file of a language that covers everything: every text by the id it belongs to."""

    covers: Literal["everything"] = "everything"
    title: Text
    introduction: Text
    levels: list[LevelTexts]
    target_groups: dict[str, Text]
    areas: dict[str, Text]
    dimensions: dict[str, Text]
    criteria: dict[str, CriterionTexts]
    rating_labels: list[Text]
    opt_out: Text
    items: dict[str, Text]
    open_questions: dict[str, OpenQuestionTexts] = {}
    profile_questions: dict[str, ProfileQuestionTexts] = {}


class OpenQuestionTranslation(Source):
    """The texts of one open question, as far as they are translated."""

    text: Text | None = None
    hint: Text | None = None


class ProfileQuestionTranslation(Source):
    """The texts of one profile question, as far as they are translated."""

    text: Text | None = None
    hint: Text | None = None
    options: dict[str, Text] = {}


class NewcomersTextsSource(LanguageSource):
    """The file of a language that covers what newcomers read. What is missing they see in German."""

    covers: Literal["newcomers"]
    introduction: Text | None = None
    rating_labels: list[Text] = []
    opt_out: Text | None = None
    items: dict[str, Text] = {}
    open_questions: dict[str, OpenQuestionTranslation] = {}
    profile_questions: dict[str, ProfileQuestionTranslation] = {}


AnyTexts = TextsSource | NewcomersTextsSource


def texts_source(document: Document) -> type[TextsSource] | type[NewcomersTextsSource]:
    """The shape of a language's file, by what it says it covers."""
    return NewcomersTextsSource if document.data.get("covers") == "newcomers" else TextsSource


AnySource = TypeVar("AnySource", bound=Source)


def parse(document: Document, source: type[AnySource]) -> tuple[AnySource | None, list[Complaint]]:
    """The document's data in the shape of ``source``, or None and a complaint for every deviation."""
    try:
        return source.model_validate(document.data), []
    except ValidationError as error:
        return None, [_complaint(document, source, details) for details in error.errors()]


def _complaint(document: Document, source: type[Source], details: ErrorDetails) -> Complaint:
    place: Place = details["loc"]
    if details["type"] == "extra_forbidden":
        hint = suggestion(str(place[-1]), keys_at(source, place[:-1]))
        return document.complaint(place, f"Den Schlüssel »{place[-1]}« gibt es hier nicht.{hint}")
    return document.complaint(place, _WORDS.get(details["type"], _anything_else)(details))


def keys_at(source: Any, place: Iterable[str | int]) -> list[str]:
    """The keys that may stand at ``place`` of a file in the shape of ``source``.

    >>> keys_at(TextsSource, ("open_questions", "O1"))
    ['text', 'hint']
    """
    for step in place:
        source = _type_inside(source, step)
    return list(source.model_fields)


def _type_inside(source: Any, step: str | int) -> Any:
    if isinstance(source, type) and issubclass(source, Source):
        return source.model_fields[str(step)].annotation
    if get_origin(source) is Annotated:
        return _type_inside(get_args(source)[0], step)
    return get_args(source)[-1]


def _found(details: ErrorDetails) -> str:
    value = details["input"]
    if value is None:
        return "hier steht nichts"
    if isinstance(value, dict | list):
        return "hier stehen mehrere Angaben"
    shown = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return f"hier steht »{shown[:40]}«"


def _text_expected(details: ErrorDetails) -> str:
    if details["input"] is None:
        return "Der Text ist leer. Tragen Sie ihn ein."
    return f"Hier wird Text erwartet, {_found(details)}. Setzen Sie den Wert in Anführungszeichen."


def _number_expected(details: ErrorDetails) -> str:
    return f"Hier wird eine Zahl größer als 0 erwartet, {_found(details)}. Schreiben Sie zum Beispiel 1 oder 0.5."


def _choice_expected(details: ErrorDetails) -> str:
    choices = details["ctx"]["expected"].replace("'", "").replace(" or ", " oder ")
    return f"Möglich ist hier {choices}, {_found(details)}."


def _keys_expected(details: ErrorDetails) -> str:
    return f"Hier werden Angaben der Form »schlüssel: wert« erwartet, {_found(details)}."


def _anything_else(details: ErrorDetails) -> str:
    return f"Diese Angabe ist nicht brauchbar, {_found(details)}."


_WORDS: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda d: f"Die Angabe »{d['loc'][-1]}« fehlt. Ergänzen Sie sie.",
    "string_type": _text_expected,
    "string_too_short": lambda _: "Der Text ist leer. Tragen Sie ihn ein.",
    "float_type": _number_expected,
    "finite_number": _number_expected,
    "greater_than": _number_expected,
    "bool_type": lambda d: f"Hier wird true oder false erwartet, {_found(d)}.",
    "literal_error": _choice_expected,
    "list_type": lambda d: f"Hier wird eine Liste erwartet (Zeilen, die mit »- « beginnen), {_found(d)}.",
    "too_short": lambda _: "Die Liste ist leer. Tragen Sie mindestens einen Eintrag ein.",
    "dict_type": _keys_expected,
    "model_type": _keys_expected,
    "german": lambda d: d["msg"] + f" Im Augenblick: {_found(d)}.",
}
