"""Users, roles, and who may do what."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_security import FSQLALiteUserDatastore, Security
from flask_wtf import CSRFProtect

from app.accounts import (
    cli,
    forms,
    log_ins,
    mailing,
    passkeys,
    passwords,
    permissions,
    routes,
    second_factor,
    sessions,
    wording,
)
from app.accounts.management import ADDRESS_RULES
from app.accounts.models import Passkey, Role, User
from app.accounts.permissions import FRESHNESS, GRACE
from app.accounts.sessions import SessionsBehindLogin
from app.database import db, now
from app.web.language import TRANSLATIONS
from config import Settings

csrf = CSRFProtect()
users = FSQLALiteUserDatastore(db, User, Role, Passkey)
security = Security(
    login_form=forms.LogInForm,
    forgot_password_form=forms.ForgotPasswordForm,
    reset_password_form=forms.ResetPasswordForm,
    change_password_form=forms.ChangePasswordForm,
    verify_form=forms.VerifyForm,
    two_factor_verify_code_form=forms.CodeForm,
    mf_recovery_form=forms.RecoveryForm,
    wan_register_form=forms.PasskeyForm,
    password_util_cls=passwords.GoodPasswords,
    mail_util_cls=mailing.MailThroughOutbox,
    webauthn_util_cls=passkeys.AnyDevice,
)


def init_app(app: Flask) -> None:
    """Set up accounts and form protection, and guard every request."""
    app.config.from_mapping(_configuration(app.config["KOMPASS"]))
    app.session_interface = SessionsBehindLogin()
    csrf.init_app(app)
    app.register_blueprint(routes.blueprint)  # Before the library's own, so that our templates are found first.
    security.init_app(app, users)
    sessions.ask_who_is_there_only_behind_the_login(app)
    permissions.init_app(app)
    log_ins.init_app(app)
    app.cli.add_command(cli.group)


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_PASSWORD_COMPLEXITY_CHECKER": None,  # app/accounts/passwords.py judges instead.
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_FRESHNESS": FRESHNESS,
        "SECURITY_FRESHNESS_GRACE_PERIOD": GRACE,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_LOGIN_URL": "/konto/anmelden",
        "SECURITY_LOGOUT_URL": "/konto/abmelden",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_RESET_URL": "/konto/passwort-vergessen",
        "SECURITY_CHANGE_URL": "/konto/passwort",
        "SECURITY_VERIFY_URL": "/konto/bestaetigen",
        "SECURITY_POST_LOGIN_VIEW": "accounts.home",
        "SECURITY_POST_LOGOUT_VIEW": "accounts.goodbye",
        "SECURITY_POST_CHANGE_VIEW": "accounts.account",
        "SECURITY_EMAIL_SENDER": settings.mail_sender,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": ADDRESS_RULES,
        "SECURITY_STATIC_FOLDER_URL": "/konto/statisch",
        "SECURITY_I18N_DIRNAME": [str(TRANSLATIONS)],
        "SECURITY_I18N_DOMAIN": "messages",
        **second_factor.configuration(settings),
        **wording.MESSAGES,
        **wording.SUBJECTS,
    }


__all__ = ["csrf", "init_app", "security", "users"]
