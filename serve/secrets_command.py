"""``squaredeal secrets``: what a cluster of one's own needs and nobody may know, as files.

Each part is a folder by itself, so that each process is given its own: ``owner`` (migrations and
Postgres), ``app``, ``edge``, ``redis``. What is there stays; what the edge is given is copied anew.
"""

import argparse
import datetime
import ipaddress
import secrets
import shutil
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from auth.rotation import PUBLIC_FILE
from serve.embedded_postgres import APP_ROLE, DATABASE, SUPERUSER
from serve.keys import init_keys
from serve.runtime import EDGE_SEALS

DAYS: Final = 365
OURS: Final = 0o600
GROUP: Final = 0o640
"""Redis runs as an account of its own, in our group."""


def secrets_command(arguments: list[str]) -> int:
    """Make what is missing; the exit status."""
    parser = argparse.ArgumentParser(
        "squaredeal secrets", description="Make keys, passwords and a certificate, as files."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postgres", default="postgres:5432", help="host:port (%(default)s)")
    parser.add_argument("--redis", default="redis:6379", help="host:port (%(default)s)")
    parser.add_argument("--name", action="append", help="of the certificate (localhost, 127.0.0.1)")
    options = parser.parse_args(arguments)
    make_secrets(options.folder, options.postgres, options.redis)
    hand_to_edge(options.folder, options.name or ["localhost", "127.0.0.1"])
    print(f"secrets are in {options.folder}")
    return 0


def make_secrets(folder: Path, postgres: str, redis: str) -> None:
    """Passwords and what is said with them; tokens."""
    owner, app = folder / "owner", folder / "app"
    password = _once(owner / "postgres.password", secrets.token_urlsafe(24))
    _once(owner / "owner.dsn", f"postgresql://{SUPERUSER}:{password}@{postgres}/{DATABASE}")
    app_dsn = f"postgresql://{APP_ROLE}:{secrets.token_urlsafe(24)}@{postgres}/{DATABASE}"
    _once(app / "postgres.dsn", app_dsn)
    url = _once(app / "redis.url", f"redis://:{secrets.token_urlsafe(24)}@{redis}/0")
    config = f"requirepass {url.split(':')[2].split('@')[0]}\nappendonly yes\nsave ''"
    _once(folder / "redis" / "redis.conf", config, GROUP)
    for name in ("operator.token", "ray.token"):
        _once(app / name, secrets.token_hex(32))
    init_keys(app / "keys")


def hand_to_edge(folder: Path, names: list[str]) -> None:
    """What verifies tickets and opens routes; a certificate that nobody else has signed."""
    edge, keys = folder / "edge", folder / "app" / "keys"
    edge.mkdir(mode=0o700, parents=True, exist_ok=True)
    (edge / EDGE_SEALS).mkdir(mode=0o700, exist_ok=True)
    for path in (keys / PUBLIC_FILE, *(keys / EDGE_SEALS).glob("[0-9]*.key")):
        target = edge / path.relative_to(keys)
        fresh = target.with_suffix(".new")
        shutil.copy(path, fresh)
        fresh.replace(target)
    if not (edge / "certificate.pem").exists():
        certificate, key = _certificate(names)
        _once(edge / "certificate.pem", f"{certificate}{key}".strip())
        _once(folder / "public" / "certificate.pem", certificate.strip(), 0o644)


def _once(path: Path, text: str, mode: int = OURS) -> str:
    """What the file holds; made with ``text`` if it is not there."""
    if not path.exists():
        # Folders are for whoever is given them as a whole; the files say who may read them.
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        path.touch(mode=OURS)
        path.chmod(mode)
        path.write_text(f"{text}\n", "utf-8")
    return path.read_text("utf-8").strip()


def _certificate(names: list[str]) -> tuple[str, str]:
    """PEM of a certificate for these hosts and addresses, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_alternative(n) for n in names]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(pem).decode(), private.decode()


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
