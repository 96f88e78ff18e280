"""The forms of working together: assigning a criterion, and a note to colleagues."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app.accounts.models import User
from app.assessment.forms import tidy
from app.collaboration.colleagues import name_of
from app.database import today
from app.rounds.forms import DAYS_OF_PEOPLE, Day


class AssignForm(FlaskForm):
    """Who takes care of a criterion, until when."""

    assignee = SelectField(_("Wer kümmert sich?"), choices=[], validate_choice=False)
    until = Day(_("Bis"), format=DAYS_OF_PEOPLE, validators=[Optional()])

    def validate_until(self, field: Day) -> None:
        """A task that is late before it is given is a slip of the hand."""
        if field.data and field.data < today():
            raise ValidationError(_("Dieser Tag ist schon vorbei. Nennen Sie heute oder einen späteren Tag."))

    def offer(self, people: Sequence[User]) -> None:
        """Let these people be chosen, or nobody."""
        nobody = SelectChoice("", _("niemand Bestimmtes"))
        self.assignee.choices = [nobody, *(SelectChoice(str(person.id), name_of(person)) for person in people)]

    @property
    def assignee_id(self) -> int | None:
        """The id of the account, ``None`` for nobody in particular; 0 for what is no id."""
        typed = self.assignee.data or ""
        if not typed:
            return None
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class NoteForm(FlaskForm):
    """A note to colleagues."""

    note = TextAreaField(_("Neue Notiz"), filters=[tidy])
