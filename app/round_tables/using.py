"""What happens at a round table: inviting, signing up, checking in, counting who came, forgetting who it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload, selectinload

from app import outbox
from app.accounts.models import COORDINATOR, Role, User
from app.audit import Subject, record
from app.database import db, now, today
from app.outbox import bouncing
from app.outbox.models import OutgoingMail
from app.practices.models import PUBLISHED, Practice, Version
from app.region.models import Municipality
from app.round_tables.history import said
from app.round_tables.models import Present, Presented, RoundTable, TableGuest
from app.web.formats import long_date

CALENDAR = "round-table"
"""The kind of file that mails about a round table carry."""
RETENTION = dt.timedelta(days=180)
"""So long after a round table the names of its guests stay."""


class StepRefused(ValueError):
    """A step is not possible; the message says why and what to do."""


def all_tables() -> Sequence[RoundTable]:
    """Every round table, the newest first; those of which no day is known where their number puts them."""
    statement = select(RoundTable).options(joinedload(RoundTable.host), selectinload(RoundTable.guests))
    found = db.session.scalars(statement).all()
    return sorted(found, key=lambda table: (table.held_on or dt.date.min, table.number or 0), reverse=True)


def table_by_id(id: int) -> RoundTable | None:
    """A round table with everything its page shows."""
    shown = selectinload(RoundTable.presented).joinedload(Presented.practice)
    return db.session.scalar(
        select(RoundTable)
        .where(RoundTable.id == id)
        .options(
            joinedload(RoundTable.host),
            selectinload(RoundTable.agenda),
            selectinload(RoundTable.guests).joinedload(TableGuest.municipality),
            selectinload(RoundTable.files),
            selectinload(RoundTable.opinions),
            shown.selectinload(Practice.versions),
            shown.joinedload(Practice.municipality),
        )
    )


def coordinators() -> tuple[list[User], list[User]]:
    """Who is invited: everybody who coordinates in some municipality; and those of them whose address takes no mail."""
    coordinating = User.roles.any(Role.name == COORDINATOR)
    people = db.session.scalars(select(User).where(coordinating, User.active).order_by(User.id)).all()
    return bouncing.parted(people)


def check_open(table: RoundTable) -> None:
    """Refuse what only makes sense before a round table."""
    if table.cancelled:
        raise StepRefused(_("Dieser Runde Tisch ist abgesagt. Planen Sie einen neuen."))
    if table.held_on is None or table.held_on < today():
        raise StepRefused(_("Dieser Runde Tisch war schon. Anmelden und einladen lässt sich nur vorher."))


def invite(table: RoundTable, address: str) -> int:
    """Put an invitation for everybody who coordinates into the outbox, with the calendar file; how many.

    Nobody gets it twice; after a change those who were invited are told of it once. Does not commit.
    """
    check_open(table)
    before, (people, _gone) = _told(table), coordinators()
    told = _("Die Kalenderdatei hängt an. Tagesordnung und Anmeldung finden Sie hier:")
    changed, new = _("Geändert: %(title)s", title=title(table)), _("Einladung: %(title)s", title=title(table))
    sent = sum(
        _tell(table, person, changed if person.id in before else new, f"{told}\n{address}")
        for person in people
    )  # fmt: skip
    table.invited_at = now()
    record("round_table.invited", Subject("round_table", str(table.id)), after={"recipients": sent})
    return sent


def cancel(table: RoundTable) -> int:
    """Call a round table off and tell everybody who was invited; how many. Does not commit."""
    check_open(table)
    told = _("Dieser Runde Tisch findet nicht statt. Die Kalenderdatei im Anhang nimmt den Termin aus Ihrem Kalender.")
    subject = _("Abgesagt: %(title)s", title=title(table))
    table.cancelled = True
    table.sequence += 1
    invited = db.session.scalars(select(User).where(User.id.in_(_told(table)), User.active).order_by(User.id))
    sent = sum(_tell(table, person, subject, told) for person in invited.all())
    record("round_table.cancelled", Subject("round_table", str(table.id)), after={"recipients": sent})
    return sent


def when_and_where(table: RoundTable) -> tuple[object, ...]:
    """What stands in people's calendars."""
    return table.held_on, table.begins, table.ends, table.place, table.number


def changed(table: RoundTable, before: tuple[object, ...]) -> bool:
    """Whether people who were invited have something else in their calendars now; counts the change."""
    if table.invited_at is None or before == when_and_where(table):
        return False
    table.sequence += 1
    return True


