"""What somebody typed into the newcomer's form, as it goes back onto the page when something has to be mended."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

TOKEN = "token"  # noqa: S105 - the name of a field
TRAP = "homepage"
"""A field that no person sees; programs fill in everything there is."""


@dataclass(frozen=True)
class Typed:
    """The values of a form by field, each as often as it was sent."""

    values: MultiDict[str, str] = field(default_factory=MultiDict)

    @property
    def token(self) -> str:
        """The token that came with the form; empty if there was none."""
        return self.values.get(TOKEN, "")

    @property
    def in_the_trap(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return any(self.values.getlist(TRAP))

    def answers(self) -> dict[str, list[str]]:
        """Every field with its values."""
        return self.values.to_dict(flat=False)

    def chose(self, name: str, value: str) -> bool:
        """Whether this option of a question was chosen."""
        return value in self.values.getlist(name)

    def text(self, name: str) -> str:
        """The free text typed for a question, without characters that no keyboard makes (such as NUL)."""
        return "\n".join(map(_writable, self.values.getlist(name)))


def _writable(text: str) -> str:
    return "".join(c for c in text if c in "\r\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
