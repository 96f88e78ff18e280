"""Tables of accounts: users, their roles, and the municipality they work for."""

from __future__ import annotations

import datetime as dt

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now
from app.region.models import Municipality

AGENCY = "agency"
COORDINATOR = "coordinator"
EDITOR = "editor"
APPROVER = "approver"
MUNICIPAL_ROLES = (COORDINATOR, EDITOR, APPROVER)
ROLES = (AGENCY, *MUNICIPAL_ROLES)
BY_WEIGHT = (AGENCY, APPROVER, COORDINATOR, EDITOR)

users_roles = Table(
    "user_role",
    Model.metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Model, RoleMixin):
    """What a user may do; the roles are fixed by ``ROLES``."""

    __tablename__ = "role"
    __table_args__ = (CheckConstraint("name IN ('agency', 'coordinator', 'editor', 'approver')", name="name_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class User(Model, UserMixin):
    """An account. It has no address of a machine and no log of visits; ``function`` is how others see the person."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    function: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    roles: Mapped[list[Role]] = relationship(secondary=users_roles, lazy="selectin")  # type: ignore[assignment]
    municipality: Mapped[Municipality | None] = relationship()

    def role_towards(self, municipality: str | None) -> str:
        """The role in which the user acts: the one with most weight, ``none`` if there is none.

        ``municipality`` is the AGS of whose business it is, ``None`` for nobody's in particular.
        """
        own = municipality in (None, self.municipality_ags)
        names = [role.name for role in self.roles if own or role.name == AGENCY]
        return next((name for name in BY_WEIGHT if name in names), "none")

    def has_any(self, *names: str) -> bool:
        """Whether the user has one of these roles."""
        return any(role.name in names for role in self.roles)
