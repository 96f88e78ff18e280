"""``flask user …``: accounts from the command line."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.accounts.management import AccountNotValid, create_user
from app.accounts.models import ROLES
from app.database import db

group = AppGroup("user", help="Konten anlegen.")


@group.command("create")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="Rolle, mehrfach möglich")
@click.option("--municipality", help="achtstelliger Gemeindeschlüssel, für Rollen in einer Kommune")
@click.option("--district", help="fünfstelliger Schlüssel des Kreises, für die Rolle reader")
@click.option("--function", default="", help="Funktion, wie andere sie sehen, z. B. Stadtmarketing")
@click.option("--password", prompt="Passwort", hide_input=True, confirmation_prompt="Passwort wiederholen")
def create(
    email: str, roles: tuple[str, ...], municipality: str | None, district: str | None, function: str, password: str
) -> None:
    """Legt ein Konto an."""
    try:
        user = create_user(email, password, roles, municipality, function, district)
    except AccountNotValid as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"Konto {user.email} angelegt: {', '.join(roles)}.")
