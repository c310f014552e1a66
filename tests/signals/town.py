"""A town of honest bots, with colluders planted among them, playing by the real rules.

Honest ones differ: some play many hands, some bet much, some are slow. Colluders are honest towards
everybody but their partner.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from actors.commands import Player
from games.holdem import hand as rules
from games.holdem import records as r
from games.rake import RakeSpec
from serve.signals.detect import Login
from serve.signals.facts import Facts, bucket_of, reduced
from wire.events import Event, TurnBegan

SEATS: Final = 6
BLIND: Final = 100
STACK: Final = 100 * BLIND
BEGIN: Final = datetime(2026, 3, 1, tzinfo=UTC)
SITTING_HANDS: Final = 60
DUMP: Final = 15 * BLIND
DUMP_CHANCE: Final = 0.12
RAKE: Final = RakeSpec(version="none", rate_bp=0)


class Habits(msgspec.Struct):
    """How somebody plays: what he folds, how often he bets, how long he thinks (ms)."""

    name: str
    tight: float
    bold: float
    thinks_ms: float
    partner: str = ""
    plot: str = ""


class Town:
    """Everybody, and what they played."""

    def __init__(self, seed: int, honest: int) -> None:
        self.chance = random.Random(seed)
        self.people: dict[str, Habits] = {}
        self.hands: list[Facts] = []
        self.logins: list[Login] = []
        for number in range(honest):
            self._add(f"honest-{number}")

    def _add(self, name: str) -> Habits:
        chance = self.chance
        self.people[name] = Habits(
            name, chance.uniform(0.6, 2.2), chance.uniform(0.15, 0.5), chance.uniform(900, 4_000)
        )
        self.logins.append(Login(name, f"10.0.{len(self.people)}.1", "Browser/1"))
        return self.people[name]

    def plant(self, plot: str, number: int) -> tuple[str, str]:
        """Two who are in a plot."""
        names = (f"{plot}-{number}-a", f"{plot}-{number}-b")
        for name, partner in zip(names, reversed(names), strict=True):
            habits = self._add(name)
            habits.partner, habits.plot = partner, plot
            if plot == "soft_play":  # who seldom bets has nothing to leave undone
                habits.tight, habits.bold = 0.4, 0.6
        return names

    def plant_bot(self, number: int) -> str:
        """One who thinks as no person does."""
        habits = self._add(f"bot-{number}")
        habits.plot, habits.thinks_ms = "superhuman", 150.0
        return habits.name

    def play(self, sittings: int) -> None:
        """So many sittings of ``SITTING_HANDS``; partners often come together."""
        for sitting in range(sittings):
            table = f"t{self.chance.randrange(12)}"
            self._sit(table, sitting, self._company())

    def _company(self) -> list[str]:
        chance, names = self.chance, sorted(self.people)
        company: list[str] = []
        while len(company) < SEATS:
            who = self.people[chance.choice(names)]
            for each in (who.name, who.partner if who.partner and chance.random() < 0.6 else ""):
                if each and each not in company and len(company) < SEATS:
                    company.append(each)
        return company

    def _sit(self, table: str, sitting: int, company: Sequence[str]) -> None:
        for number in range(SITTING_HANDS):
            ended = BEGIN + timedelta(minutes=3 * (sitting * SITTING_HANDS + number) / 40)
            facts = self._hand(table, sitting * 1_000 + number, number % SEATS, ended, company)
            if facts is not None:
                self.hands.append(facts)

    def _hand(
        self, table: str, number: int, button: int, ended: datetime, company: Sequence[str]
    ) -> Facts | None:
        order = [(button + 1 + i) % SEATS for i in range(SEATS)]
        deck = list(range(52))
        self.chance.shuffle(deck)
        posts = [
            r.Post(order[0], r.PostKind.SMALL_BLIND, BLIND // 2),
            r.Post(order[1], r.PostKind.BIG_BLIND, BLIND),
        ]
        hand, begun = rules.start(
            number=number, button=button, order=order, stacks=[STACK] * SEATS, posts=posts,
            deck=deck, big_blind=BLIND, rake_spec=RAKE,
        )  # fmt: skip
        events: list[Event] = [*begun]
        times = [0] * len(events)
        at = 0
        while not hand.over:
            seat = hand.turn
            options = rules.legal(hand)
            assert options is not None
            events.append(TurnBegan(seat, options, 15_000, 0, len(events)))
            times.append(at)
            who = self.people[company[seat]]
            at += self._thinks(who)
            new = rules.apply(hand, seat, self._decide(who, hand, seat, company))
            events += new
            times += [at] * len(new)
        players = [(seat, Player(name, name, "player")) for seat, name in enumerate(company)]
        return reduced(table, number, ended, players, events, times, frozenset(), BLIND)

    def _thinks(self, who: Habits) -> int:
        if who.plot == "superhuman":
            return int(self.chance.gauss(who.thinks_ms, 5))
        return int(250 + self.chance.expovariate(1 / who.thinks_ms))

    # What to do

    def _decide(self, who: Habits, hand: rules.Hand, seat: int, company: Sequence[str]) -> r.Action:
        options = rules.legal(hand)
        assert options is not None
        live = [company[s] for s in hand.order if hand.live[s] and s != seat]
        if who.partner in live:
            action = self._plotted(who, hand, seat, company, live)
            if action is not None and rules.verify(hand, seat, action) is None:
                return action
        return self._honest(who, hand, seat)

    def _plotted(
        self, who: Habits, hand: rules.Hand, seat: int, company: Sequence[str], live: list[str]
    ) -> r.Action | None:
        options = rules.legal(hand)
        assert options is not None
        chance = self.chance
        other = hand.hole[company.index(who.partner)]
        if who.plot == "chip_dumping":
            return self._dump(who, hand, seat, hand.bets[company.index(who.partner)])
        if who.plot == "soft_play" and len(live) == 1 and hand.board:
            return r.Check() if options.can_check else r.Call()
        if who.plot == "best_hand_play" and not hand.board and chance.random() < 0.7:
            mine, theirs = bucket_of(hand.hole[seat]), bucket_of(other)
            if mine < theirs and not options.can_check:
                return r.Fold()
        return None

    def _dump(self, who: Habits, hand: rules.Hand, seat: int, theirs: int) -> r.Action | None:
        """One raises high now and then, and folds when the other raises."""
        options = rules.legal(hand)
        assert options is not None
        gives = who.name.endswith("-a")
        if gives and hand.bets[seat] >= DUMP and theirs > hand.bets[seat]:
            return r.Fold()
        if gives and options.raise_max >= DUMP and self.chance.random() < DUMP_CHANCE:
            return r.Raise(max(DUMP, options.raise_min))
        if not gives and theirs >= DUMP and options.raise_max:
            return r.Raise(options.raise_max)
        return None

    def _honest(self, who: Habits, hand: rules.Hand, seat: int) -> r.Action:
        options = rules.legal(hand)
        assert options is not None
        chance = self.chance
        strength = bucket_of(hand.hole[seat]) + self._luck(hand, seat)
        price = (max(hand.bets) - hand.bets[seat]) / BLIND
        wants = strength + chance.uniform(-1.0, 1.0) - min(2.5, price / 15)
        if options.raise_max and wants > who.tight + 1.5 and chance.random() < who.bold:
            size = min(options.raise_max, options.raise_min * chance.choice((1, 2, 3)))
            return r.Raise(max(size, options.raise_min))
        if options.can_check:
            return r.Check()
        return r.Call() if wants > who.tight else r.Fold()

    def _luck(self, hand: rules.Hand, seat: int) -> float:
        """What the board has made of his cards, roughly: a pair, or more."""
        ranks = [card // 4 for card in hand.board]
        return sum(0.9 for card in hand.hole[seat] if card // 4 in ranks)
