"""Whom an item is for, in words: without script everybody sees every item and decides by this hint."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from questionnaires.catalogue import Catalogue, Item, ShowRule


def audience(catalogue: Catalogue, item: Item, language: str) -> str:
    """The hint to an item's show-rules, e.g. "Nur, wenn auf Sie zutrifft: Kinder im Haushalt"; empty if for all."""
    only = _options(catalogue, item, language, lambda rule: rule.any_of)
    never = _options(catalogue, item, language, lambda rule: rule.none_of)
    hints = []
    if only:
        hints.append(_("Nur, wenn auf Sie zutrifft: %(options)s.", options=_either(only)))
    if never:
        hints.append(_("Nicht, wenn auf Sie zutrifft: %(options)s.", options=_either(never)))
    return " ".join(hints)


def _options(
    catalogue: Catalogue, item: Item, language: str, named: Callable[[ShowRule], tuple[str, ...]]
) -> list[str]:
    """The texts of the options that an item's rules name; two questions may offer the same one."""
    questions = {question.id: question for question in catalogue.profile_questions}
    chosen = (
        option.text[language]
        for rule in item.shown_if
        for option in questions[rule.question].options
        if option.id in named(rule)
    )
    return list(dict.fromkeys(chosen))


def _either(texts: Iterable[str]) -> str:
    return format_list(list(texts), style="or", locale=get_locale() or "de")
