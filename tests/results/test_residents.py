"""Pupils and students who did not move here have a table of their own on the region's page."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask import Flask, render_template

from app.database import db
from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from scoring.release import Residents, ResidentScore

SAID = Residents(
    persons=24, others=12, items=(ResidentScore(item="N12", n=23, score=61.0, low=48.0, high=72.0, top_two=0.5),)
)


def test_what_they_say_stands_apart_with_number_and_interval(app: Flask, published: str):
    with app.test_request_context("/ergebnisse?lang=de"):
        release = release_of(db.session.get_one(ReleaseRecord, published))
        region = release.region.model_copy(update={"residents": SAID})
        html = render_template("results/residents.html", release=release.model_copy(update={"region": region}))
    page = BeautifulSoup(html, "html.parser")
    [row] = page.select("tbody tr")
    cells = [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
    assert cells == [release.catalogue.item("N12").text["de"], "23", "61,0", "48,0 bis 72,0"]
    assert "24" in page.p.get_text()
    assert "12 weitere Rückmeldungen" in page.get_text()


def test_below_ten_there_is_no_such_table(app: Flask, published: str):
    with app.test_request_context("/ergebnisse?lang=de"):
        release = release_of(db.session.get_one(ReleaseRecord, published))
        assert release.region.residents is None
        assert render_template("results/residents.html", release=release).strip() == ""
