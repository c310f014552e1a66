"""The first stage of the Dockerfile, run as it stands there: what the lock file and the wheel leave
out is needed by nothing of the server, and its commands work."""

import os
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import asyncpg
import pytest

from serve.embedded import EmbeddedStores
from tests.conftest import database

ROOT = Path(__file__).parents[2]
STAGE = re.compile(r"^FROM \S+ AS build\n(.*?)^FROM ", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^RUN (.*?[^\\])$", re.MULTILINE | re.DOTALL)
COPIED = re.compile(r"^!(.+)$", re.MULTILINE)
EVERY_MODULE = """
import importlib, pathlib, pkgutil, sysconfig
top = pathlib.Path(sysconfig.get_path("purelib"))
ours = ("actors", "auth", "client", "games", "serve", "telemetry", "wallet", "wire")
for name in (each.name for package in ours for each in
             pkgutil.walk_packages([str(top / package)], f"{package}.")):
    if not name.endswith("__main__"):
        assert pathlib.Path(importlib.import_module(name).__file__).is_relative_to(top), name
        print(name)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Away from the checkout, whose modules must not be found."""
    env = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment that the image has in /opt."""
    folder = tmp_path_factory.mktemp("image")
    source = folder / "src"
    for name in COPIED.findall((ROOT / ".dockerignore").read_text("utf-8")):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(
                "__pycache__", "node_modules", ".next", "out"))  # fmt: skip
        else:
            shutil.copy(ROOT / name, source / name)
    found = STAGE.search((ROOT / "Dockerfile").read_text("utf-8"))
    assert found is not None
    steps = STEP.findall(found[1])
    assert len(steps) == 2
    # Elsewhere, and out of the cache that this environment was installed from.
    here = {
        "/opt/squaredeal/bin/pip install": f"uv pip install --python {folder}/squaredeal",
        "/opt/": f"{folder}/", "/tmp/": f"{folder}/", " --no-cache": "",
    }  # fmt: skip
    elsewhere = re.compile("|".join(map(re.escape, here)))
    for step in steps:
        run("sh", "-euc", elsewhere.sub(lambda found: here[found[0]], step), cwd=source)
    shutil.rmtree(source)
    return folder / "squaredeal"


def test_every_module_of_the_server_is_there_with_all_that_it_imports(
    image: Path, tmp_path: Path
) -> None:
    imported = run(image / "bin" / "python", "-c", EVERY_MODULE, cwd=tmp_path).split()
    assert {"serve.app", "actors.host", "client.bots", "wallet.settler"} <= set(imported)


async def test_its_command_line_says_what_there_is_and_migrates(
    image: Path, stores: EmbeddedStores, tmp_path: Path
) -> None:
    squaredeal = image / "bin" / "squaredeal"
    assert run(squaredeal, "--help", cwd=tmp_path).startswith("usage: squaredeal COMMAND")
    name = f"image_{uuid.uuid4().hex}"
    conn = await asyncpg.connect(stores.admin_dsn)
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()
    for who, dsn in (("owner", stores.admin_dsn), ("app", stores.app_dsn)):
        (tmp_path / who).write_text(database(dsn, name), "utf-8")
    migrate = (squaredeal, "migrate", "--database-dsn-file", "app", "--owner-dsn-file", "owner")
    assert "001_ledger.sql" in run(*migrate, cwd=tmp_path)
    assert run(*migrate, cwd=tmp_path) == "0 migrations ran\n"
