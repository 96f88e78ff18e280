"""Tables of accounts: users, and the roles they hold, each in its place."""

from __future__ import annotations

import datetime as dt

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now, today
from app.personal import ACCOUNT, INVITING, PROTECTION, personal
from app.region.models import District, Municipality

AGENCY = "agency"
COORDINATOR = "coordinator"
EDITOR = "editor"
APPROVER = "approver"
READER = "reader"
MUNICIPAL_ROLES = (COORDINATOR, EDITOR, APPROVER)
ROLES = (AGENCY, *MUNICIPAL_ROLES, READER)
WEIGHTY = (AGENCY, APPROVER)
"""Roles that ask for a second factor."""
BY_WEIGHT = (AGENCY, APPROVER, COORDINATOR, EDITOR, READER)
DEPUTISED = (COORDINATOR, APPROVER)
"""Roles whose holders may name a deputy."""

_OWN = text("deputy_for_id IS NULL")


def _names(roles: tuple[str, ...]) -> str:
    return ", ".join(f"'{role}'" for role in roles)


class Role(Model, RoleMixin):
    """A role that somebody holds: for the agency, in one municipality, or as reader of one district.

    A deputy holds it for a while, from ``starts`` to ``ends``, both days included; ``deputy_for_id`` is whom they stand
    in for.
    """

    __tablename__ = "held_role"
    __table_args__ = (
        CheckConstraint(f"name IN ({_names(ROLES)})", name="name_known"),
        CheckConstraint(
            f"(name IN ({_names(MUNICIPAL_ROLES)})) = (municipality_ags IS NOT NULL)", name="municipal_in_municipality"
        ),
        CheckConstraint("(name = 'reader') = (district_ags IS NOT NULL)", name="reader_in_district"),
        CheckConstraint(
            "(deputy_for_id IS NULL) = (starts IS NULL) AND (deputy_for_id IS NULL) = (ends IS NULL)",
            name="deputy_has_a_period",
        ),
        CheckConstraint("starts <= ends", name="period_in_order"),
        CheckConstraint(f"deputy_for_id IS NULL OR name IN ({_names(DEPUTISED)})", name="deputy_where_allowed"),
        CheckConstraint("deputy_for_id <> user_id", name="deputy_is_somebody_else"),
        Index("uq_held_role_agency", "user_id", "name", unique=True, sqlite_where=text("name = 'agency'"),
              postgresql_where=text("name = 'agency'")),
        Index("uq_held_role_municipal", "user_id", "municipality_ags", "name", unique=True, sqlite_where=_OWN,
              postgresql_where=_OWN),
        Index("uq_held_role_district", "user_id", "district_ags", unique=True),
        Index("uq_held_role_deputy", "user_id", "municipality_ags", "name", "deputy_for_id", unique=True),
        Index("ix_held_role_municipality_ags", "municipality_ags"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=personal(ACCOUNT))
    name: Mapped[str] = mapped_column(String(40))
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"))
    district_ags: Mapped[str | None] = mapped_column(ForeignKey("district.ags"))
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=personal(ACCOUNT))
    starts: Mapped[dt.date | None]
    ends: Mapped[dt.date | None]

    user: Mapped[User] = relationship(back_populates="roles", foreign_keys=user_id)
    deputy_for: Mapped[User | None] = relationship(foreign_keys=deputy_for_id)
    municipality: Mapped[Municipality | None] = relationship(lazy="joined")
    district: Mapped[District | None] = relationship(lazy="joined")

    @property
    def current(self) -> bool:
        """Whether the role counts today: a deputy's only within its period."""
        return self.starts is None or self.ends is None or self.starts <= today() <= self.ends


