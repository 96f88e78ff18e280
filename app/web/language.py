"""The language of a page: asked for by ``?lang=``, else the browser's wish, remembered nowhere.

The whole interface speaks German and English. The newcomers' pages speak twelve languages; their texts alone are
translated into the other ten (``translations/newcomers.cfg``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import Babel, get_locale

from config import Settings

TRANSLATIONS = Path(__file__).parent / "translations"
NEWCOMERS_PATHS = ("/f/", "/c/")
"""Where newcomers are: known by the address, so that errors there speak their language too."""

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Language:
    """One language: its BCP 47 tag, its own name for itself, the script it is written in."""

    tag: str
    name: str
    script: str = "latin"

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, as HTML says it."""
        return "rtl" if self.script == "arabic" else "ltr"

    @property
    def sheet(self) -> str:
        """The style sheet of the newcomers' pages in it."""
        return f"newcomers-{self.script}.css"

    @property
    def locale(self) -> str:
        """What Babel and gettext call it: a variant such as ``simple`` is a modifier there."""
        return self.tag.replace("-", "@")


GERMAN = Language("de", "Deutsch")
ENGLISH = Language("en", "English")
# "simple" is a registered variant (IANA, 2015): readers that do not know it take de-simple for German.
SIMPLE = Language("de-simple", "Leichte Sprache")
OFFERED: dict[str, Language] = {language.tag: language for language in (GERMAN, ENGLISH)}
NEWCOMERS: dict[str, Language] = {
    language.tag: language
    for language in (
        GERMAN,
        SIMPLE,
        ENGLISH,
        Language("uk", "Українська", "cyrillic"),
        Language("ru", "Русский", "cyrillic"),
        Language("pl", "Polski"),
        Language("ro", "Română"),
        Language("tr", "Türkçe"),
        Language("ar", "العربية", "arabic"),
        Language("fa", "فارسی / دری", "arabic"),
        Language("fr", "Français"),
        Language("es", "Español"),
    )
}
# Browsers of Dari speakers may say so by its own code; the texts are written to be understood by both.
SAME_TEXTS = {"prs": "fa", "mo": "ro"}
_BY_LOCALE = {language.locale: language for language in NEWCOMERS.values()}


def offered_here() -> dict[str, Language]:
    """The languages that the page at this address speaks, by tag."""
    return NEWCOMERS if request.path.startswith(NEWCOMERS_PATHS) else OFFERED


def requested_tag() -> str | None:
    """The language that the address asks for, or None if it asks for none that we know."""
    tag = request.args.get("lang", "")
    return tag if tag in NEWCOMERS else None


def chosen_tag(tags: Collection[str]) -> str:
    """Which of ``tags`` this request's reader gets: by the address, else by the browser, else German.

    Where a page lacks the language asked for, its kin will do: German in place of ``de-simple``.
    """
    asked = requested_tag()
    if asked in tags:
        return str(asked)
    wishes = [asked] if asked else []
    return next((tag for tag in map(_kin, wishes + _wishes()) if tag in tags), GERMAN.tag)


def _wishes() -> list[str]:
    """What the browser wishes for, the dearest first."""
    return [wish for wish, quality in request.accept_languages if quality > 0]


def _kin(tag: str) -> str:
    """A regional or other variety counts as its language."""
    primary = tag.split("-")[0].lower()
    return SAME_TEXTS.get(primary, primary)


def select_locale() -> str:
    """The locale of this request; German where there is no request, as in a background job."""
    if not has_request_context():
        return GERMAN.locale
    return NEWCOMERS[chosen_tag(offered_here())].locale


def current_language() -> Language:
    """The language that this page is written in."""
    return _BY_LOCALE.get(str(get_locale()), GERMAN)


def isolated(name: object) -> str:
    """A name for use in a sentence: where that runs from right to left, the name keeps its own direction.

    Characters and not markup, because a sentence may become a page's title.
    """
    if current_language().direction == "ltr":
        return str(name)
    return f"{FIRST_STRONG_ISOLATE}{name}{POP_ISOLATE}"


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
        default_locale=GERMAN.locale,
        default_timezone="Europe/Berlin",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=select_locale,
    )
    app.url_defaults(carry_language)
    app.jinja_env.filters["isolated"] = isolated
    app.jinja_env.globals.update(
        current_language=current_language, localized_url=localized_url, page_address=page_address
    )
    app.context_processor(lambda: {"offered_languages": tuple(offered_here().values())})
