"""Taking a form without a request of Flask's around it: what is right with it needs none.

Whatever is not right, and whatever is unusual, is left to the application: it is handed the same form and says what is
wrong. Sending is idempotent, so that nothing is stored twice if the first attempt went further than it seemed.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import current_app
from werkzeug.datastructures import MultiDict

from app.feedback.front import Take
from app.feedback.places import OpenRound, collecting
from app.feedback.sending import send
from app.feedback.typed import Typed


def straight(slug: str, round_: OpenRound, language: str) -> Take:
    """What takes forms sent to this place in this language while it is this round that collects there.

    It is given a body and the reader's address, and raises where it cannot store the one or does not understand it.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Nothing is current in later requests.

    def take(body: bytes, address: str) -> None:
        with app.app_context():
            here = collecting(slug)
            if here.round != round_:
                raise LookupError("another round")
            fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
            send(here, Typed(MultiDict(fields)), language, address)

    return take
