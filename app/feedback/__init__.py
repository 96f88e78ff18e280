"""The newcomers' page and what it stores."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.feedback import code_routes, crowding, front, order, pages, places, storing
from app.feedback.counting import responses_in
from app.feedback.routes import blueprint
from app.rounds import lifecycle


def init_app(app: Flask) -> None:
    """Register the newcomers' pages, and let a round know that it can hold responses."""
    app.register_blueprint(blueprint)
    app.register_blueprint(code_routes.blueprint)
    crowding.init_app(app)
    order.init_app(app)
    places.init_app(app)
    pages.init_app(app)
    storing.init_app(app)
    front.init_app(app)
    lifecycle.contents["feedback"] = _("Rückmeldungen"), responses_in
