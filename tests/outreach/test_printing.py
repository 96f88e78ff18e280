"""Printed material on request."""

from __future__ import annotations

import io

import pikepdf
import pytest

from app.outreach.printing import NAMES
from tests.outreach.conftest import PAGE, Desk


@pytest.mark.parametrize("name", NAMES)
def test_every_format_can_be_had(desk: Desk, name: str):
    file = desk.get(f"{PAGE}druck?was={name}&sprache=de&von=schule")
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert f"meschede-{name}-de-schule.pdf" in file.headers["Content-Disposition"]
    assert pikepdf.open(io.BytesIO(file.data)).docinfo is not None


def test_bleed_is_there_when_asked_for(desk: Desk):
    plain, press = (desk.get(f"{PAGE}druck?was=card&sprache=en{more}").data for more in ("", "&beschnitt=1"))
    assert (b"/TrimBox" in plain, len(press) > len(plain)) == (False, True)


@pytest.mark.parametrize("wrong", ["was=tasse", "was=card&sprache=tlh", "was=card&von=hintertür", ""])
def test_what_is_not_printed_is_a_404_with_a_way_back(desk: Desk, wrong: str):
    page = desk.get(f"{PAGE}druck?{wrong}")
    assert page.status_code == 404
    assert "wählen Sie aus den Listen" in page.text
