"""Publishing a release and taking it back. The document never changes; only whether it is shown."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from app.database import db, now
from app.releases.building import check_closed
from app.releases.models import ReleaseRecord
from app.releases.reading import current_release
from app.rounds.lifecycle import StepRefused, mark_released, undo_release

SHORTEST_REASON = 10
LONGEST_REASON = 500
SHORT = 12


class ReasonMissing(ValueError):
    """A release was to be withdrawn without saying why; the message says in German what to write."""


def check_publishable(record: ReleaseRecord) -> None:
    """``StepRefused`` if the release is public already, or its round collects again."""
    if record.state == "published":
        raise StepRefused(_("Dieser Auswertungsstand ist schon veröffentlicht."))
    check_closed(record.round)


def publish(record: ReleaseRecord, moment: dt.datetime | None = None) -> None:
    """Show a release to the public from that moment (now) on and mark its round as released; commits.

    The release of the same round that was public before is withdrawn with a reason that names its successor. One that
    was withdrawn by mistake may be published again.
    """
    check_publishable(record)
    before = current_release(record.round)
    if before is not None:
        _hide(before, f"Ersetzt durch den Auswertungsstand {record.sha256[:SHORT]}.")
        db.session.flush()  # First the old one goes, then the new one comes: the database allows one at a time.
    record.state, record.published_at = "published", moment or now()
    record.withdrawn_at, record.withdrawn_reason = None, ""
    mark_released(record.round)
    db.session.commit()


def withdraw(record: ReleaseRecord, reason: str) -> None:
    """Take a published release from view; its address says since when and why. Commits.

    ``ReasonMissing`` without a reason that a reader understands, ``StepRefused`` if it is not published.
    """
    if record.state != "published":
        raise StepRefused(_("Nur ein veröffentlichter Auswertungsstand kann zurückgezogen werden."))
    _hide(record, checked_reason(reason))
    undo_release(record.round)
    db.session.commit()


def checked_reason(reason: str) -> str:
    """The reason as it will be shown; ``ReasonMissing`` if it is too short or too long."""
    text = " ".join(reason.replace("\x00", "").split())
    if len(text) < SHORTEST_REASON:
        raise ReasonMissing(
            _("Bitte schreiben Sie in einem Satz, warum der Auswertungsstand zurückgezogen wird. Er steht öffentlich "
              "an seiner Stelle.")
        )  # fmt: skip
    if len(text) > LONGEST_REASON:
        raise ReasonMissing(_("Bitte fassen Sie sich kürzer: höchstens %(number)s Zeichen.", number=LONGEST_REASON))
    return text


def _hide(record: ReleaseRecord, reason: str) -> None:
    record.state, record.withdrawn_at, record.withdrawn_reason = "withdrawn", now(), reason
