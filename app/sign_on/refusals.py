"""Why a log-in at the provider opens nothing here, and what to do instead."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WHY_NOT: dict[str, LazyString] = {
    "unreachable": _(
        "Der Anmeldedienst antwortet gerade nicht. Versuchen Sie es später noch einmal, oder melden Sie "
        "sich mit E-Mail-Adresse und Passwort an."
    ),
    "cancelled": _("Die Anmeldung wurde beim Anmeldedienst abgebrochen. Es wurde niemand angemeldet."),
    "refused": _(
        "Der Anmeldedienst hat die Anmeldung abgelehnt. Versuchen Sie es noch einmal. Bleibt es dabei, "
        "wenden Sie sich an Ihre IT."
    ),
    "stale": _(
        "Diese Anmeldung wurde nicht in diesem Browser begonnen, oder sie liegt zu lange zurück. Bitte "
        "beginnen Sie noch einmal."
    ),
    "not-checked": _(
        "Die Antwort des Anmeldedienstes ließ sich nicht prüfen. Zur Sicherheit wurde niemand angemeldet. "
        "Bleibt es dabei, wenden Sie sich an die Agentur."
    ),
    "no-address": _(
        "Der Anmeldedienst hat keine E-Mail-Adresse mitgeteilt. Ohne sie lässt sich Ihr Konto nicht finden."
        " Bitten Sie Ihre IT, sie freizugeben."
    ),
    "not-verified": _(
        "Der Anmeldedienst hat Ihre E-Mail-Adresse nicht als bestätigt gemeldet. Bestätigen Sie sie dort, "
        "oder melden Sie sich mit Ihrem Passwort an."
    ),
    "unknown": _(
        "Zu Ihrer E-Mail-Adresse gibt es hier noch kein Konto. Konten entstehen durch eine Einladung: "
        "Bitten Sie die Agentur darum."
    ),
    "disabled": _("Dieses Konto ist stillgelegt. Bitte wenden Sie sich an die Agentur."),
    "somebody-else": _(
        "Ihr Konto ist mit einer anderen Kennung beim Anmeldedienst verknüpft. Melden Sie sich mit Ihrem "
        "Passwort an, und lösen Sie die Verknüpfung auf der Seite »Ihr Konto«."
    ),
    "not-you": _("Beim Anmeldedienst hat sich jemand anderes bestätigt als die Person, die hier angemeldet ist."),
    "not-fresh": _(
        "Der Anmeldedienst hat nicht noch einmal gefragt, wer Sie sind. Bitte bestätigen Sie mit Ihrem Passwort."
    ),
}
"""Each reason in words."""


class SignOnRefused(Exception):
    """Nobody is logged in; ``reason`` is one of ``WHY_NOT``."""

    def __init__(self, reason: str) -> None:
        super().__init__(str(WHY_NOT[reason]))
        self.reason = reason
