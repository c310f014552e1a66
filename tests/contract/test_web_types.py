"""The web client's types against the server's own documents."""

import pytest

from serve.webclient import NotBuilt, install
from serve.webtypes import generate


def test_the_generated_types_are_current() -> None:
    try:
        install()
        done = generate("--check")
    except NotBuilt as why:
        pytest.skip(f"there is no Node here: {why}")
    assert done.returncode == 0, done.stdout
