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
    "SECURITY_MSG_PASSWORD_TOO_SIMPLE": (
        _("Das Passwort ist zu leicht zu erraten. Nehmen Sie mehrere Wörter, die nichts miteinander zu tun haben."),
        "error",
    ),
    "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (_("Bitte bestätigen Sie zuerst, dass Sie es sind."), "error"),
    "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (_("Danke, das ist bestätigt."), "info"),
    "SECURITY_MSG_REFRESH": (_("Bitte bestätigen Sie zuerst, dass Sie es sind."), "info"),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_("Die beiden Passwörter sind nicht gleich."), "error"),
    "SECURITY_MSG_UNAUTHENTICATED": (_("Bitte melden Sie sich an."), "error"),
    "SECURITY_MSG_UNAUTHORIZED": (_("Dafür haben Sie keine Berechtigung."), "error"),
    "SECURITY_MSG_USER_DOES_NOT_EXIST": (_("Ein solches Konto gibt es nicht."), "error"),
    "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (
        _(
            "Dieser Code stimmt nicht. Nehmen Sie den, den die App gerade zeigt; die Uhr des Telefons muss richtig "
            "gehen."
        ),
        "error",
    ),
    "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": (_("Willkommen zurück."), "success"),
    "SECURITY_MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _(
            "Die App ist eingerichtet. Erzeugen Sie jetzt Notfallcodes, falls Sie das Gerät einmal nicht zur Hand "
            "haben."
        ),
        "success",
    ),
    "SECURITY_MSG_TWO_FACTOR_PERMISSION_DENIED": (
        _("Diese Seite gehört zur Anmeldung. Bitte beginnen Sie mit E-Mail-Adresse und Passwort."),
        "error",
    ),
    "SECURITY_MSG_TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("Diesen Weg gibt es hier nicht."), "error"),
    "SECURITY_MSG_TWO_FACTOR_DISABLED": (_("Die App ist entfernt."), "success"),
    "SECURITY_MSG_TWO_FACTOR_SETUP_EXPIRED": (
        _("Das Einrichten hat länger als %(within)s gedauert. Bitte beginnen Sie noch einmal."),
        "error",
    ),
    "SECURITY_MSG_INVALID_RECOVERY_CODE": (
        _("Dieser Notfallcode stimmt nicht oder wurde schon benutzt."),
        "error",
    ),
    "SECURITY_MSG_NO_RECOVERY_CODES_SETUP": (_("Es gibt noch keine Notfallcodes."), "info"),
    "SECURITY_MSG_WEBAUTHN_EXPIRED": (
        _("Das hat länger als %(within)s gedauert. Bitte beginnen Sie noch einmal."),
        "error",
    ),
    "SECURITY_MSG_WEBAUTHN_NAME_REQUIRED": (_("Geben Sie dem Passkey einen Namen."), "error"),
    "SECURITY_MSG_WEBAUTHN_NAME_INUSE": (
        _("Einen Passkey »%(name)s« haben Sie schon. Wählen Sie einen anderen Namen."),
        "error",
    ),
    "SECURITY_MSG_WEBAUTHN_NAME_NOT_FOUND": (_("Einen Passkey »%(name)s« haben Sie nicht."), "error"),
    "SECURITY_MSG_WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        _("Im Namen sind Buchstaben, Ziffern, Leerzeichen, Binde- und Unterstriche erlaubt."),
        "error",
    ),
    "SECURITY_MSG_WEBAUTHN_CREDENTIAL_DELETED": (_("Der Passkey »%(name)s« ist entfernt."), "info"),
    "SECURITY_MSG_WEBAUTHN_REGISTER_SUCCESSFUL": (
        _("Der Passkey »%(name)s« ist eingerichtet. Erzeugen Sie jetzt Notfallcodes, falls Sie das Gerät verlieren."),
        "success",
    ),
    "SECURITY_MSG_WEBAUTHN_CREDENTIAL_ID_INUSE": (_("Dieser Passkey ist schon eingerichtet."), "error"),
    "SECURITY_MSG_WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (
        _("Dieser Passkey gehört zu keinem Konto. Melden Sie sich mit Ihrem Passwort an."),
        "error",
    ),
    "SECURITY_MSG_WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_("Dieser Passkey gehört zu keinem Konto mehr."), "error"),
    "SECURITY_MSG_WEBAUTHN_NO_VERIFY": (
        _("Der Passkey ließ sich nicht prüfen. Versuchen Sie es noch einmal oder nehmen Sie einen anderen Weg."),
        "error",
    ),
    "SECURITY_MSG_WEBAUTHN_CREDENTIAL_WRONG_USAGE": (
        _("Dieser Passkey ist für einen anderen Zweck eingerichtet. Melden Sie sich mit Ihrem Passwort an."),
        "error",
    ),
    "SECURITY_MSG_WEBAUTHN_MISMATCH_USER_HANDLE": (_("Dieser Passkey gehört zu einem anderen Konto."), "error"),
}

SUBJECTS = {
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": _("Willkommenskompass: Passwort neu setzen"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": _("Willkommenskompass: Ihr Passwort wurde neu gesetzt"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": _("Willkommenskompass: Ihr Passwort wurde geändert"),
}
