"""Coding free texts by theme, and what may be told of them: counts from ten on, and edited extracts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.database import db
from app.feedback.models import LONGEST_EXTRACT, Comment, CommentTheme
from app.feedback.screening import flags
from app.feedback.themes import themes
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Round
from scoring.release import Extract, Theme


def code(comment: Comment, codes: Collection[str], extract: str) -> None:
    """Give a text these themes and this edited extract (empty: none). ``StepRefused`` says what cannot be."""
    extract = " ".join("".join(c for c in extract if c.isprintable() or c.isspace()).split())
    if extract and comment.state != "kept":
        raise StepRefused(_("Geben Sie den Text zuerst frei; erst dann kann es einen Auszug geben."))
    if len(extract) > LONGEST_EXTRACT:
        raise StepRefused(_("Kürzen Sie den Auszug auf höchstens %(most)s Zeichen.", most=LONGEST_EXTRACT))
    if flags(extract):
        raise StepRefused(_("Im Auszug steht noch etwas, woran man jemanden erkennen könnte. Nehmen Sie es heraus."))
    code_themes(comment, codes)
    comment.extract = extract or None


def code_themes(comment: Comment, codes: Collection[str]) -> None:
    """Give a text these themes and no other; ``StepRefused`` if there is no such theme."""
    if not set(codes) <= themes().keys():
        raise StepRefused(_("Dieses Thema gibt es nicht. Wählen Sie aus der Liste."))
    place = {"round_id": comment.round_id, "municipality_ags": comment.municipality_ags, "comment_id": comment.id}
    db.session.execute(delete(CommentTheme).filter_by(**place))
    if codes:
        db.session.execute(insert(CommentTheme), [{**place, "theme": theme} for theme in sorted(set(codes))])


def codes_of(round_: Round, comments: Collection[Comment]) -> dict[str, set[str]]:
    """The themes of each of these texts by its id. One statement."""
    found: dict[str, set[str]] = {comment.id: set() for comment in comments}
    rows = select(CommentTheme.comment_id, CommentTheme.theme).where(
        CommentTheme.round_id == round_.id, CommentTheme.comment_id.in_(found)
    )
    for comment_id, theme in db.session.execute(rows):
        found[comment_id].add(theme)
    return found


Told = tuple[tuple[Theme, ...], dict[str, tuple[Theme, ...]], tuple[Extract, ...]]


def told(session: Session, round_: Round, minimum: int) -> Told:
    """What a release may tell: themes that at least ``minimum`` texts have, in the region and by place, and extracts.

    Only texts that the agency has released count. An extract names no place. What is left of the region once the
    places are taken off is at least as many texts, too.
    """
    rows = session.execute(
        select(CommentTheme.municipality_ags, CommentTheme.theme, func.count())
        .join(
            Comment,
            (Comment.round_id == CommentTheme.round_id)
            & (Comment.municipality_ags == CommentTheme.municipality_ags)
            & (Comment.id == CommentTheme.comment_id),
        )
        .where(CommentTheme.round_id == round_.id, Comment.state == "kept")
        .group_by(CommentTheme.municipality_ags, CommentTheme.theme)
    ).all()
    region: Counter[str] = Counter()
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for ags, theme, number in rows:
        region[theme] += number
        places[ags][theme] += number
    _protect(region, places, minimum)
    by_place = {ags: _themes(counts, minimum) for ags, counts in sorted(places.items())}
    extracts = tuple(Extract(text=text) for text in _extracts(session, round_))
    return _themes(region, minimum), by_place, extracts


def _protect(region: Counter[str], places: dict[str, Counter[str]], minimum: int) -> None:
    """Where the places that are told would leave fewer than ``minimum`` texts of a theme, the smallest is not told.

    Whoever takes them off the region's number then finds at least that place's texts together with the rest.
    """
    for theme, number in region.items():
        told_of = sorted((counts[theme], ags) for ags, counts in places.items() if counts[theme] >= minimum)
        if told_of and 0 < number - sum(count for count, _ in told_of) < minimum:
            del places[told_of[0][1]][theme]


def _themes(counts: Counter[str], minimum: int) -> tuple[Theme, ...]:
    """The largest first; what is below the minimum is not there at all."""
    found = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Theme(theme=code, title=themes()[code], n=n) for code, n in found if n >= minimum)


def _extracts(session: Session, round_: Round) -> list[str]:
    """In the order of their words, so that the order of arrival shows nowhere."""
    kept = (Comment.round_id == round_.id, Comment.state == "kept", Comment.extract.is_not(None))
    return sorted(str(text) for text in session.scalars(select(Comment.extract).where(*kept)))
