"""Which person at the provider an account belongs to."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Model, UtcDateTime, now
from app.personal import Processing, personal

LONGEST = 255
"""Characters that a subject may have (OpenID Connect Core 2)."""

SIGN_ON = Processing(
    _("Anmeldung über einen anderen Dienst"),
    _("Kennung der Person bei diesem Dienst"),
    _("bis die Verknüpfung gelöst oder das Konto gelöscht wird"),
)


class Identity(Model):
    """An account's person at a provider: one person has one account, and one account one person there."""

    __tablename__ = "sign_on_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, info=personal(SIGN_ON)
    )
    issuer: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    subject: Mapped[str] = mapped_column(String(LONGEST), info=personal(SIGN_ON))
    bound_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = relationship()
