"""The catalogue as a typed, immutable model: areas, dimensions, criteria, items and their texts.

A catalogue is data (see ``welcome/2026/``), never code. ``loading`` builds this model from YAML files;
a round freezes it as canonical JSON (``Catalogue.to_json``) and everything later reads that copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

SOURCE_LANGUAGE = "de"
POINTS_PER_LEVEL = 25
LEVELS = (0, 1, 2, 3, 4)
RATINGS = (1, 2, 3, 4, 5)

About = Literal["arrival", "living"]
Covers = Literal["everything", "newcomers"]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Definition(BaseModel):
    """Base of everything in a catalogue: frozen, and no key that the model does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LocalizedText(RootModel[dict[str, str]]):
    """One text in every language offered; asking for a missing language gives the German source."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, language: str) -> str:
        return self.root.get(language) or self.root[SOURCE_LANGUAGE]

    def has(self, language: str) -> bool:
        """Whether the text exists in ``language`` itself, without falling back."""
        return bool(self.root.get(language))


class MaturityLevel(Definition):
    """One of the five steps of the scale that all criteria share (domain notes, 3.2)."""

    value: Literal[0, 1, 2, 3, 4]
    name: LocalizedText
    meaning: LocalizedText
    condition: LocalizedText


class TargetGroup(Definition):
    """People a criterion is for, e.g. ``FAM``, skilled workers and their families."""

    id: str
    name: LocalizedText


class Area(Definition):
    """Handlungsfeld: one of the two fields of action."""

    id: str
    title: LocalizedText
    weight: Weight = 1.0


class Dimension(Definition):
    """Qualitätsbereich: a group of criteria within an area."""

    id: str
    area: str
    title: LocalizedText
    weight: Weight = 1.0


class Criterion(Definition):
    """One criterion a municipality judges itself against, with a descriptor for each maturity level."""

    id: str
    dimension: str
    core: bool
    title: LocalizedText
    question: LocalizedText
    levels: tuple[LocalizedText, LocalizedText, LocalizedText, LocalizedText, LocalizedText]
    evidence: tuple[LocalizedText, ...]
    target_groups: tuple[str, ...]
    weight: Weight = 1.0
    may_not_apply: bool = False
    application: LocalizedText | None = None
    origin: tuple[str, ...] = ()


class ShowRule(Definition):
    """Show an item if the profile answer to ``question`` holds one of ``any_of`` and none of ``none_of``.

    An empty ``any_of`` asks for nothing; a profile question that was not answered counts as holding no option.
    """

    question: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


class Item(Definition):
    """One scaled newcomer question, rated 1 to 5.

    ``criterion`` is its direct pair, ``related`` the criteria it touches. The item is shown if ``shown_if`` is empty
    or any one of its rules holds, and no rule of ``hidden_if`` does. ``about`` says what it asks for: the weeks of
    arriving, which memory keeps for a while only, or living here since.
    """

    id: str
    text: LocalizedText
    criterion: str | None = None
    related: tuple[str, ...] = ()
    shown_if: tuple[ShowRule, ...] = ()
    hidden_if: tuple[ShowRule, ...] = ()
    about: About = "living"
    outcome: bool = False


class OpenQuestion(Definition):
    """A question answered in the newcomer's own words."""

    id: str
    text: LocalizedText
    hint: LocalizedText


class Option(Definition):
    """One answer to a profile question; an ``exclusive`` one ("nichts davon") gives way to any other beside it.

    Of the question how long somebody has lived here, ``years`` is the most that an answer stands for, and
    ``newcomer`` is false for the answer of those who did not move here. ``learner`` marks pupils and students.
    """

    id: str
    text: LocalizedText
    exclusive: bool = False
    years: float | None = None
    newcomer: bool = True
    learner: bool = False


class ProfileQuestion(Definition):
    """A coarse, voluntary detail about the newcomer; never enough to know a person by.

    It is asked unless a rule of ``hidden_if`` holds, which looks at questions before it.
    """

    id: str
    text: LocalizedText
    kind: Literal["single", "multiple"]
    options: tuple[Option, ...]
    hint: LocalizedText | None = None
    hidden_if: tuple[ShowRule, ...] = ()


class Translation(Definition):
    """One language the texts are offered in: its own name, the direction it is written in, and who vouches for it.

    ``covers`` says whether it has all texts or those that newcomers read.
    """

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    checked_by_native_speaker: bool
    checked_by: str | None = None
    checked_on: str | None = None
    covers: Covers = "everything"


