"""A provider on this machine, and an application that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from config import Settings
from tests.accounts.login import agency, approver, coordinator, editor
from tests.sign_on.provider import CLIENT, SECRET, Provider, running

__all__ = ["agency", "approver", "coordinator", "editor"]


@pytest.fixture(scope="session")
def listening() -> Iterator[Provider]:
    """It listens without TLS, which Authlib allows on this machine only."""
    with running(Provider()) as found:
        yield found


@pytest.fixture
def provider(listening: Provider) -> Provider:
    """The provider as if it had just been started."""
    vars(listening).update(vars(Provider(address=listening.address)))
    return listening


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """Settings that name it."""
    at = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return replace(settings, **at)


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """Applications of this folder only: elsewhere there is no provider."""
    return {}
