"""The language of a page: asked for by ``?lang=``, else the browser's wish, remembered nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import Babel, get_locale

from config import Settings

TRANSLATIONS = Path(__file__).parent / "translations"


@dataclass(frozen=True)
class Language:
    """One language of the interface: its tag, its own name for itself, the direction it is written in."""

    tag: str
    name: str
    direction: str = "ltr"


GERMAN = Language("de", "Deutsch")
ENGLISH = Language("en", "English")
OFFERED: dict[str, Language] = {language.tag: language for language in (GERMAN, ENGLISH)}


def requested_tag() -> str | None:
    """The language that the address asks for, or None if it asks for none that is offered."""
    tag = request.args.get("lang", "")
    return tag if tag in OFFERED else None


def select_tag() -> str:
    """The tag for this request; German where there is no request, as in a background job."""
    if not has_request_context():
        return GERMAN.tag
    return requested_tag() or _wished_tag() or GERMAN.tag


def _wished_tag() -> str | None:
    """The first offered language among the browser's wishes; a regional variety counts as its language."""
    wishes = (wish.split("-")[0].lower() for wish in request.accept_languages.values())
    return next((tag for tag in wishes if tag in OFFERED), None)


def current_language() -> Language:
    """The language that this page is written in."""
    locale = get_locale()
    return OFFERED.get(str(locale), GERMAN) if locale else GERMAN


def localized_url(tag: str) -> str:
    """The address of this very page in the language ``tag``, with its other query arguments."""
    if request.endpoint is None:
        return f"{request.path}?lang={tag}"
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {}), "lang": tag}
    return url_for(request.endpoint, **arguments)


def page_address(tag: str = "") -> str:
    """The whole public address of this page, without what strangers put behind it; in a language if one is named."""
    settings: Settings = current_app.config["KOMPASS"]
    language = {"lang": tag} if tag else {"lang": None}
    return settings.address + url_for(request.endpoint or "", **{**(request.view_args or {}), **language})


def carry_language(endpoint: str, values: dict[str, Any]) -> None:
    """Let links keep a language that was asked for, so that it holds from page to page without a cookie."""
    if not has_request_context() or endpoint.endswith("static") or endpoint.startswith("api"):
        return
    if tag := requested_tag():
        values.setdefault("lang", tag)


def register(app: Flask) -> None:
    """Set up the translations and what templates need to name and switch the language."""
    Babel(
        app,
        default_locale=GERMAN.tag,
        default_timezone="Europe/Berlin",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=select_tag,
    )
    app.url_defaults(carry_language)
    app.jinja_env.globals.update(
        current_language=current_language,
        localized_url=localized_url,
        page_address=page_address,
        offered_languages=tuple(OFFERED.values()),
    )
