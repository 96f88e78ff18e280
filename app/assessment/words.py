"""The words in which the audit log tells what happened in a workspace."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

ACTIONS = {
    "criterion.answered": _("Reifegrad gewählt oder geändert"),
    "criterion.taken_over": _("Angabe der letzten Runde übernommen"),
    "evidence.added": _("Nachweis hinzugefügt"),
    "evidence.removed": _("Nachweis entfernt"),
    "assessment.handed_in": _("Selbsteinschätzung abgegeben"),
    "assessment.reopened": _("Selbsteinschätzung zurückgegeben"),
    "plausibility.decided": _("Plausibilität geprüft"),
    "plausibility.replied": _("Rückfrage beantwortet"),
    "round.rules_changed": _("Regeln der Runde geändert"),
}
SUBJECTS = {
    "criterion": _("Kriterium"),
    "assessment": _("Selbsteinschätzung"),
    "round": _("Erhebungsrunde"),
}
FIELDS = {
    "answer": _("Reifegrad"),
    "evidence": _("Nachweis"),
    "sha256": _("Prüfsumme"),
    "number": _("Nummer der Abgabe"),
    "consented": _("Zustimmung zur Veröffentlichung"),
    "reason": _("Grund"),
    "verdict": _("Ergebnis der Prüfung"),
    "agreed_level": _("vereinbarter Reifegrad"),
    "evidence_rule": _("Nachweisregel"),
    "plausible_only": _("nur geprüfte Angaben zählen"),
}
