"""Searching practices in German: stems, compounds and misspelt words, by the database's own full-text search.

One interface over both engines: ``ask`` reads what somebody typed and raises ``QueryRefused`` with a sentence,
``Hits`` is a table of ``practice_id`` and ``place`` (the smaller the better) to join with, ``index`` and ``forget``
keep up with what is published.

Misspelt words are found by trigrams, as PostgreSQL's ``pg_trgm`` does, but in a table of our own: that extension is not
part of every PostgreSQL (nor of the one that the tests bring) and needs a right to be created; SQLite has none like it.
One table serves both alike (docs/decisions/0006-own-trigrams.md).
"""

from __future__ import annotations

from app.practices.search.asking import QueryRefused, Question, ask
from app.practices.search.indexing import forget, index

__all__ = ["QueryRefused", "Question", "ask", "forget", "index"]
