"""A style sheet that stands in the page itself: on a slow line every file that is fetched costs a round trip more.

The policy of the page names the sheet by its SHA-256, so that no other style can be slipped in. Fonts are named by
their whole address, because the page lies elsewhere than the sheet would.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from flask import Flask, g, url_for
from markupsafe import Markup

from app.web.assets import BUILT, built_name

NOTED = "sheet_in_page"
PLACES_KEPT = 32
"""Sheets in memory: three scripts, under as many paths as the service is reached by."""


@dataclass(frozen=True)
class Sheet:
    """The text of a style element, and the source expression that lets a policy allow exactly that text."""

    text: Markup
    source: str


def sheet_in_page(name: str) -> Markup:
    """The text for a style element: the built sheet ``name``, which this answer's policy then allows."""
    allow(name)
    return _sheet(name).text


def allow(name: str) -> None:
    """Let the policy of this answer allow the sheet, for a page that was rendered before."""
    setattr(g, NOTED, _sheet(name).source)


def allowed() -> str | None:
    """The source expression of the sheet in this answer, if it has one."""
    return g.get(NOTED)


def _sheet(name: str) -> Sheet:
    return _read(name, quote(url_for("web.static", filename="built/"), safe="/%"))


@lru_cache(maxsize=PLACES_KEPT)
def _read(name: str, folder: str) -> Sheet:
    path = BUILT / built_name(name)
    css = path.read_text("utf-8") if path.is_file() else ""
    text = css.replace('url("newcomers-', f'url("{folder}newcomers-')
    if "</" in text:
        raise ValueError(f"{path} would end the element that it stands in")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return Sheet(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - built by us from our own files


def register(app: Flask) -> None:
    """Give templates ``sheet_in_page('newcomers-latin.css')``."""
    app.jinja_env.globals["sheet_in_page"] = sheet_in_page
