"""A mail to whom a note speaks to. What the note says stays in the workspace; the mail only leads there."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from app import outbox
from app.accounts.models import User
from app.assessment.pages import text
from app.assessment.workspace import Workspace
from app.collaboration.colleagues import name_of
from app.collaboration.working import Written
from questionnaires.catalogue import Criterion


def tell(workspace: Workspace, criterion: Criterion, written: Written, author: User) -> None:
    """Put one mail for each person into the outbox; the same note tells nobody twice. Does not commit."""
    subject = _("Willkommenskompass: Notiz zu Kriterium %(criterion)s", criterion=criterion.id)
    body = render_template(
        "assessment/email/mention.txt",
        criterion=criterion,
        title=text(criterion.title),
        author=name_of(author),
        municipality=workspace.municipality,
    )
    for person in written.people:
        outbox.put(f"mention:{written.note.id}:{person.id}", person.email, subject, body, person.id)
