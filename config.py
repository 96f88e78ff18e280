"""Every setting of the service, read once from ``KOMPASS_…`` environment variables, with defaults that just run.

``Settings`` is the list; the comment or docstring of each field says what it does and when to change it.
docs/deployment.md repeats it for people who run the service, and a test keeps the two equal.
"""

from __future__ import annotations

import difflib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEVELOPMENT_SECRET = "nur-fuer-die-entwicklung"  # noqa: S105 - a marker that production refuses, not a secret


class SettingNotValid(ValueError):
    """A KOMPASS_… variable has a value the service cannot run with."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; the environment variable of each is ``KOMPASS_`` and the upper-case name of the field."""

    environment: str = "development"
    """``development``, ``test`` or ``production``. Production refuses development secrets and sends secure cookies."""
    secret_key: str = DEVELOPMENT_SECRET
    """Signs sessions, form tokens and reset links. At least 32 characters in production; keep it out of backups."""
    data_dir: Path = Path("data")
    """Folder for the database (if SQLite), published documents and development mail."""
    database_url: str = ""
    """SQLAlchemy address; empty means SQLite in the data folder. PostgreSQL: ``postgresql+psycopg://…``."""
    queue_url: str = ""
    """Queue for background work; empty means SQLite in the data folder, or the PostgreSQL of ``database_url``."""
    host: str = "127.0.0.1"
    """Address the built-in server listens on."""
    port: int = 8000
    """Port the built-in server listens on."""
    workers: int = 2
    """Server processes of ``flask serve``; about one for each core."""
    base_url: str = ""
    """Public address without a final slash, for links in mails and documents; empty means host and port. Production
    needs it, with https, and answers under no other name."""
    trusted_proxies: int = 0
    """Number of reverse proxies in front whose X-Forwarded headers are believed."""
    mail_server: str = ""
    """SMTP host; empty writes each mail as an .eml file to ``mail`` in the data folder instead."""
    mail_port: int = 587
    """SMTP port."""
    mail_username: str = ""
    """SMTP user; empty sends without log-in."""
    mail_password: str = ""
    """SMTP password."""
    mail_tls: bool = True
    """Use STARTTLS."""
    mail_sender: str = "willkommenskompass@localhost"
    """Sender address of all mails."""
    max_body_bytes: int = 262_144
    """Largest request body that is read at all; larger ones get a clear 413."""
    form_minimum_seconds: int = 4
    """Forms sent sooner after they were opened are kept apart for the agency: nobody reads so fast."""
    forms_per_hour: int = 60
    """Forms from one network (/24, /56) in an hour; more are kept apart, and from ten times as many refused. 0: off."""
    code_tries_per_hour: int = 20
    """Access codes that do not fit, from one network in an hour; then it has to wait. 0: off."""
    clamd: str = ""
    """Virus scanner for uploaded files: ``host:port`` of a clamd, or the path of its socket; empty asks nobody. With
    one set, nothing is kept that it has not seen."""
    link_hosts: str = ""
    """Hosts whose addresses in evidence are looked at once a week for being dead, separated by commas; each includes
    its subdomains. Empty: no address is ever opened."""
    rate_limit_storage: str = "memory://"
    """Where shared limits count: memory on one node, ``redis://…`` when there are more."""
    operator_name: str = ""
    """Name of the public body that runs the service (imprint). Empty: the page says plainly that it is missing."""
    operator_address: str = ""
    """Postal address for the imprint; lines separated by ``|``."""
    operator_email: str = ""
    """Contact address shown in the imprint and as the accessibility feedback contact."""
    operator_phone: str = ""
    """Telephone number for the imprint."""
    operator_representative: str = ""
    """Who represents that body in law (imprint)."""
    privacy_officer: str = ""
    """Contact of the data protection officer."""
    privacy_authority: str = ""
    """Supervisory authority for data protection, with its address; lines separated by ``|``."""
    accessibility_date: str = ""
    """Day of the accessibility statement or of its last review, as people read it."""
    enforcement_body: str = ""
    """Enforcement contact of the accessibility statement; lines separated by ``|``."""
    data_licence: str = "dl-de/by-2-0"
    """Licence of the open data: ``dl-de/by-2-0``, ``dl-de/zero-2-0`` or ``cc-by-4.0``."""
    second_factor: str = "required"
    """``required``: the agency and everybody who hands in need a second factor. ``offered``: nobody needs one, for
    development and tests only."""
    oidc_issuer: str = ""
    """Issuer of an OpenID Connect provider at which people with an account may log in; empty: with a password only."""
    oidc_client_id: str = "willkommenskompass"
    """The service's name at that provider."""
    oidc_client_secret: str = ""
    """The service's secret there; empty for a public client. PKCE is used in any case."""
    oidc_name: str = "Verwaltungskonto"
    """What people call that log-in: the button says »Anmelden mit …«."""
    demo: bool = False
    """Everything in this installation is demonstration data: watermark on each page and document."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``KOMPASS_…`` variables; ``SettingNotValid`` names every variable that cannot be used."""
        source = os.environ if environment is None else environment
        known = {f"KOMPASS_{field.name.upper()}": field for field in fields(cls)}
        values: dict[str, Any] = {}
        complaints = []
        for name, text in sorted(source.items()):
            try:
                if name in known:
                    values[known[name].name] = _parse(known[name].name, str(known[name].type), text)
                elif name.startswith("KOMPASS_"):
                    raise ValueError(_not_known(name, known))
            except ValueError as error:
                complaints.append(f"{name}={text!r}: {error}")
        if complaints:
            raise SettingNotValid("; ".join(complaints))
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse what must not run in production; ``SettingNotValid`` says what to set."""
        if self.environment not in ("development", "test", "production"):
            raise SettingNotValid(
                f"KOMPASS_ENVIRONMENT={self.environment!r}: erlaubt sind development, test und production."
            )
        if self.second_factor not in ("required", "offered"):
            raise SettingNotValid(f"KOMPASS_SECOND_FACTOR={self.second_factor!r}: erlaubt sind required und offered.")
        if self.environment != "production":
            return
        if self.second_factor != "required":
            raise SettingNotValid("KOMPASS_SECOND_FACTOR: Im Betrieb ist der zweite Faktor Pflicht (required).")
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:
            raise SettingNotValid(
                "KOMPASS_SECRET_KEY fehlt oder ist zu kurz. Erzeugen Sie einen Schlüssel mit mindestens 32 Zeichen, "
                'zum Beispiel mit: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if self.oidc_issuer and not self.oidc_issuer.startswith("https://"):
            raise SettingNotValid("KOMPASS_OIDC_ISSUER beginnt nicht mit https://. Im Betrieb geht es nur so.")
        if not self.base_url.startswith("https://"):
            raise SettingNotValid(
                "KOMPASS_BASE_URL fehlt oder beginnt nicht mit https://. Tragen Sie die öffentliche Adresse ein, zum "
                "Beispiel https://willkommen.example.org; Links in Mails und Berichten beginnen mit ihr."
            )

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'willkommenskompass.sqlite3').resolve()}"

    @property
    def address(self) -> str:
        """The public address in force, without a final slash."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The names under which the service answers; ``None`` for any.

        A request may name any host, and the link in a mail about a new password is made from that name.
        """
        if self.environment != "production":
            return None
        return [urlsplit(self.base_url).hostname or "", "127.0.0.1", "localhost"]

    def flask(self) -> dict[str, Any]:
        """The same as Flask's configuration keys; the object itself is kept under ``KOMPASS``."""
        production = self.environment == "production"
        return {
            "KOMPASS": self,
            "DEMO": self.demo,
            "TESTING": self.environment == "test",
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_ENGINES": {"default": self.database},
            "MAX_CONTENT_LENGTH": self.max_body_bytes,
            "MAX_FORM_MEMORY_SIZE": self.max_body_bytes,
            "MAX_FORM_PARTS": 500,
            "TRUSTED_HOSTS": self.trusted_hosts,
            "SESSION_COOKIE_NAME": "kompass",
            "SESSION_COOKIE_SECURE": production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PREFERRED_URL_SCHEME": "https" if self.address.startswith("https") else "http",
            "RATELIMIT_STORAGE_URI": self.rate_limit_storage,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "de",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Berlin",
        }


