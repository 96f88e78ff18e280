"""Sending the newcomer's form: its token, its answers, and then the one transaction that stores them."""

from __future__ import annotations

from app.feedback.doubts import doubt_about
from app.feedback.places import Collecting
from app.feedback.storing import store
from app.feedback.tokens import FormToken, TokenNotValid, TokenTooOld, new_token, unseal
from app.feedback.typed import TOKEN, TRAP, Typed
from questionnaires.answers import Submission, check, is_empty


class NothingAnswered(ValueError):
    """The form came back empty."""


class FormOfAnotherRound(TokenNotValid):
    """The form was made for another municipality or another round."""


def send(here: Collecting, typed: Typed, language: str, address: str) -> None:
    """Store what was typed, once however often it is sent; ``address`` is the reader's, of which nothing is kept.

    Raises ``TokenNotValid`` (``TokenTooOld``, ``FormOfAnotherRound``), ``AnswersNotValid``, ``NothingAnswered`` or
    ``TooManyForms``, ``CodeNotFitting`` or ``NoLongerCollecting``; then nothing is stored.
    """
    token = unseal(typed.token)
    if not token.belongs_to(here):
        raise FormOfAnotherRound("another municipality or round")
    submission = read_answers(here, typed)
    store(token, submission, language, doubt_about(token, typed, address))


def read_answers(here: Collecting, typed: Typed) -> Submission:
    """The answers in a form; ``AnswersNotValid`` names every field at fault, ``NothingAnswered`` an empty form."""
    submission = check(here.round.catalogue, typed.answers(), other_fields=(TOKEN, TRAP))
    if is_empty(submission):
        raise NothingAnswered
    return submission


def token_for_repair(here: Collecting, typed: Typed) -> FormToken:
    """The token for a form shown again: of the same response wherever it can be, so that it is stored once still."""
    try:
        token = unseal(typed.token)
    except TokenTooOld as error:
        token = error.token.renewed()
    except TokenNotValid:
        return new_token(here)
    return token if token.belongs_to(here) else new_token(here)