def _told(table: RoundTable) -> set[int]:
    """Who has got a mail about it."""
    keys = OutgoingMail.key.startswith(f"round-table:{table.id}:")
    return {id for id in db.session.scalars(select(OutgoingMail.user_id).where(keys)) if id is not None}


def _tell(table: RoundTable, person: User, subject: str, text: str) -> bool:
    key = f"round-table:{table.id}:{person.id}" + (f":{table.sequence}" if table.sequence else "")
    body = f"{title(table)}\n{day_of(table)}\n{table.place or _('online')}\n\n{text}\n"
    return outbox.put(key, person.email, subject, body, person.id, f"{CALENDAR}:{table.id}")


def sign_up(table: RoundTable, guest: TableGuest) -> None:
    """Put somebody on the list; the same person from the same place only once. Does not commit."""
    check_open(table)
    same = (guest.name.casefold(), guest.municipality_ags)
    if same in {(one.name.casefold(), one.municipality_ags) for one in table.guests}:
        raise StepRefused(_("»%(name)s« ist schon angemeldet.", name=guest.name))
    table.guests.append(guest)


def check_in(guest: TableGuest) -> None:
    """Say that the guest came. Whoever comes second at the same guest is told so. Does not commit."""
    first = update(TableGuest).where(TableGuest.id == guest.id, TableGuest.came_at.is_(None)).values(came_at=now())
    if not db.session.execute(first).rowcount:  # type: ignore[attr-defined]
        raise StepRefused(_("»%(name)s« ist schon eingecheckt. Es wurde nicht doppelt gezählt.", name=guest.name))


def undo_check_in(guest: TableGuest) -> None:
    """Take that back. Does not commit."""
    guest.came_at = None


def count(table: RoundTable) -> None:
    """Keep how many people and which municipalities came, apart from who it was. Does not commit."""
    came = [guest for guest in table.guests if guest.came_at]
    if not came:
        return
    table.people, there = len(came), {guest.municipality_ags for guest in came if guest.municipality_ags}
    table.places = len(there)
    table.present = [Present(municipality_ags=ags) for ags in sorted(there)]


def forget_guests(before: dt.datetime) -> int:
    """Take away the guests of round tables before that day, once they are counted; how many. Does not commit."""
    old = select(RoundTable).where(RoundTable.held_on < before.date(), RoundTable.guests.any())
    gone = 0
    for table in db.session.scalars(old.options(selectinload(RoundTable.guests), selectinload(RoundTable.present))):
        count(table)
        gone += len(table.guests)
        table.guests.clear()
    db.session.flush()
    return gone


def attendance(table: RoundTable) -> tuple[int | None, int | None]:
    """People and municipalities: as checked in, else as counted or published."""
    came = [guest for guest in table.guests if guest.came_at]
    if came:
        return len(came), len({guest.municipality_ags for guest in came if guest.municipality_ags})
    return table.people, table.places


def of_municipalities() -> int:
    """How many municipalities the region has."""
    return db.session.scalar(select(func.count()).select_from(Municipality)) or 0


def practices_to_present() -> list[tuple[int, str]]:
    """Practices that can be named as presented: id and title with the place."""
    statement = select(Version).join(Version.practice).where(Version.state == PUBLISHED, ~Practice.withdrawn)
    found = db.session.scalars(statement.options(joinedload(Version.practice).joinedload(Practice.municipality)))
    return sorted(((v.practice_id, f"{v.title} ({v.practice.where})") for v in found), key=lambda pair: pair[1])


def title(table: RoundTable) -> str:
    """What it is called."""
    name = _("%(number)s. Runder Tisch", number=table.number) if table.number else _("Runder Tisch")
    return _("%(name)s (abgesagt)", name=name) if table.cancelled else name


def day_of(table: RoundTable) -> str:
    """Its day and time as people write them, or what is known of it."""
    if table.shown or table.held_on is None:
        return said(table, "shown")
    day = long_date(table.held_on)
    if table.begins is None:
        return day
    hours = f"{table.begins:%H:%M}" + (f"–{table.ends:%H:%M}" if table.ends else "")
    return _("%(day)s, %(hours)s Uhr", day=day, hours=hours)


def guest_by_ticket(ticket: str) -> TableGuest | None:
    """The guest whose QR code this is."""
    return db.session.scalar(
        select(TableGuest).where(TableGuest.ticket == ticket).options(joinedload(TableGuest.table))
    )


def number_taken(number: int | None, id: int | None) -> bool:
    """Whether another round table has that number."""
    others = select(RoundTable.id).where(RoundTable.number == number, RoundTable.id != (id or 0))
    return number is not None and db.session.scalar(others) is not None
