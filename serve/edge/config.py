"""What the edge is told, in one TOML file. There are no secrets in it: only where they are."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final

import msgspec

from serve.settings import SettingWrong

NOBODY: Final = ("255.255.255.255/32",)
"""HAProxy wants a network; nobody has this address."""
Count = Annotated[int, msgspec.Meta(ge=1)]


class EdgeConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``api`` and ``pages`` are ``host:port`` of Serve and of the front end. Networks are CIDR."""

    api: str
    pages: str = ""
    bind: str = "*:8443"
    metrics_bind: str = "127.0.0.1:8404"
    """For Prometheus and health checks: /metrics and /healthz, plain HTTP, never for players."""
    public_keys_file: Path
    """What tickets are verified with: ``public.jwks`` of the keys."""
    route_keys_dir: Path
    """What opens their routes: the folder ``edge`` of the keys."""
    certificate_file: Path
    """PEM, the chain and, unless ``certificate_key_file`` has it, the key."""
    certificate_key_file: Path | None = None
    table_networks: tuple[str, ...]
    """Where tables and rails may be; a ticket to elsewhere is refused."""
    table_ports: Annotated[str, msgspec.Meta(pattern=r"^\d{4,5}-\d{4,5}\Z")] = "20000-29999"
    operator_networks: tuple[str, ...] = ()
    """From where /v1/operator may be asked through the edge; from nowhere without."""
    proxy_protocol: bool = False
    """A load balancer before it says for whom it asks (PROXY protocol)."""
    connections: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Of all players together; 0: half as many as the process may have files."""
    connections_per_address: Count = 500
    connections_per_10s: Count = 300
    requests_per_10s: Count = 2_000
    refused_tickets_per_min: Count = 60
    request_s: Count = 10
    """So long a request may take to come in, headers and body."""
    body_bytes: Count = 1_048_576
    url_bytes: Count = 4_096
    old_sockets_h: Count = 12
    """So long sockets of before a reload may stay; then they come back by a new ticket."""
    grace_s: Annotated[float, msgspec.Meta(ge=0)] = 10.0
    """So long open sockets may stay when the edge itself is stopped."""

    @property
    def ports(self) -> tuple[int, int]:
        """First and last."""
        first, _, last = self.table_ports.partition("-")
        return int(first), int(last)


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(kind)


def read_edge(path: Path) -> EdgeConfig:
    """Raises SettingWrong with one clear line."""
    try:
        config = msgspec.toml.decode(path.read_text("utf-8"), type=EdgeConfig, dec_hook=_path)
        for network in (*config.table_networks, *config.operator_networks):
            ip_network(network)
    except (OSError, ValueError, UnicodeDecodeError) as wrong:
        raise SettingWrong(f"{path}: {wrong}") from None
    first, last = config.ports
    if not (config.table_networks and 1_024 <= first <= last <= 65_535):
        raise SettingWrong(f"{path}: table_networks, and table_ports within 1024-65535, are needed")
    return config
