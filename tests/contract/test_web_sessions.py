"""The Python client still makes of the recorded sessions what is written beside them.

The browser's store is held to the same states by client/web/room/fold.test.ts: so both agree.
"""

import json

import pytest

from tests.web_sessions import FOLDER, TABLES, folded


@pytest.mark.parametrize("seats", TABLES)
@pytest.mark.parametrize("line", ["seat", "rail"])
def test_the_python_client_shows_the_sessions_as_recorded(seats: int, line: str) -> None:
    session = json.loads((FOLDER / f"table-{seats}.json").read_text("utf-8"))
    states = json.loads(json.dumps(folded(session[line])))
    assert len(states) > 5
    assert states == session[f"{line}_states"]
