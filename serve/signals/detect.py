"""The detectors. Pure: hands in, findings out; nobody is banned by them.

Each compares what two players (or one) did with what they do with everybody else, so a bad player,
a cautious one or a lucky one is his own measure. A finding is so improbable that chance alone would
make ``ERRORS_MAX`` of them in one run, all pairs together, under a normal approximation.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from statistics import NormalDist, median, pstdev
from typing import Any, Final

import msgspec

from serve.signals.facts import Deed, Facts

ERRORS_MAX: Final = 0.01
"""Expected findings by chance of one detector in one run."""
FLOW_HANDS_MIN: Final = 30
FLOW_BB_MIN: Final = 50.0
ONE_WAY_MIN: Final = 0.5
"""The part of it that does not come back: two who often meet in big pots win from each other."""
FLOW_BB_CAP: Final = 100.0
"""What one hand counts for at most: a single big pot is no pattern."""
SOFT_SPOTS_MIN: Final = 30
BEST_HAND_MIN: Final = 60
TOGETHER_HANDS_MIN: Final = 100
TOGETHER_TABLES_MIN: Final = 3
TOGETHER_SHARE_MIN: Final = 0.9
ADDRESS_ACCOUNTS_MAX: Final = 4
"""More accounts than that are a school or a hotel."""
TIMED_MIN: Final = 100
FAST_MS: Final = 350
EVEN_CV: Final = 0.12
HOURS_A_DAY_MAX: Final = 20
EXAMPLES: Final = 10


class Finding(msgspec.Struct, frozen=True):
    """``score`` is 0 to 100; ``evidence`` has the numbers it was made of, and hands to look at."""

    kind: str
    players: tuple[str, ...]
    score: int
    evidence: dict[str, Any]


class Login(msgspec.Struct, frozen=True):
    """From where an account was used."""

    player: str
    address: str
    device: str


def detect(hands: Sequence[Facts], logins: Iterable[Login] = ()) -> list[Finding]:
    """Everything that is found, the highest score first."""
    found = [
        *chip_dumping(hands),
        *soft_play(hands),
        *best_hand_play(hands),
        *always_together(hands),
        *shared_address(hands, logins),
        *superhuman(hands),
    ]
    return sorted(found, key=lambda finding: (-finding.score, finding.kind, finding.players))


def _threshold(tests: int) -> float:
    """How many standard deviations are too many, if so many pairs are looked at."""
    return NormalDist().inv_cdf(1 - ERRORS_MAX / max(1, tests))


def _score(z: float, threshold: float) -> int:
    return max(0, min(100, round(50 * z / threshold)))


class _Sum(msgspec.Struct):
    """A sum of signed numbers, and what it would vary by if the signs were chance."""

    total: float = 0.0
    squares: float = 0.0
    count: int = 0
    hands: list[tuple[float, str]] = []

    def add(self, value: float, hand: str) -> None:
        self.total += value
        self.squares += value * value
        self.count += 1
        self.hands.append((value, hand))

    @property
    def z(self) -> float:
        return self.total / math.sqrt(self.squares) if self.squares else 0.0

    def examples(self) -> list[str]:
        return [hand for _, hand in sorted(self.hands, reverse=True)[:EXAMPLES]]


def chip_dumping(hands: Iterable[Facts]) -> Iterator[Finding]:
    """Chips that go from one to another more than to the others at the same tables."""
    flows: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    for hand in hands:
        gains = {who: net for who, net in hand.net.items() if net > 0}
        won = sum(gains.values())
        for loser, net in hand.net.items():
            if net >= 0 or not won:
                continue
            for winner in hand.net:
                if winner == loser:
                    continue
                paid = -net * gains.get(winner, 0.0) / won
                rest = [w for w in hand.net if w not in (winner, loser)]
                others = sum(-net * gains.get(w, 0.0) / won for w in rest)
                excess = paid - (others / len(rest) if rest else 0.0)
                flows[loser, winner].add(max(-FLOW_BB_CAP, min(FLOW_BB_CAP, excess)), hand.name)
    threshold = _threshold(len(flows))
    for (loser, winner), flow in flows.items():
        back = flows.get((winner, loser), _Sum())
        one_way = flow.total - max(0.0, back.total) >= FLOW_BB_MIN + ONE_WAY_MIN * flow.total
        if flow.count >= FLOW_HANDS_MIN and one_way and flow.z >= threshold:
            evidence = {"from": loser, "to": winner, "excess_bb": round(flow.total, 1),
                        "back_bb": round(back.total, 1), "hands": flow.count,
                        "z": round(flow.z, 2), "look_at": flow.examples()}  # fmt: skip
            yield Finding("chip_dumping", (loser, winner), _score(flow.z, threshold), evidence)


def soft_play(hands: Iterable[Facts]) -> Iterator[Finding]:
    """Two who do not bet against each other once alone in a pot, as they do against others."""
    alone: defaultdict[tuple[str, str], list[Deed]] = defaultdict(list)
    where: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    own: defaultdict[str, list[bool]] = defaultdict(list)
    for hand in hands:
        for deed in hand.deeds:
            if deed.preflop or len(deed.rivals) != 1:
                continue
            (rival,) = deed.rivals
            own[deed.player].append(deed.aggressive)
            if rival:
                pair = _pair(deed.player, rival)
                alone[pair].append(deed)
                if not where[pair] or where[pair][-1] != hand.name:
                    where[pair].append(hand.name)
    threshold = _threshold(len(alone))
    for pair, deeds in alone.items():
        expected, variance = 0.0, 0.0
        for deed in deeds:
            rate = _rate_elsewhere(own[deed.player], [d for d in deeds if d.player == deed.player])
            expected += rate
            variance += rate * (1 - rate)
        bets = sum(deed.aggressive for deed in deeds)
        z = (expected - bets) / math.sqrt(variance) if variance else 0.0
        if len(deeds) >= SOFT_SPOTS_MIN and z >= threshold:
            evidence = {"spots": len(deeds), "bets": bets, "expected": round(expected, 1),
                        "z": round(z, 2), "look_at": where[pair][:EXAMPLES]}  # fmt: skip
            yield Finding("soft_play", pair, _score(z, threshold), evidence)


def _rate_elsewhere(all_of_his: Sequence[bool], with_him: Sequence[Deed]) -> float:
    """How often he bets against others; the whole of it, if there are no others."""
    count = len(all_of_his) - len(with_him)
    if count < SOFT_SPOTS_MIN:
        return 0.0
    return (sum(all_of_his) - sum(deed.aggressive for deed in with_him)) / count


def best_hand_play(hands: Sequence[Facts]) -> Iterator[Finding]:
    """Two of whom only the one with the better cards goes on, more often than chance has it."""
    folds: defaultdict[tuple[str, int], Counter[bool]] = defaultdict(Counter)
    shared: defaultdict[tuple[str, str], list[tuple[str, str, Facts]]] = defaultdict(list)
    for hand in hands:
        out = _folded_first(hand)
        for who in out:
            folds[who, hand.bucket[who]][out[who]] += 1
        for a, b in combinations(sorted(out), 2):
            if hand.bucket[a] != hand.bucket[b]:
                worse, better = (a, b) if hand.bucket[a] < hand.bucket[b] else (b, a)
                shared[_pair(a, b)].append((worse, better, hand))
    seen: dict[tuple[str, str], list[str]] = {}
    chances: dict[tuple[str, str], list[float]] = {}
    for pair, cases in shared.items():
        seen[pair] = [hand.name for worse, better, hand in cases if _as_agreed(worse, better, hand)]
        chances[pair] = [
            _rate(folds[worse, hand.bucket[worse]], True)
            * _rate(folds[better, hand.bucket[better]], False)
            for worse, better, hand in cases
        ]
    threshold = _threshold(len(shared))
    for pair, cases in shared.items():
        # Who bets much with good cards makes everybody fold: so much of it is no agreement.
        usual = max(_usual(who, pair, seen, chances) for who in pair)
        fair = [min(0.99, chance * usual) for chance in chances[pair]]
        expected, variance = sum(fair), sum(chance * (1 - chance) for chance in fair)
        z = (len(seen[pair]) - expected) / math.sqrt(variance) if variance else 0.0
        if len(cases) >= BEST_HAND_MIN and z >= threshold:
            evidence = {"hands": len(cases), "seen": len(seen[pair]),
                        "expected": round(expected, 1), "z": round(z, 2),
                        "look_at": seen[pair][:EXAMPLES]}  # fmt: skip
            yield Finding("best_hand_play", pair, _score(z, threshold), evidence)


def _as_agreed(worse: str, better: str, hand: Facts) -> bool:
    out = _folded_first(hand)
    return out[worse] and not out[better]


def _usual(
    who: str,
    pair: tuple[str, str],
    seen: Mapping[tuple[str, str], Sequence[str]],
    chances: Mapping[tuple[str, str], Sequence[float]],
) -> float:
    """How much more often than by chance it happens to him with everybody else; 1 at least."""
    others = [each for each in seen if who in each and each != pair]
    by_chance = sum(sum(chances[each]) for each in others)
    return max(1.0, sum(len(seen[each]) for each in others) / by_chance) if by_chance else 1.0


def _folded_first(hand: Facts) -> dict[str, bool]:
    """Of everybody who decided before the flop: whether he folded there."""
    out: dict[str, bool] = {}
    for deed in hand.deeds:
        if deed.preflop and deed.player in hand.bucket:
            out[deed.player] = out.get(deed.player, False) or deed.folded
    return out


def _rate(counts: Counter[bool], what: bool) -> float:
    return (counts[what] + 1) / (sum(counts.values()) + 2)


def always_together(hands: Iterable[Facts]) -> Iterator[Finding]:
    """Two who are hardly ever at a table without each other, at several tables."""
    tables: defaultdict[str, Counter[str]] = defaultdict(Counter)
    shared: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for hand in hands:
        for who in hand.net:
            tables[who][hand.table] += 1
        for a, b in combinations(sorted(hand.net), 2):
            shared[a, b][hand.table] += 1
    for (a, b), together in shared.items():
        count = sum(together.values())
        share = count / max(sum(tables[a].values()), sum(tables[b].values()))
        if (
            count >= TOGETHER_HANDS_MIN
            and len(together) >= TOGETHER_TABLES_MIN
            and share >= TOGETHER_SHARE_MIN
        ):
            evidence = {"hands": count, "tables": sorted(together), "share": round(share, 3)}
            yield Finding("always_together", (a, b), round(100 * share) - 30, evidence)


def shared_address(hands: Iterable[Facts], logins: Iterable[Login]) -> Iterator[Finding]:
    """Two who play against each other from one address; more so with one device."""
    together = Counter(pair for hand in hands for pair in combinations(sorted(hand.net), 2))
    by_address: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for login in logins:
        by_address[login.address][login.player].add(login.device)
    for address, devices in sorted(by_address.items()):
        if not address or len(devices) > ADDRESS_ACCOUNTS_MAX:
            continue
        for a, b in combinations(sorted(devices), 2):
            if together[a, b]:
                same = bool(devices[a] & devices[b] - {""})
                evidence = {"address": address, "same_device": same, "hands": together[a, b]}
                yield Finding("shared_address", (a, b), 70 if same else 50, evidence)


def superhuman(hands: Iterable[Facts]) -> Iterator[Finding]:
    """One who decides faster, more evenly, or for more hours of a day than people do."""
    thoughts: defaultdict[str, list[int]] = defaultdict(list)
    hours: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for hand in hands:
        for deed in hand.deeds:
            if deed.thought_ms is not None:
                thoughts[deed.player].append(deed.thought_ms)
            hours[deed.player].add((hand.ended.toordinal(), hand.ended.hour))
    for who, times in sorted(thoughts.items()):
        days = Counter(day for day, _ in hours[who])
        longest = max(days.values())
        middle, cv = median(times), pstdev(times) / (sum(times) / len(times) or 1)
        signs = {
            "fast": len(times) >= TIMED_MIN and middle < FAST_MS,
            "even": len(times) >= TIMED_MIN and cv < EVEN_CV,
            "tireless": longest > HOURS_A_DAY_MAX,
        }
        if any(signs.values()):
            evidence = {"decisions": len(times), "median_ms": round(middle), "cv": round(cv, 3),
                        "hours_a_day": longest} | signs  # fmt: skip
            yield Finding("superhuman", (who,), min(100, 60 * sum(signs.values())), evidence)


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def summary(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many of each kind."""
    return Counter(finding.kind for finding in findings)
