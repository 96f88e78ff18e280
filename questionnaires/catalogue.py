"""The catalogue as a typed, immutable model: areas, dimensions, criteria, items and their texts.

A catalogue is data (see ``welcome/2026/``), never code. ``loading`` builds this model from YAML files;
a round freezes it as canonical JSON (``Catalogue.to_json``) and everything later reads that copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

SOURCE_LANGUAGE = "de"
POINTS_PER_LEVEL = 25
LEVELS = (0, 1, 2, 3, 4)
RATINGS = (1, 2, 3, 4, 5)

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
    or any one of its rules holds.
    """

    id: str
    text: LocalizedText
    criterion: str | None = None
    related: tuple[str, ...] = ()
    shown_if: tuple[ShowRule, ...] = ()
    outcome: bool = False


class OpenQuestion(Definition):
    """A question answered in the newcomer's own words."""

    id: str
    text: LocalizedText
    hint: LocalizedText


class Option(Definition):
    """One answer to a profile question; an ``exclusive`` one ("nichts davon") gives way to any other beside it."""

    id: str
    text: LocalizedText
    exclusive: bool = False


class ProfileQuestion(Definition):
    """A coarse, voluntary detail about the newcomer; never enough to know a person by."""

    id: str
    text: LocalizedText
    kind: Literal["single", "multiple"]
    options: tuple[Option, ...]
    hint: LocalizedText | None = None


class Translation(Definition):
    """One language the texts are offered in: its own name, the direction it is written in, and who vouches for it."""

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    checked_by_native_speaker: bool


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

    def pairs(self) -> Iterator[tuple[Item, Criterion]]:
        """Every item with the criterion it is the direct outside view of."""
        return ((item, self.criterion(item.criterion)) for item in self.items if item.criterion)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, UTF-8; the same catalogue always gives the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

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
