"""Lists of practices: what is shown to whom, narrowed by criterion, size, effort and outcome, searched for by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.database import db
from app.practices import search
from app.practices.models import ALL, OPEN, PUBLISHED, SUBMITTED, Adoption, Practice, Question, Touched, Version
from app.region.models import Municipality

PAGE = 12
SIZES = {
    "klein": (_("unter 10.000 Einwohner"), 0, 10_000),
    "mittel": (_("10.000 bis unter 20.000"), 10_000, 20_000),
    "groesser": (_("20.000 bis unter 50.000"), 20_000, 50_000),
    "gross": (_("ab 50.000"), 50_000, 10**9),
}
"""Sizes of municipalities (docs/sources.md, Vergleichsgruppen)."""
LITTLE, SOME = (1_000, 40), (10_000, 200)
"""Euros and working hours up to which the effort is little or moderate."""
EFFORTS = {
    "gering": _("gering: bis 1.000 Euro und 40 Stunden"),
    "mittel": _("mittel: bis 10.000 Euro und 200 Stunden"),
    "hoch": _("hoch: darüber"),
    "offen": _("nicht angegeben"),
}


@dataclass(frozen=True)
class Wish:
    """What a reader wants to see; empty parts narrow nothing."""

    question: search.Question | None = None
    criterion: str = ""
    size: str = ""
    effort: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    versions: Sequence[Version]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE))


def find(wish: Wish, number: int = 1, *, public: bool = False) -> Page:
    """A page of what is shown: the best hits first, or the newest where nothing was searched for."""
    statement = _visible(public).where(*_narrowed(wish))
    order: list[Any] = [Version.published_at.desc(), Version.id.desc()]
    if wish.question is not None:
        hits = wish.question.hits()
        if hits is None:
            return Page([], 0, 1)
        statement = statement.join(hits, hits.c.practice_id == Practice.id)
        order = [hits.c.place, *order]
    counted = statement.with_only_columns(Version.id, func.count().over().label("total"))
    rows = db.session.execute(counted.order_by(*order).limit(PAGE).offset((number - 1) * PAGE)).all()
    total = rows[0].total if rows else (0 if number == 1 else _count(statement))
    return Page(_loaded([row.id for row in rows]), total, number)


def practice_by_id(id: int) -> Practice | None:
    """A practice with everything its page shows."""
    statement = select(Practice).where(Practice.id == id)
    return db.session.scalar(
        statement.options(
            joinedload(Practice.municipality),
            joinedload(Practice.author),
            selectinload(Practice.versions).options(
                selectinload(Version.criteria), selectinload(Version.links), selectinload(Version.files)
            ),
            selectinload(Practice.adoptions).joinedload(Adoption.municipality),
            selectinload(Practice.questions).joinedload(Question.municipality),
        )
    )


def of_municipality(ags: str | None) -> Sequence[Practice]:
    """Every practice of a municipality, published or not, the newest first; of the agency's own where there is none."""
    own = Practice.municipality_ags == ags if ags else Practice.author_id.in_(select(User.id).where(_agency_people()))
    statement = select(Practice).where(own).order_by(Practice.id.desc())
    return db.session.scalars(
        statement.options(joinedload(Practice.municipality), selectinload(Practice.versions))
    ).all()


def to_read() -> Sequence[Version]:
    """Versions that wait to be read by the agency, those that wait longest first."""
    statement = select(Version).where(Version.state == SUBMITTED).order_by(Version.saved_at, Version.id)
    return db.session.scalars(
        statement.options(
            joinedload(Version.practice).joinedload(Practice.municipality), selectinload(Version.criteria)
        )
    ).all()


def withdrawn() -> Sequence[Practice]:
    """Practices that were withdrawn."""
    statement = select(Practice).where(Practice.withdrawn).order_by(Practice.id.desc())
    return db.session.scalars(
        statement.options(joinedload(Practice.municipality), selectinload(Practice.versions))
    ).all()


def counts_by_criterion() -> dict[str, int]:
    """How many practices are shown to participants, by criterion."""
    statement = select(Touched.criterion, func.count()).join(Version).join(Practice)
    shown = statement.where(Version.state == PUBLISHED, ~Practice.withdrawn).group_by(Touched.criterion)
    return {criterion: count for criterion, count in db.session.execute(shown).all()}  # noqa: C416 - rows are no dict items


def still_open(practice: Practice) -> bool:
    """Whether a version is being worked on."""
    return any(version.state in OPEN for version in practice.versions)


def _agency_people() -> ColumnElement[bool]:
    return User.roles.any(name="agency")


def _visible(public: bool) -> Select[Version]:
    statement = select(Version).join(Version.practice).outerjoin(Practice.municipality)
    statement = statement.where(Version.state == PUBLISHED, ~Practice.withdrawn)
    return statement.where(Practice.visibility == ALL) if public else statement


def _narrowed(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.criterion:
        conditions.append(Version.criteria.any(Touched.criterion == wish.criterion))
    if wish.size in SIZES:
        _label, least, below = SIZES[wish.size]
        conditions.append(and_(Municipality.population >= least, Municipality.population < below))
    if wish.effort in EFFORTS:
        conditions.append(_effort(wish.effort))
    if wish.outcome:
        conditions.append(Version.outcome == wish.outcome)
    return conditions


def _effort(name: str) -> ColumnElement[bool]:
    stated = or_(Version.costs.is_not(None), Version.hours.is_not(None))
    euros, hours = func.coalesce(Version.costs, 0), func.coalesce(Version.hours, 0)
    little = and_(stated, euros <= LITTLE[0], hours <= LITTLE[1])
    at_most_some = and_(stated, euros <= SOME[0], hours <= SOME[1])
    return {
        "gering": little,
        "mittel": and_(at_most_some, ~little),
        "hoch": and_(stated, ~at_most_some),
        "offen": ~stated,
    }[name]


def _count(statement: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.with_only_columns(Version.id).subquery())) or 0


def _loaded(ids: list[int]) -> list[Version]:
    statement = select(Version).join(Version.practice).where(Version.id.in_(ids))
    options = contains_eager(Version.practice).joinedload(Practice.municipality), selectinload(Version.criteria)
    by_id = {version.id: version for version in db.session.scalars(statement.options(*options))}
    return [by_id[id] for id in ids]
