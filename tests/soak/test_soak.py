"""The short form: what grows quickly grows here too."""

from tests.soak.soak import Series, growing, run

SHORT_S = 45.0


def test_memory_is_flat_under_load() -> None:
    series, seen = run(SHORT_S)
    assert growing(series) == []
    assert seen["cut"] >= 3
    assert seen["hands"] >= 100
    assert seen["events"] >= 100
    assert seen["visits"] >= 3


def test_what_grows_is_found() -> None:
    at = [float(second) for second in range(0, 3_600, 60)]
    names = ("ray::TableActor.run", "ray::ServeReplica:x")
    flat = [Series(name, at, [100_000.0 + 50 * (i % 3) for i in range(60)]) for name in names]
    leak = Series("ray::TableActor.leak", at, [100_000.0 + 10 * second for second in at])
    assert growing(flat) == []
    assert [line.split(":")[2] for line in growing([*flat, leak])] == ["TableActor.leak"]
