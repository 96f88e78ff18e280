"""Printed material on request: it takes tenths of a second, so that nobody has to wait for a background job."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.feedback.channels import NAMES as CHANNEL_NAMES
from app.feedback.channels import PLACES
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Participation
from app.web.layout import REGION
from config import Settings
from reports.documents import printed

NAMES: dict[str, LazyString] = {
    "letter": _("Brief (A4)"),
    "card": _("Karte (A6)"),
    "poster": _("Plakat (A3)"),
    "flyer": _("Faltblatt (DIN lang)"),
    "sheet": _("Papierbogen (A4, zwei Seiten)"),
}
"""What can be printed; ``sheet`` is the paper questionnaire."""


class NothingToPrint(LookupError):
    """No such format, language or place of distribution."""


def languages(participation: Participation) -> dict[str, str]:
    """The languages in which the round asks and that can be printed, with their own names."""
    asked = catalogue_of(participation.round).languages
    return {tag: name for tag, name in printed.LANGUAGES.items() if tag in asked}


def channels() -> dict[str, LazyString]:
    """The words in the address by place of distribution, with their names."""
    return {"": CHANNEL_NAMES["open"], **{word: CHANNEL_NAMES[channel] for word, channel in PLACES.items()}}


def rendered(participation: Participation, asked: Mapping[str, str]) -> bytes:
    """The PDF that a form asks for: ``was``, ``sprache``, ``von``, ``beschnitt``. Raises ``NothingToPrint``."""
    name, language, channel = asked.get("was", ""), asked.get("sprache", "de"), asked.get("von", "")
    if name not in NAMES or language not in languages(participation) or channel not in channels():
        raise NothingToPrint
    place = place_on_paper(participation)
    make: Callable[[], bytes] = {
        True: lambda: printed.questionnaire(place, catalogue_of(participation.round), language),
        False: lambda: printed.material(place, name, language, channel, bool(asked.get("beschnitt"))),
    }[name == "sheet"]
    return make()


def letters(participation: Participation, codes: list[str], language: str) -> bytes:
    """A letter for each code. Raises ``NothingToPrint``."""
    if language not in languages(participation):
        raise NothingToPrint
    return printed.code_letters(place_on_paper(participation), code_entry(), codes, language)


def code_entry() -> str:
    """The full address at which codes are typed."""
    return f"{_settings().address}/c/"


def place_on_paper(participation: Participation) -> printed.Place:
    """The municipality as it stands on paper."""
    return printed.Place(
        participation.municipality.name,
        REGION,
        f"{_settings().address}/f/{participation.municipality.slug}",
        participation.round.closes,
        demo=participation.round.demonstration,
        draft=catalogue_of(participation.round).status == "draft",
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["KOMPASS"]
    return settings
