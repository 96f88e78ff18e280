"""The digest: at most one mail a week with what is new on the criteria that somebody follows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from app import outbox
from app.accounts.models import User
from app.database import db, now, today
from app.practices.models import PUBLISHED, Follow, Practice, Version
from config import Settings


def send_digests() -> int:
    """Put a digest into the outbox for everybody who has news and had none this week; how many. Commits."""
    followed = _follows()
    earliest = min((one.told_until for follows in followed.values() for one in follows), default=now())
    news, sent = _published_since(earliest) if followed else [], 0
    week = "-".join(map(str, today().isocalendar()[:2]))
    for user, follows in followed.items():
        since = {one.criterion: one.told_until for one in follows}
        new = [version for version in news if _is_news(version, since)]
        if new and outbox.put(f"digest:{user.id}:{week}", user.email, *_mail(new), user.id):
            sent += 1
            for one in follows:
                one.told_until = now()
    db.session.commit()
    return sent


def _follows() -> dict[User, list[Follow]]:
    statement = select(Follow).join(Follow.user).where(User.active).options(contains_eager(Follow.user))
    found: dict[User, list[Follow]] = defaultdict(list)
    for one in db.session.scalars(statement.order_by(Follow.user_id)):
        found[one.user].append(one)
    return found


def _published_since(moment: dt.datetime) -> Sequence[Version]:
    statement = select(Version).join(Version.practice).where(Version.state == PUBLISHED, ~Practice.withdrawn)
    options = contains_eager(Version.practice).joinedload(Practice.municipality), selectinload(Version.criteria)
    recent = statement.where(Version.published_at > moment).options(*options)
    return db.session.scalars(recent.order_by(Version.published_at)).all()


def _is_news(version: Version, since: Mapping[str, dt.datetime]) -> bool:
    moment = version.published_at
    return moment is not None and any(key in since and since[key] < moment for key in version.keys)


def _mail(new: Sequence[Version]) -> tuple[str, str]:
    settings: Settings = current_app.config["KOMPASS"]
    with force_locale("de"):
        lines = [
            f"{version.title} ({version.practice.where}; {', '.join(version.keys)})\n"
            f"{settings.address}/austausch/{version.practice_id}"
            for version in new
        ]
        end = _("Welche Kriterien Sie verfolgen, ändern Sie hier:") + f"\n{settings.address}/austausch/folgen"
        begin = _("Zu Kriterien, die Sie verfolgen, gibt es neue Praxisbeispiele:")
        return _("Neues im Austausch"), "\n\n".join([begin, *lines, end])
