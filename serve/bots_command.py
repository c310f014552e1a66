"""``squaredeal bots``: the lobby's house bots, beside a cluster."""

import argparse
import signal
import sys
import time
from pathlib import Path

import httpx

from serve.compose import compose_given
from serve.housebots import HouseBots
from serve.lobby import read_lobby
from serve.settings import SettingWrong, read_settings

LOOK_S = 0.5
TIMEOUT_S = 5.0


def bots_command(arguments: list[str]) -> int:
    """Seat them, until Ctrl-C or SIGTERM; the exit status."""
    parser = argparse.ArgumentParser(
        "squaredeal bots", description="Seat the lobby's house bots at a running cluster's tables."
    )
    parser.add_argument("--config", type=Path, required=True, help="the cluster's settings")
    parser.add_argument("--url", default="", help="where they go (public_url)")
    parser.add_argument("--seconds", type=float, default=180.0, help="to wait for the server")
    options = parser.parse_args(arguments)
    settings = read_settings([], options.config, parser.prog)
    url = (options.url or settings.public_url or "").rstrip("/")
    if not url:
        raise SettingWrong("bots needs public_url, or --url")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    runtime = compose_given(settings)
    if not _answers(url, time.monotonic() + options.seconds):
        sys.stderr.write(f"squaredeal bots: {url} does not answer\n")
        return 1
    bots = HouseBots(settings, runtime, read_lobby(settings.tables_file), url, None)
    print(f"{bots.count} bots play at {url}", flush=True)
    try:
        return bots.wait()
    finally:
        bots.stop()


def _answers(url: str, deadline: float) -> bool:
    """Whether the lobby is there before the time is over."""
    with httpx.Client(timeout=TIMEOUT_S) as client:
        while time.monotonic() < deadline:
            try:
                if client.get(f"{url}/v1/tables").is_success:
                    return True
            except httpx.HTTPError:
                pass
            time.sleep(LOOK_S)
    return False
