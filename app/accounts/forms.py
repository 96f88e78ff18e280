"""Forms of one's own account: Flask-Security's with our labels, and our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_security import forms
from flask_security.proxies import _security
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnRegisterForm
from flask_wtf import FlaskForm
from wtforms import DateField, PasswordField, SelectChoice, SelectField
from wtforms.validators import EqualTo, InputRequired, ValidationError

from app.accounts.models import User
from app.accounts.names import ROLE_NAMES


class _Labelled:
    """Gives fields our labels, by name of the field."""

    labels: ClassVar[dict[str, LazyString]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self[name].label.text = label  # type: ignore[index]


class LogInForm(_Labelled, forms.LoginForm):
    """Log-in. Nobody is remembered: that would take a cookie that every public page receives."""

    labels: ClassVar = {"email": _("E-Mail-Adresse"), "password": _("Passwort")}
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # The way to a new password stands below the form, out of the label's way.


class ForgotPasswordForm(_Labelled, forms.ForgotPasswordForm):
    """Ask for a link by mail."""

    labels: ClassVar = {"email": _("E-Mail-Adresse")}


class ResetPasswordForm(_Labelled, forms.ResetPasswordForm):
    """Set a new password with the link from the mail."""

    labels: ClassVar = {"password": _("Neues Passwort"), "password_confirm": _("Neues Passwort wiederholen")}


class ChangePasswordForm(_Labelled, forms.ChangePasswordForm):
    """Change the password, knowing the old one."""

    labels: ClassVar = {
        "password": _("Bisheriges Passwort"),
        "new_password": _("Neues Passwort"),
        "new_password_confirm": _("Neues Passwort wiederholen"),
    }


class VerifyForm(_Labelled, forms.VerifyForm):
    """Confirm who is there before something that matters."""

    labels: ClassVar = {"password": _("Passwort")}


class CodeForm(_Labelled, forms.TwoFactorVerifyCodeForm):
    """The six digits that the authenticator app shows."""

    labels: ClassVar = {"code": _("Code aus der App")}


class RecoveryForm(_Labelled, MfRecoveryForm):
    """One of the recovery codes."""

    labels: ClassVar = {"code": _("Notfallcode")}


class PasskeyForm(_Labelled, WebAuthnRegisterForm):
    """A name for a new passkey, and what it is for."""

    labels: ClassVar = {"name": _("Name des Passkeys"), "usage": _("Wofür?")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name.description = _("Zum Beispiel »Diensthandy«.")
        self.usage.choices = [
            SelectChoice("secondary", _("Zusätzlich zum Passwort, als zweiter Faktor")),
            SelectChoice("first", _("Statt des Passworts")),
        ]


class FirstPasswordForm(FlaskForm):
    """The password of an account that was just invited."""

    password = PasswordField(_("Passwort"), validators=[InputRequired(_("Bitte geben Sie das Passwort ein."))])
    again = PasswordField(
        _("Passwort wiederholen"),
        validators=[
            InputRequired(_("Bitte geben Sie das Passwort noch einmal ein.")),
            EqualTo("password", _("Die beiden Passwörter sind nicht gleich.")),
        ],
    )
    normalized = ""
    owner: User | None = None

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is short or easy to guess, in a sentence."""
        complaints, self.normalized = _security.password_util.validate(field.data or "", True, user=self.owner)
        if complaints:
            raise ValidationError(complaints[0])


class DeputyForm(FlaskForm):
    """Who stands in, in which role, from when until when."""

    person = SelectField(
        _("Wer vertritt Sie?"),
        coerce=int,
        validate_choice=False,
        validators=[InputRequired(_("Wählen Sie eine Person."))],
    )
    role = SelectField(_("In welcher Aufgabe?"), validate_choice=False)
    starts = DateField(_("Erster Tag"), validators=[InputRequired(_("Wählen Sie den ersten Tag."))])
    ends = DateField(_("Letzter Tag"), validators=[InputRequired(_("Wählen Sie den letzten Tag."))])

    def offer(self, people: Iterable[User], roles: Sequence[str]) -> None:
        """Let the reader choose among these."""
        self.person.choices = [
            SelectChoice(p.id, f"{p.function} ({p.email})" if p.function else p.email) for p in people
        ]
        self.role.choices = [SelectChoice(name, ROLE_NAMES[name]) for name in roles]
