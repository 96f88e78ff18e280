"""What a newcomer reads where nobody can answer now: why, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.feedback.places import NoRoundOpen, NotCollecting, NotInvited, OnlyWithCode, RoundOver, RoundYetToCome
from app.web.formats import long_date
from app.web.language import isolated


@dataclass(frozen=True)
class Reason:
    """Headline and advice; ``elsewhere``: another municipality may be right, ``by_code``: a code is the way in."""

    title: LazyString
    advice: LazyString
    elsewhere: bool = False
    by_code: bool = False


REASONS: dict[type[NotCollecting], Reason] = {
    NoRoundOpen: Reason(
        _("In %(place)s läuft zurzeit keine Befragung"),
        _("Zurzeit werden keine Antworten gesammelt. Danke, dass Sie mitmachen wollten."),
    ),
    RoundYetToCome: Reason(
        _("Die Befragung in %(place)s hat noch nicht begonnen"),
        _("Sie können vom %(first)s bis zum %(last)s antworten. Wir freuen uns, wenn Sie dann wiederkommen."),
    ),
    RoundOver: Reason(
        _("Die Befragung in %(place)s ist beendet"),
        _("Antworten waren bis zum %(last)s möglich. Danke, dass Sie mitmachen wollten."),
    ),
    NotInvited: Reason(
        _("%(place)s nimmt an dieser Befragung nicht teil"),
        _("Wohnen Sie in einer anderen Stadt oder Gemeinde? Dann wählen Sie diese bitte aus."),
        elsewhere=True,
    ),
    OnlyWithCode: Reason(
        _("In %(place)s antworten Sie mit Ihrem Brief"),
        _(
            "%(place)s hat Briefe mit einem Zugangscode oder einem Papierbogen verschickt. Mit dem Code kommen Sie "
            "hier zu den Fragen."
        ),
        by_code=True,
    ),
}


@dataclass(frozen=True)
class Explanation:
    """A reason in words, for one place and in the reader's language."""

    title: str
    advice: str
    elsewhere: bool
    by_code: bool


def explain(refused: NotCollecting) -> Explanation:
    """Why nobody can answer for this place now, in the current language."""
    reason, place = REASONS[type(refused)], refused.place
    names = {"place": isolated(place.name)}
    if place.round:
        names |= {"first": isolated(long_date(place.round.opens)), "last": isolated(long_date(place.round.closes))}
    return Explanation(str(reason.title) % names, str(reason.advice) % names, reason.elsewhere, reason.by_code)
