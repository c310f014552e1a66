"""What another site says of somebody: OpenID Connect, authorization code with PKCE.

One ``Client`` a provider asks it where it is (discovery), sends browsers there, trades the code
that comes back for an ID token, and believes of that nothing but issuer and subject. Signature and
claims are checked by joserfc and Authlib; only the algorithms in ``ALGORITHMS`` are read, so
``none`` and secrets as keys are not. Authlib's own client needs another HTTP library than ours.
"""

import asyncio
import ipaddress
import math
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from auth.errors import IdentityInvalid, IdentityRefused, ProviderAway

T = TypeVar("T")
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
ANSWER_S_MAX: Final = 10.0
METADATA_S_MAX: Final = 5.0
"""So long may a provider take to say where it is and which keys it has."""
AWAY_S: Final = 10.0
"""A provider that did not say is not asked again for so long."""
METADATA_S: Final = 3_600.0
"""So long what a provider says of itself is believed."""
KEYS_S_MIN: Final = 10.0
"""Its keys are asked for again, for a key that nobody knows, at most so often."""
LEEWAY_S: Final = 60
SUBJECT_CHARS_MAX: Final = 255
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another site that says who somebody is: ``id`` in our addresses, ``name`` on the button."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret_file: str

    def __post_init__(self) -> None:
        if not (self.id.isascii() and self.id.replace("-", "").isalnum() and len(self.id) <= 32):
            raise ValueError("id has letters, digits and -, 32 at most")
        check_url(self.issuer)
        if not Path(self.client_secret_file).is_file():
            raise ValueError(f"client_secret_file: there is no file {self.client_secret_file}")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    providers: tuple[Provider, ...]


def read_providers(path: Path) -> tuple[Provider, ...]:
    """Those of a TOML file, ``[[providers]]``. Raises ValueError."""
    providers = msgspec.toml.decode(path.read_text("utf-8"), type=_File).providers
    if len({each.id for each in providers}) != len(providers):
        raise ValueError("two providers have the same id")
    return providers


def check_url(url: str) -> None:
    """Raises ValueError unless it is https, or on this machine (tests)."""
    parts = urlsplit(url)
    try:
        local = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        local = False
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError(f"{url} is no https address")


class Flow(msgspec.Struct, frozen=True):
    """One trip of a browser to a provider and back; sealed on its way."""

    provider: str
    state: str
    nonce: str
    verifier: str
    begun: int
    name: str = ""
    """Of an account to be made, if nobody has the identity."""
    again: bool = False
    """He has to show there that it is still him: who is signed in there proves nothing."""


class Known(Generic[T]):
    """Something that a provider says, asked once for all who want it. ``ask`` has a time limit; who
    waits for the answer waits for that one, and after a failure nobody waits for ``AWAY_S``."""

    def __init__(self, clock: Callable[[], float], ask: Callable[[], Awaitable[T]]) -> None:
        self._clock = clock
        self._ask = ask
        self._found: tuple[float, T] | None = None
        self._failed_at = -math.inf
        self._asking: asyncio.Task[T] | None = None

    async def get(self, fresh_s: float) -> T:
        """Asked again if it is as old as this. Raises ProviderAway; and what ``ask`` raises."""
        now = self._clock()
        if self._found is not None and now < self._found[0] + fresh_s:
            return self._found[1]
        if self._asking is None:
            if now < self._failed_at + AWAY_S:
                raise ProviderAway(retry_after_s=math.ceil(self._failed_at + AWAY_S - now))
            self._asking = asyncio.create_task(self._look())
            self._asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        # Not cancelled with the first who hangs up: others wait for it.
        return await asyncio.shield(self._asking)

    async def _look(self) -> T:
        try:
            found = await self._ask()
        except Exception:
            self._failed_at = self._clock()
            raise
        finally:
            self._asking = None
        self._found = self._clock(), found
        return found


