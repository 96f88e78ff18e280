"""Settings: every one can be set, every bad value is named, and production does not start half configured."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from config import DEVELOPMENT_SECRET, SettingNotValid, Settings, new_secret

DEPLOYMENT = Path(__file__).parents[2] / "docs" / "deployment.md"
TABLE_ROW = re.compile(r"^\| `KOMPASS_([A-Z_]+)` \| (.+) \| (.*) \|$", re.MULTILINE)
EXAMPLES = {"bool": ("ja", True), "int": ("3", 3), "Path": ("/srv/x", Path("/srv/x")), "str": ("Wert", "Wert")}
MEANINGFUL = {
    "environment": ("test", "test"),
    "second_factor": ("offered", "offered"),
    "base_url": ("https://w.example.org", "https://w.example.org"),
    "max_body_bytes": ("4096", 4096),
    "data_licence": ("cc-by-4.0", "cc-by-4.0"),
}
ALL = [(field.name, str(field.type)) for field in fields(Settings)]


def documented() -> dict[str, str]:
    """Names and defaults of the settings as docs/deployment.md lists them."""
    return {name.lower(): default.strip("`") for name, _, default in TABLE_ROW.findall(DEPLOYMENT.read_text("utf-8"))}


@pytest.mark.parametrize(("name", "kind"), ALL)
def test_every_setting_is_read_from_its_environment_variable(name, kind):
    text, value = MEANINGFUL.get(name, EXAMPLES[kind])
    assert getattr(Settings.from_environment({f"KOMPASS_{name.upper()}": text}), name) == value


def test_without_any_variable_the_service_just_runs():
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.database.startswith("sqlite:////")
    assert settings.address == "http://127.0.0.1:8000"


def test_variables_of_other_programs_are_left_alone():
    assert Settings.from_environment({"PATH": "/bin", "KOMPASSNADEL": "Nord"}) == Settings()


@pytest.mark.parametrize(("text", "value"), [("1", True), ("JA", True), ("true", True), ("0", False), ("nein", False)])
def test_switches_take_german_and_english_words(text, value):
    assert Settings.from_environment({"KOMPASS_DEMO": text}).demo is value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KOMPASS_PORT", "achttausend"),
        ("KOMPASS_PORT", ""),
        ("KOMPASS_PORT", "0"),
        ("KOMPASS_PORT", "65536"),
        ("KOMPASS_MAIL_PORT", "-1"),
        ("KOMPASS_WORKERS", "0"),
        ("KOMPASS_TRUSTED_PROXIES", "-1"),
        ("KOMPASS_MAX_BODY_BYTES", "0"),
        ("KOMPASS_DEMO", "vielleicht"),
        ("KOMPASS_DATA_LICENCE", "geheim"),
        ("KOMPASS_ENVIRONMENT", "Produktion"),
        ("KOMPASS_BASE_URL", "willkommen.example.org"),
    ],
)
def test_a_bad_value_is_refused_and_its_variable_named(name, text):
    with pytest.raises(SettingNotValid, match=name):
        Settings.from_environment({name: text})


def test_all_bad_values_are_named_at_once():
    with pytest.raises(SettingNotValid) as refusal:
        Settings.from_environment({"KOMPASS_PORT": "x", "KOMPASS_DEMO": "y", "KOMPASS_WORKERS": "0"})
    assert all(name in str(refusal.value) for name in ("KOMPASS_PORT", "KOMPASS_DEMO", "KOMPASS_WORKERS"))


def test_a_misspelt_variable_is_named_instead_of_silently_ignored():
    with pytest.raises(SettingNotValid, match=r"KOMPASS_DATABSE_URL.*KOMPASS_DATABASE_URL"):
        Settings.from_environment({"KOMPASS_DATABSE_URL": "sqlite:///x"})


def test_a_final_slash_of_the_address_is_taken_off_so_that_links_have_one():
    settings = Settings.from_environment({"KOMPASS_BASE_URL": "https://willkommen.example.org/"})
    assert settings.address == "https://willkommen.example.org"


@pytest.mark.parametrize("secret", [DEVELOPMENT_SECRET, "", "kurz", "x" * 31])
def test_production_refuses_a_development_secret_and_a_short_one(secret):
    with pytest.raises(SettingNotValid, match="KOMPASS_SECRET_KEY"):
        Settings.from_environment({"KOMPASS_ENVIRONMENT": "production", "KOMPASS_SECRET_KEY": secret})


PRODUCTION = {"KOMPASS_ENVIRONMENT": "production", "KOMPASS_BASE_URL": "https://willkommen.example.org"}


def test_production_starts_with_a_generated_secret_and_sends_cookies_by_https_only():
    settings = Settings.from_environment(PRODUCTION | {"KOMPASS_SECRET_KEY": new_secret()})
    assert settings.flask()["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("address", ["", "http://willkommen.example.org"])
def test_production_needs_its_public_address_with_https(address):
    secret = {"KOMPASS_SECRET_KEY": new_secret()}
    with pytest.raises(SettingNotValid, match="KOMPASS_BASE_URL"):
        Settings.from_environment(PRODUCTION | secret | {"KOMPASS_BASE_URL": address})


def test_production_answers_under_its_own_name_only():
    settings = Settings.from_environment(PRODUCTION | {"KOMPASS_SECRET_KEY": new_secret()})
    assert settings.flask()["TRUSTED_HOSTS"] == ["willkommen.example.org", "127.0.0.1", "localhost"]
    assert Settings().flask()["TRUSTED_HOSTS"] is None


def test_development_cookies_work_without_https():
    assert Settings().flask()["SESSION_COOKIE_SECURE"] is False


def test_deployment_page_lists_exactly_the_settings_there_are():
    assert list(documented()) == [name for name, _ in ALL]


@pytest.mark.parametrize("name", [name for name, _ in ALL])
def test_deployment_page_gives_the_default_that_is_in_force(name):
    default = next(field.default for field in fields(Settings) if field.name == name)
    assert default is not MISSING
    shown = (
        {True: "1", False: "0", "": "leer"}.get(default, str(default)) if isinstance(default, bool | str) else default
    )
    assert documented()[name] == str(shown)
