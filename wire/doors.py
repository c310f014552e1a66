"""HTTP bodies of passkeys and of signing in by other sites. Credentials have the shape of
``PublicKeyCredential.toJSON()``; what is not read here may be there too. Bytes are base64url, not
padded."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

KeyName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*(?![\s\S])")
]
Bytes = Annotated[str, msgspec.Meta(max_length=4_096)]
Long = Annotated[str, msgspec.Meta(max_length=16_384)]
Options = dict[str, Any]
"""For ``PublicKeyCredential.parseCreationOptionsFromJSON`` and ``…parseRequestOptionsFromJSON``."""


class Attestation(msgspec.Struct, frozen=True):
    clientDataJSON: Bytes
    attestationObject: Long


class Assertion(msgspec.Struct, frozen=True):
    clientDataJSON: Bytes
    authenticatorData: Bytes
    signature: Bytes
    userHandle: Bytes | None = None


class NewCredential(msgspec.Struct, frozen=True):
    """What ``navigator.credentials.create`` gave."""

    id: Bytes
    rawId: Bytes
    response: Attestation
    type: str


class ShownCredential(msgspec.Struct, frozen=True):
    """What ``navigator.credentials.get`` gave."""

    id: Bytes
    rawId: Bytes
    response: Assertion
    type: str


class NewPasskey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``name`` is for its owner alone: "phone"."""

    name: KeyName
    credential: NewCredential


class ShownPasskey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    credential: ShownCredential


class PasskeyName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: KeyName


class PasskeyInfo(msgspec.Struct, frozen=True):
    """``used``: when it signed in, or proved, last."""

    id: str
    name: str
    added: datetime
    used: datetime | None = None


class PasskeysResponse(msgspec.Struct, frozen=True):
    """Oldest first."""

    passkeys: tuple[PasskeyInfo, ...]


class ProviderInfo(msgspec.Struct, frozen=True):
    """A site to sign in by: ``id`` for our addresses, ``name`` for people."""

    id: str
    name: str


class ProvidersResponse(msgspec.Struct, frozen=True):
    providers: tuple[ProviderInfo, ...]


class BeginRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``name`` of the account that is made if nobody has the identity; without, none is made."""

    name: Annotated[str, msgspec.Meta(max_length=20)] = ""


class TripResponse(msgspec.Struct, frozen=True):
    """Keep ``flow`` and ``state`` in the tab (sessionStorage) and go to ``url``. The provider sends
    the browser back to ``/oidc/PROVIDER`` of ``public_url`` with ``code`` and ``state``. If that is
    another state than was kept, somebody else began: forget it."""

    url: str
    flow: str
    state: str


class ArrivedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The flow that was kept, and what came back."""

    flow: Bytes
    state: Bytes
    code: Bytes


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``continuation`` as ``code_needed`` brought it, good for five minutes; ``factor`` is the code
    of the authenticator, or a recovery code. After ``code_wrong`` another one may be sent."""

    continuation: Bytes
    factor: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class IdentityInfo(msgspec.Struct, frozen=True):
    """``used``: when it signed in last."""

    id: str
    provider: str
    added: datetime
    used: datetime | None = None


class IdentitiesResponse(msgspec.Struct, frozen=True):
    """Oldest first."""

    identities: tuple[IdentityInfo, ...]