def new_secret() -> str:
    """A fresh secret long enough for production."""
    return secrets.token_urlsafe(48)


LARGEST_PORT = 65_535
RANGES: dict[str, tuple[int, int]] = {
    "port": (1, LARGEST_PORT),
    "mail_port": (1, LARGEST_PORT),
    "workers": (1, 256),
    "trusted_proxies": (0, 10),
    "form_minimum_seconds": (0, 60),
    "forms_per_hour": (0, 100_000),
    "code_tries_per_hour": (0, 100_000),
    "max_body_bytes": (1_024, 1_073_741_824),
}
"""Smallest and largest sensible value of each number."""


CHOICES: dict[str, tuple[str, ...]] = {"data_licence": ("dl-de/by-2-0", "dl-de/zero-2-0", "cc-by-4.0")}
"""The words that a setting may be, where only some are known."""


def _parse(name: str, kind: str, text: str) -> Any:
    if name in CHOICES and text not in CHOICES[name]:
        raise ValueError(f"hier wird eines davon erwartet: {', '.join(CHOICES[name])}.")
    if kind == "bool":
        return _parse_switch(text)
    if kind == "int":
        return _parse_number(text, *RANGES[name])
    if name == "base_url":
        return _parse_address(text)
    return Path(text) if kind == "Path" else text


def _parse_number(text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text.strip(), re.ASCII) or not low <= int(text) <= high:
        raise ValueError(f"hier wird eine ganze Zahl von {low} bis {high} erwartet.")
    return int(text)


def _parse_address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("hier wird eine Adresse erwartet, die mit https:// beginnt.")
    return text.rstrip("/")


def _not_known(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return "diese Einstellung gibt es nicht." + (f" Meinten Sie {near[0]}?" if near else "")


def _parse_switch(text: str) -> bool:
    switches = {
        "1": True,
        "true": True,
        "yes": True,
        "ja": True,
        "0": False,
        "false": False,
        "no": False,
        "nein": False,
    }
    if text.strip().lower() not in switches:
        raise ValueError("hier wird ja oder nein erwartet (1/0).")
    return switches[text.strip().lower()]
