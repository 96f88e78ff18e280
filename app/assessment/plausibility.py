"""Plausibility: the agency looks at what was handed in, asks back, agrees on another level, sends one back."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.models import User
from app.assessment.models import Plausibility
from app.assessment.workspace import Workspace
from app.audit import Subject, record
from app.database import db, now
from app.rounds.lifecycle import StepRefused
from questionnaires.catalogue import Criterion

ACCEPTED, QUESTION, CHANGED, RETURNED = STATES = ("accepted", "question", "changed", "returned")
COUNTS = (ACCEPTED, CHANGED)
"""Verdicts after which a level counts as looked at."""
LONGEST_REMARK = 1000


class VerdictRefused(StepRefused):
    """Nothing can be said of the criterion now, or not so."""


def decide(
    workspace: Workspace, criterion: Criterion, state: str, remark: str, agreed_level: int | None, user: User
) -> None:
    """What the agency says of one criterion; a verdict before is replaced.

    Call ``workspace.lock`` before the workspace is loaded. ``agreed_level`` belongs to "changed" only. Raises
    ``VerdictRefused``, in the reader's language.
    """
    _check(workspace, criterion, state, remark, agreed_level)
    assessment, found = workspace.assessment, workspace.plausibility.get(criterion.id)
    before = None if found is None else {"verdict": found.state, "agreed_level": found.agreed_level}
    if found is None:
        found = Plausibility(assessment=assessment, criterion=criterion.id, state=state)
    found.state, found.remark, found.agreed_level = state, remark, agreed_level
    found.decided_at, found.decided_by_id = now(), user.id
    db.session.add(found)
    record(
        "plausibility.decided",
        Subject("criterion", criterion.id),
        before=before,
        after={"verdict": state, "agreed_level": agreed_level, "reason": remark},
        municipality=workspace.municipality.ags,
    )


def accept_rest(workspace: Workspace, user: User) -> int:
    """Accept every answered criterion that nothing was said of yet; how many there were. ``VerdictRefused``."""
    rest = [c for c in workspace.in_order if workspace.answer(c.id).given and c.id not in workspace.plausibility]
    for criterion in rest:
        decide(workspace, criterion, ACCEPTED, "", None, user)
    return len(rest)


def reply(workspace: Workspace, criterion: Criterion, text: str) -> None:
    """The municipality's answer to the agency's question; ``VerdictRefused`` if nothing was asked."""
    verdict = workspace.plausibility.get(criterion.id)
    if verdict is None or verdict.state != QUESTION:
        raise VerdictRefused(_("Zu diesem Kriterium hat die Agentur gerade keine Frage."))
    if not text or len(text) > LONGEST_REMARK:
        raise VerdictRefused(_("Schreiben Sie der Agentur in höchstens %(number)s Zeichen.", number=LONGEST_REMARK))
    verdict.reply = text
    record(
        "plausibility.replied",
        Subject("criterion", criterion.id),
        after={"reason": text},
        municipality=workspace.municipality.ags,
    )


def _check(workspace: Workspace, criterion: Criterion, state: str, remark: str, agreed_level: int | None) -> None:
    if not workspace.handed_in:
        raise VerdictRefused(_("Die Selbsteinschätzung ist nicht abgegeben. Prüfen können Sie, was abgegeben ist."))
    if workspace.round.state == "released":
        raise VerdictRefused(_("Die Ergebnisse der Runde sind veröffentlicht. Die Prüfung ist damit abgeschlossen."))
    if state == RETURNED and workspace.round.state != "open":
        raise VerdictRefused(
            _("Die Erhebungsrunde ist geschlossen; zurückgeben lässt sich nichts mehr. Öffnen Sie die Runde wieder, "
              "oder vereinbaren Sie einen anderen Reifegrad.")
        )  # fmt: skip
    if state == CHANGED and workspace.answer(criterion.id).level is None:
        raise VerdictRefused(_("Ohne angegebenen Reifegrad gibt es nichts zu ändern. Geben Sie das Kriterium zurück."))
    if state != ACCEPTED and not remark:
        raise VerdictRefused(_("Schreiben Sie dazu, worum es geht; die Kommune liest es."))
    if len(remark) > LONGEST_REMARK:
        raise VerdictRefused(_("Kürzen Sie den Text auf höchstens %(number)s Zeichen.", number=LONGEST_REMARK))
    if (state == CHANGED) != (agreed_level is not None):
        raise VerdictRefused(_("Wählen Sie den Reifegrad, der vereinbart wurde."))
