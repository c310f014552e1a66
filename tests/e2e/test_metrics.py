"""``/metrics`` of the running system: every process is in it, and what the rooms say they emit."""

import time
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

import actors.monitor
import client.probe
import serve.monitor
import wallet.monitor
from tests.deploy import BROAD, named_in_deploy
from tests.server import Server, log_lines

EMITS = actors.monitor.EMITS | serve.monitor.EMITS | wallet.monitor.EMITS
LABELS = {
    "check",
    "code",
    "currency",
    "kind",
    "outcome",
    "state",
    "status",
    "part",
    "process",
    "le",
}
"""None of them grows with tables or players; processes do with actors."""
LOOK_S_MAX = 30.0


def page(http: httpx.Client) -> dict[str, list[Sample]]:
    """Samples by family, named as one asks for them."""
    families = text_string_to_metric_families(http.get("/metrics").text)
    return {
        f"{family.name}_total" if family.type == "counter" else family.name: family.samples
        for family in families
    }


def test_what_the_rooms_say_they_emit_is_what_is_emitted(http: httpx.Client) -> None:
    names = {name for name in page(http) if name.startswith("squaredeal_")}
    assert names == EMITS


def test_no_label_grows_with_tables_or_players(http: httpx.Client) -> None:
    samples = [sample for family in page(http).values() for sample in family]
    assert {label for sample in samples for label in sample.labels} <= LABELS
    assert {s.labels["part"] for s in samples if "part" in s.labels} == {
        "auth", "floor", "gateway", "rail", "tables", "wallet",
    }  # fmt: skip


def test_play_is_counted_where_it_happens(http: httpx.Client) -> None:
    wanted = {
        "squaredeal_act_to_broadcast_seconds_count": "tables",
        "squaredeal_hands_total": "tables",
        "squaredeal_journal_commit_seconds_count": "tables",
        "squaredeal_lease_renewals_total": "tables",
        "squaredeal_settled_hands_total": "wallet",
        "squaredeal_settlement_batch_hands_count": "wallet",
        "squaredeal_http_responses_total": "gateway",
        "process_cpu_seconds_total": "floor",
    }
    until = time.monotonic() + LOOK_S_MAX
    while True:
        samples = [sample for family in page(http).values() for sample in family]
        seen = {(s.name, s.labels.get("part")) for s in samples if s.value > 0}
        missing = wanted.items() - seen
        if not missing or time.monotonic() > until:
            break
        time.sleep(0.5)
    assert not missing
    up = [sample.value for sample in samples if sample.name == "squaredeal_process_up"]
    assert up
    assert all(up)


def test_a_refusal_is_counted_by_its_code(http: httpx.Client) -> None:
    def unknown() -> float:
        return sum(
            sample.value
            for sample in page(http)["squaredeal_http_refusals_total"]
            if sample.labels["code"] == "route_unknown"
        )

    before = unknown()
    assert http.get("/v1/nowhere").status_code == 404
    assert unknown() == before + 1


def test_dashboards_and_alerts_name_only_what_is_emitted(server: Server) -> None:
    named = named_in_deploy(Path(__file__).parents[2] / "deploy")
    assert {name for name in named if name.startswith("squaredeal_")}
    rare = serve.monitor.EMITS_WITH_OPERATOR | serve.monitor.EMITS_WITH_REPLICA
    assert named <= EMITS | client.probe.EMITS | rare | BROAD


def test_every_process_says_how_late_it_is(http: httpx.Client) -> None:
    late = page(http)["squaredeal_event_loop_lag_seconds"]
    assert {sample.labels["part"] for sample in late} == {
        "auth", "floor", "gateway", "rail", "tables", "wallet",
    }  # fmt: skip


def test_what_the_books_hold_sums_to_zero(http: httpx.Client) -> None:
    until = time.monotonic() + LOOK_S_MAX
    while not (held := page(http)["squaredeal_ledger_balance_minor_units"]):
        assert time.monotonic() < until
        time.sleep(0.5)
    kinds = {sample.labels["kind"] for sample in held}
    assert {"wallet", "stake", "house", "promotional"} <= kinds
    for currency in {sample.labels["currency"] for sample in held}:
        assert sum(s.value for s in held if s.labels["currency"] == currency) == 0


def test_nothing_is_traced_unless_somebody_asks_for_it(server: Server) -> None:
    begun = [line for line in log_lines(server.data_dir) if line["event"] == "begun"]
    assert {line["part"] for line in begun} >= {"auth", "floor", "gateway", "tables", "wallet"}
    assert not any(line["traced"] for line in begun)
    assert not any("trace" in line for line in log_lines(server.data_dir))
