"""Who may do what: one table, and the hook that refuses everything the table does not allow.

A permission is a function of the user and, where it concerns a thing, that thing. Views name their permission with
``requires``; a view without one cannot be reached. Another municipality's things are 404, not 403: who may not see
them need not learn that they exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, logout_user
from flask_security.utils import check_and_update_authn_fresh
from werkzeug.exceptions import HTTPException

from app.accounts import log_ins, second_factor
from app.accounts.models import AGENCY, APPROVER, COORDINATOR, DEPUTISED, MUNICIPAL_ROLES, READER, User
from app.region.models import District, Municipality
from app.web.permission import needs_fresh, required_permission

Rule = Callable[[User, Any], bool]


def _anyone(_user: User, _thing: Any) -> bool:
    return True


def _agency(user: User, _thing: Any) -> bool:
    return user.has_any(AGENCY)


def _reader(user: User, district: District | None) -> bool:
    readable = {found.ags for found in user.districts}
    return bool(readable) if district is None else district.ags in readable


def _municipal(*roles: str) -> Rule:
    def rule(user: User, municipality: Municipality | None) -> bool:
        here = user.municipality_ags
        if here is None or not user.roles_in(here) & set(roles):
            return False
        return municipality is None or municipality.ags == here

    _MUNICIPAL_RULES.add(rule)
    return rule


def _municipal_or(*others: str) -> Rule:
    """Whoever works for a municipality, and holders of these roles."""

    def rule(user: User, _thing: Any) -> bool:
        return user.has_any(*MUNICIPAL_ROLES, *others)

    _MUNICIPAL_RULES.add(rule)
    return rule


_MUNICIPAL_RULES: set[Rule] = set()
"""Rules about the municipality that somebody is working for; who works for several has to say first for which."""

PUBLIC = "public"
ACCOUNT = "account"
CHOICE = "kommune"
"""Where the session keeps the AGS that was chosen at entry."""

PERMISSIONS: dict[str, Rule] = {
    ACCOUNT: _anyone,
    "assessment.view": _municipal(*MUNICIPAL_ROLES),
    "assessment.edit": _municipal(*MUNICIPAL_ROLES),
    "assessment.hand_in": _municipal(APPROVER),
    "assessment.invite": _municipal(COORDINATOR, APPROVER),
    "outreach.view": _municipal(*MUNICIPAL_ROLES),
    "outreach.enter": _municipal(*MUNICIPAL_ROLES),
    "outreach.change": _municipal(COORDINATOR, APPROVER),
    "outreach.texts": _municipal(COORDINATOR, APPROVER),
    "results.own": _municipal(*MUNICIPAL_ROLES),
    "results.district": _reader,
    "deputies.name": _municipal(*DEPUTISED),
    "audit.own": _municipal(COORDINATOR, APPROVER),
    "audit.all": _agency,
    "agency.view": _agency,
    "agency.rounds": _agency,
    "agency.reopen": _agency,
    "agency.releases": _agency,
    "exports.microdata": _agency,
    "agency.comments": _agency,
    "agency.accounts": _agency,
    "agency.commitment": _agency,
    "practices.read": _municipal_or(AGENCY, READER),
    "practices.write": _municipal_or(AGENCY),
    "agency.practices": _agency,
    "tables.read": _municipal_or(AGENCY, READER),
    "tables.join": _municipal_or(AGENCY),
    "agency.tables": _agency,
    "agency.projects": _agency,
}

FRESHNESS = dt.timedelta(minutes=30)
"""So long a log-in counts as fresh enough for what matters."""
GRACE = dt.timedelta(minutes=10)
"""So long somebody who was fresh when they began may take to finish."""

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
    "security.two_factor_setup": ACCOUNT,
    "security.two_factor_setup_validate": ACCOUNT,
    "security.two_factor_token_validation": PUBLIC,
    "security.two_factor_rescue": PUBLIC,
    "security.tf_select": PUBLIC,
    "security.mf_recovery": PUBLIC,
    "security.mf_recovery_codes": ACCOUNT,
    "security.wan_register": ACCOUNT,
    "security.wan_register_response": ACCOUNT,
    "security.wan_delete": ACCOUNT,
    "security.wan_signin": PUBLIC,
    "security.wan_signin_response": PUBLIC,
    "security.wan_verify": ACCOUNT,
    "security.wan_verify_response": ACCOUNT,
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
    if not log_ins.still_open(current_user):
        logout_user()
        flash(_("Diese Anmeldung wurde beendet. Bitte melden Sie sich noch einmal an."), "info")
        return redirect(url_for("security.login", next=_way_back()))
    current_user.chosen = session.get(CHOICE)
    if permission != ACCOUNT and second_factor.must_set_up(current_user):
        return redirect(url_for("accounts.second_factor"))
    if _must_choose(permission):
        return redirect(url_for("accounts.choose", next=_way_back()))
    if not may(permission):
        abort(403, None if request.method == "GET" else _no_longer())
    if needs_fresh(current_app.view_functions[request.endpoint]) and not check_and_update_authn_fresh(FRESHNESS, GRACE):
        return _confirm_first()
    return None


def _confirm_first() -> ResponseReturnValue:
    """Ask who is there; afterwards the page comes again, but nothing of what was sent."""
    if request.method == "GET":
        return redirect(url_for("security.verify", next=_way_back()))
    flash(
        _(
            "Es wurde noch nichts gespeichert. Bestätigen Sie bitte, dass Sie es sind, und senden Sie danach noch "
            "einmal ab."
        ),
        "info",
    )
    return redirect(url_for("security.verify", next=_page_of_form()))


def _page_of_form() -> str:
    """The page that a form was sent from, as far as its address can tell."""
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return url_for("accounts.home")
    return request.path


def _must_choose(permission: str) -> bool:
    several = len(current_user.municipalities) > 1
    return several and current_user.municipality is None and PERMISSIONS[permission] in _MUNICIPAL_RULES


def _no_longer() -> str:
    """Who sends a form has seen its page, so something has changed since."""
    return _(
        "Für diesen Schritt fehlt Ihrem Konto die Aufgabe. Vielleicht wurde sie geändert, während Sie gearbeitet "
        "haben. Es wurde nichts gespeichert. Welche Aufgaben Sie haben, steht auf der Seite »Ihr Konto«."
    )


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
