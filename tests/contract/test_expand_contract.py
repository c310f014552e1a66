"""Migrations expand: a process of the release before goes on over the schema of the next one.

What takes something away that it may use is a contraction. It has to wait until no process of that
release runs any more, and says so: ``-- contracts: WHAT, unused since RELEASE``.
"""

import re
from importlib.resources import files

import pytest

SAID = re.compile(r"^-- contracts: \S.*, unused since \d+\.\d+\.\d+$", re.MULTILINE)
CONTRACTIONS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"\bDROP\s+(TABLE|VIEW|SCHEMA|SEQUENCE|TYPE|FUNCTION|COLUMN)\b",
        r"\bRENAME\b",
        r"\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b",
        r"\bALTER\s+(COLUMN\s+)?\w+\s+SET\s+NOT\s+NULL\b",
        r"\bALTER\s+(COLUMN\s+)?\w+\s+DROP\s+DEFAULT\b",
        r"\bADD\s+COLUMN\s+(?:(?!\bDEFAULT\b|,|;|\bADD\b).)*\bNOT\s+NULL\b(?!\s+(DEFAULT|GENERATED))",
        r"\bREVOKE\b[^;]*\bFROM\b[^;]*\bsquaredeal_app\b",
    )
)
FIRST_RELEASE = frozenset({
    "actors/002_journal.sql",
    "actors/014_record.sql",
    "auth/040_audit_states.sql",
    "wallet/002_batches.sql",
    "wallet/030_fanout.sql",
    "wallet/040_currencies.sql",
    "wallet/041_limits.sql",
})  # fmt: skip
"""Of before 0.1.0: there was no release whose processes could have met them."""


def migrations() -> list[tuple[str, str]]:
    return [
        (f"{schema}/{file.name}", file.read_text("utf-8"))
        for schema in ("wallet", "auth", "actors")
        for file in sorted((files(schema) / "migrations").iterdir(), key=lambda each: each.name)
        if file.name.endswith(".sql")
    ]


def contractions(text: str) -> list[str]:
    """What it takes away, as far as its words tell."""
    bare = re.sub(r"--[^\n]*", "", text)
    return [found[0] for pattern in CONTRACTIONS if (found := pattern.search(bare))]


@pytest.mark.parametrize(("name", "text"), migrations(), ids=[name for name, _ in migrations()])
def test_a_migration_takes_nothing_away_that_the_release_before_uses(name: str, text: str) -> None:
    if name not in FIRST_RELEASE and not SAID.search(text):
        assert contractions(text) == []


def test_the_exceptions_are_needed_and_exist() -> None:
    texts = dict(migrations())
    assert texts.keys() >= FIRST_RELEASE
    assert [name for name in FIRST_RELEASE if not contractions(texts[name])] == []


@pytest.mark.parametrize("planted", [
    "DROP TABLE auth.accounts;",
    "ALTER TABLE auth.accounts DROP COLUMN name;",
    "ALTER TABLE auth.accounts RENAME COLUMN name TO label;",
    "ALTER TABLE auth.accounts ALTER COLUMN name TYPE varchar(10);",
    "ALTER TABLE auth.accounts ALTER name SET NOT NULL;",
    "ALTER TABLE auth.accounts ADD COLUMN age integer NOT NULL;",
    "ALTER TABLE a ADD COLUMN b int DEFAULT 1,\n ADD COLUMN age integer NOT NULL CHECK (age > 0);",
    "DROP FUNCTION wallet.settle(text);",
    "REVOKE SELECT ON auth.accounts FROM squaredeal_app;",
])  # fmt: skip
def test_a_planted_contraction_is_found(planted: str) -> None:
    assert contractions(planted)


@pytest.mark.parametrize("expansion", [
    "-- DROP TABLE is only spoken of\nCREATE TABLE auth.new (id integer NOT NULL);",
    "ALTER TABLE auth.accounts ADD COLUMN age integer NOT NULL DEFAULT 0;",
    "ALTER TABLE auth.accounts ADD COLUMN age integer, ADD COLUMN b int NOT NULL DEFAULT 0;",
    "CREATE OR REPLACE FUNCTION wallet.f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    "REVOKE ALL ON FUNCTION wallet.f FROM PUBLIC;",
])  # fmt: skip
def test_an_expansion_is_none(expansion: str) -> None:
    assert contractions(expansion) == []
