"""The calendar file of a round table (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from icalendar import Calendar, Event

from app.database import REGION_TIME, now
from app.round_tables.models import RoundTable
from app.round_tables.using import title


def calendar_file(table: RoundTable, address: str) -> bytes:
    """One event: a whole day where no time is known, two hours where no end is known."""
    event = Event()
    event.add("uid", f"round-table-{table.id}@willkommenskompass")
    event.add("dtstamp", now())
    event.add("summary", f"{title(table)} {_('Willkommen in Südwestfalen')}")
    if table.held_on and table.begins:
        begins = dt.datetime.combine(table.held_on, table.begins, REGION_TIME)
        ends = dt.datetime.combine(table.held_on, table.ends, REGION_TIME) if table.ends else None
        event.add("dtstart", begins.astimezone(dt.UTC))
        event.add("dtend", (ends or begins + dt.timedelta(hours=2)).astimezone(dt.UTC))
    elif table.held_on:
        event.add("dtstart", table.held_on)
    event.add("location", table.place or _("online"))
    event.add("description", "\n".join(part for part in (table.about, address) if part))
    calendar = Calendar()
    calendar.add("prodid", "-//Willkommenskompass//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
