"""Locks pin by hash and name no address: who builds says where he gets things from."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "client/web/package-lock.json", "benchmarks/peers/package-lock.json")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "sha256:" in text or '"integrity"' in text


def test_no_process_of_ray_builds_a_grammar_to_check_addresses() -> None:
    """It takes longer than all else that Ray imports, in each of some twenty processes."""
    subprocess.run(
        [sys.executable, "-c", "import sys, ray; sys.exit('lark' in sys.modules)"], check=True
    )
