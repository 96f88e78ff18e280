"""The template in use: taking the agency's own, checking it before it may be used, and going back to ours."""

from __future__ import annotations

import datetime as dt
import logging

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from werkzeug.datastructures import FileStorage

from app.database import db, today
from app.joining.facts import places
from app.joining.models import LARGEST, PaperTemplate
from app.uploads import office
from app.uploads.receiving import harmless_name
from app.uploads.refusals import FileTooLarge, HoldsProgram, NotReadable, UnknownKind
from app.uploads.scanning import scan
from reports.documents import draft_paper

log = logging.getLogger(__name__)


def own_template() -> PaperTemplate | None:
    """The agency's newest, whether it is in use or not."""
    return db.session.scalar(select(PaperTemplate).order_by(PaperTemplate.id.desc()).limit(1))


def content_of(name: str = "") -> bytes:
    """The bytes of a template: ``unsere``, ``eigene`` (the newest, if there is one), else the one in use."""
    chosen = {"unsere": None, "eigene": own_template()}.get(name, in_use())
    return draft_paper.ours() if chosen is None else chosen.content


def keep(file: FileStorage) -> PaperTemplate:
    """Keep a template that can be used; the one in use stays so until somebody says otherwise. Does not commit.

    A ``FileRefused`` says what is wrong with the file; nothing changes then.
    """
    content = file.stream.read(LARGEST + 1)
    _check(content)
    own = PaperTemplate(name=harmless_name(file.filename or "", "docx"), content=content)
    db.session.execute(delete(PaperTemplate).where(~PaperTemplate.in_use))
    db.session.add(own)
    db.session.flush()
    return own


def use(own: PaperTemplate) -> None:
    """Make papers from this one; the one before goes. Does not commit."""
    db.session.execute(delete(PaperTemplate).where(PaperTemplate.id != own.id))
    own.in_use = True


def use_ours() -> None:
    """Make papers from ours again; the agency's own is kept. Does not commit."""
    db.session.execute(update(PaperTemplate).values(in_use=False))


def in_use() -> PaperTemplate | None:
    """The agency's own that papers are made from; ``None`` if they are made from ours."""
    return db.session.scalar(select(PaperTemplate).where(PaperTemplate.in_use))


def _check(content: bytes) -> None:
    if not content:
        raise UnknownKind(_("Wählen Sie zuerst eine Datei aus."))
    if len(content) > LARGEST:
        raise FileTooLarge(_("Die Vorlage hat mehr als 2 MB. Verkleinern Sie die Bilder darin."))
    if office.media_type(content) != office.MEDIA_TYPES["docx"]:
        raise UnknownKind(
            _("Das ist kein Word-Dokument. Speichern Sie die Vorlage in Word oder LibreOffice als .docx und laden Sie "
              "sie noch einmal hoch.")
        )  # fmt: skip
    try:
        office.checked(content)
    except HoldsProgram as refusal:
        raise HoldsProgram(
            _("Die Vorlage enthält Makros oder eingebettete Dateien. Speichern Sie sie ohne Makros als .docx und laden "
              "Sie sie noch einmal hoch.")
        ) from refusal  # fmt: skip
    scan(content, current_app.config["KOMPASS"].clamd)
    try:
        draft_paper.check(content)
    except draft_paper.TemplateRefused as refusal:
        raise NotReadable(_sentence(refusal)) from refusal
    _try(content)


def _sentence(refusal: draft_paper.TemplateRefused) -> str:
    match refusal:
        case draft_paper.FieldUnknown() if refusal.nearest:
            return _(
                "Das Feld »%(found)s« gibt es nicht. Meinten Sie »%(nearest)s«? Alle Felder stehen auf dieser Seite.",
                found=refusal.found,
                nearest=refusal.nearest,
            )
        case draft_paper.FieldUnknown():
            return _("Das Feld »%(found)s« gibt es nicht. Alle Felder stehen auf dieser Seite.", found=refusal.found)
        case draft_paper.StatementFound():
            return _(
                "Die Vorlage enthält »%(found)s«. Erlaubt sind nur einfache Felder wie {{ kommune }}, keine Schleifen, "
                "Bedingungen und Rechnungen. Nehmen Sie die Stelle heraus.",
                found=refusal.found,
            )
        case draft_paper.TagBroken():
            return _(
                "An der Stelle »%(found)s« stimmen die Klammern nicht. Ein Feld beginnt mit {{ und endet mit }}, "
                "beides in demselben Absatz.",
                found=refusal.found,
            )
    return _("Die Datei lässt sich nicht als Word-Dokument lesen. Öffnen Sie sie in Word, speichern Sie sie neu als "
             ".docx und laden Sie sie noch einmal hoch.")  # fmt: skip


def _try(content: bytes) -> None:
    """Fill and set it once with real words: what fails here would fail 59 times later."""
    made = dt.datetime.combine(today(), dt.time(), dt.UTC)
    words = next((place.words for place in places()), dict.fromkeys(draft_paper.FIELDS, "Text"))
    try:
        draft_paper.pdf(draft_paper.filled(content, words, made), "Titel", "Autor", made)
    except Exception as error:  # whatever a library makes of a file that is not as it should be
        log.warning("A template could not be filled: %s", type(error).__name__)
        raise NotReadable(_sentence(draft_paper.NotATemplate())) from error
