"""An OpenID provider of Authlib's server side, over HTTP on loopback, with keys of its own; and
every lie that a test wants of it."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import uvicorn
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, AuthorizationServer, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from serve.process import free_port

CLIENT, SECRET = "the-room", "a secret of the client"
Json = dict[str, Any]


class _Client(ClientMixin):
    def __init__(self, redirect_prefix: str) -> None:
        self._prefix = redirect_prefix

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith(self._prefix)

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Code(AuthorizationCodeMixin):
    def __init__(self, data: Json, user: str) -> None:
        self.data = data
        self.user = user
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")
        self.auth_time = int(time.time())

    def get_redirect_uri(self) -> str:
        return str(self.data["redirect_uri"])

    def get_scope(self) -> str:
        return str(self.data["scope"])

    def get_nonce(self) -> str:
        return str(self.data["nonce"])

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None: ...

    def get_amr(self) -> None: ...


class _Grant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        self.server.provider.codes[code] = _Code(dict(request.payload.data), request.user)

    def query_authorization_code(self, code: str, client: object) -> _Code | None:
        found: _Code | None = self.server.provider.codes.get(code)
        return found

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        codes = self.server.provider.codes
        for code in [each for each, known in codes.items() if known is authorization_code]:
            del codes[code]

    def authenticate_user(self, authorization_code: _Code) -> str:
        return authorization_code.user


class _IdToken(OpenIDCode):
    def __init__(self, provider: "Provider") -> None:
        super().__init__(require_nonce=True)
        self._provider = provider

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def get_client_algorithm(self, client: object) -> str:
        return "ES256"

    def resolve_client_private_key(self, client: object) -> ECKey:
        return self._provider.key

    def get_encode_header(self, client: object) -> Json:
        return {"alg": "ES256", "kid": self._provider.key.kid}

    def get_client_claims(self, client: object) -> Json:
        now = int(time.time())
        return {"iss": self._provider.issuer, "aud": [CLIENT], "iat": now, "exp": now + 300}

    def get_compatible_claims(self, request: OAuth2Request) -> Json:
        return self.get_client_claims(request.client)

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return UserInfo(sub=user, **self._provider.claims)

    def encode_id_token(self, token: Json, request: OAuth2Request) -> str:
        made: str = super().encode_id_token(token, request)
        return self._provider.lie(made)


class _Server(AuthorizationServer):
    def __init__(self, provider: "Provider") -> None:
        super().__init__()
        self.provider = provider
        self.register_token_generator(
            "default", BearerTokenGenerator(lambda *_, **__: "an access token")
        )
        self.register_grant(_Grant, [CodeChallenge(required=True), _IdToken(provider)])

    def query_client(self, client_id: str) -> _Client | None:
        return _Client(self.provider.redirect_prefix) if client_id == CLIENT else None

    def save_token(self, token: Json, request: OAuth2Request) -> None: ...

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None: ...

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        if isinstance(body, dict):
            return JSONResponse(body, status, dict(headers))
        return Response(body, status, dict(headers))


class _Asked(OAuth2Request):
    """As Authlib reads a request; it insists on https, which loopback is not."""

    def __init__(self, request: Request, form: Json) -> None:
        super().__init__(request.method, str(request.url.replace(scheme="https")),
                         headers=request.headers)  # fmt: skip
        self._args, self._form = dict(request.query_params), form
        self.payload = BasicOAuth2Payload(self._args | form)

    @property
    def args(self) -> Json:
        return self._args

    @property
    def form(self) -> Json:
        return self._form


class Provider:
    """``user`` is signed in there and agrees to everything."""

    def __init__(self, redirect_prefix: str) -> None:
        self.redirect_prefix = redirect_prefix
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.user = "ann@there"
        self.codes: dict[str, _Code] = {}
        self.claims: Json = {}
        self.asked = 0
        self.was_asked, self.answers = threading.Event(), threading.Event()
        self.answers.set()
        self.lie: Callable[[str], str] = lambda token: token
        self.rotate()
        self.published = self.key
        self._server = _Server(self)

    def settings(self, folder: Path) -> Path:
        """An ``oidc_file`` that names it ``there``."""
        secret, sites = folder / "client.secret", folder / "oidc.toml"
        secret.write_text(SECRET, "utf-8")
        sites.write_text(
            f'[[providers]]\nid = "there"\nname = "There"\nissuer = "{self.issuer}"\n'
            f'client_id = "{CLIENT}"\nclient_secret_file = "{secret}"\n', "utf-8",
        )  # fmt: skip
        return sites

    def rotate(self) -> None:
        """Another key, published as ``published``."""
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.published = self.key

    def arrive(self, url: str) -> tuple[str, str]:
        """A browser that goes there: the code and the state it comes back with."""
        return arrived(httpx.get(url))

    async def _metadata(self, request: Request) -> Response:
        self.asked += 1
        self.was_asked.set()
        await asyncio.to_thread(self.answers.wait)
        return JSONResponse({
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        })  # fmt: skip

    async def _jwks(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.published]).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        asked = _Asked(request, {})
        grant = self._server.get_consent_grant(asked, self.user)
        answer: Response = self._server.create_authorization_response(asked, self.user, grant)
        return answer

    async def _token(self, request: Request) -> Response:
        answer: Response = self._server.create_token_response(
            _Asked(request, dict(parse_qsl((await request.body()).decode())))
        )
        return answer

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/jwks", self._jwks),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
        ])  # fmt: skip


def arrived(answer: httpx.Response) -> tuple[str, str]:
    """The code and the state that a browser is sent back with."""
    assert answer.status_code == 302, answer.text
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert "code" in back, back
    return back["code"][0], back["state"][0]


@contextmanager
def running(redirect_prefix: str) -> Iterator[Provider]:
    """A provider that listens, in a thread of its own."""
    provider = Provider(redirect_prefix)
    server = uvicorn.Server(
        uvicorn.Config(
            provider.app, port=provider.port, log_config=None, log_level=None, lifespan="off"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield provider
    finally:
        server.should_exit = True
        thread.join()
