"""A release that would give away what it withholds is not stored; this says what, where and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from flask_babel import ngettext

from app.releases.loading import RoundInput
from app.rounds.lifecycle import StepRefused
from app.web.language import current_language
from questionnaires.catalogue import Catalogue, Criterion, Dimension
from scoring.exposure import RESPONSES, Exposure, ReleaseExposes
from scoring.newcomers import OVERALL

MOST_NAMED = 3


class ReleaseWithheld(StepRefused):
    """Readers could work out of a release what may not be known; the message names the figures in German."""


@contextmanager
def withholding(given: RoundInput) -> Iterator[None]:
    """Turn what the inspection found into sentences: ``ReleaseWithheld``."""
    try:
        yield
    except ReleaseExposes as found:
        sentences = [_sentence(exposure, given) for exposure in sorted(found.exposures, key=_narrowness)]
        text = " ".join(sentences[:MOST_NAMED])
        if (more := len(sentences) - MOST_NAMED) > 0:
            text += " " + _("Und %(number)s weitere.", number=more)
        raise ReleaseWithheld(
            _("Der Auswertungsstand wurde nicht erstellt, weil er Antworten verraten könnte.") + " " + text
        ) from found


def _narrowness(exposure: Exposure) -> tuple[int, bool, bool]:
    """What concerns most people comes first: all before groups, the number before what they say, the region first."""
    return exposure.subject.count(":"), exposure.subject != RESPONSES, bool(exposure.unit)


def _sentence(exposure: Exposure, given: RoundInput) -> str:
    names = {m.ags: m.name for m in given.municipalities}
    where = names.get(exposure.unit, exposure.unit) or _("Region")
    return _SENTENCES[exposure.kind](exposure, f"{where}, {_subject(exposure.subject, given.catalogue)}")


def _subject(subject: str, catalogue: Catalogue) -> str:
    """In words: an indicator, or a group by question and option and then what it says; what has no words, as it is."""
    if subject == RESPONSES:
        return _("Zahl der Rückmeldungen")
    language = current_language().tag
    options = {f"{q.id}:{o.id}": f"»{o.text[language]}«" for q in catalogue.profile_questions for o in q.options}
    titled: list[Dimension | Criterion] = [*catalogue.dimensions, *catalogue.criteria]
    words = {
        OVERALL: _("Gesamtwert der Zugezogenen"),
        "residents": _("Wohnbevölkerung"),
        **{part.id: f"{part.id} »{part.title[language]}«" for part in titled},
        **{item.id: f"{item.id} »{item.text[language]}«" for item in catalogue.items},
    }
    group = next((key for key in options if subject == key or subject.startswith(f"{key}:")), "")
    rest = subject.removeprefix(group).removeprefix(":")
    named = ", ".join(words.get(part, part) for part in rest.split(":") if part)
    return ", ".join(part for part in (options.get(group, ""), named) if part)


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
    return ngettext(
        "%(cell)s: Seit dem veröffentlichten Stand ist nur %(num)s Antwort hinzugekommen oder weggefallen. Wer beide "
        "Stände vergleicht, könnte sie erkennen. Der bisherige Stand bleibt gültig, bis es mehr sind.",
        "%(cell)s: Seit dem veröffentlichten Stand sind nur %(num)s Antworten hinzugekommen oder weggefallen. Wer "
        "beide Stände vergleicht, könnte sie erkennen. Der bisherige Stand bleibt gültig, bis es mehr sind.",
        exposure.high, cell=cell
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
