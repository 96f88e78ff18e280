"""What a release says of the councils: the decision in force in each municipality on the day it is made."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.commitment.models import Resolution
from app.commitment.standing import latest_resolutions
from app.database import today
from app.releases.stated import Decided
from scoring.release import Decision


def for_release(session: Session) -> dict[str, Decided]:
    """By AGS; a decision whose time is over is none. One statement."""
    day = today()
    found = latest_resolutions(session, day)
    return {ags: Decided(_decision(made), made.named) for ags, made in sorted(found.items()) if made.holds(day)}


def _decision(made: Resolution) -> Decision:
    return Decision(
        body="council" if made.body == "council" else "committee",
        body_name=made.body_name,
        decided_on=made.decided_on.isoformat(),
        paper_number=made.paper_number,
        link=made.link,
        votes=_votes(made),
        renew_by=made.renew_by.isoformat() if made.renew_by else None,
    )


def _votes(made: Resolution) -> tuple[int, int, int] | None:
    """All three or none, as the table keeps them."""
    if made.votes_for is None or made.votes_against is None or made.abstentions is None:
        return None
    return made.votes_for, made.votes_against, made.abstentions
