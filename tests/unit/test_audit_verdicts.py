"""An audit that could not be done is no success."""

import pytest

from tests.redteam.audit import HOLES, UNKNOWN, Verdict, of_npm, of_pip, status_of

SOUND = {"name": "a", "version": "1", "vulns": []}
HOLED = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited"}


@pytest.mark.parametrize(
    ("dependencies", "status"),
    [([SOUND], 0), ([SOUND, HOLED], HOLES), ([SOUND, SKIPPED], UNKNOWN), ([HOLED, SKIPPED], HOLES)],
)
def test_what_pip_audit_skips_is_unknown(
    dependencies: list[dict[str, object]], status: int
) -> None:
    assert status_of([of_pip({"dependencies": dependencies})]) == status


def test_npm_without_a_report_is_unknown() -> None:
    refused = of_npm("x", {"message": "405 Method Not Allowed", "error": {"summary": ""}})
    assert refused == Verdict([], ["x: 405 Method Not Allowed"])
    assert status_of([refused]) == UNKNOWN
    clean = of_npm("x", {"auditReportVersion": 2, "vulnerabilities": {}})
    assert status_of([clean]) == 0
    found = {"auditReportVersion": 2, "vulnerabilities": {"left": {"severity": "high"}}}
    assert of_npm("x", found).holes == ["x: left (high)"]
    assert status_of([clean, refused, of_npm("x", found)]) == HOLES
