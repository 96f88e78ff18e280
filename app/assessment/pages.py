"""What the pages of the workspace load first: the workspace, a criterion, texts in the reader's language."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort

from app.accounts.permissions import own_municipality_or_404
from app.assessment.workspace import Workspace, lock, workspace_of
from app.collaboration.places import Place
from app.web.language import current_language
from questionnaires.catalogue import Criterion, LocalizedText


def workspace_or_404(criterion: str | None = None, *, to_change: bool = False) -> Workspace:
    """The reader's workspace, or what concerns one criterion of it; ``to_change`` lets one change at a time happen."""
    municipality = own_municipality_or_404()
    if to_change:
        lock(municipality)
    return workspace_of(municipality, criterion) or abort(HTTPStatus.NOT_FOUND)


def criterion_or_404(workspace: Workspace, key: str) -> Criterion:
    """The criterion of that key in the round's catalogue."""
    try:
        return workspace.catalogue.criterion(key)
    except KeyError:
        abort(HTTPStatus.NOT_FOUND)


def place_of(workspace: Workspace, criterion: Criterion) -> Place:
    """Where people work together on this criterion."""
    return Place(workspace.round.id, workspace.municipality.ags, criterion.id)


def text(localized: LocalizedText) -> str:
    """A text of the catalogue in the reader's language."""
    return localized[current_language().tag]
