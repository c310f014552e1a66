"""What a rail makes of what it is told: order, gaps, epochs, delay, limits."""

import pytest

from serve.rail_track import Track
from wire.codec import CODECS, JSON, MSGPACK
from wire.events import SatOut
from wire.limits import RailLimits
from wire.rail import HEADER, Kind, Told, packed, unpacked
from wire.server_frames import Update

LIMITS = RailLimits(tail_frames_max=3, held_bytes_max=1_000)


def update(seq: int, epoch: int = 1) -> Told:
    return Told(Kind.UPDATE, epoch, seq, 0, b"u%d" % seq)


def snapshot(seq: int, epoch: int = 1, delay_s: int = 0) -> Told:
    return Told(Kind.SNAPSHOT, epoch, seq, delay_s, b"s%d" % seq)


def still(seq: int, epoch: int = 1) -> Told:
    return Told(Kind.STILL, epoch, seq)


def told(track: Track, *messages: Told, now: float = 0.0) -> list[tuple[str, bool]]:
    """What is shown for these messages, and whether it is news."""
    shown = []
    for message in messages:
        track.hear(message, now)
        shown += track.release(now)
    return [(each.shot.told.frame.decode(), each.news) for each in shown]


@pytest.fixture
def track() -> Track:
    return Track(LIMITS, 0.0)


def wants(track: Track) -> bool:
    """A call: of an attribute mypy would believe that it never changes."""
    return track.wanting


def picture(track: Track) -> list[str] | None:
    shots = track.picture()
    return None if shots is None else [shot.told.frame.decode() for shot in shots]


def test_a_message_is_what_it_was_packed_from() -> None:
    for message in (update(7), snapshot(3, 2, 60), still(0), Told(Kind.CLOSED, 1, 1)):
        assert unpacked(packed(message)) == message
    for wrong in (b"", b"x", b"\x09" + packed(still(1))[1:], packed(still(1))[: HEADER.size - 1]):
        assert unpacked(wrong) is None


def test_a_snapshot_comes_first_and_updates_follow_it(track: Track) -> None:
    assert told(track, update(1), update(2)) == []
    assert wants(track)
    assert told(track, snapshot(2), update(3), update(4)) == [
        ("s2", True), ("u3", True), ("u4", True)
    ]  # fmt: skip
    assert not wants(track)
    assert picture(track) == ["s2", "u3", "u4"]


def test_what_comes_twice_or_late_is_shown_once(track: Track) -> None:
    told(track, snapshot(1), update(2))
    assert told(track, update(2), update(1), snapshot(1), update(3)) == [("u3", True)]
    assert not wants(track)


@pytest.mark.parametrize("sign", [update(5), still(4), still(0, epoch=2), update(1, epoch=2)])
def test_a_gap_shows_nothing_until_a_snapshot_closes_it(track: Track, sign: Told) -> None:
    told(track, snapshot(1), update(2))
    assert told(track, sign) == []
    assert wants(track)
    late = update(sign.seq + 1, sign.epoch)
    assert told(track, late) == []
    assert told(track, snapshot(9, sign.epoch), update(10, sign.epoch)) == [
        ("s9", True), ("u10", True)
    ]  # fmt: skip
    assert not wants(track)


def test_a_fresh_snapshot_without_a_gap_is_no_news(track: Track) -> None:
    told(track, snapshot(1), update(2))
    track.missed(0.0)
    assert wants(track)
    assert told(track, update(3), snapshot(3)) == [("u3", True), ("s3", False)]
    assert not wants(track)
    assert picture(track) == ["s3"]


def test_an_owner_that_was_replaced_is_not_heard(track: Track) -> None:
    told(track, snapshot(5), snapshot(0, epoch=2))
    assert told(track, update(6), snapshot(9), still(9), update(1, epoch=2)) == [("u1", True)]
    assert track.shown_at == (2, 1)
    assert not wants(track)


def test_everything_is_shown_later_by_the_delay_and_in_order(track: Track) -> None:
    assert told(track, snapshot(1, delay_s=10), now=0.0) == []
    assert told(track, update(2), now=4.0) == []
    assert picture(track) is None
    assert track.due == 10.0
    assert track.snapshot_held
    assert told(track, now=10.0) == []
    assert [each.shot.told.seq for each in track.release(10.0)] == [1]
    # Opened anew with a shorter delay: what was to come later still comes before.
    assert told(track, snapshot(0, epoch=2, delay_s=2), now=5.0) == []
    assert [each.shot.told.frame for each in track.release(13.99)] == []
    assert [each.shot.told.frame for each in track.release(14.0)] == [b"u2", b"s0"]
    assert track.held == 0


def test_a_closed_table_is_told_after_the_delay_too(track: Track) -> None:
    told(track, snapshot(1, delay_s=10))
    track.hear(Told(Kind.CLOSED, 1, 1), 1.0)
    assert [each.shot.told.kind for each in track.release(10.5)] == [Kind.SNAPSHOT]
    assert [each.shot.told.kind for each in track.release(11.0)] == [Kind.CLOSED]


def test_what_waits_for_a_delay_is_bounded(track: Track) -> None:
    told(track, snapshot(1, delay_s=900))
    for seq in range(2, 1_000):
        track.hear(update(seq), 0.0)
        assert track.held <= LIMITS.held_bytes_max
    assert wants(track)
    assert track.due is None
    assert told(track, snapshot(2_000, delay_s=0)) == [("s2000", True)]


def test_newcomers_get_few_updates_and_none_at_all_from_a_worn_snapshot(track: Track) -> None:
    told(track, snapshot(0), update(1), update(2))
    told(track, update(3))
    assert track.worn
    told(track, *(update(seq) for seq in range(4, 1_000)))
    assert picture(track) is None
    assert track.worn, "the next newcomer needs a new one"
    assert told(track, update(1_000), snapshot(1_000)) == [("u1000", True), ("s1000", False)]
    assert picture(track) == ["s1000"]


def test_one_who_comes_back_gets_what_he_missed(track: Track) -> None:
    told(track, snapshot(4), update(5), update(6))

    def since(epoch: int, seq: int) -> list[int] | None:
        shots = track.since(epoch, seq)
        return None if shots is None else [shot.told.seq for shot in shots]

    assert since(1, 4) == [5, 6]
    assert since(1, 6) == []
    for epoch, seq in ((1, 3), (1, 7), (2, 4), (-1, -1), (0, 0)):
        assert since(epoch, seq) is None
    assert Track(LIMITS, 0.0).since(-1, -1) is None


def test_a_frame_is_encoded_for_each_codec() -> None:
    frame = Update(1, 2, (SatOut(3),))
    track = Track(LIMITS, 0.0)
    track.hear(snapshot(1), 0.0)
    track.hear(Told(Kind.UPDATE, 1, 2, 0, CODECS[MSGPACK].encode(frame)), 0.0)
    shot = track.release(0.0)[1].shot
    for codec in (JSON, MSGPACK):
        assert CODECS[codec].decode_server(shot.bytes_for(codec)) == frame
        assert shot.bytes_for(codec) is shot.bytes_for(codec)
