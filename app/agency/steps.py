"""The steps of a round as the agency takes them: what each is called and what it says will happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin

GAPS_FIELD = "luecken"

ROUND_STATES = {
    "draft": _("geplant"),
    "open": _("offen"),
    "closed": _("geschlossen"),
    "released": _("veröffentlicht"),
}


@dataclass(frozen=True)
class Step:
    """One step: where it starts, what it does, how it is announced and confirmed. ``kind`` is the button's."""

    state: str
    label: LazyString
    happens: LazyString
    done: LazyString
    act: Callable[[Round], None]
    kind: str = "primary"
    leaves: bool = False
    """Whether the round is gone afterwards."""
    missing: Callable[[], dict[str, list[str]]] = dict
    """What is missing and has to be accepted, by language."""


def _open(round_: Round) -> None:
    lifecycle.open_round(round_, builtin(), gaps_accepted=request.form.get(GAPS_FIELD) == "ja")


def _missing_translations() -> dict[str, list[str]]:
    """The German texts that newcomers would read instead of their own language, by the language's name."""
    names = {translation.language: translation.name for translation in builtin().translations}
    missing: dict[str, list[str]] = {}
    for gap in builtin().gaps():
        missing.setdefault(names[gap.language], []).append(gap.german)
    return missing


STEPS: dict[str, Step] = {
    "oeffnen": Step(
        "draft",
        _("Runde öffnen"),
        _(
            "Der Kriterienkatalog wird für diese Runde festgehalten und ändert sich nicht mehr. Die eingeladenen "
            "Kommunen können mit der Selbsteinschätzung beginnen; Neue können im Zeitraum der Runde antworten. Solange "
            "nichts eingegangen ist, lässt sich das Öffnen zurücknehmen."
        ),
        _("Die Runde ist offen."),
        _open,
        missing=_missing_translations,
    ),
    "loeschen": Step(
        "draft",
        _("Planung löschen"),
        _("Die geplante Runde verschwindet mit ihrer Einladungsliste. Antworten enthält sie noch nicht."),
        _("Die geplante Runde ist gelöscht."),
        lifecycle.delete_draft,
        kind="tertiary",
        leaves=True,
    ),
    "schliessen": Step(
        "open",
        _("Runde schließen"),
        _(
            "Ab sofort kann niemand mehr mit einer Antwort beginnen; wer den Fragebogen schon geöffnet hat, kann ihn "
            "noch einen Tag lang absenden, solange Sie nicht ausgewertet haben. Kommunen können ihre "
            "Selbsteinschätzung nicht mehr ändern. Was nicht abgegeben ist, zählt nicht. Danach können Sie die Runde "
            "auswerten. Bis zur Veröffentlichung lässt sie sich wieder öffnen."
        ),
        _("Die Runde ist geschlossen. Jetzt können Sie sie auswerten."),
        lifecycle.close_round,
    ),
    "oeffnung-zuruecknehmen": Step(
        "open",
        _("Öffnung zurücknehmen"),
        _(
            "Die Runde ist wieder in Planung, und der festgehaltene Kriterienkatalog wird gelöst. Das geht nur, "
            "solange nichts eingegangen ist."
        ),
        _("Die Runde ist wieder in Planung."),
        lifecycle.undo_opening,
        kind="tertiary",
    ),
    "wieder-oeffnen": Step(
        "closed",
        _("Wieder öffnen"),
        _(
            "Kommunen können wieder bearbeiten, und im Zeitraum der Runde können Neue wieder antworten. Schon "
            "erstellte Auswertungsstände bleiben, passen danach aber vielleicht nicht mehr zum Stand der Runde."
        ),
        _("Die Runde ist wieder offen."),
        lifecycle.reopen_round,
        kind="tertiary",
    ),
}


def steps_of(round_: Round) -> dict[str, Step]:
    """The steps that are possible from where the round stands, by the last part of their address."""
    return {name: step for name, step in STEPS.items() if step.state == round_.state}
