"""What a newcomer reads when a form could not be taken: what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.feedback.doubts import TooManyForms
from app.feedback.sending import FormOfAnotherRound, NothingAnswered
from app.feedback.tokens import TokenNotValid, TokenTooOld
from app.feedback.writing import CodeNotFitting
from app.web.language import isolated
from questionnaires.answers import AnswerProblem, AnswersNotValid, ProblemCode
from questionnaires.catalogue import Catalogue

Refused = TokenNotValid | AnswersNotValid | NothingAnswered | TooManyForms | CodeNotFitting


@dataclass(frozen=True)
class Notice:
    """A sentence for the whole form: headline and what to do."""

    status: int
    title: LazyString
    advice: LazyString


NOTICES: dict[type[Exception], Notice] = {
    TokenTooOld: Notice(
        400,
        _("Diese Seite war länger als einen Tag geöffnet"),
        _("Noch ist nichts gespeichert. Ihre Angaben stehen unten; bitte senden Sie sie noch einmal ab."),
    ),
    FormOfAnotherRound: Notice(
        400,
        _("Dieser Fragebogen gehört zu einer anderen Befragung"),
        _("Noch ist nichts gespeichert. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal ab."),
    ),
    TokenNotValid: Notice(
        400,
        _("Diese Seite ist nicht vollständig bei uns angekommen"),
        _("Noch ist nichts gespeichert. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal ab."),
    ),
    CodeNotFitting: Notice(
        409,
        _("Mit diesem Zugangscode wurde schon geantwortet"),
        _("Jeder Brief zählt einmal. Ihre Angaben unten sind deshalb nicht noch einmal gespeichert worden."),
    ),
    TooManyForms: Notice(
        429,
        _("Gerade kommen sehr viele Antworten aus Ihrem Netz"),
        _(
            "Noch ist nichts gespeichert. Bitte warten Sie eine Stunde und senden Sie dann noch einmal ab, oder "
            "benutzen Sie ein anderes Netz."
        ),
    ),
    NothingAnswered: Notice(
        422,
        _("Sie haben noch nichts angegeben"),
        _("Schon eine einzige Antwort hilft uns. Wählen Sie aus, was Sie beantworten möchten, und senden Sie dann ab."),
    ),
}

SENTENCES: dict[ProblemCode, LazyString] = {
    "unknown_field": _("Das Feld »%(value)s« gehört nicht zu diesem Fragebogen. Wir haben es entfernt."),
    "several_values": _("Bitte wählen Sie hier nur eine Antwort aus."),
    "not_a_rating": _("»%(value)s« ist keine der möglichen Antworten. Bitte wählen Sie eine davon aus."),
    "unknown_option": _("»%(value)s« ist keine der möglichen Antworten. Bitte wählen Sie eine davon aus."),
    "comment_too_long": _("Ihr Text ist %(value)s Zeichen lang. Bitte kürzen Sie ihn auf höchstens 2.000 Zeichen."),
    "control_character": _(
        "Ihr Text enthielt unsichtbare Zeichen, die wir nicht speichern können. Wir haben sie entfernt. "
        "Bitte prüfen Sie ihn und senden Sie noch einmal ab."
    ),
}


@dataclass(frozen=True)
class Repair:
    """How a refused form is shown again: the status, a notice or the mistakes by field, and their summary."""

    status: int
    notice: Notice | None
    mistakes: dict[str, str]
    summary: list[tuple[str, str]]


def repair(catalogue: Catalogue, refused: Refused, language: str) -> Repair:
    """What to show for a refused form, in the reader's language."""
    if not isinstance(refused, AnswersNotValid):
        notice = next(NOTICES[kind] for kind in type(refused).__mro__ if kind in NOTICES)
        return Repair(notice.status, notice, {}, [])
    mistakes = {field: _sentence(problem) for field, problem in refused.problems.items()}
    names = _names(catalogue, language)
    known = [(id, f"{name} – {mistakes[id]}") for id, name in names.items() if id in mistakes]
    strange = [("fragebogen", sentence) for field, sentence in mistakes.items() if field not in names]
    return Repair(422, None, mistakes, known + strange)


def _sentence(problem: AnswerProblem) -> str:
    writable = "".join(character for character in problem.value if character.isprintable())
    return str(SENTENCES[problem.code]) % {"value": isolated(writable)}


def _names(catalogue: Catalogue, language: str) -> dict[str, str]:
    """How the summary calls every field, by its id and in the order of the page."""
    before = {question.id: question.text[language] for question in catalogue.profile_questions}
    arrival_first = sorted(catalogue.items, key=lambda item: item.about != "arrival")
    items = {item.id: item.text[language] for item in arrival_first}
    after = {question.id: question.text[language] for question in catalogue.open_questions}
    return before | items | after
