"""What another site says of somebody: OpenID Connect, authorization code with PKCE.

One ``Client`` a provider asks it where it is (discovery), sends browsers there, trades the code
that comes back for an ID token, and believes of that nothing but issuer and subject. Signature and
claims are checked by joserfc and Authlib; only the algorithms in ``ALGORITHMS`` are read, so
``none`` and secrets as keys are not. Authlib's own client needs another HTTP library than ours.
"""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
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

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
ANSWER_S_MAX: Final = 10.0
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


class Client:
    """We, at one provider. ``clock`` gives Unix seconds."""

    def __init__(self, provider: Provider, redirect_uri: str, clock: Callable[[], float]) -> None:
        self.provider = provider
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._trusted = ssl.create_default_context()
        self._asking = asyncio.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

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
        endpoint = (await self._known())["authorization_endpoint"]
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
        answer = await self._ask(
            "POST", (await self._known())["token_endpoint"], data=asked,
            auth=(self.provider.client_id, self._secret()),
        )  # fmt: skip
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
                read = jwt.decode(id_token, await self._key_set(0), registry=registry)
            except InvalidKeyIdError:  # it has rotated them, perhaps
                read = jwt.decode(id_token, await self._key_set(KEYS_S_MIN), registry=registry)
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

    async def _key_set(self, stale_s: float) -> KeySet:
        """Its keys; asked for again if ``stale_s`` is given and they are that old."""
        uri = (await self._known())["jwks_uri"]
        async with self._asking:
            now = self._clock()
            if self._keys is None or (stale_s and now >= self._keys[0] + stale_s):
                found = _json(await self._ask("GET", uri))
                self._keys = now, KeySet.import_key_set(found)  # type: ignore[arg-type]
            return self._keys[1]

    async def _known(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ProviderAway."""
        async with self._asking:
            now = self._clock()
            if self._metadata is None or now >= self._metadata[0] + METADATA_S:
                url = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
                found = _json(await self._ask("GET", url))
                try:
                    for name in ENDPOINTS:
                        check_url(str(found.get(name)))
                except ValueError as wrong:
                    raise ProviderAway from wrong
                if found.get("issuer") != self.provider.issuer:
                    raise ProviderAway
                self._metadata = now, found
            return self._metadata[1]

    async def _ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=ANSWER_S_MAX, verify=self._trusted) as http:
                answer = await http.request(method, url, **more)
        except httpx.HTTPError as failure:
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
