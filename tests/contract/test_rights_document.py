"""The table of rights that people read is the one that the gate asks."""

import re
from pathlib import Path

from auth.rights import GIVEN, RIGHTS, Right

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


def test_the_table_is_the_one_that_counts() -> None:
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("|") and not re.match(r"\|-+\|", line)
    ]
    begin = next(i for i, line in enumerate(lines) if line[0] == "right")
    head, *rows = lines[begin : begin + len(Right)]
    assert head[2:] == list(GIVEN)
    written = {
        row[0].strip("`"): {role for role, mark in zip(head[2:], row[2:], strict=True) if mark}
        for row in rows
    }
    assert written == {
        right: {role for role in GIVEN if right in RIGHTS[role]}
        for right in Right
        if right is not Right.PLAY
    }
