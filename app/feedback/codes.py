"""Access codes as people meet them: made, written, read in every spelling, and hashed.

A code has eleven random symbols of Crockford's base 32 (no I, L, O, U) and a twelfth that is a check over GF(32): one
wrong symbol or two exchanged ones are always noticed, so that a slip of the finger never counts as a guess.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from flask import current_app

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
_LOOKALIKE = str.maketrans("OIL", "011")
_FIELD = 0b100101  # x^5 + x^2 + 1 makes 32 elements a field in which x runs through all 31 that are not zero.


class CodeMistyped(ValueError):
    """What was typed cannot be a code: too long, too short, a symbol that no code has, or a slip of the finger."""


def new_code() -> str:
    """A random code, 55 bits and the check."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_symbol(body)


def read_code(typed: str) -> str:
    """The code that was meant; small letters, O for 0, I and L for 1, blanks and dashes of every kind are welcome.

    Raises ``CodeMistyped``.

    >>> read_code("ooOo-0000 000 0")
    '000000000000'
    """
    text = unicodedata.normalize("NFKC", typed[:200]).upper().translate(_LOOKALIKE)
    code = "".join(character for character in text if unicodedata.category(character) not in _BETWEEN)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or _check_symbol(code[:-1]) != code[-1]:
        raise CodeMistyped
    return code


_BETWEEN = frozenset(("Pd", "Zs", "Cc", "Cf", "Pc", "Zl", "Zp"))


def written(code: str) -> str:
    """The code as it stands on paper, in groups of four.

    >>> written("7K3M9QWX2ABC")
    '7K3M-9QWX-2ABC'
    """
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def digest(code: str) -> str:
    """The keyed hash under which the code is known; without the service's secret nobody can try codes against it."""
    key = hashlib.sha256(b"access-code:" + (current_app.secret_key or "").encode()).digest()  # type: ignore[union-attr]
    return hmac.new(key, code.encode("ascii"), hashlib.sha256).hexdigest()


def _check_symbol(body: str) -> str:
    """The sum of the symbols, each times another power of x (Horner)."""
    total = 0
    for symbol in body:
        total = _times_x(total ^ ALPHABET.index(symbol))
    return ALPHABET[total]


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _FIELD if doubled & 0b100000 else doubled
