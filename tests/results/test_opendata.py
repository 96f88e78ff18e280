from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import CHOICES
from reports.tables.licences import LICENCES
from reports.tables.package import DESCRIPTOR

FILES = {
    "datapackage.json": "application/json",
    "datenpaket.zip": "application/zip",
    "daten.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "metadaten.jsonld": "application/ld+json",
}


@pytest.mark.parametrize("file", FILES)
def test_open_data_say_what_they_are_and_anyone_may_load_them(client: FlaskClient, published: str, file: str):
    answer = client.get(f"/ergebnisse/{file}")
    assert answer.mimetype == FILES[file]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert published[:16] in answer.headers["ETag"]
    assert "Set-Cookie" not in answer.headers
    again = client.get(f"/ergebnisse/{file}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_descriptor_on_the_site_describes_the_files_beside_it(client: FlaskClient, published: str):
    for base in ("/ergebnisse", f"/ergebnisse/stand/{published[:12]}"):
        described = json.loads(client.get(f"{base}/datapackage.json").data)
        for resource in described["resources"]:
            assert len(client.get(f"{base}/{resource['path']}").data) == resource["bytes"]


def test_every_download_that_the_metadata_name_is_there(client: FlaskClient, published: str):
    graph = json.loads(client.get("/ergebnisse/metadaten.jsonld").data)["@graph"]
    files = [node for node in graph if node["@type"] == "dcat:Distribution"]
    assert len(files) == 5
    for node in files:
        address = urlsplit(node["dcat:downloadURL"]["@id"])
        answer = client.get(address.path)
        assert answer.status_code == 200
        assert str(len(answer.data)) == node["dcat:byteSize"]["@value"]


def test_the_package_holds_its_descriptor(client: FlaskClient, published: str):
    archive = zipfile.ZipFile(io.BytesIO(client.get("/ergebnisse/datenpaket.zip").data))
    assert archive.testzip() is None
    assert DESCRIPTOR in archive.namelist()


def test_the_page_of_the_region_leads_to_all_of_them_and_names_the_licence(client: FlaskClient, published: str):
    html = client.get("/ergebnisse").text
    for file in ("daten.xlsx", "datenpaket.zip", "metadaten.jsonld"):
        assert f'href="/ergebnisse/{file}"' in html
    assert "Datenlizenz Deutschland" in html
    assert 'href="/api/v1/"' in html


def test_the_licences_that_can_be_chosen_are_those_that_are_known():
    assert set(CHOICES["data_licence"]) == set(LICENCES)


@pytest.mark.parametrize("file", FILES)
def test_before_the_first_release_there_is_nothing_to_load(client: FlaskClient, app: Flask, file: str):
    assert client.get(f"/ergebnisse/{file}").status_code == 404
