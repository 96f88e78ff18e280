"""Somebody of the agency at the pages that win municipalities."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from tests.accounts.login import MESCHEDE, OLPE, agency, coordinator
from tests.agency.conftest import desk, statements
from tests.commitment.conftest import confer, decide

__all__ = ["MESCHEDE", "OLPE", "agency", "confer", "coordinator", "decide", "desk", "statements"]

Template = Callable[..., bytes]


def docx_with(*paragraphs: str, header: str = "") -> bytes:
    """A Word document with these paragraphs."""
    paper, target = Document(), io.BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    if header:
        paper.sections[0].header.paragraphs[0].text = header
    paper.save(target)
    return target.getvalue()


@pytest.fixture
def upload(desk) -> Callable[..., str]:
    """Uploads a file as template and gives the page that comes back."""

    def send(content: bytes, name: str = "unsere-stadt.docx", status: int = 302) -> str:
        # In memory: a body on disk would be left open by the test client.
        form = {"csrf_token": desk.token(), "file": FileStorage(io.BytesIO(content), name)}
        stream, _length, boundary = stream_encode_multipart(form, use_tempfile=False)
        kind = f'multipart/form-data; boundary="{boundary}"'
        answer = desk.send("/agentur/ratsvorlagen/vorlage", stream.read(), kind)
        assert answer.status_code == status
        return desk.read(answer) if status == 302 else answer.text

    return send
