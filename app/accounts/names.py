"""What roles are called, and the words in which the audit log tells what happened to accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.accounts.models import AGENCY, APPROVER, COORDINATOR, EDITOR, READER
from app.audit import describe

ROLE_NAMES = {
    AGENCY: _("Agentur"),
    COORDINATOR: _("Koordination"),
    EDITOR: _("Bearbeitung"),
    APPROVER: _("Freigabe"),
    READER: _("Lesen im Kreis"),
}

describe(
    actions={
        "account.created": _("Konto angelegt"),
        "account.roles_changed": _("Aufgaben geändert"),
        "account.switched": _("Konto stillgelegt oder wieder aktiviert"),
        "account.invited": _("Einladung verschickt"),
        "account.uninvited": _("Einladung zurückgezogen"),
        "account.opened": _("Einladung angenommen"),
        "account.factor_reset": _("Zweiter Faktor zurückgesetzt"),
        "deputy.named": _("Vertretung benannt"),
        "deputy.ended": _("Vertretung beendet"),
    },
    subjects={"account": _("Konto")},
    fields={
        "email": _("E-Mail-Adresse"),
        "roles": _("Aufgaben"),
        "active": _("aktiv"),
        "starts": _("von"),
        "ends": _("bis"),
    },
)
