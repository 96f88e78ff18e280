"""Why a file is not taken, in words for the person who sent it."""

from __future__ import annotations


class FileRefused(ValueError):
    """A file cannot be taken; the message says why and what to do, in the reader's language."""


class FileTooLarge(FileRefused):
    """A file has more bytes than we take."""


class UnknownKind(FileRefused):
    """The content is none of the kinds we take, whatever the name says."""


class HoldsProgram(FileRefused):
    """A document brings a script, a macro or another program."""


class NotReadable(FileRefused):
    """The content is damaged, locked, or grows beyond measure when it is opened."""


class VirusFound(FileRefused):
    """The scanner knows the content as harmful, or could not be asked."""


class NoSpaceLeft(FileRefused):
    """The disk is full; nothing was kept."""


class FileDamaged(RuntimeError):
    """What stands under a SHA-256 is gone or is no longer what was put there."""