class User(Model, UserMixin):
    """An account. It has no address of a machine and no log of visits; ``function`` is how others see the person."""

    __tablename__ = "user"
    __allow_unmapped__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True, info=personal(ACCOUNT))
    function: Mapped[str] = mapped_column(String(120), default="", info=personal(ACCOUNT))
    password: Mapped[str | None] = mapped_column(String(255), info=personal(PROTECTION, secret=True))
    active: Mapped[bool] = mapped_column(Boolean, default=True, info=personal(ACCOUNT))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, info=personal(PROTECTION, secret=True))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, info=personal(ACCOUNT))
    tf_primary_method: Mapped[str | None] = mapped_column(String(20), info=personal(PROTECTION))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255), info=personal(PROTECTION, secret=True))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(AsaList()), deferred=True, info=personal(PROTECTION, secret=True)
    )
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(
        String(64), unique=True, info=personal(PROTECTION, secret=True)
    )  # type: ignore[assignment]

    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True, order_by="Passkey.id"
    )
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        back_populates="user",
        foreign_keys=Role.user_id,
        lazy="selectin",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=Role.id,
    )

    chosen: str | None = None
    """The AGS that somebody who works for several municipalities chose at entry; of this request, not stored."""

    tf_phone_number = None
    """No code is sent by telephone; the library asks all the same."""

    @property
    def weighty(self) -> bool:
        """Whether the user's task is one that asks for a second factor: the agency's, or to hand in."""
        return any(role.current and role.name in WEIGHTY for role in self.roles)

    @property
    def municipalities(self) -> list[Municipality]:
        """Every municipality the user works for today, by name."""
        found = {role.municipality for role in self.roles if role.municipality is not None and role.current}
        return sorted(found, key=lambda municipality: (municipality.name, municipality.ags))

    @property
    def municipality(self) -> Municipality | None:
        """The municipality the user is working for: the only one, or the one chosen at entry."""
        found = self.municipalities
        return found[0] if len(found) == 1 else next((m for m in found if m.ags == self.chosen), None)

    @property
    def municipality_ags(self) -> str | None:
        """The key of ``municipality``."""
        return None if self.municipality is None else self.municipality.ags

    @property
    def districts(self) -> list[District]:
        """Every district whose results the user may read, by name."""
        return sorted((r.district for r in self.roles if r.district is not None), key=lambda district: district.name)

    def roles_in(self, municipality: str | None) -> set[str]:
        """The names of the roles that count today in the municipality of that AGS."""
        return {r.name for r in self.roles if r.current and municipality and r.municipality_ags == municipality}

    def role_towards(self, municipality: str | None) -> str:
        """The role in which the user acts: the one with most weight, ``none`` if there is none.

        ``municipality`` is the AGS of whose business it is, ``None`` for nobody's in particular.
        """
        names = self._everywhere() | self.roles_in(municipality or self.municipality_ags)
        return next((name for name in BY_WEIGHT if name in names), "none")

    def has_any(self, *names: str) -> bool:
        """Whether the user has one of these roles, a municipal one where they are working now."""
        return bool((self._everywhere() | self.roles_in(self.municipality_ags)) & set(names))

    def _everywhere(self) -> set[str]:
        """Roles that belong to no municipality."""
        return {role.name for role in self.roles if role.municipality_ags is None and role.name}


class Passkey(Model, WebAuthnMixin):
    """A passkey (WebAuthn): the public half of a key that stays with its owner.

    ``usage`` is ``first`` or ``secondary``. Names of columns are those that Flask-Security reads.
    """

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("usage IN ('first', 'secondary')", name="usage_known"),
        Index("ix_passkey_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=personal(PROTECTION))
    name: Mapped[str] = mapped_column(String(64), info=personal(PROTECTION))
    usage: Mapped[str] = mapped_column(String(10))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True, info=personal(PROTECTION, secret=True))
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=personal(PROTECTION, secret=True))
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    extensions: Mapped[str | None] = mapped_column(Text)
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    create_datetime: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    lastuse_datetime: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, object]:
        """How the library finds the owner."""
        return {"id": self.user_id}


class LogIn(Model):
    """One log-in that is still open. ``device`` is the kind of browser and system, never an address."""

    __tablename__ = "log_in"
    __table_args__ = (Index("ix_log_in_user_id", "user_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True, info=personal(PROTECTION, secret=True))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=personal(PROTECTION))
    began_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, info=personal(PROTECTION))
    device: Mapped[str] = mapped_column(String(40), default="", info=personal(PROTECTION))


class Invitation(Model):
    """A link by mail that lets somebody set the first password of their account: for a week, once, for one address.

    Of the link only the SHA-256 of its secret is stored. ``mail_key`` is its mail in the outbox.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("length(token_sha256) = 64", name="token_length"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="used_or_withdrawn"),
        Index("ix_invitation_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=personal(INVITING))
    email: Mapped[str] = mapped_column(String(255), info=personal(INVITING))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True, info=personal(INVITING, secret=True))
    mail_key: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()

    @property
    def state(self) -> str:
        """``open``, ``used``, ``withdrawn`` or ``expired``."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if self.expires_at > now() else "expired"
