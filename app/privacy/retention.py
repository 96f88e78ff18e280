"""What is deleted by itself, and after how long. Each run leaves a line in the audit log that says how much went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, or_

from app.accounts.models import Invitation, LogIn, Role
from app.audit import Subject, describe, record
from app.audit.erasing import erase_older
from app.audit.models import WHAT, WHO
from app.database import db, now
from app.outbox.models import FAILED, SENT, BouncedAddress, OutgoingMail
from app.round_tables import using

DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)


@dataclass(frozen=True)
class Rule:
    """A kind of data, how long it stays, and what deletes everything from before a moment and counts it."""

    key: str
    label: LazyString
    period: dt.timedelta
    erase: Callable[[dt.datetime], int]


def _delete(*conditions: Any, model: type[Any]) -> int:
    statement = delete(model).where(*conditions).execution_options(synchronize_session=False)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _mails(before: dt.datetime) -> int:
    """Also what was noted of addresses then: whether they still take no mail is tried anew."""
    done = OutgoingMail.state.in_((SENT, FAILED))
    _delete(BouncedAddress.marked_at < before, model=BouncedAddress)
    return _delete(done, OutgoingMail.created_at < before, model=OutgoingMail)


def _log_ins(before: dt.datetime) -> int:
    return _delete(LogIn.began_at < before, model=LogIn)


def _invitations(before: dt.datetime) -> int:
    over = or_(Invitation.used_at < before, Invitation.withdrawn_at < before, Invitation.expires_at < before)
    return _delete(over, model=Invitation)


def _deputies(before: dt.datetime) -> int:
    return _delete(Role.ends < before.date(), model=Role)


RULES = (
    Rule("log_ins", _("Anmeldungen"), 14 * DAY, _log_ins),
    Rule("mails", _("Verschickte Mails"), 30 * DAY, _mails),
    Rule("invitations", _("Beendete Einladungen"), 90 * DAY, _invitations),
    Rule("deputies", _("Beendete Vertretungen"), 90 * DAY, _deputies),
    Rule("guests", _("Gäste eines Runden Tisches"), using.RETENTION, using.forget_guests),
    Rule("audit_who", _("Protokoll: wer es war"), 3 * YEAR, lambda before: erase_older(WHO, before)),
    Rule("audit_what", _("Protokoll: was sich geändert hat"), 10 * YEAR, lambda before: erase_older(WHAT, before)),
)

describe(
    actions={"privacy.purged": _("Nach Ablauf der Frist gelöscht"), "account.erased": _("Konto gelöscht")},
    subjects={"retention": _("Aufbewahrung")},
    fields={rule.key: rule.label for rule in RULES},
)


def purge() -> dict[str, int]:
    """Delete what is past its time; returns how much of each kind went. Commits."""
    moment = now()
    report = {rule.key: rule.erase(moment - rule.period) for rule in RULES}
    if any(report.values()):
        gone = {key: number for key, number in report.items() if number}
        record("privacy.purged", Subject("retention", moment.date().isoformat()), after=gone)
    db.session.commit()
    return report
