"""The API keeps what its description promises, and says no more than the pages."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app.releases import publishing, reading
from tests.results.test_public import release_of

API = "/api/v1"
MESCHEDE, SILENT, FEW = "05958032", "05958012", "05958004"  # agreed; did not agree; too few answers
PATHS = {
    "/": "Start",
    "/openapi.json": "Description",
    "/releases": "ReleasePage",
    "/releases/current": "Release",
    "/releases/current/catalogue": "Catalogue",
    "/releases/current/region": "RegionPage",
    "/releases/current/observations": "ObservationPage",
    "/releases/current/municipalities": "MunicipalityPage",
    "/releases/current/municipalities/05958004": "MunicipalityWithRows",
}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get(f"{API}/openapi.json").get_json()


def check(document: dict[str, Any], schema: str, content: Any) -> None:
    """Complain about an answer that is not as its schema says."""
    registry = Registry().with_resource("urn:api", Resource(document, DRAFT202012))
    reference = {"$ref": f"urn:api#/components/schemas/{schema}"}
    jsonschema.Draft202012Validator(reference, registry=registry).validate(content)


def test_the_description_is_valid_openapi(document: dict[str, Any]):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_description_names_exactly_the_addresses_there_are(app: Flask, document: dict[str, Any]):
    rules = [rule.rule.removeprefix(API) for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    described = {path.replace("{", "<").replace("}", ">") for path in document["paths"]}
    assert described == set(rules)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_its_schema_says(client: FlaskClient, published: str, document: dict[str, Any], path: str):
    answer = client.get(API + path)
    assert answer.mimetype == "application/json"
    check(document, PATHS[path], answer.get_json())


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_no_cookie_may_be_kept_and_read_by_any_site(client: FlaskClient, published: str, path: str):
    answer = client.get(API + path)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.vary
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.cache_control.public
    assert answer.cache_control.max_age == 60
    assert client.get(API + path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_pages_of_a_list_together_are_the_list(client: FlaskClient, app: Flask, published: str):
    address, seen = f"{API}/releases/current/region?per_page=20", []
    while address:
        page = client.get(address)
        content = page.get_json()
        assert len(content["data"]) <= 20
        seen += content["data"]
        address = content["links"].get("next", "")
        assert ('rel="next"' in page.headers["Link"]) is bool(address)
    assert len(seen) == content["total"]
    assert seen == client.get(f"{API}/releases/current/region?per_page=1000").get_json()["data"]


def test_the_page_behind_the_last_is_empty_and_leads_back(client: FlaskClient, published: str):
    content = client.get(f"{API}/releases/current/municipalities?page=99").get_json()
    assert content["data"] == []
    assert content["links"]["prev"].endswith("page=1&per_page=100")


def test_rows_can_be_filtered_by_what_the_description_names(client: FlaskClient, published: str):
    rows = client.get(f"{API}/releases/current/observations?ags=05958016&view=newcomers&kind=item").get_json()["data"]
    assert rows
    assert {(row["ags"], row["view"], row["kind"]) for row in rows} == {("05958016", "newcomers", "item")}


def test_the_numbers_are_those_of_the_release_in_their_own_types(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    rows = client.get(f"{API}/releases/current/region?view=newcomers&per_page=1000").get_json()["data"]
    by_key = {row["key"]: row for row in rows if row["kind"] not in ("group", "change")}
    for score in release.region.outside_view:
        assert by_key[score.indicator]["answers"] == score.n
        assert by_key[score.indicator]["pooled"] == pytest.approx(score.pooled, abs=1e-6)


def test_who_did_not_agree_is_known_but_has_no_rows(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    silent = next(m.ags for m in release.municipalities if not m.consented)
    one = client.get(f"{API}/releases/current/municipalities/{silent}").get_json()
    assert one["published"] is False
    assert one["rows"] == []
    rows = client.get(f"{API}/releases/current/observations?per_page=1000&ags={silent}").get_json()
    assert rows["total"] == 0


def test_too_few_answers_are_null(client: FlaskClient, published: str):
    rows = client.get(f"{API}/releases/current/municipalities/{FEW}").get_json()["rows"]
    outside = [row for row in rows if row["view"] == "newcomers"]
    assert {(row["answers"], row["score"], row["top_two"]) for row in outside} == {(None, None, None)}


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/releases?page=0", 400, "»page« ist eine ganze Zahl von 1"),
        ("/releases?page=1.5", 400, "»page« ist eine ganze Zahl von 1"),
        ("/releases?per_page=1001", 400, "»per_page« ist eine ganze Zahl von 1 bis 1000"),
        ("/releases?per_page=²", 400, "»per_page« ist eine ganze Zahl"),
        ("/releases?seite=2", 400, "»seite« gibt es hier nicht. Möglich sind: lang, page, per_page"),
        ("/releases?page=1&page=2", 400, "steht mehrmals da"),
        ("/releases/000000000000", 404, "gibt es nicht"),
        ("/releases/%00", 404, ""),
        ("/releases/current/municipalities/99999999", 404, "Schlüssel gibt es nicht"),
        ("/nirgendwo", 404, ""),
    ],
)
def test_what_cannot_be_answered_gets_a_problem_document_that_says_why(
    client: FlaskClient, published: str, document: dict[str, Any], path: str, status: int, sentence: str
):
    answer = client.get(API + path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    check(document, "Problem", answer.get_json())
    assert sentence in answer.get_json()["detail"]


def test_writing_is_refused_with_a_problem_document(client: FlaskClient, published: str):
    answer = client.post(f"{API}/releases")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


def test_a_withdrawn_release_is_listed_with_its_reason_and_answers_410(
    client: FlaskClient, app: Flask, published: str, document: dict[str, Any]
):
    with app.app_context():
        publishing.withdraw(reading.release_by_prefix(published), "Eine Kommune hat berichtigt.")
    listed = client.get(f"{API}/releases").get_json()
    check(document, "ReleasePage", listed)
    assert listed["data"][0]["withdrawn_reason"] == "Eine Kommune hat berichtigt."
    assert listed["data"][0]["link"] is None
    gone = client.get(f"{API}/releases/{published[:12]}/region")
    assert (gone.status_code, gone.mimetype) == (410, "application/problem+json")
    assert "Eine Kommune hat berichtigt." in gone.get_json()["detail"]


def test_a_preview_is_not_in_the_api(client: FlaskClient, app: Flask):
    assert client.get(f"{API}/releases").get_json()["data"] == []
    assert client.get(f"{API}/releases/current").status_code == 404


def test_an_answer_asks_the_database_once(client: FlaskClient, published: str, statements: list[str]):
    for path in [path for path in PATHS if path not in ("/", "/openapi.json")]:
        client.get(API + path)
        statements.clear()
        client.get(API + path)
        assert len(statements) == 1
