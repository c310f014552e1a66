"""What a first visit loads of script, packed, from the export itself."""

import gzip
import re

import pytest

from serve.webclient import PAGES

KILOBYTE = 1_024


def scripts_of(page: str) -> set[str]:
    """What a page's HTML loads; browsers of today leave ``noModule`` alone."""
    tags = re.findall(r"<script[^>]*\ssrc=[^>]*>", page)
    found = [re.search(r'src="/([^"?]+)', tag) for tag in tags if "noModule" not in tag]
    return {each[1] for each in found if each}


@pytest.mark.parametrize(("page", "most_kb"), [("index.html", 200), ("table/index.html", 350)])
def test_the_script_of_a_first_visit_is_light(page: str, most_kb: int) -> None:
    if not (PAGES / "index.html").is_file():
        pytest.skip("the web client is not built here")
    scripts = scripts_of((PAGES / page).read_text("utf-8"))
    assert scripts
    packed = {each: len(gzip.compress((PAGES / each).read_bytes())) for each in scripts}
    assert sum(packed.values()) <= most_kb * KILOBYTE, packed
