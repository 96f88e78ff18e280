"""Forms of the agency; those of a round itself are in app/rounds/forms.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, Form, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from app.accounts.models import AGENCY, MUNICIPAL_ROLES, READER
from app.accounts.names import ROLE_NAMES
from app.region.models import District, Municipality
from app.rounds.models import Round

DISTRICT_KEY = 5
"""How long a district's key is; a municipality's is longer."""
COMMENT_STATES = {"unread": _("ungelesen"), "kept": _("freigegeben"), "withheld": _("zurückgehalten")}


def options(labels: Mapping[str, str]) -> list[SelectChoice]:
    """What a select field offers: value → label, in this order."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def _tidy(text: str | None) -> str:
    return " ".join((text or "").replace("\0", "").split())


class ReopenForm(FlaskForm):
    """Why a self-assessment is given back."""

    reason = TextAreaField(
        _("Grund"),
        filters=[lambda text: (text or "").replace("\0", "").strip()],
        validators=[
            DataRequired(_("Nennen Sie der Kommune den Grund.")),
            Length(max=500, message=_("Kürzen Sie den Grund auf höchstens 500 Zeichen.")),
        ],
        description=_("Die Kommune liest ihn auf ihrer Startseite."),
    )


class WithdrawForm(FlaskForm):
    """Why a release is withdrawn."""

    reason = TextAreaField(
        _("Grund"),
        validators=[DataRequired(_("Nennen Sie den Grund in einem Satz."))],
        description=_("Er steht öffentlich an der Stelle der Ergebnisse."),
    )


class CommentFilterForm(Form):
    """Which free texts are shown."""

    runde = SelectField(_("Erhebungsrunde"), validate_choice=False, default="")
    kommune = SelectField(_("Kommune"), validate_choice=False, default="")
    stand = SelectField(_("Stand"), choices=options(COMMENT_STATES), validate_choice=False, default="unread")

    def offer(self, rounds: Sequence[Round], municipalities: Iterable[Municipality]) -> None:
        """Let the reader choose among these."""
        self.runde.choices = options({round_.key: round_.title for round_ in rounds})
        self.kommune.choices = options({"": gettext("alle"), **{m.ags: m.name for m in municipalities}})


class RolesForm(FlaskForm):
    """For whom an account works, and with which tasks."""

    municipality = SelectField(_("Arbeitet für"), validate_choice=False, default="")
    roles = SelectMultipleField(
        _("Aufgaben in der Kommune"),
        choices=options({name: ROLE_NAMES[name] for name in MUNICIPAL_ROLES}),
        validate_choice=False,
        description=_(
            "Alle drei dürfen bearbeiten; nur wer die Freigabe hat, gibt die Selbsteinschätzung ab. Für Konten der "
            "Agentur und eines Kreises bleibt das leer. Ein Kreis liest nur die veröffentlichten Ergebnisse."
        ),
    )

    def offer(self, municipalities: Iterable[Municipality], districts: Iterable[District], agency: bool = True) -> None:
        """Let the agency choose among these, and itself."""
        first = {"": gettext("Agentur")} if agency else {}
        places = {m.ags: m.name for m in municipalities}
        readers = {d.ags: gettext("%(district)s (nur lesen)", district=d.name) for d in districts}
        self.municipality.choices = options({**first, **places, **readers})

    def validate_roles(self, field: SelectMultipleField) -> None:
        """A municipality's account needs a task; others have none to choose."""
        if self.place and not field.data:
            raise ValidationError(gettext("Wählen Sie mindestens eine Aufgabe."))
        if not self.place and field.data:
            raise ValidationError(gettext("Diese Aufgaben gehören zu einer Kommune. Wählen Sie oben, zu welcher."))

    @property
    def place(self) -> str | None:
        """The key of the municipality, if it is one."""
        return self.municipality.data if len(self.municipality.data or "") > DISTRICT_KEY else None

    @property
    def district(self) -> str | None:
        """The key of the district, if it is one."""
        return self.municipality.data if len(self.municipality.data or "") == DISTRICT_KEY else None

    @property
    def role_names(self) -> list[str]:
        """The roles that were chosen."""
        if self.place:
            return list(self.roles.data)
        return [READER if self.district else AGENCY]


class AccountForm(RolesForm):
    """A new account, for the agency, one municipality or one district."""

    email = EmailField(
        _("E-Mail-Adresse"),
        filters=[_tidy],
        validators=[
            DataRequired(_("Geben Sie die dienstliche Adresse ein.")),
            Length(max=255, message=_("Diese Adresse ist zu lang.")),
        ],
    )
    function = StringField(
        _("Funktion"),
        filters=[_tidy],
        validators=[Length(max=120, message=_("Kürzen Sie auf höchstens 120 Zeichen."))],
        description=_("So sehen andere die Person, zum Beispiel »Stadtmarketing«."),
    )
