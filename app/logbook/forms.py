"""What narrows the log. It travels in the address, so that a view can be kept as a bookmark."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Form, SelectChoice, SelectField
from wtforms.validators import Optional

from app.audit.vocabulary import ACTIONS
from app.logbook.reading import Wish
from app.region.models import Municipality


class FilterForm(Form):
    """Narrows by act, municipality and days; what does not exist narrows nothing."""

    was = SelectField(_("Was"), validate_choice=False, default="")
    kommune = SelectField(_("Kommune"), validate_choice=False, default="")
    von = DateField(_("Von"), validators=[Optional()])
    bis = DateField(_("Bis"), validators=[Optional()])

    def offer(self, municipalities: Iterable[Municipality]) -> None:
        """Let the reader choose among these."""
        acts = sorted(((str(words), name) for name, words in ACTIONS.items()), key=lambda act: act[0].casefold())
        everything = SelectChoice("", gettext("alle"))
        self.was.choices = [everything, *(SelectChoice(name, words) for words, name in acts)]
        self.kommune.choices = [everything, *(SelectChoice(place.ags, place.name) for place in municipalities)]

    def wish(self, municipality: str | None, before: int | None) -> Wish:
        """The same for reading; ``municipality`` binds it to one, whatever the form says."""
        act = self.was.data if self.was.data in ACTIONS else ""
        place = municipality or self.kommune.data or None
        return Wish(municipality=place, action=act, first=self.von.data, last=self.bis.data, before=before)

    @property
    def arguments(self) -> dict[str, str]:
        """What the address of the next page repeats."""
        given = {"was": self.was.data, "kommune": self.kommune.data, "von": self.von.data, "bis": self.bis.data}
        return {name: str(value) for name, value in given.items() if value}
