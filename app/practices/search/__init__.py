"""Searching practices in German: stems, compounds and misspelt words, by the database's own full-text search.

One interface over both engines: ``ask`` reads what somebody typed and raises ``QueryRefused`` with a sentence,
``Hits`` is a table of ``practice_id`` and ``place`` (the smaller the better) to join with, ``index`` and ``forget``
keep up with what is published.
"""

from __future__ import annotations

from app.practices.search.asking import QueryRefused, Question, ask
from app.practices.search.indexing import forget, index

__all__ = ["QueryRefused", "Question", "ask", "forget", "index"]
