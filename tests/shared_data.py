"""Recorded hands: beside the checkout in ``../shared``, or where SQUAREDEAL_SHARED points."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[1].parent / "shared"


def hand_file(name: str) -> Path:
    """The file of recorded hands; skips the test, saying so, where it is absent."""
    path = Path(os.environ.get("SQUAREDEAL_SHARED", BESIDE)) / "data" / name
    if not path.is_file():
        pytest.skip(f"no recorded hands: {path} is absent (set SQUAREDEAL_SHARED)")
    return path
