"""What newcomers said about themselves, read from the rows that ``app.feedback.loading`` gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.feedback.loading import LANGUAGE
from questionnaires.answers import CHOSEN
from questionnaires.catalogue import Catalogue, ProfileQuestion
from scoring.groups import Question, Traits

CHANNELS = ("open", "welcome", "counter", "employer", "school", "code", "paper")


def profile_width(catalogue: Catalogue) -> int:
    """Characters of a profile string."""
    return sum(_width(question) for question in catalogue.profile_questions)


def read_traits(catalogue: Catalogue, rows: NDArray[np.bytes_]) -> Traits:
    """Memberships from ``rows`` (responses,): profile string, language, channel, each of fixed width."""
    width = profile_width(catalogue)
    letters = np.frombuffer(rows.tobytes(), dtype="S1").reshape(len(rows), rows.dtype.itemsize)
    questions, members, start = [], [], 0
    for asked in catalogue.profile_questions:
        options = tuple(option.id for option in asked.options)
        questions.append(Question(asked.id, options, exclusive=asked.kind == "single"))
        members.append(_chosen(asked, letters[:, start : start + _width(asked)]))
        start += _width(asked)
    languages = _text(letters[:, width : width + LANGUAGE])
    channels = _text(letters[:, width + LANGUAGE :])
    for name, values, known in (("language", languages, catalogue.languages), ("channel", channels, CHANNELS)):
        options = (*known, *sorted(set(values.tolist()) - set(known)))
        questions.append(Question(name, options, scored=False))
        members.append(values[:, None] == np.array(options))
    return Traits(tuple(questions), np.concatenate(members, axis=1))


def _width(question: ProfileQuestion) -> int:
    return len(question.options) if question.kind == "multiple" else 1


def _chosen(question: ProfileQuestion, letters: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    if question.kind == "multiple":
        return np.asarray(letters == CHOSEN.encode())
    numbers: Sequence[bytes] = [str(number).encode() for number in range(1, len(question.options) + 1)]
    return np.asarray(letters == np.array(numbers, dtype="S1"))


def _text(letters: NDArray[np.bytes_]) -> NDArray[np.str_]:
    width = letters.shape[1]
    return np.char.strip(np.frombuffer(letters.tobytes(), dtype=f"S{width}").astype(f"U{width}"))
