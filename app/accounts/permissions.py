"""Who may do what: one table, and the hook that refuses everything the table does not allow.

A permission is a function of the user and, where it concerns a thing, that thing. Views name their permission with
``requires``; a view without one cannot be reached. Another municipality's things are 404, not 403: who may not see
them need not learn that they exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.accounts.models import AGENCY, APPROVER, COORDINATOR, MUNICIPAL_ROLES, User
from app.region.models import Municipality
from app.web.permission import required_permission

Rule = Callable[[User, Any], bool]


def _anyone(_user: User, _thing: Any) -> bool:
    return True


def _agency(user: User, _thing: Any) -> bool:
    return user.has_any(AGENCY)


def _municipal(*roles: str) -> Rule:
    def rule(user: User, municipality: Municipality | None) -> bool:
        if user.municipality_ags is None or not user.has_any(*roles):
            return False
        return municipality is None or municipality.ags == user.municipality_ags

    return rule


PUBLIC = "public"
ACCOUNT = "account"

PERMISSIONS: dict[str, Rule] = {
    ACCOUNT: _anyone,
    "assessment.view": _municipal(*MUNICIPAL_ROLES),
    "assessment.edit": _municipal(*MUNICIPAL_ROLES),
    "assessment.hand_in": _municipal(APPROVER),
    "assessment.invite": _municipal(COORDINATOR, APPROVER),
    "results.own": _municipal(*MUNICIPAL_ROLES),
    "agency.view": _agency,
    "agency.rounds": _agency,
    "agency.reopen": _agency,
    "agency.releases": _agency,
    "agency.comments": _agency,
    "agency.accounts": _agency,
}

# Views of libraries, which cannot carry our decorator.
ENDPOINTS: dict[str, str] = {
    "static": PUBLIC,
    "web.static": PUBLIC,
    "security.static": PUBLIC,
    "security.login": PUBLIC,
    "security.forgot_password": PUBLIC,
    "security.reset_password": PUBLIC,
    "security.logout": ACCOUNT,
    "security.change_password": ACCOUNT,
    "security.verify": ACCOUNT,
}


def may(permission: str, thing: Any = None, user: User | None = None) -> bool:
    """Whether the user (default: the one logged in) has the permission, on that thing if one is given.

    ``KeyError`` if the permission is not in the table: a typing mistake must not open a door.
    """
    rule = PERMISSIONS[permission]
    person = current_user if user is None else user
    return bool(person.is_authenticated and person.active and rule(person, thing))


def permission_of(endpoint: str) -> str | None:
    """The permission that the view behind an endpoint needs, ``None`` if nobody declared one."""
    return ENDPOINTS.get(endpoint) or required_permission(current_app.view_functions.get(endpoint))


def check_request() -> ResponseReturnValue | None:
    """Refuse the request unless its view declares a permission that the user has; runs before every view."""
    if request.endpoint is None:
        return None  # No such address: the 404 follows.
    permission = permission_of(request.endpoint)
    if permission is None:
        abort(403)
    if permission == PUBLIC:
        return None  # The session is not even looked at: public pages know no visitor.
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=_way_back()))
    if not may(permission):
        abort(403)
    return None


def _way_back() -> str | None:
    """Where to go after logging in; an address that takes only forms cannot be opened."""
    return request.full_path.rstrip("?") if request.method == "GET" else None


def own_municipality_or_404(user: User | None = None) -> Municipality:
    """The municipality the user works for; 404 if there is none."""
    municipality = (current_user if user is None else user).municipality
    if municipality is None:
        abort(404)
    return municipality


def init_app(app: Flask) -> None:
    """Guard every request, and let templates ask the same table."""
    app.before_request(check_request)
    app.add_template_global(may, "may")
