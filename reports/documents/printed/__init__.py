"""What a municipality prints for its newcomers: letter, card, poster, flyer, letters with codes, paper questionnaire.

Everything is made from a few facts about the municipality and, for the questionnaire, the round's catalogue; nothing
here comes from a release. ``press`` adds what a print shop needs: 3 mm of bleed, crop marks, trim and bleed boxes.
"""

from __future__ import annotations

from reports.documents.printed.handouts import FORMATS, Format, Place, code_letters, material
from reports.documents.printed.questionnaire import questionnaire
from reports.documents.printed.wording import LANGUAGES

__all__ = ["FORMATS", "LANGUAGES", "Format", "Place", "code_letters", "material", "questionnaire"]
