"""The calendar file of a round table (RFC 5545), as it is downloaded and as mails carry it (RFC 5546)."""

from __future__ import annotations

import datetime as dt
from email.mime.base import MIMEBase
from email.mime.text import MIMEText

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress

from app.database import REGION_TIME, db, now
from app.round_tables.models import RoundTable
from app.round_tables.using import title

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def calendar_file(table: RoundTable, address: str, recipient: str = "") -> bytes:
    """One event: a whole day where no time is known, two hours where no end is known.

    With a recipient it is an invitation, its change or its cancellation: calendars find the event by its UID again and
    take over what has the higher SEQUENCE.
    """
    event = _event(table)
    event.add("description", "\n".join(part for part in (table.about, address) if part))
    if recipient:
        event.add("attendee", vCalAddress(f"mailto:{recipient}"), parameters={"rsvp": "FALSE"})
    calendar = Calendar()
    calendar.add("prodid", "-//Willkommenskompass//DE")
    calendar.add("version", "2.0")
    calendar.add("method", _method(table, recipient))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def attachment(reference: str, recipient: str) -> MIMEBase | None:
    """The calendar file for a mail, as the round table stands when the mail leaves; ``None`` if it is gone."""
    table = db.session.get(RoundTable, int(reference))
    if table is None:
        return None
    address = f"{current_app.config['KOMPASS'].address}/austausch/runde-tische/{table.id}"
    with force_locale("de"):
        content = calendar_file(table, address, recipient).decode()
    part = MIMEText(content, "calendar", "utf-8")
    part.set_param("method", _method(table, recipient))
    part.add_header("Content-Disposition", "attachment", filename=f"runder-tisch-{table.id}.ics")
    return part


def _event(table: RoundTable) -> Event:
    event = Event()
    event.add("uid", f"round-table-{table.id}@willkommenskompass")
    event.add("sequence", table.sequence)
    event.add("status", "CANCELLED" if table.cancelled else "CONFIRMED")
    event.add("dtstamp", now())
    event.add("organizer", vCalAddress(f"mailto:{current_app.config['KOMPASS'].mail_sender}"))
    event.add("summary", f"{title(table)} {_('Willkommen in Südwestfalen')}")
    event.add("location", table.place or _("online"))
    if table.held_on and table.begins:
        begins = dt.datetime.combine(table.held_on, table.begins, REGION_TIME)
        ends = dt.datetime.combine(table.held_on, table.ends, REGION_TIME) if table.ends else None
        event.add("dtstart", begins.astimezone(dt.UTC))
        event.add("dtend", (ends or begins + dt.timedelta(hours=2)).astimezone(dt.UTC))
    elif table.held_on:
        event.add("dtstart", table.held_on)
    return event


def _method(table: RoundTable, recipient: str) -> str:
    if table.cancelled:
        return CANCEL if recipient else PUBLISH
    return REQUEST if recipient else PUBLISH
