"""One page of many: families together, and a process without an answer said to be down."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from serve import metrics

HEAD = b"# HELP squaredeal_x_total Things.\n# TYPE squaredeal_x_total counter\n"
ROW = b'squaredeal_x_total{process="%s"} %d\n'


def test_a_family_of_several_pages_is_shown_once() -> None:
    other = b"# HELP squaredeal_y Lag.\n# TYPE squaredeal_y gauge\nsquaredeal_y 1.0\n"
    text = metrics.merged([HEAD + ROW % (b"a", 1) + other, HEAD + ROW % (b"b", 2)])
    assert text.count(b"# HELP squaredeal_x_total") == 1
    x, y = text_string_to_metric_families(text.decode())
    assert [(s.labels["process"], s.value) for s in x.samples] == [("a", 1), ("b", 2)]
    assert [s.value for s in y.samples] == [1]


async def test_a_process_that_does_not_answer_is_down_and_the_others_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Remote:
        async def remote(self, page: object, part: str, process: str) -> bytes:
            if process == "table-actor-2":
                raise ConnectionError("gone")
            return HEAD + ROW % (process.encode(), 7)

    class Handle:
        __ray_call__: Any = Remote()

    names = {f"table-actor-{n}": ("tables", "squaredeal") for n in (1, 2)}
    monkeypatch.setattr(metrics, "processes", lambda: names)
    monkeypatch.setattr(metrics, "handle", lambda name, namespace: Handle())
    text = (await metrics.Pages().collect()).decode()
    families = {family.name: family.samples for family in text_string_to_metric_families(text)}
    up = {s.labels["process"]: s.value for s in families["squaredeal_process_up"]}
    assert up == {"table-actor-1": 1, "table-actor-2": 0}
    assert [s.value for s in families["squaredeal_x"]] == [7]
