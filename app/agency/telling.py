"""A mail to a municipality to whose criterion the agency has something to say. What it is stays in the workspace."""

from __future__ import annotations

import hashlib

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from app import outbox
from app.agency.reminding import people_in
from app.assessment.pages import text
from app.assessment.plausibility import QUESTION, RETURNED
from app.assessment.workspace import Workspace
from questionnaires.catalogue import Criterion


def tell(workspace: Workspace, criterion: Criterion, state: str, remark: str) -> int:
    """Let coordinators and approvers know of a question or of what came back; how many are told. Does not commit.

    The same remark tells nobody twice, however often it is stored.
    """
    if state not in (QUESTION, RETURNED):
        return 0
    with force_locale("de"):
        subject = {
            QUESTION: _("Willkommenskompass: Frage zu Kriterium %(criterion)s", criterion=criterion.id),
            RETURNED: _("Willkommenskompass: Kriterium %(criterion)s ist zurückgegeben", criterion=criterion.id),
        }[state]
        body = render_template(
            "agency/email/verdict.txt",
            criterion=criterion,
            title=text(criterion.title),
            returned=state == RETURNED,
            municipality=workspace.municipality,
        )
    said = hashlib.sha256(f"{workspace.round.id} {criterion.id} {state} {remark}".encode()).hexdigest()[:20]
    people = people_in([workspace.municipality.ags])
    return sum(
        outbox.put(f"verdict:{said}:{user_id}", address, subject, body, user_id) for user_id, address, _ags in people
    )
