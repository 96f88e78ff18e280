"""The blueprint of these pages, what several of them load first, and how rows read in the audit log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.commitment.models import Conference, Resolution
from app.database import Model, db
from app.region.models import Municipality

blueprint = Blueprint("commitment", __name__, url_prefix="/agentur", template_folder="templates")


def resolution_or_404(key: int) -> Resolution:
    """The resolution of that key."""
    return db.session.get(Resolution, key) or abort(404, _("Diesen Beschluss gibt es nicht (mehr)."))


def conference_or_404(key: int) -> Conference:
    """The conference of that key."""
    return db.session.get(Conference, key) or abort(404, _("Diese Konferenz gibt es nicht (mehr)."))


def all_municipalities() -> list[Municipality]:
    """Every municipality with its district, by name."""
    found = select(Municipality).options(joinedload(Municipality.district)).order_by(Municipality.name)
    return list(db.session.scalars(found))


def logged(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a row as the audit log keeps them: days as text."""
    values = ((name, getattr(row, name)) for name in fields)
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values}
