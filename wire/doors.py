"""HTTP bodies of passkeys. Credentials have the shape of ``PublicKeyCredential.toJSON()``; what is
not read here may be there too. Bytes are base64url without padding."""

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
