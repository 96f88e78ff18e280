"""Sessions exist only behind the log-in: everywhere else no cookie is read, and none can be set."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

PATHS = ("/konto", "/kommune", "/agentur", "/kreis")


def has_session(path: str) -> bool:
    """Whether pages at this path know a session."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in PATHS)


class SessionsBehindLogin(SecureCookieSessionInterface):
    """Flask's signed cookie, kept to the pages that need to know who is there."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page behind the log-in; an empty one, never saved, for public pages."""
        return super().open_session(app, request) if has_session(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie only where there may be one."""
        if has_session(request.path):
            super().save_session(app, session, response)
