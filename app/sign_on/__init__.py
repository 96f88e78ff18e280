"""Logging in at the organisation's own OpenID Connect provider; there is none unless the settings name one."""

from __future__ import annotations

from flask import Flask

from app.sign_on import binding, provider, routes


def init_app(app: Flask) -> None:
    """Connect the application to the provider that the settings name."""
    provider.register(app)
    app.register_blueprint(routes.blueprint)
    app.add_template_global(provider.name, "sign_on_name")
    app.add_template_global(binding.is_bound, "sign_on_bound")