class Client:
    """We, at one provider. ``clock`` gives Unix seconds."""

    def __init__(self, provider: Provider, redirect_uri: str, clock: Callable[[], float]) -> None:
        self.provider = provider
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._trusted = ssl.create_default_context()
        self._metadata = Known(clock, self._discover)
        self._keys = Known(clock, self._published)

    async def url(self, flow: Flow) -> str:
        """Where the browser goes. Raises ProviderAway."""
        params = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": create_s256_code_challenge(flow.verifier),
            "code_challenge_method": "S256",
        } | ({"prompt": "login", "max_age": "0"} if flow.again else {})
        endpoint = (await self._metadata.get(METADATA_S))["authorization_endpoint"]
        return str(add_params_to_uri(endpoint, list(params.items())))

    async def subject(self, flow: Flow, code: str) -> str:
        """Who it is, at the provider.

        Raises:
            ProviderAway: it does not answer, or not as a provider does.
            IdentityRefused: it does not take the code.
            IdentityInvalid: its ID token is not for us, not for this flow, or not its own.
        """
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": flow.verifier,
        }
        endpoint = (await self._metadata.get(METADATA_S))["token_endpoint"]
        auth = (self.provider.client_id, self._secret())
        answer = await self._ask("POST", endpoint, ANSWER_S_MAX, data=asked, auth=auth)
        if answer.is_client_error:
            raise IdentityRefused
        token = _json(answer)
        claims = await self._claims(str(token.get("id_token", "")), flow, token)
        return self._checked(claims, flow)

    def _secret(self) -> str:
        return Path(self.provider.client_secret_file).read_text("utf-8").strip()

    def _checked(self, claims: CodeIDToken, flow: Flow) -> str:
        try:
            claims.validate(now=int(self._clock()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError) as wrong:
            raise IdentityInvalid from wrong
        if flow.again and claims.get("auth_time", 0) < flow.begun - LEEWAY_S:
            raise IdentityInvalid
        subject: str = claims["sub"]
        if not 0 < len(subject) <= SUBJECT_CHARS_MAX or "\0" in subject:
            raise IdentityInvalid
        return subject

    async def _claims(self, id_token: str, flow: Flow, token: dict[str, Any]) -> CodeIDToken:
        """Signed by a key of the provider; not checked otherwise."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            try:
                read = jwt.decode(id_token, await self._keys.get(math.inf), registry=registry)
            except InvalidKeyIdError:  # it has rotated them, perhaps
                read = jwt.decode(id_token, await self._keys.get(KEYS_S_MIN), registry=registry)
        except (JoseError, ValueError, TypeError, KeyError) as wrong:
            raise IdentityInvalid from wrong
        options = {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
        }
        params = {
            "nonce": flow.nonce,
            "client_id": self.provider.client_id,
            "access_token": token.get("access_token"),
            "max_age": flow.again,
        }
        return CodeIDToken(read.claims, read.header, options, params)

    async def _published(self) -> KeySet:
        """Its keys."""
        uri = (await self._metadata.get(METADATA_S))["jwks_uri"]
        found = _json(await self._ask("GET", uri, METADATA_S_MAX))
        return KeySet.import_key_set(found)  # type: ignore[arg-type]

    async def _discover(self) -> dict[str, Any]:
        """What the provider says of itself."""
        url = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _json(await self._ask("GET", url, METADATA_S_MAX))
        try:
            for name in ENDPOINTS:
                check_url(str(found.get(name)))
        except ValueError as wrong:
            raise ProviderAway from wrong
        if found.get("issuer") != self.provider.issuer:
            raise ProviderAway
        return found

    async def _ask(self, method: str, url: str, seconds: float, **more: Any) -> httpx.Response:
        """Its whole answer within so many seconds, also where it comes byte by byte."""
        try:
            async with (
                asyncio.timeout(seconds),
                httpx.AsyncClient(timeout=seconds, verify=self._trusted) as http,
            ):
                answer = await http.request(method, url, **more)
        except (httpx.HTTPError, TimeoutError) as failure:
            raise ProviderAway from failure
        if answer.is_server_error or answer.is_redirect:
            raise ProviderAway
        return answer


def _json(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise ProviderAway
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.MsgspecError as wrong:
        raise ProviderAway from wrong
