"""What the field components ask about a WTForms field: its ids, its attributes, its mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from wtforms import Form
from wtforms.fields import Field

UNSEEN = ("CSRFTokenField", "HiddenField")


def described_by(field: Field, hint: str = "") -> str:
    """The ids of the hint and the error that belong to ``field``, as ``aria-describedby`` wants them."""
    ids = []
    if hint or field.description:
        ids.append(f"{field.id}-hint")
    if field.errors:
        ids.append(f"{field.id}-error")
    return " ".join(ids)


def input_attributes(field: Field, css_class: str, hint: str, extra: dict[str, Any]) -> dict[str, Any]:
    """The HTML attributes of a field's input: KERN's class, the ties to hint and error, and what the page adds."""
    attributes = {"class": css_class, **extra}
    if field.errors:
        attributes["class"] = f"{css_class} {css_class}--error"
        attributes["aria-invalid"] = "true"
    if ids := described_by(field, hint):
        attributes["aria-describedby"] = ids
    return attributes


def mistakes(form: Form) -> list[tuple[str, str]]:
    """What is wrong with a form, as (id of the field, sentence), in the order of the fields."""
    found = [(field.id, _sentence(field, text)) for field in form for text in _texts(field.errors)]
    return found + [("inhalt", str(text)) for text in form.form_errors]


def _sentence(field: Field, text: str) -> str:
    return text if field.type in UNSEEN else f"{field.label.text}: {text}"


def _texts(errors: Any) -> Iterator[str]:
    """The sentences in a field's errors; those of enclosed forms and lists come nested."""
    if isinstance(errors, dict):
        errors = errors.values()
    for entry in errors:
        if isinstance(entry, dict | list | tuple):
            yield from _texts(entry)
        else:
            yield str(entry)


def register(app: Flask) -> None:
    """Offer these questions to the components."""
    app.jinja_env.globals.update(described_by=described_by, input_attributes=input_attributes, mistakes=mistakes)
