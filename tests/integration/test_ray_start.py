"""Ray's start on a machine that has too much to do for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

LATE = """
import pathlib, sys, time
slept = pathlib.Path(__file__).with_name("slept")
if "dashboard/agent.py" in pathlib.Path("/proc/self/cmdline").read_text() and not slept.exists():
    slept.touch()
    time.sleep(60)
"""
"""Every Python process of the cluster reads it first; the first agent is later than Ray waits."""
STARTS = """
import json, pathlib, sys
import psutil
from serve.cluster import start_ray, stop_cluster

def alive():
    children = psutil.Process().children()
    return [each.name() for each in children if each.status() != psutil.STATUS_ZOMBIE]

start_ray(False, pathlib.Path(sys.argv[1]))
running = alive()
stop_cluster()
print(json.dumps([running, alive()]))
"""


def test_a_start_that_ray_gives_up_is_tried_again_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    (tmp_path / "sitecustomize.py").write_text(LATE)
    ran = subprocess.run(
        [sys.executable, "-c", STARTS, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.getcwd()}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (tmp_path / "slept").exists()
    assert ran.returncode == 0, ran.stderr
    assert "Ray did not start: The current node timed out during startup" in ran.stderr
    running, left = json.loads(ran.stdout)
    assert running.count("gcs_server") == running.count("raylet") == 1
    assert left == []
