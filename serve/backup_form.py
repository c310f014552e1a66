"""What a backup is: a folder with a manifest, a dump of the database, and the keys, sealed.

manifest.json   what is in it, and what the books were
database.dump   pg_dump's custom format, of one snapshot
keys.sealed     the folder ``keys`` as tar, under a passphrase (scrypt, AES-256-GCM)
"""

import hashlib
import io
import secrets
import tarfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from serve.settings import SettingWrong
from wallet.ledger import Head

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
KEYS: Final = "keys.sealed"
PASSPHRASE_CHARS_MIN: Final = 12
KEYS_BYTES_MAX: Final = 1 << 20
_SALT, _NONCE = 16, 12
_SCRYPT_N: Final = 1 << 17  # 128 MB and a third of a second a guess
_PLACE: Final = b"squaredeal backup keys 1"


class Part(msgspec.Struct, frozen=True):
    """A file of the backup."""

    bytes: int
    sha256: str


class Books(msgspec.Struct, frozen=True):
    """How much there was, in the snapshot of the dump."""

    accounts: int
    transfers: int
    entries: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``migrations`` are digests by schema and file, ``heads`` the ends of the ledger's chains in
    the snapshot of the dump, ``keys`` the names of the key files that the database needs."""

    format: int
    version: str
    made_at: str
    postgres: int
    migrations: dict[str, dict[str, str]]
    heads: dict[int, Head]
    audit: Head
    books: Books
    keys: list[str]
    files: dict[str, Part]


def our_version() -> str:
    """The version of this code."""
    return version("squaredeal")


def read_manifest(folder: Path) -> Manifest:
    """Of a backup whose files are all as they were written; raises SettingWrong if not."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except OSError as failure:
        raise SettingWrong(f"{folder} is no backup: {failure}") from None
    try:
        found = msgspec.json.decode(text)
        form = found.get("format") if isinstance(found, dict) else None
        if form != FORMAT:
            raise SettingWrong(f"{folder}: a backup of format {form}, this version reads {FORMAT}")
        manifest = msgspec.convert(found, Manifest, str_keys=True)
    except msgspec.MsgspecError as wrong:
        raise SettingWrong(f"{folder}: the manifest is damaged: {wrong}") from None
    for name, part in manifest.files.items():
        path = folder / name
        if name not in (DUMP, KEYS):
            raise SettingWrong(f"{folder}: the manifest names {name!r}, which is no part of one")
        if not path.is_file():
            raise SettingWrong(f"{folder}: {name} is missing")
        if part_of(path) != part:
            raise SettingWrong(f"{folder}: {name} is not as it was written")
    if DUMP not in manifest.files:
        raise SettingWrong(f"{folder}: there is no {DUMP} in it")
    return manifest


def part_of(path: Path) -> Part:
    """A file's size and digest."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def known_migrations() -> dict[str, dict[str, str]]:
    """Those that this code brings, with their digests as ``wallet.migrate`` notes them."""
    return {
        schema: {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (files(schema) / "migrations").iterdir()
            if file.name.endswith(".sql")
        }
        for schema in ("wallet", "auth", "actors")
    }


def newer(migrations: dict[str, dict[str, str]]) -> list[str]:
    """Migrations that this code does not have, or has otherwise: it must not touch such data."""
    known = known_migrations()
    return [
        f"{schema}/{name}"
        for schema, ran in migrations.items()
        for name, digest in ran.items()
        if known.get(schema, {}).get(name) != digest
    ]


# The keys


def passphrase_of(path: Path) -> str:
    """The passphrase in a file; raises SettingWrong if it is too short to guard anything."""
    try:
        said = path.read_text("utf-8").strip()
    except OSError as failure:
        raise SettingWrong(f"passphrase_file: {failure}") from None
    if len(said) < PASSPHRASE_CHARS_MIN:
        least = f"at least {PASSPHRASE_CHARS_MIN} characters"
        raise SettingWrong(f"passphrase_file: a passphrase has {least}")
    return said


def key_names(folder: Path) -> list[str]:
    """The files of the folder of keys that hold secrets."""
    found = [*folder.glob("**/[0-9]*.key"), *folder.glob("[0-9]*.pem")]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def seal_keys(folder: Path, passphrase: str) -> bytes:
    """The folder of keys as one sealed piece. Times are kept: a young signing key waits."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.add(folder, arcname=".")
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return salt + nonce + _cipher(passphrase, salt).encrypt(nonce, packed.getvalue(), _PLACE)


def open_keys(sealed: bytes, passphrase: str, target: Path) -> None:
    """Unpack the keys into ``target``; raises SettingWrong if this is not their passphrase."""
    salt, nonce, body = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        packed = _cipher(passphrase, salt).decrypt(nonce, body, _PLACE)
    except InvalidTag:
        raise SettingWrong("passphrase_file: not the passphrase of these keys") from None
    target.mkdir(mode=0o700, parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(target, filter="data")
    target.chmod(0o700)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=8, p=1).derive(passphrase.encode()))
