"""Access tokens (JWT, ES256, minutes) and refresh tokens (opaque, stored as a digest only)."""

import base64
import hashlib
import secrets
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from auth.errors import RefreshInvalid, TokenExpired, TokenInvalid
from auth.keys import BadSignature, PublicKeys, Signer

Kind = Literal["player", "guest", "bot"]

ISSUER: Final = "squaredeal"
ACCESS_TTL_S: Final = 300
_AUDIENCE: Final = "api"
_TYP: Final = "at+jwt"  # RFC 9068; with the audience it keeps seat tickets out
_REFRESH_BYTES: Final = 32


class Identity(msgspec.Struct, frozen=True):
    """Who is asking: an account, and the session ``sid`` it signed in with."""

    account: UUID
    name: str
    kind: Kind
    sid: UUID


class Tokens(msgspec.Struct, frozen=True):
    """``access`` is good for ``expires_in_s`` seconds; ``refresh`` buys the next pair, once."""

    access: str
    refresh: str
    expires_in_s: int
    identity: Identity


class _Claims(msgspec.Struct, frozen=True):
    sub: UUID
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: Kind
    sid: UUID
    iat: int
    exp: int
    iss: Literal["squaredeal"]
    aud: Literal["api"]


_CLAIMS: Final = msgspec.json.Decoder(_Claims)


def mint_access(keys: Signer, identity: Identity, now: float) -> str:
    """An access token for ``identity``, good for ``ACCESS_TTL_S`` from ``now`` (Unix seconds)."""
    claims = _Claims(
        sub=identity.account,
        name=identity.name,
        kind=identity.kind,
        sid=identity.sid,
        iat=int(now),
        exp=int(now) + ACCESS_TTL_S,
        iss=ISSUER,
        aud=_AUDIENCE,
    )
    return keys.sign(msgspec.json.encode(claims), _TYP)


def read_access(keys: PublicKeys, token: str, now: float) -> Identity:
    """Who an access token speaks for, by signature and time alone (Unix seconds).

    Raises:
        TokenInvalid: not an access token of ours.
        TokenExpired: it was one.
    """
    try:
        claims = _CLAIMS.decode(keys.verify(token, _TYP))
    except (BadSignature, msgspec.MsgspecError) as error:
        raise TokenInvalid from error
    if claims.exp <= now:
        raise TokenExpired
    return Identity(account=claims.sub, name=claims.name, kind=claims.kind, sid=claims.sid)


def new_refresh() -> tuple[str, bytes]:
    """A refresh token of 256 random bits, and the SHA-256 digest that is stored in its place.

    The digest needs no salt and no stretching: there is nothing to guess in 256 random bits.
    """
    secret = secrets.token_bytes(_REFRESH_BYTES)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode(), hashlib.sha256(secret).digest()


def refresh_digest(token: str) -> bytes:
    """The digest under which ``token`` is stored.

    Raises:
        RefreshInvalid: it cannot be one of ours.
    """
    try:
        secret = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except ValueError as error:
        raise RefreshInvalid from error
    if len(secret) != _REFRESH_BYTES:
        raise RefreshInvalid
    return hashlib.sha256(secret).digest()
