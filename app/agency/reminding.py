"""Reminders to many at once: whom a choice reaches, what each of them reads, and sending it to each of them once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from babel.dates import format_date
from flask import current_app
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.accounts.models import APPROVER, COORDINATOR, Role, User
from app.agency.standing import Place
from app.audit import Subject, record
from app.database import db, today
from app.outbox import bouncing, put
from app.outbox.models import OutgoingMail
from app.rounds.models import Round

REACHED = (COORDINATOR, APPROVER)
FIELDS = ("kommune", "runde", "bis", "beantwortet", "kriterien", "rueckmeldungen", "noetig", "adresse")
"""What stands between braces in a reminder and is filled in for each municipality."""


@dataclass(frozen=True)
class Draft:
    """A reminder to begin with: its name, and subject and text in German, as municipalities read them."""

    name: LazyString
    subject: str
    body: str


GREETING = "Guten Tag,\n\n"
END = (
    "\n\nHier geht es weiter: {adresse}\n\nBei Fragen antworten Sie einfach auf diese Mail.\n\n"
    "Freundliche Grüße\nIhre Agentur"
)
DRAFTS = {
    "beginnen": Draft(
        lazy_gettext("Bitte beginnen"),
        "{kommune}: Selbsteinschätzung »{runde}«",
        GREETING + "für {kommune} hat noch niemand mit der Selbsteinschätzung der Runde »{runde}« begonnen. Sie hat "
        "{kriterien} Kriterien, läuft bis {bis} und lässt sich jederzeit unterbrechen. Beginnen Sie gern mit den "
        "Kernkriterien, dafür reicht etwa eine Stunde." + END,
    ),
    "abgeben": Draft(
        lazy_gettext("Bitte abgeben"),
        "{kommune}: Bitte geben Sie die Selbsteinschätzung bis {bis} ab",
        GREETING + "in der Selbsteinschätzung von {kommune} sind {beantwortet} von {kriterien} Kriterien beantwortet; "
        "abgegeben ist sie noch nicht. Die Runde »{runde}« läuft bis {bis}. Was bis dahin nicht abgegeben ist, zählt "
        "nicht." + END,
    ),
    "einladen": Draft(
        lazy_gettext("Bitte mehr Neue einladen"),
        "{kommune}: Es fehlen noch Rückmeldungen von Neuen",
        GREETING + "für {kommune} sind bisher weniger Rückmeldungen von Neuen eingegangen, als für eigene Ergebnisse "
        "nötig sind ({noetig}). Die Runde »{runde}« läuft bis {bis}. Was hilft: die Adresse oder den QR-Code im "
        "Bürgerbüro, in Schulen und Kitas und bei Arbeitgebern zeigen. Druckvorlagen liegen bereit." + END,
    ),
    "beschluss": Draft(
        lazy_gettext("Bitte den Rat beschließen lassen"),
        "{kommune}: Beschluss über die Teilnahme",
        GREETING + "für {kommune} ist noch kein gültiger Beschluss über die Teilnahme eingetragen. Gern schicken wir "
        "Ihnen den Entwurf einer Vorlage. Ist der Beschluss schon gefasst, nennen Sie uns bitte Gremium, Tag und "
        "Nummer der Vorlage." + END,
    ),
}  # fmt: skip
"""By their word in the address."""


@dataclass(frozen=True)
class Recipient:
    """Somebody whom a reminder may reach; ``why_not`` says in words why it does not."""

    user_id: int
    address: str
    place: Place
    key: str
    why_not: str = ""


@dataclass(frozen=True)
class Mailing:
    """A reminder as it would go out: to whom, to whom not, and municipalities in which nobody can be reached."""

    subject: str
    body: str
    recipients: Sequence[Recipient]
    unreached: Sequence[Place]

    @property
    def to_send(self) -> list[Recipient]:
        """Who gets it."""
        return [one for one in self.recipients if not one.why_not]

    @property
    def municipalities(self) -> int:
        """In how many municipalities somebody gets it."""
        return len({one.place.municipality.ags for one in self.to_send})

    @property
    def shown(self) -> str:
        """A sign of exactly these mails: what is sent is what was shown."""
        told = "\n".join([self.subject, self.body, *sorted(one.key for one in self.to_send)])
        return hashlib.sha256(told.encode()).hexdigest()


def mailing(round_: Round, places: Sequence[Place], subject: str, body: str) -> Mailing:
    """Whom this text reaches in these municipalities; three statements whatever their number."""
    by_ags = {place.municipality.ags: place for place in places}
    people = people_in(by_ags)
    message = hashlib.sha256(f"{subject}\n{body}".encode()).hexdigest()[:20]
    keys = {user_id: f"reminder:{round_.id}:{message}:{user_id}" for user_id, _address, _ags in people}
    sent = set(db.session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.in_(keys.values()))))
    bounced = bouncing.bounced([address for _id, address, _ags in people])
    recipients = []
    for user_id, address, ags in people:
        why = _("hat diese Mail schon bekommen") if keys[user_id] in sent else ""
        if address.lower() in bounced:
            why = _("Adresse nimmt keine Mails an")
        recipients.append(Recipient(user_id, address, by_ags[ags], keys[user_id], why))
    reached = {one.place.municipality.ags for one in recipients}
    return Mailing(subject, body, recipients, [place for ags, place in by_ags.items() if ags not in reached])


def people_in(ags: Iterable[str]) -> list[tuple[int, str, str]]:
    """Account, address and municipality of coordinators and approvers, each person once, by municipality."""
    day = today()
    rows = db.session.execute(
        select(User.id, User.email, Role.municipality_ags)
        .join(Role, Role.user_id == User.id)
        .where(
            User.active,
            Role.name.in_(REACHED),
            Role.municipality_ags.in_(list(ags)),
            or_(Role.starts.is_(None), Role.starts <= day),
            or_(Role.ends.is_(None), Role.ends >= day),
        )
        .order_by(Role.municipality_ags, User.email)
    )
    found: dict[int, tuple[int, str, str]] = {}
    for user_id, address, place in rows:
        found.setdefault(user_id, (user_id, address, place or ""))
    return list(found.values())


def filled(text: str, round_: Round, place: Place) -> str:
    """The text as one municipality reads it."""
    values = {
        "kommune": place.municipality.name,
        "runde": round_.title,
        "bis": format_date(round_.closes, "long", locale="de"),
        "beantwortet": str(place.progress.answered),
        "kriterien": str(place.progress.of),
        "rueckmeldungen": str(place.responses),
        "noetig": str(place.needed),
        "adresse": f"{current_app.config['KOMPASS'].address}/kommune/",
    }
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)


def mistake(text: str) -> str:
    """What is wrong with the fields in a text, in words; empty if nothing is."""
    for name in re.findall(r"\{(\w*)\}", text):
        if name in FIELDS:
            continue
        near = next(iter(get_close_matches(name, FIELDS, n=1, cutoff=0.5)), "")
        if near:
            return _("Das Feld {%(name)s} gibt es nicht. Meinten Sie {%(near)s}?", name=name, near=near)
        return _("Das Feld {%(name)s} gibt es nicht. Möglich sind: %(all)s.", name=name, all=", ".join(FIELDS))
    return ""


def send(round_: Round, found: Mailing) -> int:
    """Put every mail into the outbox; how many there are. Does not commit."""
    number = sum(
        put(one.key, one.address, filled(found.subject, round_, one.place), filled(found.body, round_, one.place),
            one.user_id)
        for one in found.to_send
    )  # fmt: skip
    record("reminder.sent", Subject("round", round_.key), after={"number": number, "subject": found.subject})
    return number
