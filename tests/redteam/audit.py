"""Known holes in what we depend on: ``python -m tests.redteam.audit`` (``make audit``).

It asks pip-audit and npm audit, who ask databases of advisories over the network. Status 1: there
is a hole. Status 2: something could not be checked; pip-audit itself calls that a success.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
NODE: Final = ("benchmarks/peers", "client/web")
"""Folders with a package-lock.json."""
SECONDS_MAX: Final = 600
HOLES, UNKNOWN = 1, 2


class Verdict(NamedTuple):
    """``holes`` and what could not be checked, one line each."""

    holes: list[str]
    unchecked: list[str]


def of_pip(report: dict[str, Any]) -> Verdict:
    """Of ``pip-audit --format json``: what it skips, it has not checked."""
    holes, unchecked = [], []
    for each in report["dependencies"]:
        if "skip_reason" in each:
            unchecked.append(f"{each['name']}: {each['skip_reason']}")
        holes += [f"{each['name']} {each['version']}: {hole['id']}" for hole in
                  each.get("vulns", ())]  # fmt: skip
    return Verdict(holes, unchecked)


def of_npm(folder: str, report: dict[str, Any]) -> Verdict:
    """Of ``npm audit --json``; without ``auditReportVersion`` nothing was checked."""
    if "auditReportVersion" not in report:
        why = report.get("message") or report.get("error", {}).get("summary") or "no answer"
        return Verdict([], [f"{folder}: {why}"])
    found = report.get("vulnerabilities", {})
    return Verdict([f"{folder}: {name} ({each['severity']})" for name, each in found.items()], [])


def status_of(verdicts: Sequence[Verdict]) -> int:
    """The exit status: what is unknown is no success."""
    if any(each.holes for each in verdicts):
        return HOLES
    return UNKNOWN if any(each.unchecked for each in verdicts) else 0


def _asked(command: Sequence[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"message": (done.stderr.strip().splitlines() or ["no answer"])[-1]}
    return found


def main() -> int:
    pip = [str(Path(sys.executable).with_name("pip-audit")), "--require-hashes", "--disable-pip",
           "--progress-spinner", "off", "--format", "json", "-r", "requirements.lock"]  # fmt: skip
    report = _asked(pip, ROOT)
    verdicts = [of_pip(report) if "dependencies" in report
                else Verdict([], [f"requirements.lock: {report['message']}"])]  # fmt: skip
    for folder in NODE:
        if (ROOT / folder / "package-lock.json").is_file():
            verdicts.append(of_npm(folder, _asked(["npm", "audit", "--json"], ROOT / folder)))
        else:
            verdicts.append(Verdict([], [f"{folder}: there is no package-lock.json"]))
    holes = [line for each in verdicts for line in each.holes]
    unchecked = [line for each in verdicts for line in each.unchecked]
    print("\n".join([*holes, *unchecked[:5]]))
    print(f"{len(holes)} known holes; {len(unchecked)} not checked"
          f"{': the databases of advisories did not answer' if unchecked else ''}")  # fmt: skip
    return status_of(verdicts)


if __name__ == "__main__":
    sys.exit(main())
