"""Structure and texts, both already checked, put together into one ``Catalogue``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from questionnaires.catalogue import (
    LEVELS,
    Area,
    Catalogue,
    Criterion,
    Dimension,
    Item,
    LocalizedText,
    MaturityLevel,
    OpenQuestion,
    Option,
    ProfileQuestion,
    ShowRule,
    TargetGroup,
    Translation,
)
from questionnaires.sources import (
    CriterionSource,
    ItemSource,
    OptionSource,
    ProfileQuestionSource,
    StructureSource,
    TextsSource,
)

Texts = Mapping[str, TextsSource]


def assemble(source: StructureSource, texts: Texts) -> Catalogue:
    """The catalogue of that structure in the languages of ``texts``; both must have passed every check."""
    return Catalogue(
        **source.model_dump(include={"id", "version", "date", "status"}),
        **_scales(texts),
        languages=tuple(source.languages),
        translations=tuple(_translation(texts[language]) for language in source.languages),
        title=_localized(texts, lambda t: t.title),
        introduction=_localized(texts, lambda t: t.introduction),
        target_groups=tuple(_target_group(id, texts) for id in source.target_groups),
        areas=tuple(Area(**a.model_dump(), title=_localized(texts, _at("areas", a.id))) for a in source.areas),
        dimensions=tuple(
            Dimension(**d.model_dump(), title=_localized(texts, _at("dimensions", d.id))) for d in source.dimensions
        ),
        criteria=tuple(_criterion(criterion, texts) for criterion in source.criteria),
        items=tuple(_item(item, texts) for item in source.items),
        open_questions=tuple(_open_question(id, texts) for id in source.open_questions),
        profile_questions=tuple(_profile_question(question, texts) for question in source.profile_questions),
    )


def _localized(texts: Texts, pick: Callable[[TextsSource], str]) -> LocalizedText:
    return LocalizedText({language: pick(source) for language, source in texts.items()})


def _optional(texts: Texts, pick: Callable[[TextsSource], str | None]) -> LocalizedText | None:
    found = {language: text for language, source in texts.items() if (text := pick(source)) is not None}
    return LocalizedText(found) if found else None


def _each(texts: Texts, pick: Callable[[TextsSource], list[str]]) -> tuple[LocalizedText, ...]:
    """Lists of equal length, one per language, turned into one list of texts in all languages."""
    columns = zip(*(pick(source) for source in texts.values()), strict=True)
    return tuple(LocalizedText(dict(zip(texts, column, strict=True))) for column in columns)


def _at(section: str, id: str) -> Callable[[TextsSource], str]:
    def pick(source: TextsSource) -> str:
        text: str = getattr(source, section)[id]
        return text

    return pick


def _scales(texts: Texts) -> dict[str, Any]:
    return {
        "levels": tuple(_level(value, texts) for value in LEVELS),
        "rating_labels": _each(texts, lambda t: t.rating_labels),
        "opt_out": _localized(texts, lambda t: t.opt_out),
    }


def _level(value: Any, texts: Texts) -> MaturityLevel:
    return MaturityLevel(
        value=value,
        name=_localized(texts, lambda t: t.levels[value].name),
        meaning=_localized(texts, lambda t: t.levels[value].meaning),
        condition=_localized(texts, lambda t: t.levels[value].condition),
    )


def _translation(source: TextsSource) -> Translation:
    return Translation(**source.model_dump(include={"language", "name", "direction", "checked_by_native_speaker"}))


def _target_group(id: str, texts: Texts) -> TargetGroup:
    return TargetGroup(id=id, name=_localized(texts, _at("target_groups", id)))


def _criterion(source: CriterionSource, texts: Texts) -> Criterion:
    id = source.id
    structure: dict[str, Any] = source.model_dump()
    return Criterion(
        **structure | {"target_groups": tuple(source.target_groups), "origin": tuple(source.origin)},
        title=_localized(texts, lambda t: t.criteria[id].title),
        question=_localized(texts, lambda t: t.criteria[id].question),
        levels=_each(texts, lambda t: t.criteria[id].levels),
        evidence=_each(texts, lambda t: t.criteria[id].evidence),
        application=_optional(texts, lambda t: t.criteria[id].application),
    )


def _item(source: ItemSource, texts: Texts) -> Item:
    return Item(
        id=source.id,
        text=_localized(texts, _at("items", source.id)),
        criterion=source.criterion,
        related=tuple(source.related),
        shown_if=tuple(
            ShowRule(question=rule.question, any_of=tuple(rule.any_of), none_of=tuple(rule.none_of))
            for rule in source.shown_if
        ),
        outcome=source.outcome,
    )


def _open_question(id: str, texts: Texts) -> OpenQuestion:
    return OpenQuestion(
        id=id,
        text=_localized(texts, lambda t: t.open_questions[id].text),
        hint=_localized(texts, lambda t: t.open_questions[id].hint),
    )


def _profile_question(source: ProfileQuestionSource, texts: Texts) -> ProfileQuestion:
    id = source.id
    return ProfileQuestion(
        id=id,
        text=_localized(texts, lambda t: t.profile_questions[id].text),
        kind=source.kind,
        options=tuple(_option(id, option, texts) for option in source.options),
        hint=_optional(texts, lambda t: t.profile_questions[id].hint),
    )


def _option(question: str, source: OptionSource, texts: Texts) -> Option:
    text = _localized(texts, lambda t: t.profile_questions[question].options[source.id])
    return Option(id=source.id, text=text, exclusive=source.exclusive)
