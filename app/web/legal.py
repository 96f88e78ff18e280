"""What the legal pages of a public body need from the settings, and what of it is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.web.layout import operator

IMPRINT, PRIVACY, ACCESSIBILITY = "web.imprint", "web.privacy", "web.accessibility"
PAGE_NAMES: dict[str, LazyString] = {
    IMPRINT: _("Impressum"),
    PRIVACY: _("Datenschutz"),
    ACCESSIBILITY: _("Barrierefreiheit"),
}


@dataclass(frozen=True)
class Detail:
    """One detail that a page owes its readers: the setting it comes from, the page, what it is called there."""

    setting: str
    page: str
    label: LazyString

    @property
    def variable(self) -> str:
        """The environment variable to set."""
        return f"KOMPASS_{self.setting.upper()}"

    @property
    def page_name(self) -> LazyString:
        """What the page is called."""
        return PAGE_NAMES[self.page]


DETAILS = (
    Detail("operator_name", IMPRINT, _("Name der Stelle, die den Dienst betreibt")),
    Detail("operator_address", IMPRINT, _("Postanschrift")),
    Detail("operator_representative", IMPRINT, _("Wer die Stelle rechtlich vertritt")),
    Detail("operator_email", IMPRINT, _("E-Mail-Adresse, auch für gemeldete Barrieren")),
    Detail("operator_phone", IMPRINT, _("Telefonnummer")),
    Detail("privacy_officer", PRIVACY, _("Kontakt der oder des Datenschutzbeauftragten")),
    Detail("privacy_authority", PRIVACY, _("Aufsichtsbehörde für den Datenschutz")),
    Detail("accessibility_date", ACCESSIBILITY, _("Tag der Erklärung oder ihrer letzten Überprüfung")),
    Detail("enforcement_body", ACCESSIBILITY, _("Durchsetzungsstelle")),
)
ALSO = {PRIVACY: ("operator_name", "operator_address", "operator_email"), ACCESSIBILITY: ("operator_email",)}
"""Details of the imprint that other pages repeat."""


def missing_details(page: str = "") -> list[Detail]:
    """The details that are not set, of one page with what it repeats, or of all pages."""
    settings = operator()
    return [
        detail
        for detail in DETAILS
        if not getattr(settings, detail.setting).strip()
        and (not page or detail.page == page or detail.setting in ALSO.get(page, ()))
    ]


def register(app: Flask) -> None:
    """Let pages ask what is missing."""
    app.jinja_env.globals["missing_details"] = missing_details
