"""The way of a practice: written, handed to the agency, read there, shown or sent back; and later once more."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _

from app import outbox
from app.accounts.models import User
from app.audit import Subject, record
from app.database import db, now
from app.practices import search
from app.practices.models import (
    ALL,
    DRAFT,
    FAILED,
    PARTICIPANTS,
    PARTLY,
    PUBLISHED,
    REPLACED,
    RETURNED,
    SUBMITTED,
    WORKED,
    Attachment,
    Link,
    Practice,
    Touched,
    Version,
)
from app.region.models import Municipality
from app.uploads.receiving import Kept

MOST_FILES, MOST_LINKS = 8, 8


class PracticeRefused(ValueError):
    """A step is not possible as the practice stands; the message says why and what to do."""


@dataclass(frozen=True)
class Content:
    """What somebody writes about a practice."""

    title: str
    criteria: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    done: str = ""
    costs: int | None = None
    hours: int | None = None
    effect: str = ""
    measured: str = ""
    outcome: str = WORKED
    why: str = ""
    contact: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())
    """Title and address of each."""


def begin(content: Content, municipality: Municipality | None, author: User | None, place: str = "") -> Practice:
    """A new practice with its first draft, of a municipality or of another place. Does not commit."""
    practice = Practice(municipality=municipality, place="" if municipality else place, author=author)
    practice.versions = [Version(number=1)]
    db.session.add(practice)
    _fill(practice.versions[0], content)
    db.session.flush()
    _log("practice.begun", practice)
    return practice


def change(practice: Practice, content: Content) -> Version:
    """Store what was written in the open version; a practice that is shown gets a new one for it. Does not commit."""
    version = practice.open or _next(practice)
    if version.state == SUBMITTED:
        raise PracticeRefused(
            _("Die Agentur liest diese Fassung gerade. Ziehen Sie sie zurück, um sie noch einmal zu ändern.")
        )
    _fill(version, content)
    version.saved_at = now()
    return version


def missing(version: Version) -> list[str]:
    """What still has to be said before the agency can read it, as sentences."""
    wanted = (
        (version.criteria, _("Wählen Sie mindestens ein Kriterium.")),
        (version.done, _("Beschreiben Sie, was Sie gemacht haben.")),
        (
            version.outcome not in (PARTLY, FAILED) or version.why,
            _("Schreiben Sie, warum es nicht oder nur zum Teil gelungen ist."),
        ),
        (version.contact, _("Nennen Sie die Stelle, an die man sich wenden kann.")),
    )
    return [sentence for there, sentence in wanted if not there]


def submit(practice: Practice) -> None:
    """Hand the open version to the agency. Does not commit."""
    version = practice.open
    if version is None or version.state == SUBMITTED:
        raise PracticeRefused(_("Es gibt keine Fassung, die Sie abgeben könnten."))
    if lacking := missing(version):
        raise PracticeRefused(" ".join(lacking))
    version.state, version.saved_at = SUBMITTED, now()
    _log("practice.submitted", practice)


def take_back(practice: Practice) -> None:
    """Take the version back that the agency has not published yet. Does not commit."""
    version = practice.open
    if version is None or version.state != SUBMITTED:
        raise PracticeRefused(_("Die Agentur hat diese Fassung schon gelesen. Laden Sie die Seite neu."))
    version.state = DRAFT
    _log("practice.taken_back", practice)


def publish(practice: Practice, visibility: str) -> None:
    """Show the submitted version, to participants or to all; the one before it stays among the versions. No commit."""
    version = _submitted(practice)
    if practice.shown:
        practice.shown.state = REPLACED
        db.session.flush()
    version.state, version.published_at, version.remark = PUBLISHED, now(), ""
    practice.visibility = ALL if visibility == ALL else PARTICIPANTS
    practice.withdrawn = False
    db.session.flush()
    keep_findable(practice)
    _log("practice.published", practice, visibility=practice.visibility)
    _tell(practice, version, _("Ihr Praxisbeispiel ist veröffentlicht"),
          _("Die Agentur hat »%(title)s« gelesen und freigegeben.", title=version.title))  # fmt: skip


def send_back(practice: Practice, remark: str) -> None:
    """Ask the author to mend something. Does not commit."""
    version = _submitted(practice)
    version.state, version.remark = RETURNED, remark
    _log("practice.returned", practice, remark=remark)
    _tell(practice, version, _("Rückfrage zu Ihrem Praxisbeispiel"),
          _("Zu »%(title)s« schreibt die Agentur:", title=version.title) + f"\n\n{remark}")  # fmt: skip


def set_visibility(practice: Practice, visibility: str) -> None:
    """Show what is published to participants or to all. Does not commit."""
    practice.visibility = ALL if visibility == ALL else PARTICIPANTS
    _log("practice.visibility", practice, visibility=practice.visibility)


def withdraw(practice: Practice) -> None:
    """Let nobody see the practice any more; it can be shown again. Does not commit."""
    practice.withdrawn = True
    search.forget(practice.id)
    _log("practice.withdrawn", practice)


def show_again(practice: Practice) -> None:
    """Undo a withdrawal. Does not commit."""
    practice.withdrawn = False
    keep_findable(practice)
    _log("practice.shown_again", practice)


def discard(practice: Practice) -> bool:
    """Delete the open version, and the practice with it if nothing else was ever shown; true then. No commit."""
    version = practice.open
    if version is None:
        raise PracticeRefused(_("Es gibt keinen Entwurf, der sich löschen ließe."))
    if version.state == SUBMITTED:
        raise PracticeRefused(_("Die Agentur liest diese Fassung gerade. Ziehen Sie sie zuerst zurück."))
    _log("practice.discarded", practice)
    if len(practice.versions) == 1:
        db.session.delete(practice)
        return True
    practice.versions.remove(version)
    return False


def attach(practice: Practice, file: Kept) -> None:
    """Add a file to the open version. Does not commit."""
    version = _changeable(practice)
    if len(version.files) >= MOST_FILES:
        raise PracticeRefused(
            _("Ein Praxisbeispiel hat höchstens %(most)s Dateien. Entfernen Sie eine.", most=MOST_FILES)
        )
    version.files.append(Attachment.of(file))


def detach(practice: Practice, id: int) -> None:
    """Take a file away from the open version. Does not commit."""
    version = _changeable(practice)
    version.files = [file for file in version.files if file.id != id]


def keep_findable(practice: Practice) -> None:
    """Let the search find what is shown of the practice now, or nothing. Does not commit."""
    version = practice.shown
    if version is None or practice.withdrawn:
        search.forget(practice.id)
        return
    parts = (version.done, version.effect, version.measured, version.why, version.contact, practice.where)
    search.index(practice.id, version.title, "\n".join(parts))


def _fill(version: Version, content: Content) -> None:
    for name in ("title", "done", "costs", "hours", "effect", "measured", "outcome", "why", "contact"):
        setattr(version, name, getattr(content, name))
    version.target_groups = " ".join(content.target_groups)
    kept = {touched.criterion: touched for touched in version.criteria}
    version.criteria = [kept.get(key) or Touched(criterion=key) for key in dict.fromkeys(content.criteria)]
    if [(link.title, link.address) for link in version.links] != list(content.links):
        version.links.clear()
        db.session.flush()
        version.links = [
            Link(position=position, title=title, address=address)
            for position, (title, address) in enumerate(content.links)
        ]


def _next(practice: Practice) -> Version:
    """A draft like what is shown now."""
    shown = practice.versions[-1]
    version = Version(number=shown.number + 1, title=shown.title)
    version.files = [file.again() for file in shown.files]
    practice.versions.append(version)
    return version


def _changeable(practice: Practice) -> Version:
    version = practice.open
    if version is None or version.state == SUBMITTED:
        raise PracticeRefused(
            _("Dateien lassen sich nur ändern, solange das Praxisbeispiel ein Entwurf ist. Speichern Sie zuerst.")
        )
    return version


def _submitted(practice: Practice) -> Version:
    if practice.open is None or practice.open.state != SUBMITTED:
        raise PracticeRefused(_("Diese Fassung wartet nicht mehr auf die Agentur. Laden Sie die Seite neu."))
    return practice.open


def _tell(practice: Practice, version: Version, subject: str, body: str) -> None:
    """Tell the author, as long as there is an account."""
    if practice.author is not None and practice.author.active:
        key = f"practice:{version.id}:{version.state}:{version.saved_at.isoformat()}"
        outbox.put(key, practice.author.email, subject, body, practice.author.id)


def _log(action: str, practice: Practice, **after: str) -> None:
    subject = Subject("practice", str(practice.id))
    record(action, subject, after=after or None, municipality=practice.municipality_ags)
