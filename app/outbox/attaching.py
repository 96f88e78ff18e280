"""Files that a mail carries, made when it is sent: they say what holds then, and nothing is kept of them."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from email.mime.base import MIMEBase

Make = Callable[[str, str], MIMEBase | None]
"""From what the mail names, and its recipient, to the file; ``None`` if there is nothing left to attach."""

makers: MutableMapping[str, Make] = {}
"""By kind, the part of ``OutgoingMail.attachment`` before the colon. Slices add theirs when they are set up."""


def file_for(attachment: str, recipient: str) -> MIMEBase | None:
    """The file that a mail names, or none."""
    kind, _colon, reference = attachment.partition(":")
    return makers[kind](reference, recipient) if kind else None
