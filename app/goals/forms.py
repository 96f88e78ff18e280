"""The form of a development goal."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.assessment.forms import tidy
from app.goals.setting import Wish
from app.rounds.forms import DAYS_OF_PEOPLE, Day
from questionnaires.catalogue import LEVELS, Catalogue

LAST_YEAR = 2100


class GoalForm(FlaskForm):
    """What is to be reached, by when, by whom, how."""

    criterion = SelectField(_("Kriterium"), choices=[])
    target = SelectField(_("Angestrebter Reifegrad"), choices=[SelectChoice(str(n), str(n)) for n in LEVELS[1:]])
    due = Day(_("Bis wann"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den Tag."))])
    responsible = StringField(
        _("Wer kümmert sich"),
        filters=[tidy],
        validators=[Length(max=160, message=_("Kürzen Sie die Angabe auf höchstens 160 Zeichen."))],
    )
    measures = TextAreaField(
        _("Maßnahmen"),
        filters=[tidy],
        validators=[
            DataRequired(_("Beschreiben Sie kurz, was Sie dafür tun.")),
            Length(max=1000, message=_("Kürzen Sie den Text auf höchstens 1000 Zeichen.")),
        ],
    )
    progress = TextAreaField(
        _("Fortschritt"),
        filters=[tidy],
        validators=[Length(max=1000, message=_("Kürzen Sie den Text auf höchstens 1000 Zeichen."))],
    )

    def offer(self, catalogue: Catalogue, language: str) -> None:
        """Let every criterion of the catalogue be chosen."""
        self.criterion.choices = [SelectChoice(c.id, f"{c.id} {c.title[language]}") for c in catalogue.criteria]

    @property
    def wish(self) -> Wish:
        """The goal as the form has it."""
        return Wish(
            criterion=self.criterion.data,
            target=int(self.target.data),
            due=self.due.data or dt.date.min,
            responsible=self.responsible.data or "",
            measures=self.measures.data or "",
            progress=self.progress.data or "",
        )

    def validate_due(self, field: Day) -> None:
        """Refuse years nobody means."""
        if field.data and not 2000 <= field.data.year <= LAST_YEAR:
            raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern."))
