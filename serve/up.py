"""``squaredeal up``: the whole system on one machine, in the foreground until Ctrl-C."""

import fcntl
import importlib
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import httpx
import msgspec

from serve.compose import CLUSTER, compose
from serve.embedded import EmbeddedStores
from serve.housebots import HouseBots
from serve.lobby import read_lobby
from serve.process import StartFailed
from serve.settings import Settings, SettingWrong
from serve.voice import Voice
from serve.webbuild import WebBuild
from serve.webclient import PAGES
from wire.http import HealthResponse, LobbyResponse

FIRST_HAND_S_MAX = 60.0
LOOK_S = 0.1
T = TypeVar("T")
log = logging.getLogger(__name__)


def up(settings: Settings) -> int:
    """Start everything, say where it is, wait for Ctrl-C, stop everything; the exit status."""
    began = time.monotonic()
    voice = Voice(settings)
    lobby = read_lobby(settings.tables_file)
    cluster = _importing("serve.cluster")
    _must_be_free(settings.host, settings.port)
    url = f"http://{settings.host}:{settings.port}"
    with ExitStack() as stack:
        stack.enter_context(_owned(settings.data_dir))
        stack.enter_context(_interruptible())
        settings, pages = _with_pages(settings, stack)
        with voice.step("Postgres and Valkey"):
            runtime, embedded = compose(settings, lobby, stack)
        stack.callback(_quietly, cluster().stop_cluster)
        with voice.step("Ray"):
            address = cluster().start_ray(settings.dashboard, settings.data_dir)
            (settings.data_dir / CLUSTER).write_text(address, "utf-8")
        with voice.step("gateway, auth, wallet, floor and rail"):
            cluster().start_serve(runtime, settings.host, settings.port)
        stack.callback(_quietly, cluster().close_tables, settings.drain_seconds)
        seated = settings.bots and any(entry.bots for entry in lobby.tables)
        if seated:
            log_file = stack.enter_context((settings.data_dir / "bots.log").open("ab"))
            stack.callback(HouseBots(settings, runtime, lobby, url, log_file).stop)
        with voice.step(f"{len(lobby.tables)} tables"):
            health = _await(url, lambda client: _ready(client, url))
        if health.status == "degraded":
            voice.say(f"  The floor is {health.parts['floor']}; squaredeal tables says why.")
        bots_at = {entry.spec.table for entry in lobby.tables if entry.bots}
        if seated and bots_at & _await(url, lambda client: _listed(client, url)).keys():
            with voice.step("the first hand"):
                _await(url, lambda client: sum(_listed(client, url).values()) or None)
        ready = partial(_announce, voice, url, time.monotonic() - began, settings, pages)
        lost = _until_the_end(ready, voice, embedded)
        voice.say(f"\n{lost}Stopping: hands in play may end, then every stake goes home …")
    voice.say("Stopped.")
    return 1 if lost else 0


def _importing(module: str) -> Callable[[], Any]:
    """Import beside the start of the stores: with Ray and Serve it is 1.9 s of CPU."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(importlib.import_module(module)))
    thread.start()

    def get() -> Any:
        thread.join()
        return found[0]

    return get


def _with_pages(settings: Settings, stack: ExitStack) -> tuple[Settings, WebBuild | None]:
    """With the web client, which is built meanwhile if it was not given; without it everything
    else works."""
    if settings.web_dir is not None or not settings.web:
        return settings, None
    pages = WebBuild()
    stack.callback(pages.stop)
    return settings.model_copy(update={"web_dir": PAGES}), pages


def _announce(
    voice: Voice, url: str, seconds: float, settings: Settings, pages: WebBuild | None
) -> None:
    voice.say(f"Ready in {seconds:.1f} s. Data in {settings.data_dir}. Ctrl-C stops everything.")
    voice.say(f"  Lobby and API   {url}/v1/tables")
    command = "squaredeal play" if shutil.which("squaredeal") else _sibling("squaredeal play")
    extra = f" --url {url}" if settings.port != Settings.model_fields["port"].default else ""
    voice.say(f"  Take a seat     {command}{extra}")
    if settings.web_dir is not None and (pages is None or pages.finish(voice.say)):
        voice.say(f"  In a browser    {url}/")


def _sibling(command: str) -> str:
    """The command beside this interpreter, as one would type it from here."""
    folder = os.path.relpath(Path(sys.executable).parent)
    return f"{folder}/{command}"


def _ready(client: httpx.Client, url: str) -> HealthResponse | None:
    """None while something is still being started; degraded is as ready as it will be soon."""
    answer = client.get(f"{url}/readyz")
    return None if answer.is_error else msgspec.json.decode(answer.content, type=HealthResponse)


def _listed(client: httpx.Client, url: str) -> dict[str, int]:
    """The open tables, and how many hands each has dealt."""
    answer = client.get(f"{url}/v1/tables")
    tables = msgspec.json.decode(answer.content, type=LobbyResponse).tables
    return {table.info.table: table.dealt for table in tables}


def _await(url: str, ask: Callable[[httpx.Client], T | None]) -> T:
    """Poll until there is an answer; a bound, so that a broken start ends with a message."""
    deadline = time.monotonic() + FIRST_HAND_S_MAX
    with httpx.Client(timeout=5.0) as client:
        while time.monotonic() < deadline:
            try:
                if (answer := ask(client)) is not None:
                    return answer
            except (httpx.HTTPError, msgspec.DecodeError):
                log.debug("%s does not answer yet", url)
            time.sleep(0.05)
    raise SettingWrong(f"the tables at {url} did not open within {FIRST_HAND_S_MAX:.0f} s")


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise SettingWrong(f"port: can't listen on {host}:{port}: {taken.strerror}") from None


@contextmanager
def _owned(data_dir: Path) -> Iterator[None]:
    """Two servers must not share a folder."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "lock").open("w")
    except OSError as failure:
        raise SettingWrong(f"data_dir: {failure}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingWrong(f"data_dir: another server uses {data_dir}") from None
        yield


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal all stop in an orderly way, once."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _until_the_end(
    announce: Callable[[], None], voice: Voice, embedded: EmbeddedStores | None
) -> str:
    """Say where it is, and watch the stores until Ctrl-C, which is no text, or until one is lost,
    which is said."""
    try:
        announce()
        while True:
            time.sleep(LOOK_S)
            for name in embedded.revive() if embedded else []:
                voice.say(f"{name} had ended and was started again.")
    except KeyboardInterrupt:
        return ""
    except StartFailed as failure:
        return f"{failure}. "


def _quietly(act: Callable[..., object], *args: object) -> None:
    """While stopping, one failure must not keep the rest from stopping."""
    try:
        act(*args)
    except Exception:
        log.exception("while stopping")
