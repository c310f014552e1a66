"""Signing keys whose id begins with a dash, as one in 64 does: to some readers it is an option."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from auth.keys import SigningKeys


def dashed_key() -> ec.EllipticCurvePrivateKey:
    while True:
        key = ec.generate_private_key(ec.SECP256R1())
        if SigningKeys([key]).kid.startswith("-"):
            return key


def put_dashed_key(file: Path) -> None:
    """In the place of the one that is there, which only its owner can read."""
    plain = NoEncryption()
    file.write_bytes(dashed_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain))
