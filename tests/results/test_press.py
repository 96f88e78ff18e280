from __future__ import annotations

import re

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.results import press
from scoring.release import Release
from tests.results.test_public import release_of

PAGE = "/ergebnisse/presse"


def quotes(html: str) -> list[str]:
    return [" ".join(q.get_text().split()) for q in BeautifulSoup(html, "html.parser").find_all("blockquote")]


def test_every_sentence_with_a_score_has_its_base_and_its_interval(client: FlaskClient, published: str):
    found = [text for text in quotes(client.get(PAGE).text) if "Punkte" in text]
    assert len(found) >= 2
    for text in found:
        assert "n = " in text
        assert re.search(r"(Spanne|zwischen) [\d,]+ (bis|und) [\d,]+", text), text


def test_the_numbers_are_those_of_the_release(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    overall = next(s for s in release.region.outside_view if s.kind == "overall")
    text = " ".join(quotes(client.get(PAGE).text))
    assert f"{overall.pooled:.1f}".replace(".", ",") in text
    assert f"n = {overall.n:,}".replace(",", ".") in text


def without_numbers(release: Release) -> Release:
    """The same release with every number of the region suppressed."""
    hidden = [
        s.model_copy(update=dict.fromkeys(("n", "pooled", "pooled_low", "pooled_high")))
        for s in release.region.outside_view
    ]
    nodes = [n.model_copy(update={"spread": None}) for n in release.region.self_view]
    pairs = [p.model_copy(update=dict.fromkeys(("gap_mean", "gap_low", "gap_high"))) for p in release.region.pairs]
    region = release.region.model_copy(
        update={"responses": None, "outside_view": tuple(hidden), "self_view": tuple(nodes), "pairs": tuple(pairs)}
    )
    return release.model_copy(update={"region": region})


def test_a_suppressed_number_gives_no_sentence(app: Flask, published: str):
    release = release_of(app, published)
    with app.test_request_context():
        assert list(press.sentences(release, "de"))
        assert list(press.sentences(without_numbers(release), "de")) == []


def test_best_and_worst_are_named_only_if_their_intervals_leave_no_doubt(app: Flask, published: str):
    release = release_of(app, published)
    wide = [
        s.model_copy(update={"pooled_low": 0.0, "pooled_high": 100.0}) if s.kind == "item" else s
        for s in release.region.outside_view
    ]
    region = release.region.model_copy(update={"outside_view": tuple(wide)})
    with app.test_request_context():
        texts = list(press.sentences(release.model_copy(update={"region": region}), "de"))
    assert not any("Am höchsten" in text or "Am niedrigsten" in text for text in texts)


def test_it_says_how_to_quote_with_an_address_that_stays(client: FlaskClient, published: str):
    html = client.get(PAGE).text
    assert f"/ergebnisse/stand/{published[:12]}" in html
    assert "keine Rangliste" in html


def test_it_names_the_contact_or_says_that_none_is_entered(client: FlaskClient, published: str):
    assert "noch keinen Kontakt hinterlegt" in client.get(PAGE).text


def test_the_sentences_come_in_english_too(client: FlaskClient, published: str):
    found = quotes(client.get(f"{PAGE}?lang=en").text)
    assert any("95% interval" in text for text in found)
