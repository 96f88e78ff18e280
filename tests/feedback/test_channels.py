"""The open link says where it was found, and that is all that is stored of the way."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.feedback.channels import NAMES, PLACES
from app.feedback.models import CHANNELS
from tests.feedback.conftest import PLACE, soup, stored, token_in


@pytest.mark.parametrize("word", [*PLACES, "irgendwo", ""])
def test_the_place_of_the_link_is_stored_with_the_response(client: FlaskClient, app: Flask, open_round: int, word: str):
    page = client.get(f"/f/{PLACE}?von={word}")
    client.post(f"/f/{PLACE}", data={"token": token_in(page), "N01": "5"})
    [row], _ = stored(app)
    assert row.channel == PLACES.get(word, "open")


def test_nobody_can_name_a_place_by_changing_the_form(client: FlaskClient, app: Flask, open_round: int):
    token = token_in(client.get(f"/f/{PLACE}"))
    assert client.post(f"/f/{PLACE}", data={"token": token, "N01": "5", "von": "schule"}).status_code == 422
    assert client.post(f"/f/{PLACE}?von=schule", data={"token": token, "N01": "5"}).status_code == 303
    assert stored(app)[0][0].channel == "open"


def test_the_language_can_be_changed_without_losing_the_place(client: FlaskClient, open_round: int):
    links = soup(client.get(f"/f/{PLACE}?von=schule")).select(".wk-languages a")
    assert links
    assert all("von=schule" in link["href"] for link in links)


def test_a_link_in_capitals_keeps_its_place(client: FlaskClient, open_round: int):
    assert client.get("/f/ARNSBERG?von=schule").location == "/f/arnsberg?von=schule"


def test_every_channel_has_a_name():
    assert set(NAMES) == set(CHANNELS)
    assert set(PLACES.values()) < set(CHANNELS)


def test_the_database_knows_no_other_channel(app: Flask, open_round: int):
    row = {"round_id": open_round, "municipality_ags": "05958004", "id": "x" * 36, "ratings": "5", "profile": "."}
    statement = sa.text(
        "INSERT INTO response (round_id, municipality_ags, id, day, language, channel, ratings, profile) "
        "VALUES (:round_id, :municipality_ags, :id, '2026-11-27', 'de', 'Brief 17', :ratings, :profile)"
    )
    with app.app_context(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(statement, row)
