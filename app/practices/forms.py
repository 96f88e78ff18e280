"""Forms of the exchange: searching, writing, reading for the agency, asking, saying what one made of a practice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    Form,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, ValidationError

from app.assessment.forms import tidy
from app.practices.models import (
    ADOPTIONS,
    ALL,
    FAILED,
    LONGEST_CONTACT,
    LONGEST_QUESTION,
    LONGEST_TEXT,
    LONGEST_TITLE,
    PARTICIPANTS,
    PARTLY,
    UNDECIDED,
    WORKED,
    Version,
)
from app.practices.reading import EFFORTS, SIZES
from app.practices.writing import MOST_LINKS, Content
from app.region.models import Municipality
from app.web.language import current_language
from questionnaires.catalogue import Catalogue

OUTCOME_NAMES = {
    WORKED: _("hat funktioniert"),
    PARTLY: _("hat zum Teil funktioniert"),
    FAILED: _("hat nicht funktioniert"),
    UNDECIDED: _("noch offen"),
}
ADOPTION_NAMES = dict(
    zip(
        ADOPTIONS,
        (_("haben wir vor"), _("haben wir übernommen"), _("haben wir abgewandelt"), _("haben wir wieder aufgegeben")),
        strict=True,
    )
)
VISIBILITY_NAMES = {
    PARTICIPANTS: _("nur für die Kommunen der Initiative"),
    ALL: _("öffentlich, für alle"),
}
MOST = 10_000_000
"""Euros or hours nobody spends on one example."""


def _choices(labels: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(value, str(label)) for value, label in labels.items()]


def at_most(length: int) -> Length:
    """Refuse a longer text, in words."""
    return Length(max=length, message=_("Kürzen Sie den Text auf höchstens %(length)s Zeichen.", length=length))


class SearchForm(Form):
    """Words and filters; a value that does not exist narrows nothing."""

    suche = StringField(_("Suchen nach"), filters=[lambda text: text or ""])
    kriterium = SelectField(_("Kriterium"), validate_choice=False, default="")
    groesse = SelectField(_("Größe der Kommune"), validate_choice=False, default="")
    aufwand = SelectField(_("Aufwand"), validate_choice=False, default="")
    ergebnis = SelectField(_("Ergebnis"), validate_choice=False, default="")

    def offer(self, catalogue: Catalogue) -> None:
        """Let the reader choose among these criteria."""
        every = {"": gettext("alle")}
        self.kriterium.choices = _choices({**every, **criterion_names(catalogue)})
        self.groesse.choices = _choices({**every, **{key: label for key, (label, _from, _to) in SIZES.items()}})
        self.aufwand.choices = _choices({**every, **EFFORTS})
        self.ergebnis.choices = _choices({**every, **OUTCOME_NAMES})


def criterion_names(catalogue: Catalogue) -> dict[str, str]:
    """What each criterion is called, with its id before it."""
    tag = current_language().tag
    return {criterion.id: f"{criterion.id} {criterion.title[tag]}" for criterion in catalogue.criteria}


class _Counted(IntegerField):
    """A whole number; empty is none, and anything else is called by what was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, with or without dots between thousands."""
        self.data = None
        typed = (valuelist[0] if valuelist else "").strip()
        digits = typed.replace(".", "").replace(" ", "")
        if not digits:
            return
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 9 or int(digits) > MOST:
            raise ValueError(gettext("»%(text)s« ist keine ganze Zahl von 0 bis 10.000.000.", text=typed[:40]))
        self.data = int(digits)


class PracticeForm(FlaskForm):
    """A practice as it is written. To save it, a title is enough; what else is needed is asked before handing in."""

    title = StringField(
        _("Titel"),
        filters=[tidy],
        validators=[DataRequired(_("Geben Sie dem Beispiel einen Titel.")), at_most(LONGEST_TITLE)],
        description=_("In wenigen Worten, was es ist, zum Beispiel »Begrüßungstasche für Neue«."),
    )
    criteria = SelectMultipleField(_("Kriterien, um die es geht"))
    target_groups = SelectMultipleField(_("Für wen"))
    done = TextAreaField(_("Was haben Sie gemacht?"), filters=[tidy], validators=[at_most(LONGEST_TEXT)])
    costs = _Counted(_("Kosten in Euro"))
    hours = _Counted(_("Arbeitszeit in Stunden"))
    outcome = RadioField(_("Hat es funktioniert?"), default=WORKED)
    why = TextAreaField(
        _("Warum – oder warum nicht?"),
        filters=[tidy],
        validators=[at_most(LONGEST_TEXT)],
        description=_("Was nicht gelungen ist, hilft anderen ebenso. Schreiben Sie ehrlich, woran es lag."),
    )
    effect = TextAreaField(_("Was hat es bewirkt?"), filters=[tidy], validators=[at_most(LONGEST_TEXT)])
    measured = TextAreaField(_("Woran haben Sie das gemessen?"), filters=[tidy], validators=[at_most(LONGEST_TEXT)])
    contact = StringField(
        _("An wen kann man sich wenden?"),
        filters=[tidy],
        validators=[at_most(LONGEST_CONTACT)],
        description=_("Eine Stelle, kein Name: zum Beispiel »Stadtmarketing«."),
    )
    links = TextAreaField(
        _("Links"),
        filters=[tidy],
        validators=[at_most(LONGEST_TEXT)],
        description=_("Je Zeile eine Adresse, mit https:// am Anfang. Davor darf stehen, was dort zu finden ist."),
    )

    def offer(self, catalogue: Catalogue) -> None:
        """Let criteria and target groups of this catalogue be chosen."""
        tag = current_language().tag
        self.criteria.choices = _choices(criterion_names(catalogue))
        self.target_groups.choices = _choices({group.id: group.name[tag] for group in catalogue.target_groups})
        self.outcome.choices = _choices(OUTCOME_NAMES)

    def fill(self, version: Version) -> None:
        """Show what stands in a version."""
        for name in ("title", "done", "costs", "hours", "outcome", "why", "effect", "measured", "contact"):
            self[name].data = getattr(version, name)
        self.criteria.data, self.target_groups.data = version.keys, version.groups
        self.links.data = "\n".join(f"{link.title} {link.address}".strip() for link in version.links)

    def validate_links(self, field: TextAreaField) -> None:
        """Refuse lines without an address."""
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(gettext("Nennen Sie höchstens %(most)s Links.", most=MOST_LINKS))
        for line in lines:
            title, address = _link(line)
            if not is_web_address(address) or len(address) > 1000 or len(title) > 200:
                raise ValidationError(
                    gettext("In der Zeile »%(line)s« fehlt eine Adresse mit https:// am Ende.", line=line[:60])
                )

    @property
    def content(self) -> Content:
        """What was written."""
        texts: dict[str, str] = {
            name: self[name].data or "" for name in ("title", "done", "effect", "measured", "why", "contact")
        }
        lines = [line for line in (self.links.data or "").splitlines() if line.strip()]
        return Content(
            **texts,
            costs=self.costs.data,
            hours=self.hours.data,
            outcome=self.outcome.data,
            criteria=tuple(self.criteria.data or ()),
            target_groups=tuple(self.target_groups.data or ()),
            links=tuple(_link(line) for line in lines),
        )


class PlacedForm(PracticeForm):
    """A practice written by the agency: for a municipality, or of another place."""

    municipality_ags = SelectField(_("Kommune"), validate_choice=False, default="")
    place = StringField(
        _("Anderer Ort"), filters=[tidy], validators=[at_most(120)],
        description=_("Nur wenn das Beispiel nicht aus einer Kommune der Region stammt."),
    )  # fmt: skip

    def offer_places(self, municipalities: Iterable[Municipality]) -> None:
        """Let one of these be chosen, or none."""
        names = {municipality.ags: municipality.name for municipality in municipalities}
        self.municipality_ags.choices = _choices({"": gettext("keine aus der Region"), **names})

    def validate_place(self, field: StringField) -> None:
        """Ask for one of the two."""
        known = {choice.value for choice in self.municipality_ags.choices if choice.value}
        if (self.municipality_ags.data in known) == bool(field.data):
            raise ValidationError(gettext("Wählen Sie entweder eine Kommune, oder nennen Sie einen anderen Ort."))


class FileForm(FlaskForm):
    """One more file."""

    file = FileField(_("Datei"), validators=[DataRequired(_("Wählen Sie eine Datei."))])

    def refuse(self, sentence: str) -> None:
        """Say why the file was not taken."""
        self.file.errors = [*self.file.errors, sentence]


class ReviewForm(FlaskForm):
    """The agency has read: shown to whom, or sent back with a remark."""

    visibility = RadioField(
        _("Wer darf es sehen?"),
        choices=[SelectChoice(value, label) for value, label in VISIBILITY_NAMES.items()],
        default=PARTICIPANTS,
        validate_choice=True,
    )
    remark = TextAreaField(_("Rückfrage an die Kommune"), filters=[tidy], validators=[at_most(2000)])


class QuestionForm(FlaskForm):
    """A question about a practice."""

    text = TextAreaField(
        _("Ihre Frage"),
        filters=[tidy],
        validators=[DataRequired(_("Schreiben Sie Ihre Frage.")), at_most(LONGEST_QUESTION)],
    )


class AnswerForm(FlaskForm):
    """The answer to one."""

    text = TextAreaField(
        _("Antwort"),
        filters=[tidy],
        validators=[DataRequired(_("Schreiben Sie die Antwort.")), at_most(LONGEST_QUESTION)],
    )


class AdoptionForm(FlaskForm):
    """What one's own municipality made of it."""

    state = RadioField(
        _("Was haben Sie daraus gemacht?"),
        choices=[SelectChoice(value, label) for value, label in ADOPTION_NAMES.items()],
        default=ADOPTIONS[0],
    )
    result = TextAreaField(_("Wie ist es gegangen?"), filters=[tidy], validators=[at_most(LONGEST_QUESTION)])


class FollowForm(FlaskForm):
    """The criteria that somebody wants to hear of."""

    criteria = SelectMultipleField(_("Kriterien"))

    def offer(self, catalogue: Catalogue) -> None:
        """Let criteria of this catalogue be chosen."""
        self.criteria.choices = _choices(criterion_names(catalogue))


def is_web_address(text: str) -> bool:
    """Whether this is the whole address of a page.

    >>> is_web_address("https://example.org/a"), is_web_address("example.org"), is_web_address("javascript:alert(1)")
    (True, False, False)
    """
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not any(map(str.isspace, text))


def _link(line: str) -> tuple[str, str]:
    title, _blank, address = line.strip().rpartition(" ")
    return title.strip(), address
