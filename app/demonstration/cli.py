"""``flask demo``: fill an empty installation with data that are clearly marked as invented."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.demonstration.filling import ACCOUNTS, PASSWORD, DemonstrationRefused, fill


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Füllt eine leere Installation mit Demonstrationsdaten: eine veröffentlichte und eine offene Runde."""
    try:
        filled = fill()
    except DemonstrationRefused as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"Demonstrationsdaten angelegt: offene Runde mit {filled.responses} Rückmeldungen und {filled.assessments} "
        f"begonnenen Selbsteinschätzungen, veröffentlichter Auswertungsstand {filled.release[:12]}."
    )


def print_accounts() -> None:
    """Print the demonstration log-ins."""
    click.echo(f"Demonstrationszugänge (Passwort für alle: {PASSWORD}):")
    for email, roles, municipality, function in ACCOUNTS:
        click.echo(f"  {email:28} {function} ({', '.join(roles)}{', ' + municipality if municipality else ''})")
