"""What the page frame asks: is this a demonstration, who runs it, which pages are there to link to."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.web.language import requested_tag
from config import Settings

SERVICE = "Willkommenskompass"
REGION = "Südwestfalen"
FOOTER: tuple[tuple[str, LazyString], ...] = (
    ("web.method", _("Methode")),
    ("web.privacy", _("Datenschutz")),
    ("web.imprint", _("Impressum")),
    ("web.accessibility", _("Barrierefreiheit")),
)


def demonstration() -> bool:
    """True where everything shown is made up."""
    return bool(current_app.config.get("DEMO", False))


def has_endpoint(endpoint: str) -> bool:
    """True if a page of that name exists in this application."""
    return endpoint in current_app.view_functions


def home_url() -> str:
    """The address of the first page, in the language that this address asked for."""
    tag = requested_tag()
    return f"/?lang={tag}" if tag else "/"


def footer_links() -> list[tuple[str, LazyString]]:
    """Address and name of each page about the service."""
    return [(url_for(endpoint), label) for endpoint, label in FOOTER if has_endpoint(endpoint)]


def operator() -> Settings:
    """The settings in which the operator's name, address and contacts stand."""
    settings: Settings = current_app.config["KOMPASS"]
    return settings


def _names() -> dict[str, Any]:
    return {"service_name": SERVICE, "region_name": REGION, "operator": operator()}


def register(app: Flask) -> None:
    """Offer the frame's questions to templates, and leave no empty lines where tags stood."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        demonstration=demonstration, has_endpoint=has_endpoint, footer_links=footer_links, home_url=home_url
    )
    app.context_processor(_names)
