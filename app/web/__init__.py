"""What every page shares: layout, components, languages, formats, headers, error pages, pages about the service."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.web import (
    addresses,
    assets,
    compression,
    errors,
    fields,
    formats,
    headers,
    language,
    layout,
    legal,
    navigation,
    pages,
    sheets,
)

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Give ``app`` the shared layout. Needs no database, no session and no other slice.

    Reads the operator's settings from ``app.config["KOMPASS"]``; any of them may be empty.
    """
    blueprint = Blueprint("web", __name__, template_folder="templates")
    addresses.register(app)
    assets.register(app, blueprint)
    pages.register(blueprint)
    app.register_blueprint(blueprint)
    sheets.register(app)
    language.register(app)
    formats.register(app)
    fields.register(app)
    layout.register(app)
    legal.register(app)
    navigation.register(app)
    errors.register(app)
    # After-request hooks run in reverse order: the headers come last, on the finished body.
    headers.register(app)
    compression.register(app)
