"""A release that would give away what it withholds is not stored; this says what, where and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_babel import gettext as _

from app.releases.loading import RoundInput
from app.rounds.lifecycle import StepRefused
from scoring.exposure import RESPONSES, Exposure, ReleaseExposes

MOST_NAMED = 3


class ReleaseWithheld(StepRefused):
    """Readers could work out of a release what may not be known; the message names the figures in German."""


@contextmanager
def withholding(given: RoundInput) -> Iterator[None]:
    """Turn what the inspection found into sentences: ``ReleaseWithheld``."""
    try:
        yield
    except ReleaseExposes as found:
        names = {m.ags: m.name for m in given.municipalities}
        sentences = [_sentence(exposure, names) for exposure in found.exposures]
        text = " ".join(sentences[:MOST_NAMED])
        if (more := len(sentences) - MOST_NAMED) > 0:
            text += " " + _("Und %(number)s weitere.", number=more)
        raise ReleaseWithheld(
            _("Der Auswertungsstand wurde nicht erstellt, weil er Antworten verraten könnte.") + " " + text
        ) from found


def _sentence(exposure: Exposure, names: dict[str, str]) -> str:
    subject = _("Zahl der Rückmeldungen") if exposure.subject == RESPONSES else exposure.subject
    where = names.get(exposure.unit, exposure.unit) or _("Region")
    return _SENTENCES[exposure.kind](exposure, f"{where}, {subject}")


def _of_a_total(exposure: Exposure, cell: str) -> str:
    if exposure.answer:
        return _(
            "%(cell)s: Zieht man die gezeigten Kommunen ab, bleiben für eine nicht gezeigte nur %(low)s bis %(high)s "
            "Antworten »%(answer)s«.", cell=cell, low=exposure.low, high=exposure.high, answer=exposure.answer
        )  # fmt: skip
    return _(
        "%(cell)s: Zieht man die gezeigten Kommunen ab, bleiben für eine nicht gezeigte nur %(low)s bis %(high)s "
        "Antworten.", cell=cell, low=exposure.low, high=exposure.high
    )  # fmt: skip


def _of_levels(exposure: Exposure, cell: str) -> str:
    return _("%(cell)s: Aus der Zahl der Kommunen je Stufe folgt die Stufe einer Kommune, die nicht genannt wird.",
             cell=cell)  # fmt: skip


def _of_a_refreshed_figure(exposure: Exposure, cell: str) -> str:
    return _(
        "%(cell)s: Seit dem veröffentlichten Stand sind nur %(number)s Antworten hinzugekommen oder weggefallen. Wer "
        "beide Stände vergleicht, könnte sie erkennen. Der bisherige Stand bleibt gültig, bis es mehr sind.",
        cell=cell, number=exposure.high
    )  # fmt: skip


def _of_exchanged_answers(exposure: Exposure, cell: str) -> str:
    return _(
        "%(cell)s: Seit dem veröffentlichten Stand sind ebenso viele Antworten hinzugekommen wie weggefallen, "
        "vielleicht nur eine. Der bisherige Stand bleibt gültig, bis es mehr sind.", cell=cell
    )  # fmt: skip


_SENTENCES: dict[str, Callable[[Exposure, str], str]] = {
    "subtraction": _of_a_total,
    "levels": _of_levels,
    "refreshed": _of_a_refreshed_figure,
    "exchanged": _of_exchanged_answers,
}
