"""The steps of a round: draft → open → closed → released, each checked, and undoable until the next.

Opening freezes the catalogue: its full definition and SHA-256 are stored in the round, and everything later reads
that copy, whatever happens to the files.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from flask import current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy import select

from app.database import REGION_TIME as REGION_TIME
from app.database import db, now
from app.database import today as today
from app.region.models import Municipality
from app.rounds.models import Participation, Round
from questionnaires.catalogue import Catalogue

contents: dict[str, tuple[LazyString, Callable[[Round], int]]] = {}
"""What a round can hold, in words (plural), and how to count it; slices that store something register here."""


class StepRefused(ValueError):
    """A step of the round is not possible now; the message says why and what to do, in the reader's language."""


class TranslationsMissing(StepRefused):
    """Newcomers would read some texts in German, and nobody has accepted that."""


class RoundNotOpen(StepRefused):
    """Something was to be collected outside the window of an open round."""


def create_round(key: str, title: str, opens: dt.date, closes: dt.date) -> Round:
    """Plan a round with every municipality invited; ``StepRefused`` if the key is taken or the window is wrong."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", key):
        raise StepRefused(_("Das Kürzel besteht aus Kleinbuchstaben, Ziffern und Bindestrichen, zum Beispiel 2026."))
    if db.session.scalar(select(Round.id).where(Round.key == key)):
        raise StepRefused(
            _("Eine Erhebungsrunde mit dem Kürzel »%(key)s« gibt es schon. Wählen Sie ein anderes.", key=key)
        )
    _check_window(opens, closes)
    round_ = Round(key=key, title=title.strip(), opens=opens, closes=closes, state="draft")
    round_.demonstration = current_app.config["DEMO"]
    db.session.add(round_)
    invite(round_, db.session.scalars(select(Municipality.ags)).all())
    return round_


def change_window(round_: Round, title: str, opens: dt.date, closes: dt.date) -> None:
    """Change title and window of a draft or open round."""
    if round_.state not in ("draft", "open"):
        raise StepRefused(_("Die Runde ist geschlossen. Öffnen Sie sie wieder, um den Zeitraum zu ändern."))
    _check_window(opens, closes)
    round_.title, round_.opens, round_.closes = title.strip(), opens, closes


def invite(round_: Round, keys: Collection[str]) -> None:
    """Let these municipalities take part, besides those that do already."""
    present = {participation.municipality_ags for participation in round_.participations}
    for ags in sorted(set(keys) - present):
        round_.participations.append(Participation(municipality_ags=ags))


def set_participation(round_: Round, newcomers: Mapping[str, int | None]) -> None:
    """Say who takes part, with the number of people who moved there in the window where it is known.

    In a draft exactly these municipalities take part from now on; later nobody comes or goes, only numbers change.
    """
    if round_.state not in ("draft", "open"):
        raise StepRefused(_("Die Runde ist geschlossen. Öffnen Sie sie wieder, um die Beteiligung zu ändern."))
    if round_.state == "draft":
        round_.participations = [p for p in round_.participations if p.municipality_ags in newcomers]
        invite(round_, newcomers)
    present = {participation.municipality_ags: participation for participation in round_.participations}
    if present.keys() != newcomers.keys():
        raise StepRefused(_("Die Runde ist offen. Wer teilnimmt, steht fest; ändern können Sie nur die Zahlen."))
    for ags, number in newcomers.items():
        present[ags].newcomers = number


def delete_draft(round_: Round) -> None:
    """Take a planned round off the list; only a draft can go, because it holds nothing yet."""
    if round_.state != "draft":
        raise StepRefused(_("Nur eine geplante Runde kann gelöscht werden."))
    db.session.delete(round_)


def open_round(round_: Round, catalogue: Catalogue, *, gaps_accepted: bool = False) -> None:
    """Freeze the catalogue in the round and open it; ``StepRefused`` if it is no draft or nobody is invited.

    ``TranslationsMissing`` if a language lacks texts that newcomers read, unless that is accepted.
    """
    if round_.state != "draft":
        raise StepRefused(_("Nur eine geplante Runde kann geöffnet werden."))
    if not round_.participations:
        raise StepRefused(_("Zu dieser Runde ist noch keine Kommune eingeladen."))
    other = db.session.scalar(select(Round).where(Round.state == "open"))
    if other is not None:
        raise StepRefused(_("Die Runde »%(title)s« ist noch offen. Schließen Sie sie zuerst.", title=other.title))
    if not gaps_accepted and (gaps := catalogue.gaps()):
        raise TranslationsMissing(
            _(
                "Im Fragebogen für Neue fehlen %(number)s Übersetzungen. Ergänzen Sie sie, oder bestätigen Sie, dass "
                "diese Texte deutsch angezeigt werden.",
                number=len(gaps),
            )
        )
    round_.catalogue_json = catalogue.to_json()
    round_.catalogue_sha256 = catalogue.sha256
    round_.state = "open"
    round_.opened_at = now()


def undo_opening(round_: Round) -> None:
    """Back to the draft, as long as nothing has come in; ``StepRefused`` names what is there."""
    if round_.state != "open":
        raise StepRefused(_("Diese Runde ist nicht offen."))
    found = [f"{number} {name}" for name, count in contents.values() if (number := count(round_))]
    if found:
        raise StepRefused(
            _("Die Öffnung lässt sich nicht mehr zurücknehmen: %(found)s liegen vor. Sie können die Runde schließen.",
              found=_(" und ").join(found))
        )  # fmt: skip
    round_.state = "draft"
    round_.catalogue_json = round_.catalogue_sha256 = round_.opened_at = None


def close_round(round_: Round) -> None:
    """End the collection."""
    if round_.state != "open":
        raise StepRefused(_("Nur eine offene Runde kann geschlossen werden."))
    round_.state = "closed"
    round_.closed_at = now()
    round_.late_answers = True


def end_late_answers(round_: Round) -> None:
    """Nothing more comes in from now on: what is built from the round holds."""
    round_.late_answers = False


def reopen_round(round_: Round) -> None:
    """Undo the closing; refused once a release is published or while another round is open."""
    if round_.state == "released":
        raise StepRefused(_("Zu dieser Runde sind Ergebnisse veröffentlicht. Ziehen Sie sie zuerst zurück."))
    if round_.state != "closed":
        raise StepRefused(_("Nur eine geschlossene Runde kann wieder geöffnet werden."))
    if db.session.scalar(select(Round.id).where(Round.state == "open")):
        raise StepRefused(_("Eine andere Runde ist offen. Schließen Sie sie zuerst."))
    round_.state = "open"
    round_.closed_at = None
    round_.late_answers = False


def mark_released(round_: Round) -> None:
    """A release of the round was published."""
    if round_.state not in ("closed", "released"):
        raise StepRefused(_("Ergebnisse können erst veröffentlicht werden, wenn die Runde geschlossen ist."))
    round_.state = "released"
    round_.late_answers = False


def undo_release(round_: Round) -> None:
    """The last published release of the round was withdrawn."""
    if round_.state != "released":
        raise StepRefused(_("Zu dieser Runde ist nichts veröffentlicht."))
    round_.state = "closed"


def open_now() -> Round | None:
    """The round that collects today: open, and today is in its window."""
    day = today()
    return db.session.scalar(select(Round).where(Round.state == "open", Round.opens <= day, Round.closes >= day))


def open_round_or_none() -> Round | None:
    """The open round, whether or not its window includes today; municipalities may work before newcomers answer."""
    return db.session.scalar(select(Round).where(Round.state == "open"))


def rounds_newest_first() -> Sequence[Round]:
    """All rounds; the one whose window begins last comes first."""
    return db.session.scalars(select(Round).order_by(Round.opens.desc(), Round.id.desc())).all()


def current_round() -> Round | None:
    """The open round, else the one whose window begins last; ``None`` before the first one is planned."""
    return open_round_or_none() or next(iter(rounds_newest_first()), None)


def round_by_key(key: str) -> Round | None:
    """The round of that key."""
    return db.session.scalar(select(Round).where(Round.key == key))


def catalogue_of(round_: Round) -> Catalogue:
    """The catalogue frozen in the round; ``StepRefused`` if it was never opened."""
    if round_.catalogue_sha256 is None:
        raise StepRefused(_("Diese Runde wurde noch nicht geöffnet und hat deshalb noch keinen Kriterienkatalog."))
    if round_.catalogue_sha256 not in _parsed:
        _parsed[round_.catalogue_sha256] = Catalogue.from_json(round_.catalogue_json or "")
    return _parsed[round_.catalogue_sha256]


_parsed: dict[str, Catalogue] = {}
"""Frozen catalogues by SHA-256: they never change, and a process meets only a handful."""


def _check_window(opens: dt.date, closes: dt.date) -> None:
    if closes < opens:
        raise StepRefused(_("Das Ende des Zeitraums liegt vor dem Anfang. Vertauschen Sie die beiden Tage."))
