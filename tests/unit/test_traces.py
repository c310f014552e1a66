"""The seam to OpenTelemetry: what is kept, what hangs together, and what is not even made."""

import asyncio
import sys
from collections.abc import Iterator

import pytest

from telemetry import traces
from telemetry.carried import apart, carried, received
from tests.otlp import Receiver, receiving


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as taking:
        yield taking


def sent(receiver: Receiver, ratio: float) -> None:
    """Trace to the receiver."""
    receiver.spans.clear()
    traces.start(receiver.url, ratio, "wallet", "wallet#a1", "here")


@pytest.fixture(autouse=True)
def over() -> Iterator[None]:
    yield
    traces.stop()


def test_off_nothing_is_made_and_nothing_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "telemetry.otel", raising=False)
    assert not traces.on()
    with traces.span("a") as span:
        assert span is None
        assert traces.here() == ""
        assert carried() is None
    assert traces.span("a") is traces.span("b")
    assert traces.begin("a") is None
    assert traces.stages("a") is None
    assert traces.ids() is None
    assert "telemetry.otel" not in sys.modules


def test_what_follows_one_another_hangs_together(receiver: Receiver) -> None:
    sent(receiver, 1.0)
    stages = traces.stages("act")
    assert stages is not None
    stages.mark("step")
    stages.mark("journal")
    with traces.span("settle", parent=stages.parent):
        along = carried()
    with received(along, "wallet.settle"):
        asked = traces.here()
    stages.end(refused="stale_turn")
    with traces.span("settlement", links=(asked,), batch=1):
        pass
    traces.stop()
    (act,) = [span for span in receiver.spans if span.name == "act"]
    (settle,) = [span for span in receiver.spans if span.name == "settle"]
    assert {span.name: span.parent for span in receiver.spans} == {
        "act": "", "step": act.id, "journal": act.id, "settle": act.id,
        "wallet.settle": settle.id, "settlement": "",
    }  # fmt: skip
    assert act.attributes == {"refused": "stale_turn"}
    (batch,) = [span for span in receiver.spans if span.name == "settlement"]
    assert batch.trace != act.trace
    assert batch.links == (asked.split("-")[2],)
    assert (act.part, act.process) == ("wallet", "wallet#a1")


def test_an_error_is_kept_whatever_the_ratio_and_says_no_secret(receiver: Receiver) -> None:
    sent(receiver, 0.0)
    with traces.span("all well"), traces.span("inner"):
        pass

    def fail() -> None:
        with traces.span("before"):
            pass
        with traces.span("wrong"):
            raise RuntimeError("password='hunter2-hunter2'")

    with pytest.raises(RuntimeError), traces.span("outer"):
        fail()
    traces.stop()
    assert {span.name: span.failed for span in receiver.spans} == {
        "before": False, "wrong": True, "outer": True,
    }  # fmt: skip
    assert "hunter2" not in repr(receiver.spans)


def test_who_is_chosen_elsewhere_is_kept_here_and_a_batch_for_him_too(receiver: Receiver) -> None:
    sent(receiver, 0.0)
    chosen, not_chosen = (f"00-{'a' * 32}-{'b' * 16}-{flag}" for flag in ("01", "00"))
    for parent in (chosen, not_chosen, "nonsense"):
        with traces.span("call", parent=parent):
            pass
    for links in ((not_chosen, chosen), (not_chosen,)):
        with traces.span("settlement", links=links, batch=len(links)):
            pass
    with traces.span("act", links=(chosen,)):
        pass
    traces.stop()
    assert [(span.name, span.trace == "a" * 32) for span in receiver.spans] == [
        ("call", True), ("settlement", False),
    ]  # fmt: skip


def test_an_act_is_told_only_if_somebody_is_to_see_it(receiver: Receiver) -> None:
    sent(receiver, 0.0)
    for error in ("", "it broke: token=abcdefgh"):
        stages = traces.stages("act")
        assert stages is not None
        assert stages.parent.endswith("-00")
        stages.mark("step")
        stages.end(error)
    traces.stop()
    assert [(span.name, span.failed) for span in receiver.spans] == [("step", False), ("act", True)]
    assert receiver.spans[0].parent == receiver.spans[1].id


async def test_what_outlives_a_request_is_no_part_of_it(receiver: Receiver) -> None:
    sent(receiver, 1.0)

    async def long_lived() -> None:
        assert traces.here() == ""
        assert carried() is None

    with traces.span("request"):
        assert traces.here()
        await apart(long_lived())
        await asyncio.sleep(0)


def test_a_trace_that_never_ends_is_given_up(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(receiver, 1.0)
    monkeypatch.setattr("telemetry.otel.OPEN_TRACES_MAX", 2)
    begun = [traces.begin(f"span {number}") for number in range(4)]
    for span in begun:
        traces.end(span)
    traces.stop()
    assert [span.name for span in receiver.spans] == ["span 2", "span 3"]
