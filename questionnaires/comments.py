"""An answer in the newcomer's own words: how long it may be, and which characters are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LONGEST_COMMENT = 2000

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Marks that turn the reading direction of everything after them; a text could show something other than it says.
_DIRECTION_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True)
class Comment:
    """A free text, and the id of the open question it answers."""

    question: str
    text: str


class CommentNotValid(ValueError):
    """A text that cannot be stored; ``code`` says why, ``value`` names its length or the character at fault."""

    def __init__(self, code: Literal["comment_too_long", "control_character"], value: str) -> None:
        self.code: Literal["comment_too_long", "control_character"] = code
        self.value = value
        super().__init__(f"{code}: {value}")


def clean(text: str) -> str:
    """The text with every line break as ``\\n``, no direction overrides and no outer blanks.

    Raises ``CommentNotValid`` if it is longer than ``LONGEST_COMMENT`` characters, or for a character that is none
    (control characters such as NUL, lone surrogates, noncharacters): they come from programs, not from keyboards.
    """
    text = _LINE_BREAK.sub("\n", text).strip()
    if len(text) > LONGEST_COMMENT:
        raise CommentNotValid("comment_too_long", str(len(text)))
    if wrong := _NO_CHARACTER.search(text):
        raise CommentNotValid("control_character", f"U+{ord(wrong.group()):04X}")
    return text.translate(_DIRECTION_OVERRIDES).strip()
