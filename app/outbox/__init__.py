"""The outbox: mails wait in a table, in the transaction of what they tell of, and a worker sends each of them once."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_mailman import Mail

from app.outbox.putting import put
from config import Settings

mail = Mail()

FOLDER = "app.outbox.mail_folder.EmailBackend"


def init_app(app: Flask) -> None:
    """Connect the application to its mail server, or to a folder where none is named."""
    app.config.from_mapping(_configuration(app.config["KOMPASS"]))
    mail.init_app(app)


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_tls and bool(settings.mail_server),
        "MAIL_TIMEOUT": 30,
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
        "MAIL_BACKEND": "smtp" if settings.mail_server else FOLDER,
        "MAIL_FILE_PATH": str(settings.data_dir / "mail"),
    }


__all__ = ["init_app", "mail", "put"]
