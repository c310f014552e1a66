"""A passkey device in software (WebAuthn level 3): real keys, real signatures, and every lie that a
test wants of it."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One discoverable passkey, in the hands of its owner, at a page of ``origin``."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.count = 0
        self.verified = True
        self.id = secrets.token_bytes(16)
        self.user = b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """As ``navigator.credentials.create`` with these options, then ``toJSON``."""
        self.user = unb64(options["user"]["id"])
        at = self._key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (at.x, at.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        key = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(options["rp"]["id"], HAS_KEY) + key
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._json(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """As ``navigator.credentials.get``; ``lies`` replace rp, challenge, kind or user."""
        self.count += 1
        data = self._data(lies.get("rp", options["rpId"]), 0)
        client = self._client(
            lies.get("kind", "webauthn.get"), lies.get("challenge", options["challenge"])
        )
        signed = data + hashlib.sha256(client).digest()
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        user = lies.get("user", self.user)
        return self._json(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=user
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, rp: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(rp.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _json(self, **response: bytes) -> dict[str, Any]:
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {name: b64(value) for name, value in response.items()},
        }
