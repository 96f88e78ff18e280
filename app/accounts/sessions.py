"""Sessions exist only behind the log-in: everywhere else no cookie is read, and none can be set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import current_user
from flask_login.utils import _user_context_processor
from flask_principal import Principal

PATHS = ("/konto", "/kommune", "/agentur", "/kreis", "/austausch")
_BELOW = tuple(f"{path}/" for path in PATHS)


def has_session(path: str) -> bool:
    """Whether pages at this path know a session."""
    return path.startswith(_BELOW) or path in PATHS


class SessionsBehindLogin(SecureCookieSessionInterface):
    """Flask's signed cookie, kept to the pages that need to know who is there."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page behind the log-in; an empty one, never saved, for public pages."""
        return super().open_session(app, request) if has_session(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie only where there may be one."""
        if has_session(request.path):
            super().save_session(app, session, response)


def ask_who_is_there_only_behind_the_login(app: Flask) -> None:
    """Keep the libraries from looking for a user on pages that have no session: there is none to be found.

    Templates get the user when they ask for it, and not before.
    """
    hooks = app.before_request_funcs[None]
    app.before_request_funcs[None] = [_behind_the_login(hook) if _identifies(hook) else hook for hook in hooks]
    app.template_context_processors[None].remove(_user_context_processor)
    app.jinja_env.globals["current_user"] = current_user


def _identifies(hook: Callable[[], Any]) -> bool:
    return isinstance(getattr(hook, "__self__", None), Principal)


def _behind_the_login(hook: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: hook() if has_session(request.path) else None
