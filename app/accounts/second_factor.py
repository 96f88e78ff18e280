"""The second factor: who needs one, who has one, and what stands in for the keys it needs."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

from flask import current_app

from app.accounts.management import account_subject
from app.accounts.models import User
from app.audit import record
from config import Settings

DEMONSTRATION = "@demo.example"
"""The domain of the accounts of a demonstration; nobody has a mailbox there."""


def has_one(user: User) -> bool:
    """Whether the user has set up an authenticator app or a passkey beside the password."""
    return bool(user.tf_primary_method) or any(passkey.usage == "secondary" for passkey in user.webauthn)


def needs_one(user: User) -> bool:
    """Whether the user's task asks for a second factor in this installation."""
    settings: Settings = current_app.config["KOMPASS"]
    return settings.second_factor == "required" and user.weighty and not excused(user)


def excused(user: User) -> bool:
    """A demonstration's printed log-ins would be of no use with a second factor; in production nobody is excused."""
    settings: Settings = current_app.config["KOMPASS"]
    invented = bool(current_app.config["DEMO"]) and settings.environment != "production"
    return invented and user.email.endswith(DEMONSTRATION)


def must_set_up(user: User) -> bool:
    """Whether the user reaches nothing but the page to set one up."""
    return needs_one(user) and not has_one(user)


def reset(user: User) -> None:
    """Take away a lost second factor, so that its owner sets up a new one. Does not commit."""
    user.tf_primary_method = user.tf_totp_secret = None
    user.mf_recovery_codes = None
    user.webauthn.clear()
    record("account.factor_reset", account_subject(user), municipality=user.municipality_ags, about=user.id)


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask-Security's settings; what it encrypts with comes from the secret key."""
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TOTP_SECRETS": {"1": _key(settings, "totp").decode()},
        "SECURITY_TOTP_ISSUER": "Willkommenskompass",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_key(settings, "recovery")],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Willkommenskompass",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_SIGNIN_WITHIN": dt.timedelta(minutes=5),
        "SECURITY_TWO_FACTOR_SETUP_URL": "/konto/zweiter-faktor/app",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/konto/anmelden/code",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/konto/anmelden/hilfe",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/konto/anmelden/auswahl",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "accounts.second_factor",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/konto/zweiter-faktor/notfallcodes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/konto/anmelden/notfallcode",
        "SECURITY_WAN_REGISTER_URL": "/konto/zweiter-faktor/passkey",
        "SECURITY_WAN_POST_REGISTER_VIEW": "accounts.second_factor",
        "SECURITY_WAN_SIGNIN_URL": "/konto/anmelden/passkey",
        "SECURITY_WAN_DELETE_URL": "/konto/zweiter-faktor/passkey-entfernen",
        "SECURITY_WAN_VERIFY_URL": "/konto/bestaetigen/passkey",
    }


def _key(settings: Settings, purpose: str) -> bytes:
    """A key of its own for each purpose, in the form that Fernet wants."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}\n{settings.secret_key}".encode()).digest())
