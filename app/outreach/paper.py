"""Typing in a paper sheet: what the keys mean, storing each sheet once, and taking the last one back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import delete

from app.database import db
from app.feedback.models import Comment, Response
from app.feedback.places import open_round
from app.feedback.storing import store
from app.feedback.tokens import FormToken, TokenNotValid, seal, unseal
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation
from questionnaires.answers import AnswersNotValid, check, is_empty
from questionnaires.catalogue import RATINGS, Catalogue, ProfileQuestion

OPT_OUT_KEYS = ("0", "-", "–")
SECONDS_TO_UNDO = 60 * 60


@dataclass
class Sheet:
    """A sheet as it was typed: a key or a few for each box question, text for the open ones, and its mistakes."""

    typed: dict[str, str] = field(default_factory=dict)
    language: str = "de"
    token: str = ""
    mistakes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A sheet that is stored: what is needed to take it back, for an hour and for nobody but who typed it."""

    undo: str
    is_new: bool


def empty_sheet(participation: Participation, language: str = "de") -> Sheet:
    """A new sheet with a key of its own, so that sending it twice stores it once."""
    token = FormToken(str(uuid.uuid4()), participation.municipality_ags, participation.round_id, channel="paper")
    return Sheet(language=language, token=seal(token))


def read_sheet(participation: Participation, form: Mapping[str, str]) -> Sheet:
    """What was typed into the screen, with every mistake by its field."""
    catalogue = open_round(participation.round).catalogue
    asked = (catalogue.profile_questions, catalogue.items, catalogue.open_questions)
    fields = [question.id for kind in asked for question in kind]
    language = form.get("sprache", "de")
    sheet = Sheet(
        {name: form.get(name, "") for name in fields},
        language if language in catalogue.languages else "de",
        form.get("token", ""),
    )
    sheet.mistakes = dict(_mistakes(catalogue, sheet))
    return sheet


def store_sheet(participation: Participation, sheet: Sheet) -> Stored:
    """Store a sheet without mistakes, once. Raises ``StepRefused`` where paper is no door, or for an empty sheet."""
    if not participation.paper:
        raise StepRefused(_("Schalten Sie zuerst den Weg »Papierbogen« ein."))
    catalogue = open_round(participation.round).catalogue
    submission = check(catalogue, _answers(catalogue, sheet))
    if is_empty(submission):
        raise StepRefused(_("Der Bogen ist leer. Tippen Sie mindestens eine Antwort ein."))
    token = _token(participation, sheet)
    texts = [str(uuid.uuid4()) for _comment in submission.comments]
    db.session.rollback()  # Storing has a transaction of its own.
    is_new = store(token, submission, sheet.language, comment_ids=texts)
    return Stored(_undoing().dumps([token.response_id, texts]), is_new)


def take_back(participation: Participation, undo: str) -> None:
    """Delete the sheet that was stored last, with its texts; ``StepRefused`` after an hour."""
    try:
        response_id, texts = _undoing().loads(undo, max_age=SECONDS_TO_UNDO)
    except BadData:
        raise StepRefused(_("Dieser Bogen lässt sich nicht mehr zurücknehmen.")) from None
    for table, ids in ((Response, [response_id]), (Comment, texts)):
        place = (table.round_id == participation.round_id, table.municipality_ags == participation.municipality_ags)
        paper = (Response.channel == "paper",) if table is Response else ()
        db.session.execute(delete(table).where(*place, *paper, table.id.in_(ids)))


def _token(participation: Participation, sheet: Sheet) -> FormToken:
    try:
        token = unseal(sheet.token)
    except TokenNotValid:
        token = None
    here = (participation.round_id, participation.municipality_ags, "paper")
    if token is None or (token.round_id, token.municipality_ags, token.channel) != here:
        raise StepRefused(_("Diese Seite war zu lange offen. Prüfen Sie die Angaben und speichern Sie noch einmal."))
    return token


def _mistakes(catalogue: Catalogue, sheet: Sheet) -> Iterator[tuple[str, str]]:
    keys = ", ".join(map(str, RATINGS))
    for item in catalogue.items:
        if sheet.typed[item.id].strip() not in ("", *map(str, RATINGS), *OPT_OUT_KEYS):
            yield item.id, _("Hier gelten nur %(keys)s und 0 oder - für »betrifft mich nicht«.", keys=keys)
    for question in catalogue.profile_questions:
        if _options(question, sheet.typed[question.id]) is None:
            yield question.id, _profile_mistake(question)
    try:
        texts = {q.id: [sheet.typed[q.id]] for q in catalogue.open_questions}
        check(catalogue, texts)
    except AnswersNotValid as error:
        for name in error.problems:
            yield name, _("Dieser Text ist zu lang (höchstens 2.000 Zeichen) oder enthält unsichtbare Zeichen.")


def _profile_mistake(question: ProfileQuestion) -> str:
    most = len(question.options)
    if question.kind == "multiple":
        return _("Hier gelten Ziffern von 1 bis %(most)s, auch mehrere.", most=most)
    return _("Hier gilt eine Ziffer von 1 bis %(most)s.", most=most)


def _options(question: ProfileQuestion, typed: str) -> list[str] | None:
    """The options that the digits mean; ``None`` if they mean none."""
    digits = [character for character in typed if not character.isspace() and character not in ",;+"]
    known = {str(number): option.id for number, option in enumerate(question.options, start=1)}
    if not set(digits) <= known.keys() or (question.kind == "single" and len(digits) > 1):
        return None
    return list(dict.fromkeys(known[digit] for digit in digits))


def _answers(catalogue: Catalogue, sheet: Sheet) -> dict[str, list[str]]:
    """The sheet as the newcomers' form would send it."""
    ratings = {item.id: sheet.typed[item.id].strip() for item in catalogue.items}
    return {
        **{name: ["-" if typed in OPT_OUT_KEYS else typed] for name, typed in ratings.items()},
        **{q.id: _options(q, sheet.typed[q.id]) or [] for q in catalogue.profile_questions},
        **{q.id: [sheet.typed[q.id]] for q in catalogue.open_questions},
    }


def _undoing() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="paper-undo")
