"""The form with which the agency brings its own template."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class TemplateForm(FlaskForm):
    """A DOCX with fields."""

    file = FileField(
        _("Ihre Vorlage"),
        validators=[FileRequired(_("Wählen Sie zuerst eine Datei aus."))],
        description=_("Word-Dokument (.docx) ohne Makros, höchstens 2 MB."),
    )
