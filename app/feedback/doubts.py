"""Whether a form may come from a program. Nothing is dropped for it: a doubtful response waits for the agency."""

from __future__ import annotations

import time
from typing import Literal

from flask import current_app

from app.feedback import crowding
from app.feedback.tokens import FormToken
from app.feedback.typed import Typed
from config import Settings

Doubt = Literal["", "fast", "trap", "many"]
FLOOD = 10
"""From so many times the allowed number of forms an hour on, a network has to wait: a disk is not endless."""


class TooManyForms(ValueError):
    """Hundreds of forms came from the reader's network within the hour."""


def doubt_about(token: FormToken, typed: Typed, address: str) -> Doubt:
    """Why the form from that address is doubtful, empty if it is not; counts it. Raises ``TooManyForms``."""
    settings: Settings = current_app.config["KOMPASS"]
    few = crowding.another("form", settings.forms_per_hour, address)
    if not crowding.another("flood", settings.forms_per_hour * FLOOD, address):
        raise TooManyForms
    if typed.in_the_trap:
        return "trap"
    if time.time() - token.issued < settings.form_minimum_seconds:
        return "fast"
    return "" if few else "many"
