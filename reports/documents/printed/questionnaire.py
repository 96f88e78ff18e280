"""The paper questionnaire of a round in one language: the same questions and numbers as on the screen, two pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from babel.lists import format_list

from questionnaires.catalogue import Catalogue, Item, ShowRule
from reports import fonts
from reports.documents.printed.handouts import Place
from reports.documents.printed.typesetting import compiled
from reports.documents.printed.wording import base_of, filled, page_settings, sentences, written_day


def questionnaire(place: Place, catalogue: Catalogue, language: str) -> bytes:
    """The sheet as PDF; texts that the catalogue lacks in that language stand there in German.

    ``KeyError`` for a language that is not printed.
    """
    names = {"place": place.name, "region": place.region, "day": written_day(place.until, language)}
    texts = filled(language, names)
    content = {
        **page_settings(language),
        "families": fonts.FAMILIES,
        "texts": texts,
        "place": place.name,
        "marks": [texts[mark] for mark in ("demo", "draft") if getattr(place, mark)],
        "profile": [
            {
                "text": question.text[language],
                "hint": texts["several"] if question.kind == "multiple" else None,
                "options": [option.text[language] for option in question.options],
            }
            for question in catalogue.profile_questions
        ],
        "labels": [label[language] for label in catalogue.rating_labels],
        "opt_out": catalogue.opt_out[language],
        "items": [
            {"text": item.text[language], "hint": _audience(catalogue, item, language)} for item in catalogue.items
        ],
        "open": [{"text": q.text[language], "hint": q.hint[language]} for q in catalogue.open_questions],
    }
    return compiled("questionnaire", content, dt.datetime.combine(place.until, dt.time(), dt.UTC))


def _audience(catalogue: Catalogue, item: Item, language: str) -> str | None:
    """For whom the item is, in words; ``None`` if it is for all."""
    only = [option for rule in item.shown_if for option in _named(catalogue, rule, rule.any_of, language)]
    never = [option for rule in item.shown_if for option in _named(catalogue, rule, rule.none_of, language)]
    found = [
        sentences(language)[key].format(options=_either(options, language))
        for key, options in (("only", only), ("never", never))
        if options
    ]
    return " ".join(found) or None


def _named(catalogue: Catalogue, rule: ShowRule, ids: Iterable[str], language: str) -> list[str]:
    question: Any = next(q for q in catalogue.profile_questions if q.id == rule.question)
    return [option.text[language] for option in question.options if option.id in ids]


def _either(options: list[str], language: str) -> str:
    return format_list(list(dict.fromkeys(options)), style="or", locale=base_of(language))
