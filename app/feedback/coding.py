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


FEWEST_HIDDEN = 2
"""So many places at least share what is left of the region's texts on a theme."""
Told = tuple[tuple[Theme, ...], dict[str, tuple[Theme, ...]], tuple[Extract, ...]]


def told(session: Session, round_: Round, minimum: int, agreed: Collection[str] = ()) -> Told:
    """What a release may tell: themes that at least ``minimum`` texts have, in the region and by place, and extracts.

    Everybody sees the places that ``agreed`` (AGS), the others see themselves.

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
    _protect(region, places, agreed, minimum)
    by_place = {ags: _themes(counts, minimum) for ags, counts in sorted(places.items())}
    extracts = tuple(Extract(text=text) for text in _extracts(session, round_))
    return _themes(region, minimum), by_place, extracts


def _protect(region: Counter[str], places: dict[str, Counter[str]], agreed: Collection[str], minimum: int) -> None:
    """Take away what would let others be worked out: of a theme first the smallest place that everybody sees.

    Without those that everybody sees, who ``agreed``, the region's number is nothing, or at least ``minimum`` texts of
    two places; and it is nothing or ``minimum`` once more for a place that takes its own texts, which it alone knows,
    off it.
    """
    for theme in list(region):
        texts = {ags: counts[theme] for ags, counts in places.items() if counts[theme]}
        told_of = {ags for ags, number in texts.items() if number >= minimum}
        while not _hidden(region[theme], texts, told_of & set(agreed), told_of, minimum):
            smallest = min(told_of & set(agreed) or told_of, key=lambda ags: (texts[ags], ags))
            told_of.remove(smallest)
            del places[smallest][theme]


def _hidden(whole: int, texts: dict[str, int], seen: Collection[str], told_of: Collection[str], minimum: int) -> bool:
    """Whether nothing follows for a place that is not told of, neither for everybody nor for another such place."""
    rest = whole - sum(texts[ags] for ags in seen)
    if seen and rest and len(texts) - len(seen) < FEWEST_HIDDEN:
        return False
    left = [rest] if seen else []
    left += [rest - texts[ags] for ags in told_of if ags not in seen]
    return all(number == 0 or number >= minimum for number in left)


def _themes(counts: Counter[str], minimum: int) -> tuple[Theme, ...]:
    """The largest first; what is below the minimum is not there at all."""
    found = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Theme(theme=code, title=themes()[code], n=n) for code, n in found if n >= minimum)


def _extracts(session: Session, round_: Round) -> list[str]:
    """In the order of their words, so that the order of arrival shows nowhere."""
    kept = (Comment.round_id == round_.id, Comment.state == "kept", Comment.extract.is_not(None))
    return sorted(str(text) for text in session.scalars(select(Comment.extract).where(*kept)))
