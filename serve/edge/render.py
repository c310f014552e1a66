"""HAProxy's configuration and the files that it names, of the keys and certificates as they are."""

import base64
import ipaddress
import os
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from auth.errors import KeysInvalid
from auth.keys import PublicKeys
from auth.seals import KEY_BYTES, SealBroken
from serve.edge.config import NOBODY, EdgeConfig

PRIVATE: Final = 0o600
FILES_MAX: Final = "fd-hard-limit 1000000"
"""Without a limit of its own HAProxy takes the system's, which may be a billion."""
RESOLVERS: Final = """
resolvers system
    parse-resolv-conf
    hold valid 5s
"""


class Config(Template):
    """``@{name}``: HAProxy has dollars and percents of its own."""

    delimiter = "@"


def render(config: EdgeConfig, folder: Path, admin: Path) -> Path:
    """Write everything into ``folder``, which only we can read; the path of ``haproxy.cfg``. Raises
    KeysInvalid, SealBroken, OSError."""
    folder.mkdir(mode=0o700)
    pems = PublicKeys.from_jwks(config.public_keys_file.read_bytes()).pems()
    if not pems:
        raise KeysInvalid
    for kid, pem in pems.items():
        _write(folder / f"{kid}.pem", pem)
    _write(folder / "routes.map", _routes(config.route_keys_dir))
    key_file = config.certificate_key_file
    key = key_file.read_bytes() if key_file else b""
    _write(folder / "certificate.pem", config.certificate_file.read_bytes() + b"\n" + key)
    text = files("serve.edge").joinpath("haproxy.cfg").read_text("utf-8")
    path = folder / "haproxy.cfg"
    _write(path, Config(text).substitute(_values(config, folder, admin, list(pems))).encode())
    return path


def _values(config: EdgeConfig, folder: Path, admin: Path, kids: list[str]) -> dict[str, object]:
    first, last = config.ports
    pages = _server("pages", config.pages) if config.pages else "http-request return status 404"
    named = [each for each in (config.api, config.pages) if each and not _is_address(each)]
    return {
        "folder": folder,
        "admin": admin,
        "bind": config.bind,
        "metrics_bind": config.metrics_bind,
        "proxied": "accept-proxy" if config.proxy_protocol else "",
        # Rules for connections see the balancer's own address; those for sessions the player's.
        "level": "session" if config.proxy_protocol else "connection",
        "maxconn": f"maxconn {config.connections}" if config.connections else FILES_MAX,
        "connections_per_address": config.connections_per_address,
        "connection_rate": config.connections_per_10s,
        "request_rate": config.requests_per_10s,
        "refused_rate": config.refused_tickets_per_min,
        "request_s": config.request_s,
        "url_bytes": config.url_bytes,
        "body_bytes": config.body_bytes,
        "old_workers": f"{config.old_sockets_h}h",
        "operators": " ".join(config.operator_networks or NOBODY),
        "table_networks": " ".join(config.table_networks),
        "first_port": first,
        "last_port": last,
        "resolvers": RESOLVERS if named else "",
        "keys": "\n".join(_verified(folder, kid) for kid in kids),
        "api_server": _server("api", config.api),
        "pages_server": pages,
    }


def _verified(folder: Path, kid: str) -> str:
    # HAProxy reads keys at its start only, so each is named here and chosen by its id.
    verified = f'var(txn.ticket),jwt_verify(ES256,"{folder}/{kid}.pem")'
    # The two dashes end the flags: one id in 64 begins with a dash itself.
    chosen = f"if socket {{ var(txn.kid) -m str -- {kid} }}"
    return f"    http-request set-var(txn.genuine) {verified} {chosen}"


def _server(name: str, at: str) -> str:
    found = "" if _is_address(at) else " resolvers system init-addr last,libc,none"
    return f"server {name} {at}{found}"


def _is_address(at: str) -> bool:
    try:
        ipaddress.ip_address(at.rpartition(":")[0].strip("[]"))
    except ValueError:
        return False
    return True


def _routes(folder: Path) -> bytes:
    """Lines of key number (as a route begins with it) and key, as HAProxy maps them."""
    lines = []
    for path in sorted(folder.glob("[0-9]*.key")):
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise SealBroken(f"{path} does not hold {KEY_BYTES} bytes")
        lines.append(f"{int(path.stem):04X} {base64.b64encode(key).decode()}\n")
    if not lines:
        raise SealBroken(f"there is no key in {folder}")
    return "".join(lines).encode()


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(data)
