"""What a good password is: long, and not among those that are tried first. Reckoned here, nothing is asked elsewhere.

zxcvbn knows the passwords that leaked most often, names, words, keyboard patterns and dates. Its words are English, so
those that people here reach for are added, and whatever the account itself gives away.
"""

from __future__ import annotations

import re
from typing import Any

from flask_security import PasswordUtil, password_length_validator
from flask_security.utils import get_message

from app.accounts.models import User

LOWEST_SCORE = 3
"""Of 0 to 4: from 3 on, 10^8 guesses do not do."""
READ = 72
"""What comes after that many characters can only make a password better, and would take long to judge."""
NEAR_AT_HAND = (
    *("willkommen", "willkommenskompass", "kompass", "passwort", "kennwort", "geheim", "hallo", "admin", "benutzer"),
    *(
        "südwestfalen",
        "suedwestfalen",
        "sauerland",
        "siegerland",
        "wittgenstein",
        "soest",
        "hellweg",
        "nrw",
        "westfalen",
    ),
    *("rathaus", "gemeinde", "stadt", "kommune", "agentur", "kreis", "bürgermeister", "verwaltung"),
    *("frühling", "sommer", "herbst", "winter", "januar", "februar", "märz", "april", "mai", "juni", "juli", "august"),
    *("september", "oktober", "november", "dezember", "montag", "dienstag", "mittwoch", "donnerstag", "freitag"),
    *("schalke", "borussia", "dortmund", "liebe", "sonnenschein", "qwertz", "qwertzuiop", "asdfghjkl", "yxcvbnm"),
)


class GoodPasswords(PasswordUtil):
    """The library's rules about passwords, with ours in the place of its English ones."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a password, ``None`` if nothing is, and the password as it is stored."""
        normalized = self.normalize(password)
        complaints = password_length_validator(normalized)
        if complaints:
            return complaints, normalized
        from zxcvbn import zxcvbn  # Its lists fill eleven megabytes in every process that never sees a password.

        known = _given_away(kwargs.get("user"))
        if zxcvbn(normalized[:READ], user_inputs=[*NEAR_AT_HAND, *known])["score"] < LOWEST_SCORE:
            return [get_message("PASSWORD_TOO_SIMPLE")[0]], normalized
        return None, normalized


def _given_away(user: User | None) -> list[str]:
    """Words that anybody who knows the account would try first."""
    if user is None:
        return []
    places = [municipality.name for municipality in user.municipalities]
    return [word for text in (user.email, user.function, *places) for word in re.findall(r"\w{3,}", text)]
