"""A small OpenID Connect provider on Authlib's server side, on this machine: it knows one client and one person.

It demands PKCE and the client's secret, and signs with a key of its own. What it says of the person can be changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, jsonify, request
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "willkommenskompass", "geheimnis-im-test"


@dataclass
class Client(ClientMixin):
    """The one that may ask."""

    back: str = ""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/konto/anmelden/dienst/antwort")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code on its way."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Provider:
    """What it says, and how it may fail. ``said`` overrides claims of the token; ``None`` leaves one out."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    asked_at: float | None = None
    """When it asked the person last; ``None``: each time."""
    refuses: str = ""
    """The error with which it sends people back."""
    signs_with_another_key: bool = False
    seen: list[dict[str, str]] = field(default_factory=list)
    """What it was asked."""


class _Person:
    def get_user_id(self) -> str:
        return "1"


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Listen on a free port while the block runs."""
    app = _application(provider)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _application(provider: Provider) -> Flask:
    app, client = Flask("provider"), Client()
    server = AuthorizationServer(app, lambda client_id: client if client_id == CLIENT else None, lambda *_: None)
    server.register_grant(*_grant(provider))

    @app.get("/.well-known/openid-configuration")
    def metadata() -> Response:
        at = provider.address
        return jsonify(
            issuer=at,
            authorization_endpoint=f"{at}/authorize",
            token_endpoint=f"{at}/token",
            jwks_uri=f"{at}/keys",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
        )

    @app.get("/authorize")
    def authorize() -> Any:
        provider.seen.append(request.args.to_dict())
        if provider.refuses:
            back, state = request.args["redirect_uri"], request.args["state"]
            return "", 302, {"Location": f"{back}?error={provider.refuses}&state={state}"}
        grant = server.get_consent_grant(end_user=_Person())
        return server.create_authorization_response(grant_user=_Person(), grant=grant)

    app.post("/token", endpoint="token")(lambda: server.create_token_response())
    app.get("/keys", endpoint="keys")(lambda: jsonify(KeySet([_KEY]).as_dict(private=False)))
    return app


_KEY = RSAKey.generate_key(2048, {"kid": "right"})
_OTHER = RSAKey.generate_key(2048, {"kid": "right"})


def _grant(provider: Provider) -> tuple[Any, list[Any]]:
    """The code grant with OpenID Connect and PKCE, for this provider."""
    codes: dict[str, Code] = {}

    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            asked_at = int(time.time() if provider.asked_at is None else provider.asked_at)
            kept = (data["redirect_uri"], data["scope"], data["nonce"])
            codes[code] = Code(code, *kept, data["code_challenge"], data["code_challenge_method"], asked_at)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> _Person:
            return _Person()

    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def get_encode_header(self, client: Client) -> dict[str, str]:
            return {"alg": "RS256", "kid": "right"}

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": provider.address}

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return _OTHER if provider.signs_with_another_key else _KEY

        def generate_user_info(self, user: _Person, scope: str) -> UserInfo:
            said = {**provider.person, **provider.said}
            return UserInfo({name: value for name, value in said.items() if value is not None})

    return CodeGrant, [CodeChallenge(required=True), Tokens(require_nonce=True)]
