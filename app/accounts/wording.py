"""What Flask-Security says, in our words.

Its own German is filed under another locale than ours, and its sentences seldom say what to do. Flask-Security looks
its messages up in our translations when it shows them, so here they are only marked.
"""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for translation."""
    return text


MESSAGES: dict[str, tuple[str, str]] = {
    "SECURITY_MSG_ANONYMOUS_USER_REQUIRED": (_("Dafür müssen Sie abgemeldet sein."), "error"),
    "SECURITY_MSG_API_ERROR": (_("Diese Eingabe passt nicht. Bitte prüfen Sie sie."), "error"),
    "SECURITY_MSG_DISABLED_ACCOUNT": (
        _("Dieses Konto ist stillgelegt. Bitte wenden Sie sich an die Agentur."),
        "error",
    ),
    "SECURITY_MSG_EMAIL_NOT_PROVIDED": (_("Bitte geben Sie Ihre E-Mail-Adresse ein."), "error"),
    "SECURITY_MSG_FORGOT_PASSWORD": (_("Passwort vergessen?"), "info"),
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        _("E-Mail-Adresse oder Passwort stimmen nicht. Bitte prüfen Sie beides, auch Groß- und Kleinschreibung."),
        "error",
    ),
    "SECURITY_MSG_INVALID_EMAIL_ADDRESS": (
        _("Das ist keine E-Mail-Adresse. Sie sieht zum Beispiel so aus: name@gemeinde.de"),
        "error",
    ),
    "SECURITY_MSG_INVALID_INPUT": (_("Diese Eingabe passt nicht. Bitte prüfen Sie sie."), "error"),
    "SECURITY_MSG_INVALID_PASSWORD": (_("Das Passwort stimmt nicht."), "error"),
    "SECURITY_MSG_INVALID_REDIRECT": (
        _("Diese Seite führt zu einer fremden Adresse und wurde nicht geöffnet."),
        "error",
    ),
    "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (
        _("Dieser Link gilt nicht mehr. Vielleicht wurde er schon benutzt. Fordern Sie hier einen neuen an."),
        "error",
    ),
    "SECURITY_MSG_LOGIN": (_("Bitte melden Sie sich an."), "info"),
    "SECURITY_MSG_PASSWORD_CHANGE": (_("Ihr Passwort ist geändert."), "success"),
    "SECURITY_MSG_PASSWORD_INVALID_LENGTH": (
        _("Das Passwort braucht mindestens %(length)s Zeichen. Mehrere Wörter hintereinander sind gut zu merken."),
        "error",
    ),
    "SECURITY_MSG_PASSWORD_IS_THE_SAME": (_("Das ist Ihr bisheriges Passwort. Bitte wählen Sie ein anderes."), "error"),
    "SECURITY_MSG_PASSWORD_MISMATCH": (_("Das Passwort stimmt nicht."), "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": (_("Bitte geben Sie das Passwort ein."), "error"),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (
        _("Dieser Link war nur %(within)s gültig. Fordern Sie hier einen neuen an."),
        "error",
    ),
    "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (
        _("Ihr neues Passwort gilt ab sofort. Bitte melden Sie sich damit an."),
        "success",
    ),
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
        _("Wenn es zu %(email)s ein Konto gibt, ist jetzt eine E-Mail dorthin unterwegs. Sehen Sie bitte nach."),
        "info",
    ),
    "SECURITY_MSG_PASSWORD_TOO_SIMPLE": (_("Das Passwort ist zu leicht zu erraten."), "error"),
    "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (_("Bitte bestätigen Sie zuerst Ihr Passwort."), "error"),
    "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (_("Danke, Ihr Passwort ist bestätigt."), "info"),
    "SECURITY_MSG_REFRESH": (_("Bitte bestätigen Sie zuerst Ihr Passwort."), "info"),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_("Die beiden Passwörter sind nicht gleich."), "error"),
    "SECURITY_MSG_UNAUTHENTICATED": (_("Bitte melden Sie sich an."), "error"),
    "SECURITY_MSG_UNAUTHORIZED": (_("Dafür haben Sie keine Berechtigung."), "error"),
    "SECURITY_MSG_USER_DOES_NOT_EXIST": (_("Ein solches Konto gibt es nicht."), "error"),
}

SUBJECTS = {
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": _("Willkommenskompass: Passwort neu setzen"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": _("Willkommenskompass: Ihr Passwort wurde neu gesetzt"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": _("Willkommenskompass: Ihr Passwort wurde geändert"),
}
