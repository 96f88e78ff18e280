"""What a draft paper says: the facts about a municipality and its region, and the text of every field of a template."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from reports.documents.printed.wording import written_day

PARAGRAPH = "\n"
"""What parts paragraphs in a value."""
MINUTES = 3
"""An estimate of the time that one criterion takes."""
FIELDS = (
    "kommune", "kommune_voll", "kreis", "region", "einwohner", "agentur", "dienst", "datum", "runde", "zeitraum",
    "betreff", "sachverhalt", "teilnahme", "kosten", "stand_region", "beschluss",
)  # fmt: skip
"""The names that a template may hold between double braces."""


@dataclass(frozen=True)
class Survey:
    """The round that comes next or is under way."""

    title: str
    opens: dt.date
    closes: dt.date


@dataclass(frozen=True)
class Published:
    """The release published last; ``responses`` is ``None`` where it may not be told."""

    title: str
    handed_in: int
    responses: int | None
    with_results: int


@dataclass(frozen=True)
class Facts:
    """All that a draft paper is made from.

    ``decided`` of ``municipalities`` have a resolution in force, ``decided_near`` of ``near`` in the district;
    ``reported`` is the number last published before this service and ``reported_in`` its day in words.
    """

    name: str
    kind: str
    district: str
    population: int
    region: str
    agency: str
    site: str
    day: dt.date
    criteria: int
    core: int
    decided: int
    municipalities: int
    decided_near: int
    near: int
    reported: int
    reported_in: str
    presented_on: dt.date | None = None
    decided_on: dt.date | None = None
    survey: Survey | None = None
    published: Published | None = None
    demo: bool = False


def values(facts: Facts) -> dict[str, str]:
    """The text of every field; paragraphs are parted by a line break."""
    words = {**_names(facts), **_numbers(facts)}
    found = dict(words)
    found["betreff"] = _text("betreff", words)
    for name, lines in {
        "sachverhalt": _background(facts),
        "teilnahme": _duties(facts),
        "kosten": ["time", "money"],
        "stand_region": _region(facts),
        "beschluss": ["opening", "joins", "tasks", "named", "reports"],
    }.items():
        found[name] = PARAGRAPH.join(_text(f"{name}.{line}", words) for line in lines)
    return {name: found[name] for name in FIELDS}


def _names(facts: Facts) -> dict[str, str]:
    survey = facts.survey
    return {
        "kommune": facts.name,
        "kommune_voll": f"{facts.kind} {facts.name}",
        "kreis": facts.district,
        "region": facts.region,
        "einwohner": _number(facts.population),
        "agentur": facts.agency,
        "dienst": facts.site.partition("://")[2] or facts.site,
        "datum": written_day(facts.day, "de"),
        "runde": survey.title if survey else "",
        "zeitraum": f"{written_day(survey.opens, 'de')} bis {written_day(survey.closes, 'de')}" if survey else "",
    }


def _numbers(facts: Facts) -> dict[str, str]:
    published = facts.published
    return {
        "criteria": _number(facts.criteria),
        "core": _number(facts.core),
        "core_hours": _hours(facts.core),
        "hours": _hours(facts.criteria),
        "decided": _number(facts.decided),
        "of": _number(facts.municipalities),
        "decided_near": _number(facts.decided_near),
        "near": _number(facts.near),
        "reported": _number(facts.reported),
        "reported_in": facts.reported_in,
        "presented_on": written_day(facts.presented_on, "de") if facts.presented_on else "",
        "decided_on": written_day(facts.decided_on, "de") if facts.decided_on else "",
        "release": published.title if published else "",
        "handed_in": _number(published.handed_in) if published else "",
        "responses": _number(published.responses) if published and published.responses is not None else "",
        "with_results": _number(published.with_results) if published else "",
    }


def _background(facts: Facts) -> Iterator[str]:
    yield from ("aim", "ways")
    if facts.decided_on:
        yield "renewal"
    elif facts.presented_on:
        yield "presented"


def _duties(facts: Facts) -> list[str]:
    return ["office", "next_round" if facts.survey else "rounds", "newcomers", "tables", "council"]


def _region(facts: Facts) -> Iterator[str]:
    yield {0: "reported", 1: "decided_one"}.get(facts.decided, "decided")
    published = facts.published
    if published:
        yield "results" if published.responses is not None else "handed_in"
    if facts.demo:
        yield "demo"


def _number(value: int) -> str:
    return str(format_decimal(value, locale="de_DE"))


def _hours(criteria: int) -> str:
    """So many hours, as a German sentence says it after "mit rund".

    >>> _hours(20), _hours(43), _hours(10)
    ('einer Stunde', '2 Stunden', '0,5 Stunden')
    """
    halves = max(1, round(criteria * MINUTES / 30))
    return "einer Stunde" if halves == 2 else f"{format_decimal(halves / 2, locale='de_DE')} Stunden"


def _text(key: str, words: dict[str, str]) -> str:
    found: Any = _texts()
    for part in key.split("."):
        found = found[part]
    return str(found).format_map(words)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))
