"""Tables of the region: districts, municipalities, and the groups municipalities are compared in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model
from app.personal import CONTACT, personal


class District(Model):
    """Kreis, by its official five-digit key."""

    __tablename__ = "district"
    __table_args__ = (CheckConstraint("length(ags) = 5", name="ags_has_five_digits"),)

    ags: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)

    municipalities: Mapped[list[Municipality]] = relationship(back_populates="district")


class PeerGroup(Model):
    """Municipalities that are compared with each other; ``note`` says if a class was merged because it was small."""

    __tablename__ = "peer_group"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    note: Mapped[str | None] = mapped_column(String(400))


class Municipality(Model):
    """Kommune, by its official eight-digit key; the first five digits are its district's."""

    __tablename__ = "municipality"
    __table_args__ = (
        CheckConstraint("length(ags) = 8", name="ags_has_eight_digits"),
        CheckConstraint("substr(ags, 1, 5) = district_ags", name="ags_begins_with_district"),
        CheckConstraint("population > 0", name="population_positive"),
        CheckConstraint("area_km2 > 0", name="area_positive"),
        CheckConstraint("kind IN ('Stadt', 'Gemeinde')", name="kind_known"),
    )

    ags: Mapped[str] = mapped_column(String(8), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    legal_status: Mapped[str] = mapped_column(String(60))
    district_ags: Mapped[str] = mapped_column(ForeignKey("district.ags"))
    population: Mapped[int]
    area_km2: Mapped[float]
    latitude: Mapped[float]
    longitude: Mapped[float]
    peer_group_id: Mapped[str] = mapped_column(ForeignKey("peer_group.id"))

    district: Mapped[District] = relationship(back_populates="municipalities")
    peer_group: Mapped[PeerGroup] = relationship()


class WelcomeContact(Model):
    """Whom newcomers may ask with questions about arriving: an office by its function, never a person by name."""

    __tablename__ = "welcome_contact"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_length"),
        CheckConstraint("length(phone) + length(email) + length(website) > 0", name="one_way_at_least"),
    )

    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="", info=personal(CONTACT))
    website: Mapped[str] = mapped_column(String(300), default="")
