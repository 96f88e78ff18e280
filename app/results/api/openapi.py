"""The API described as OpenAPI 3.1; the rows' schemas come from the codebook of the tables."""

from __future__ import annotations

from typing import Any

from app.results.api.paging import MOST_PER_PAGE, PER_PAGE
from reports.tables.codebook import Table, Variable, variables_of

VERSION = "1.0.0"
JSON, PROBLEM = "application/json", "application/problem+json"
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_SWITCH: Schema = {"type": "boolean"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def document(site: str) -> Schema:
    """The whole description; ``site`` is the public address without a final slash."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Willkommenskompass",
            "version": VERSION,
            "summary": "Published results of the welcome survey: releases, the region, municipalities that agreed.",
            "description": (
                "Everything here is public; no key is needed and no cookie is set. A value that is null is absent or "
                "withheld because too few people answered; both look the same. Releases never change: answers carry an "
                "ETag, and a withdrawn release answers 410 with the reason."
            ),
        },
        "servers": [{"url": f"{site}/api/v1"}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "parameters": _parameters(), "responses": _responses()},
    }


def _paths() -> Schema:
    listed = [_ref("parameters", name) for name in ("page", "per_page")]
    of_rows = [_ref("parameters", name) for name in ("view", "kind", "key")]
    release = [_ref("parameters", "release")]
    places = [_ref("parameters", name) for name in ("district", "peer_group")]
    return {
        "/": _get("start", "Where to go from here", "Start", []),
        "/openapi.json": _get("description", "This description", "Description", []),
        "/releases": _get("releases", "Every release that is or was public", "ReleasePage", listed),
        "/releases/{release}": _get("release", "One release", "Release", release),
        "/releases/{release}/catalogue": _get("catalogue", "Criteria and questions", "Catalogue", release),
        "/releases/{release}/region": _get("region", "Rows of the region", "RegionPage", release + listed + of_rows),
        "/releases/{release}/observations": _get(
            "observations",
            "Rows of all municipalities shown by name",
            "ObservationPage",
            [*release, *listed, _ref("parameters", "ags"), *of_rows],
        ),
        "/releases/{release}/municipalities": _get(
            "municipalities", "All municipalities of the region", "MunicipalityPage", release + listed + places
        ),
        "/releases/{release}/municipalities/{ags}": _get(
            "municipality", "One municipality", "MunicipalityWithRows", [*release, _ref("parameters", "ags_in_path")]
        ),
    }


def _get(operation: str, summary: str, schema: str, parameters: list[Schema]) -> Schema:
    answers: Schema = {
        "200": {
            "description": summary,
            "headers": {"ETag": {"schema": _TEXT}, "Link": {"schema": _TEXT}},
            "content": {JSON: {"schema": _ref("schemas", schema)}},
        },
        "304": {"description": "You have it already (If-None-Match)."},
        "400": _ref("responses", "BadRequest"),
    }
    if parameters and parameters[0] == _ref("parameters", "release"):
        answers |= {"404": _ref("responses", "NotFound"), "410": _ref("responses", "Withdrawn")}
    return {"get": {"operationId": operation, "summary": summary, "parameters": parameters, "responses": answers}}


def _parameters() -> Schema:
    filters = {
        "view": "self, newcomers or pair",
        "kind": "level of the row, see the codebook",
        "key": "key in the catalogue",
        "ags": "official key of a municipality, eight digits",
        "district": "key of a district, five digits",
        "peer_group": "peer group",
    }
    return {
        **{name: _query(name, text, _TEXT) for name, text in filters.items()},
        "page": _query("page", "page of the list, from 1", {"type": "integer", "minimum": 1, "default": 1}),
        "per_page": _query(
            "per_page",
            "entries per page",
            {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
        ),
        "release": _path("release", "first 12 or more characters of the SHA-256, or current"),
        "ags_in_path": _path("ags", "official key of a municipality, eight digits"),
    }


def _query(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _path(name: str, description: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": _TEXT}


def _responses() -> Schema:
    texts = {
        "BadRequest": "A parameter is unknown or out of range.",
        "NotFound": "There is no such thing, or it is not public.",
        "Withdrawn": "The release was withdrawn; the detail says when and why.",
    }
    content = {PROBLEM: {"schema": _ref("schemas", "Problem")}}
    return {name: {"description": text, "content": content} for name, text in texts.items()}


def _schemas() -> Schema:
    municipality = {
        **dict.fromkeys(("ags", "name", "kind", "legal_status", "district", "peer_group"), _TEXT),
        "population": _NUMBER,
        "participates": _SWITCH,
        "published": _SWITCH,
    }
    rows = {"type": "array", "items": _ref("schemas", "Observation")}
    return {
        "Start": _object({"name": _TEXT, "version": _TEXT, "links": _links()}),
        "Description": {"type": "object"},
        "Catalogue": {"type": "object"},
        "ReleaseEntry": _object(_release_entry()),
        "Release": _object(_release()),
        "RegionRow": _rows("region"),
        "Observation": _rows("municipality"),
        "Municipality": _object(municipality),
        "MunicipalityWithRows": _object({**municipality, "rows": rows}),
        "ReleasePage": _page("ReleaseEntry"),
        "RegionPage": _page("RegionRow"),
        "ObservationPage": _page("Observation"),
        "MunicipalityPage": _page("Municipality"),
        "Problem": _object({"type": _TEXT, "title": _TEXT, "status": _NUMBER, "detail": _TEXT, "instance": _TEXT}),
    }


def _release_entry() -> Schema:
    return {
        "sha256": _TEXT,
        "round": _TEXT,
        "title": _TEXT,
        "state": {"type": "string", "enum": ["published", "withdrawn"]},
        "demonstration": _SWITCH,
        "published_at": _MOMENT,
        "withdrawn_at": _or_null(_MOMENT),
        "withdrawn_reason": _or_null(_TEXT),
        "link": _or_null(_TEXT),
    }


def _release() -> Schema:
    texts = ("sha256", "region", "method_version", "input_sha256", "citation", "page")
    return {
        **dict.fromkeys(texts, _TEXT),
        "round": _object(dict.fromkeys(("key", "title", "opens", "closes"), _TEXT)),
        "demonstration": _SWITCH,
        "published_at": _MOMENT,
        "licence": _object({"name": _TEXT, "url": _TEXT}),
        "links": _links(),
    }


def _rows(table: Table) -> Schema:
    return _object({variable.name: _variable(variable) for variable in variables_of(table)})


def _variable(variable: Variable) -> Schema:
    least, greatest = variable.limits
    limits = {"minimum": least, "maximum": greatest, "enum": list(variable.codes) or None}
    schema: Schema = {"type": variable.type, **{name: value for name, value in limits.items() if value is not None}}
    described = {"description": f"{variable.english} ({variable.unit}; {variable.missing})"}
    return (schema if variable.required else _or_null(schema)) | described


def _page(entry: str) -> Schema:
    numbers = dict.fromkeys(("page", "per_page", "pages", "total"), _NUMBER)
    return _object({"data": {"type": "array", "items": _ref("schemas", entry)}, **numbers, "links": _links()})


def _links() -> Schema:
    return {"type": "object", "additionalProperties": _TEXT}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _ref(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}
