"""Tables of funded projects: the project, its indicators, and values that were entered by hand with their evidence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model
from app.projects.amounts import Hundredths

LONGEST_TEXT = 4000
LONGEST_UNIT = 20


class Project(Model):
    """Förderprojekt. ``grant_cents`` is the grant in cents; ``term`` says what is known where the days are not.

    ``source_key`` marks one that was documented publicly before this service.
    """

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("source_key"),
        CheckConstraint("length(title) BETWEEN 1 AND 200", name="title_length"),
        CheckConstraint("grant_cents >= 0", name="grant_not_negative"),
        CheckConstraint("begins <= ends", name="term_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    fund: Mapped[str] = mapped_column(String(200))
    grant_cents: Mapped[int] = mapped_column(BigInteger)
    begins: Mapped[dt.date]
    ends: Mapped[dt.date]
    term: Mapped[str] = mapped_column(String(120), default="")
    areas: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(500), default="")

    indicators: Mapped[list[Indicator]] = relationship(
        back_populates="project", cascade="all, delete-orphan", order_by="Indicator.id"
    )


class Indicator(Model):
    """What a project is measured by: a target, and where the value comes from.

    ``measure`` names a figure of the service (app/projects/measures.py); empty: values are entered by hand. Without a
    ``unit`` things are counted.
    """

    __tablename__ = "project_indicator"
    __table_args__ = (
        CheckConstraint("length(title) BETWEEN 1 AND 200", name="title_length"),
        CheckConstraint("target > 0", name="target_counts"),
        Index("ix_project_indicator_project_id", "project_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    target: Mapped[Decimal] = mapped_column(Hundredths)
    unit: Mapped[str] = mapped_column(String(LONGEST_UNIT), default="")
    measure: Mapped[str] = mapped_column(String(60), default="")

    project: Mapped[Project] = relationship(back_populates="indicators")
    values: Mapped[list[IndicatorValue]] = relationship(
        back_populates="indicator", cascade="all, delete-orphan", order_by="IndicatorValue.day"
    )


class IndicatorValue(Model):
    """A value entered by hand: reached on that day, shown by that evidence."""

    __tablename__ = "project_value"
    __table_args__ = (
        UniqueConstraint("indicator_id", "day"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("length(evidence) > 0", name="has_its_evidence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("project_indicator.id", ondelete="CASCADE"))
    day: Mapped[dt.date]
    value: Mapped[Decimal] = mapped_column(Hundredths)
    evidence: Mapped[str] = mapped_column(String(500))

    indicator: Mapped[Indicator] = relationship(back_populates="values")
