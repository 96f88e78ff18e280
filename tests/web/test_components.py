"""The components tie every mistake to its field, and escape what people typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import web
from config import Settings
from tests.web.critic import criticise

LEVELS = [SelectChoice("0", "Nichts"), SelectChoice("1", "Etwas")]


class Everything(Form):
    """One field of each kind."""

    name = StringField("Name", [InputRequired("Bitte tragen Sie einen Namen ein.")], description="Wie im Register")
    reason = TextAreaField("Begründung")
    level = RadioField("Reifegrad", [InputRequired("Bitte wählen.")], choices=LEVELS)
    kind = SelectField("Art", choices=["Stadt", "Gemeinde"])
    groups = SelectMultipleField("Zielgruppen", choices=["Familien", "Studierende"])
    agreed = BooleanField("Einverstanden")


@pytest.fixture
def render(tmp_path: Path) -> Iterator[Callable[..., BeautifulSoup]]:
    """``render(template, **context)``: a piece of a page, already criticised."""
    app = Flask("frame", static_folder=None)
    app.config["KOMPASS"] = Settings(environment="test", data_dir=tmp_path)
    web.init_app(app)

    def piece(template: str, **context: object) -> BeautifulSoup:
        html = render_template_string('{% import "web/components.html" as c with context %}' + template, **context)
        assert list(criticise(html, fragment=True)) == []
        return BeautifulSoup(html, "html.parser")

    with app.test_request_context("/"):
        yield piece


FORM = """{{ c.form_errors(form) }}
{{ c.text_field(form.name, autocomplete="name") }}{{ c.textarea(form.reason, rows=7) }}
{{ c.radios(form.level) }}{{ c.select(form.kind) }}{{ c.checkboxes(form.groups) }}{{ c.checkbox(form.agreed) }}"""


def test_an_unanswered_form_shows_no_error(render: Callable[..., BeautifulSoup]) -> None:
    page = render(FORM, form=Everything())
    assert page.select("[aria-invalid], .kern-error, .wk-error-summary") == []
    assert page.select_one("textarea[rows='7']")
    assert page.select_one("input[autocomplete=name]")


def test_the_summary_leads_to_each_field_with_a_mistake(render: Callable[..., BeautifulSoup]) -> None:
    form = Everything(MultiDict({"kind": "Stadt"}))
    assert not form.validate()
    page = render(FORM, form=form)
    links = page.select(".wk-error-summary a")
    assert [link.get_text() for link in links] == [
        "Name: Bitte tragen Sie einen Namen ein.",
        "Reifegrad: Bitte wählen.",
    ]
    targets = [page.find(id=str(link["href"])[1:]) for link in links]
    assert [target.name for target in targets if target] == ["input", "input"]


def test_a_field_names_its_hint_and_its_error(render: Callable[..., BeautifulSoup]) -> None:
    form = Everything(MultiDict({"kind": "Stadt"}))
    form.validate()
    field = render(FORM, form=form).find("input", attrs={"name": "name"})
    assert field is not None
    assert field["aria-describedby"] == "name-hint name-error"
    assert field["aria-invalid"] == "true"


def test_what_was_typed_stays_and_is_escaped(render: Callable[..., BeautifulSoup]) -> None:
    typed = '"><script>alert(1)</script>'
    page = render(FORM, form=Everything(MultiDict({"name": typed, "reason": typed, "level": "1", "agreed": "y"})))
    assert page.find("script") is None
    assert page.find("input", attrs={"name": "name", "value": typed})
    assert page.find("textarea").get_text().strip() == typed
    assert page.find("input", attrs={"name": "level", "value": "1"}).has_attr("checked")
    assert page.find("input", attrs={"name": "agreed"}).has_attr("checked")


def test_progress_says_its_numbers_in_words_too(render: Callable[..., BeautifulSoup]) -> None:
    page = render("{{ c.progress(17, 43, 'Kriterien') }}")
    bar = page.find("progress")
    assert (bar["value"], bar["max"]) == ("17", "43")
    assert "17 / 43" in page.get_text()


def test_progress_of_nothing_is_no_error(render: Callable[..., BeautifulSoup]) -> None:
    assert render("{{ c.progress(0, 0, 'Kriterien') }}").find("progress")["max"] == "1"


def test_a_table_has_its_caption_and_scrolls_by_keyboard(render: Callable[..., BeautifulSoup]) -> None:
    page = render("""{% call c.table("Beteiligung", ["Kommune", ("Antworten", "numeric")]) %}
      <tr>{{ c.row_header("Olpe") }}{{ c.numeric_cell(12) }}</tr>{% endcall %}""")
    assert page.find("caption").get_text() == "Beteiligung"
    assert page.find("div", attrs={"tabindex": "0", "role": "group", "aria-label": "Beteiligung"})
    assert [cell.get("scope") for cell in page.find_all("th")] == ["col", "col", "row"]


def test_badges_and_alerts_carry_a_sign_beside_their_colour(render: Callable[..., BeautifulSoup]) -> None:
    for kind in ("info", "success", "warning", "danger"):
        page = render("{{ c.badge('Text', kind) }}{{ c.alert(kind, 'Titel', 'Text') }}", kind=kind)
        assert len(page.select(f".kern-icon--{kind}[aria-hidden=true]")) == 2