@dataclass(frozen=True, order=True)
class Gap:
    """A text that newcomers read and that a language lacks: they see the German one there."""

    language: str
    place: str
    german: str


class Catalogue(Definition):
    """Kriterienkatalog and newcomers' questionnaire of one version, complete and consistent.

    ``status`` is ``draft`` until the agency approves it; a draft is shown as "Entwurf".
    """

    id: str
    version: str
    date: str
    status: Literal["draft", "approved"]
    languages: tuple[str, ...]
    title: LocalizedText
    introduction: LocalizedText
    levels: tuple[MaturityLevel, MaturityLevel, MaturityLevel, MaturityLevel, MaturityLevel]
    target_groups: tuple[TargetGroup, ...]
    areas: tuple[Area, ...]
    dimensions: tuple[Dimension, ...]
    criteria: tuple[Criterion, ...]
    rating_labels: tuple[LocalizedText, LocalizedText, LocalizedText, LocalizedText, LocalizedText]
    opt_out: LocalizedText
    items: tuple[Item, ...]
    open_questions: tuple[OpenQuestion, ...]
    profile_questions: tuple[ProfileQuestion, ...]
    translations: tuple[Translation, ...] = ()

    def __hash__(self) -> int:
        """By name and version: of all texts it would take a millisecond, each time something is remembered of it."""
        return hash((self.id, self.version))

    def area(self, id: str) -> Area:
        """The area of that id; ``KeyError`` if there is none."""
        return self._areas[id]

    def dimension(self, id: str) -> Dimension:
        """The dimension of that id; ``KeyError`` if there is none."""
        return self._dimensions[id]

    def criterion(self, id: str) -> Criterion:
        """The criterion of that id; ``KeyError`` if there is none."""
        return self._criteria[id]

    def item(self, id: str) -> Item:
        """The item of that id; ``KeyError`` if there is none."""
        return self._items[id]

    def dimensions_of(self, area: str) -> tuple[Dimension, ...]:
        """The dimensions of an area in catalogue order."""
        return tuple(d for d in self.dimensions if d.area == area)

    def criteria_of(self, dimension: str) -> tuple[Criterion, ...]:
        """The criteria of a dimension in catalogue order."""
        return tuple(c for c in self.criteria if c.dimension == dimension)

    def gaps(self) -> list[Gap]:
        """Every text of the newcomers' questionnaire that one of its languages lacks, in the order of the languages."""
        texts = list(self._newcomers_texts())
        return [
            Gap(language, place, text[SOURCE_LANGUAGE])
            for language in self.languages
            for place, text in texts
            if not text.has(language)
        ]

    def _newcomers_texts(self) -> Iterator[tuple[str, LocalizedText]]:
        yield "introduction", self.introduction
        yield from ((f"rating_labels.{number}", label) for number, label in enumerate(self.rating_labels, start=1))
        yield "opt_out", self.opt_out
        yield from ((f"items.{item.id}", item.text) for item in self.items)
        for open_question in self.open_questions:
            yield f"open_questions.{open_question.id}.text", open_question.text
            yield f"open_questions.{open_question.id}.hint", open_question.hint
        for question in self.profile_questions:
            yield f"profile_questions.{question.id}.text", question.text
            if question.hint:
                yield f"profile_questions.{question.id}.hint", question.hint
            yield from ((f"profile_questions.{question.id}.options.{o.id}", o.text) for o in question.options)

    def pairs(self) -> Iterator[tuple[Item, Criterion]]:
        """Every item with the criterion it is the direct outside view of."""
        return ((item, self.criterion(item.criterion)) for item in self.items if item.criterion)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, UTF-8; the same catalogue always gives the same text.

        What was not in the text it was read from is not added, so a frozen catalogue stays the same when the model
        grows.
        """
        content = self.model_dump(mode="json", exclude_unset=True)
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Catalogue:
        """The catalogue that ``to_json`` wrote; pydantic's ``ValidationError`` if it is none."""
        return cls.model_validate_json(text)

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the canonical JSON: the identity of this catalogue."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return {a.id: a for a in self.areas}

    @cached_property
    def _dimensions(self) -> dict[str, Dimension]:
        return {d.id: d for d in self.dimensions}

    @cached_property
    def _criteria(self) -> dict[str, Criterion]:
        return {c.id: c for c in self.criteria}

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {i.id: i for i in self.items}
