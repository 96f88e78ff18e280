"""Structure and texts, both already checked, put together into one ``Catalogue``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from questionnaires.catalogue import (
    LEVELS,
    RATINGS,
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
    AnyTexts,
    CriterionSource,
    ItemSource,
    OptionSource,
    ProfileQuestionSource,
    ShowRuleSource,
    StructureSource,
    TextsSource,
)

Texts = TypeVar("Texts", bound=AnyTexts)
FullTexts = Mapping[str, TextsSource]


def assemble(source: StructureSource, texts: Mapping[str, AnyTexts]) -> Catalogue:
    """The catalogue of that structure in the languages of ``texts``; both must have passed every check."""
    full = {language: parsed for language, parsed in texts.items() if isinstance(parsed, TextsSource)}
    return Catalogue(
        **source.model_dump(include={"id", "version", "date", "status"}),
        **_framework(source, full),
        languages=tuple(source.languages),
        translations=tuple(_translation(texts[language]) for language in source.languages),
        introduction=_localized(texts, lambda t: t.introduction),
        rating_labels=tuple(_rating_label(place, texts) for place in range(len(RATINGS))),
        opt_out=_localized(texts, lambda t: t.opt_out),
        items=tuple(_item(item, texts) for item in source.items),
        open_questions=tuple(_open_question(id, texts) for id in source.open_questions),
        profile_questions=tuple(_profile_question(question, texts) for question in source.profile_questions),
    )


def _framework(source: StructureSource, texts: FullTexts) -> dict[str, Any]:
    """What municipalities judge themselves against: texts of the languages that cover everything."""
    return {
        "title": _localized(texts, lambda t: t.title),
        "levels": tuple(_level(value, texts) for value in LEVELS),
        "target_groups": tuple(_target_group(id, texts) for id in source.target_groups),
        "areas": tuple(Area(**a.model_dump(), title=_localized(texts, _at("areas", a.id))) for a in source.areas),
        "dimensions": tuple(
            Dimension(**d.model_dump(), title=_localized(texts, _at("dimensions", d.id))) for d in source.dimensions
        ),
        "criteria": tuple(_criterion(criterion, texts) for criterion in source.criteria),
    }


def _localized(texts: Mapping[str, Texts], pick: Callable[[Texts], str | None]) -> LocalizedText:
    """One text in every language that has it."""
    found = {language: text for language, source in texts.items() if (text := pick(source)) is not None}
    return LocalizedText(found)


def _optional(texts: Mapping[str, Texts], pick: Callable[[Texts], str | None]) -> LocalizedText | None:
    found = _localized(texts, pick)
    return found if found.root else None


def _each(texts: FullTexts, pick: Callable[[TextsSource], list[str]]) -> tuple[LocalizedText, ...]:
    """Lists of equal length, one per language, turned into one list of texts in all languages."""
    columns = zip(*(pick(source) for source in texts.values()), strict=True)
    return tuple(LocalizedText(dict(zip(texts, column, strict=True))) for column in columns)


def _at(section: str, id: str) -> Callable[[AnyTexts], str | None]:
    def pick(source: AnyTexts) -> str | None:
        texts: dict[str, str] = getattr(source, section)
        return texts.get(id)

    return pick


def _level(value: Any, texts: FullTexts) -> MaturityLevel:
    return MaturityLevel(
        value=value,
        name=_localized(texts, lambda t: t.levels[value].name),
        meaning=_localized(texts, lambda t: t.levels[value].meaning),
        condition=_localized(texts, lambda t: t.levels[value].condition),
    )


def _translation(source: AnyTexts) -> Translation:
    return Translation(**source.model_dump(include=set(Translation.model_fields)))


def _target_group(id: str, texts: FullTexts) -> TargetGroup:
    return TargetGroup(id=id, name=_localized(texts, _at("target_groups", id)))


def _criterion(source: CriterionSource, texts: FullTexts) -> Criterion:
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


def _rating_label(place: int, texts: Mapping[str, AnyTexts]) -> LocalizedText:
    return _localized(texts, lambda t: t.rating_labels[place] if t.rating_labels else None)


def _item(source: ItemSource, texts: Mapping[str, AnyTexts]) -> Item:
    return Item(
        id=source.id,
        text=_localized(texts, _at("items", source.id)),
        criterion=source.criterion,
        related=tuple(source.related),
        shown_if=_rules(source.shown_if),
        hidden_if=_rules(source.hidden_if),
        about=source.about,
        outcome=source.outcome,
    )


def _rules(sources: list[ShowRuleSource]) -> tuple[ShowRule, ...]:
    return tuple(
        ShowRule(question=rule.question, any_of=tuple(rule.any_of), none_of=tuple(rule.none_of)) for rule in sources
    )


def _open_question(id: str, texts: Mapping[str, AnyTexts]) -> OpenQuestion:
    question = _within("open_questions", id)
    return OpenQuestion(
        id=id, text=_localized(texts, question(lambda q: q.text)), hint=_localized(texts, question(lambda q: q.hint))
    )


def _profile_question(source: ProfileQuestionSource, texts: Mapping[str, AnyTexts]) -> ProfileQuestion:
    question = _within("profile_questions", source.id)
    return ProfileQuestion(
        id=source.id,
        text=_localized(texts, question(lambda q: q.text)),
        kind=source.kind,
        options=tuple(_option(source.id, option, texts) for option in source.options),
        hint=_optional(texts, question(lambda q: q.hint)),
        hidden_if=_rules(source.hidden_if),
    )


def _option(question: str, source: OptionSource, texts: Mapping[str, AnyTexts]) -> Option:
    text = _localized(texts, _within("profile_questions", question)(lambda q: q.options.get(source.id)))
    return Option(**source.model_dump(), text=text)


def _within(section: str, id: str) -> Callable[[Callable[[Any], str | None]], Callable[[AnyTexts], str | None]]:
    """Picks a text of one question, where a language has that question at all."""

    def of(pick: Callable[[Any], str | None]) -> Callable[[AnyTexts], str | None]:
        return lambda source: pick(found) if (found := getattr(source, section).get(id)) else None

    return of
