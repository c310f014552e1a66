"""The table in a real browser: clicked, by keys, on a phone, over broken lines."""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from client import Client, Table
from games.holdem.records import Call, Raise
from tests.browser.conftest import Visit
from tests.browser.looks import overflow_of, picture, serious_findings
from tests.browser.seats import Seat, come
from tests.server import Server

SHOWDOWNS = 20


def spec(name: str, seats: int, **more: Any) -> dict[str, Any]:
    """A table for given decks; its turns are long: the machine may be slow."""
    return {
        "table": name,
        "name": f"{name.title()} · test",
        "buy_in_min": 400,
        "buy_in_max": 4_000,
        "pause_ms": 300,
        "showdown_pause_ms": 1_500,
        "clock": {"turn_ms": 60_000},
        "game": {"seats": seats, "blinds": {"small": 10, "big": 20}},
    } | more


def deck(*first: int) -> list[int]:
    """These cards from the front, then the others."""
    return [*first, *(card for card in range(52) if card not in first)]


@pytest_asyncio.fixture(loop_scope="session")
async def floor(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """The endpoints of operators, as the machine."""
    token = (server.data_dir / "secrets" / "operator.token").read_text("utf-8").strip()
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as http:
        yield http


@pytest_asyncio.fixture(loop_scope="session")
async def dealer(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """The endpoints of tests, which are for players and not for the machine."""
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        answer = await http.post("/v1/guest")
        assert answer.is_success, answer.text
        http.headers["Authorization"] = f"Bearer {answer.json()['access']}"
        yield http


async def opened(dealer: httpx.AsyncClient, name: str, seats: int, hands: int, **more: Any) -> str:
    """A table with so many hands to deal: the first two players have aces and kings."""
    answer = await dealer.post("/v1/test/tables", json={"spec": spec(name, seats, **more)})
    assert answer.is_success, answer.text
    if hands:
        decks = [deck(48, 44, 49, 45, 0, 5, 10, 15, 20)] * hands
        answer = await dealer.post(f"/v1/test/tables/{name}/decks", json={"decks": decks})
        assert answer.is_success, answer.text
    return name


async def operate(floor: httpx.AsyncClient, table: str, act: str, **body: Any) -> None:
    by = {"by": {"name": "ann", "approver": "ben"}}
    answer = await floor.post(f"/v1/operator/tables/{table}/{act}", json=by | body)
    assert answer.is_success, answer.text


async def hands_of(seat: Seat, server: Server) -> list[list[dict[str, Any]]]:
    """The events of the hands that the server has of this player."""
    headers = {"Authorization": f"Bearer {seat.token}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as http:
        answer = await http.get("/v1/hands?limit=200")
        assert answer.is_success, answer.text
        return [hand["events"] for hand in msgspec.json.decode(answer.content)["hands"]]


def broke(seat: Seat) -> Locator:
    """What is offered to whoever has lost everything."""
    return seat.section.get_by_role("button", name="Top up to play on")


async def top_up(seat: Seat) -> None:
    """To the end, also if whoever asks is cancelled: a dialog that stays open hides the table."""
    go = seat.page.get_by_test_id("buy-in-go")

    async def pay() -> None:
        if not await go.count():
            await broke(seat).click(timeout=2_000)
        await go.click()
        for each in go, broke(seat):
            await each.wait_for(state="detached")

    paying = asyncio.create_task(pay())
    try:
        await asyncio.shield(paying)
    except asyncio.CancelledError:
        await asyncio.wait([paying])
        raise


async def to_the_flop(seat: Seat) -> None:
    """Call until it is our turn with cards on the board; all may be lost on the way."""
    while True:
        await seat.turn.or_(broke(seat)).first.wait_for(timeout=60_000)
        if await broke(seat).count():
            await top_up(seat)
        elif await seat.section.locator(".board svg[role=img]").count():
            return
        else:
            await seat.act("Call" if await seat.button("Call").count() else "Check")


async def play_on(seat: Seat) -> None:
    """Check or call whenever it is our turn, and stay in the game, until cancelled."""
    go_on = seat.section.locator("[data-testid=my-turn] .call:enabled, [data-testid=back-in]")
    while True:
        await broke(seat).or_(go_on).first.wait_for(timeout=120_000)
        # It may be gone by the time of the click, or the page loaded anew: then there is another.
        with contextlib.suppress(PlaywrightTimeout):
            if await broke(seat).count():
                await top_up(seat)
            else:
                await go_on.first.click(timeout=2_000)


@pytest.mark.timeout(600)
async def test_two_browsers_and_bots_play_to_showdown_by_clicking(
    visit: Visit, server: Server
) -> None:
    ann = await come(visit, "linden", width=1440, height=900)
    ben = await come(visit, "linden")
    assert await serious_findings(ann.page) == []
    for seat in (ann, ben):
        await seat.sit(1_000)
        # To sit down turns the table to one's own side; from here on nothing is moved.
        await seat.still()
        await seat.page.evaluate("window.seatedAt = performance.now()")
    players = [asyncio.create_task(play_on(ben))]
    try:
        await to_the_flop(ann)
        await picture(ann.page, "table")
        players.append(asyncio.create_task(play_on(ann)))
        await ann.until(lambda: len(shown_to(ann)) >= 3)
        await ben.page.reload()  # in the middle of whatever is going on
        await ann.until(lambda: len(shown_to(ann)) >= SHOWDOWNS)
    finally:
        for player in players:
            player.cancel()
        ended = await asyncio.gather(*players, return_exceptions=True)
    assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended
    for seat in (ann, ben):
        await expect(seat.section.get_by_test_id("deal-mark")).to_have_attribute(
            "data-bad", "false"
        )
        turns = [(act["hand"], act["turn"]) for act in seat.acts()]
        assert len(turns) == len(set(turns)), "one decision was sent under two references"
    for seat in (ann, ben):
        shifts = "window.shifts.filter((each) => each.at > (window.seatedAt ?? 0))"
        assert await seat.page.evaluate(shifts) == [], "something was moved under his hands"
    await leave(ann, ben)


def shown_to(seat: Seat) -> set[int]:
    """Hands of which he saw the showdown."""
    hand, shown = 0, set()
    for event in seat.told("hand_started", "hand_shown"):
        if event["type"] == "hand_started":
            hand = event["hand"]
        elif hand:
            shown.add(hand)
    return shown


async def leave(*seats: Seat) -> None:
    """Stand up, all at once: in a hand nobody waits for the clock of another."""

    async def stand(seat: Seat) -> None:
        # A top-up that could not be clicked to its end leaves its dialog over the table.
        dialog = seat.page.get_by_test_id("buy-in")
        if await dialog.count():
            await seat.page.keyboard.press("Escape")
            await dialog.wait_for(state="detached")
        await seat.section.get_by_test_id("seat-menu").click()
        await seat.page.get_by_role("menuitem", name="Stand up").click()
        await seat.section.get_by_test_id("quick-seat").wait_for()

    await asyncio.gather(*(stand(seat) for seat in seats))


async def test_a_broken_line_comes_back_by_itself_to_the_same_hand(
    visit: Visit, server: Server, floor: httpx.AsyncClient, dealer: httpx.AsyncClient
) -> None:
    """Reload, cut and a killed process in one hand; each decision reaches the server once."""
    table = await opened(dealer, "willow", 2, 9)
    ann, ben = await come(visit, table, width=1440, height=900), await come(visit, table)
    await ann.sit(1_000, 0)
    await ben.sit(1_000, 1)
    first, second = await acting(ann, ben)
    cards = {seat.name: await seat.cards() for seat in (ann, ben)}
    assert all(len(held) == 2 for held in cards.values())

    await first.act("Call")
    await second.turn.wait_for()
    await second.page.reload()
    await second.turn.wait_for()
    assert await second.cards() == cards[second.name]

    # While he is away something happens: he is told what he has missed, and nothing twice.
    await first.cut()
    await first.page.get_by_test_id("offline").wait_for()
    before = await first.place()
    await second.act("Check")
    await expect(second.page.locator(".board svg[role=img]")).to_have_count(3)
    await first.mend()
    await first.up()
    await first.page.get_by_test_id("offline").wait_for(state="detached")
    await expect(first.page.locator(".board svg[role=img]")).to_have_count(3)
    epoch, seq, hand = await first.place()
    assert (epoch, hand) == (before[0], before[2])
    assert seq > before[1]
    assert any(frame["type"] == "welcome" and frame["missed"] for frame in first.came)
    assert await first.cards() == cards[first.name]

    # The process of the table dies; the hand goes on in another one.
    actor = await pid_of(floor, table)
    for seat in (first, second):
        seat.visitor.expected.append("WebSocket connection")
    os.kill(actor, signal.SIGKILL)
    for seat in (first, second):
        await expect(seat.section).to_have_attribute("data-epoch", str(epoch + 1), timeout=60_000)
        await seat.up()
        assert await seat.cards() == cards[seat.name]

    # A click just as the line goes: asked again by the same reference, done once.
    acting_now, other = await acting(first, second)
    acting_now.visitor.expected.extend(("WebSocket", "Failed to load"))
    await acting_now.button("Check").click()
    await acting_now.page.evaluate("window.sockets.forEach((socket) => socket.close())")
    await other.turn.wait_for()
    await other.act("Check")
    for _turn_and_river in range(4):
        now, _ = await acting(first, second)
        await now.act("Check")
    await first.until(lambda: has_ended(first, hand))
    await leave(ann, ben)
    [events] = [
        of for of in await hands_of(ann, server)
        if any(e["type"] == "hand_started" and e["hand"] == hand for e in of)
    ]  # fmt: skip
    acted = [event["action"] for event in events if event["type"] == "acted"]
    assert acted == ["call", *["check"] * 7], "every click once, and nothing else"


async def acting(*seats: Seat) -> tuple[Seat, Seat]:
    """Whose turn it is, and the other one."""
    turns = [asyncio.create_task(seat.turn.wait_for()) for seat in seats]
    await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
    first = next(i for i, turn in enumerate(turns) if turn.done() and not turn.exception())
    for turn in turns:
        turn.cancel()
    await asyncio.gather(*turns, return_exceptions=True)
    return seats[first], seats[1 - first]


def has_ended(seat: Seat, hand: int) -> bool:
    """Whether this hand is over, as far as this seat was told."""
    return any(event["hand"] == hand for event in seat.told("hand_ended"))


async def pid_of(floor: httpx.AsyncClient, table: str) -> int:
    answer = await floor.get("/v1/operator/tables")
    found: int = next(each["pid"] for each in answer.json()["tables"] if each["table"] == table)
    return found


async def test_a_hand_is_played_by_keys_alone_and_an_operator_pauses_and_voids(
    visit: Visit, floor: httpx.AsyncClient, dealer: httpx.AsyncClient
) -> None:
    table = await opened(dealer, "rowan", 2, 9)
    ann = await come(visit, table, width=1280, height=720)
    ben = await come(visit, table, width=360, height=740)
    watcher = await come(visit, table, "&rail=1")
    for seat in (ann, ben):
        await seat.page.keyboard.press("q")
        amount = seat.page.get_by_test_id("buy-in-amount")
        await amount.fill("1000")
        await amount.press("Enter")
        await seat.section.locator(".seat[data-mine=true]").wait_for()
    first, second = await acting(ann, ben)
    await first.page.keyboard.press("3")
    size = first.page.get_by_test_id("amount")
    await expect(size).to_have_value("60")
    await first.page.keyboard.press("ArrowUp")
    await expect(size).to_have_value("80")
    await first.page.keyboard.press("r")
    await second.turn.wait_for()
    await second.page.keyboard.press("c")
    await expect(ann.page.locator(".board svg[role=img]")).to_have_count(3)
    aloud = second.section.get_by_test_id("announcer")
    await expect(aloud).to_contain_text(re.compile("Your turn|Flop"))
    now, later = await acting(ann, ben)
    await later.page.keyboard.press("c")  # check, decided ahead
    await expect(later.section.get_by_role("button", name="Check", pressed=True)).to_be_visible()
    await now.page.keyboard.press("e")
    await now.page.keyboard.type("100")
    await now.page.keyboard.press("Enter")
    # What he meant has changed: it is given up, and he decides.
    await later.turn.wait_for()
    assert [act["action"]["type"] for act in later.acts()].count("check") == 0
    # Who sits out after this hand, or is made to, plays it on.
    me = later.section.locator(".seat[data-mine=true]")
    await later.page.keyboard.press("o")
    await expect(me).to_contain_text("sitting out")
    await expect(later.button("Call")).to_be_enabled()
    await later.page.keyboard.press("o")
    await expect(me).not_to_contain_text("sitting out")
    for seat in (ann, ben):
        assert await serious_findings(seat.page) == []
    # Spectators see no hole cards.
    assert await watcher.section.locator(".hole svg[role=img]").count() == 0
    assert not any(event["cards"] for event in watcher.told("hole_dealt"))
    _, _, hand = await ann.place()
    await operate(floor, table, "pause")
    for seat in (ann, ben, watcher):
        await expect(seat.section.get_by_test_id("paused")).to_contain_text("Clocks stand still")
    await operate(floor, table, "void", hand=hand, reason="cards fell to the floor")
    await expect(ann.section.get_by_test_id("seat-0").locator(".stack")).to_have_text("1,000")
    await operate(floor, table, "resume")
    for seat in (ann, ben):
        await expect(seat.section.get_by_test_id("paused")).to_have_count(0)
        reasons = [event["reason"] for event in seat.told("hand_voided")]
        assert reasons == ["cards fell to the floor"]
    await leave(ann, ben)


async def test_two_tables_side_by_side_each_with_its_keys(visit: Visit) -> None:
    linden = await come(visit, "linden", "&t=harbour", width=1440, height=900)
    page = linden.page
    harbour = Seat(linden.visitor, "harbour", linden.token, linden.name)
    await harbour.up()
    await expect(linden.section).to_have_attribute("data-active", "true")
    await page.keyboard.press("n")
    await expect(harbour.section).to_have_attribute("data-active", "true")
    await expect(linden.section).to_have_attribute("data-active", "false")
    await page.keyboard.press("q")
    dialog = page.get_by_test_id("buy-in")
    await expect(dialog).to_contain_text("Harbour")
    await dialog.get_by_test_id("buy-in-go").click()
    await harbour.section.locator(".seat[data-mine=true]").wait_for()
    assert await linden.section.locator(".seat[data-mine=true]").count() == 0
    assert await overflow_of(page) == 0
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await overflow_of(page) == 0
    await leave(harbour)


async def test_amounts_of_a_currency_have_its_cents(
    visit: Visit, dealer: httpx.AsyncClient
) -> None:
    seat = await come(visit, await opened(dealer, "aspen", 2, 0, currency="EUR"))
    await expect(seat.section.locator(".where")).to_contain_text("0.10/0.20")
    await expect(seat.section.get_by_test_id("quick-seat")).to_contain_text("4 – 40")
    await seat.section.get_by_test_id("quick-seat").click()
    amount = seat.page.get_by_test_id("buy-in-amount")
    await amount.fill("12.345")
    await expect(seat.page.get_by_test_id("buy-in")).to_contain_text("That is no amount.")
    await amount.fill("12.50")
    # A guest has no euros.
    await expect(seat.page.get_by_test_id("buy-in")).to_contain_text("Your wallet has 0")


async def test_nine_seats_on_a_phone_and_a_desk_all_in_for_side_pots(
    visit: Visit, server: Server, dealer: httpx.AsyncClient
) -> None:
    table = await opened(dealer, "cedar", 9, 0, showdown_pause_ms=60_000)
    phone = await come(visit, table, width=360, height=740)
    desk = await come(visit, table, width=1440, height=900)
    async with contextlib.AsyncExitStack() as stack:
        others = []
        await phone.section.get_by_test_id("sit-2").click()
        for n in range(7):
            client = await stack.enter_async_context(await Client.guest(server.url))
            others.append(await client.join(table))
            await others[-1].sit(400 + 150 * n, n + 2)
        # The seat that the phone was about to take is gone: told in a sentence.
        await phone.page.get_by_test_id("buy-in-go").click()
        notice = phone.section.get_by_test_id("notice")
        await expect(notice).to_contain_text("Somebody was quicker: this seat is taken.")
        await expect(notice).to_contain_text("seat_taken")
        await notice.get_by_label("Dismiss").click()
        await phone.sit(1_500, 0)
        await desk.sit(2_000, 1)
        # Nine different hands; seat 1 deals, so seat 2 gets the first card.
        board = (0, 5, 10, 31, 36)
        holes = (8, 24, 44, 28, 16, 40, 20, 32, 48, 13, 25, 45, 29, 17, 41, 21, 33, 49)
        decks = [deck(*holes, *board)]
        answer = await dealer.post(f"/v1/test/tables/{table}/decks", json={"decks": decks})
        assert answer.is_success, answer.text
        crowd = [asyncio.create_task(gamble(other)) for other in others]
        for _ in range(2):
            now, _other = await acting(phone, desk)
            if now is phone:
                assert await overflow_of(phone.page) == 0
                assert await serious_findings(phone.page) == []
                assert await overlaps(phone) == []
                await picture(phone.page, "table-phone")
            if await now.button("All-in").count():
                await now.turn.get_by_role("button", name="All-in", exact=True).first.click()
                await now.turn.locator(".raise").click()
            else:
                await now.turn.locator(".call").click()
            await expect(now.turn).to_be_hidden()
        result = desk.section.get_by_test_id("result")
        shared = re.compile(r"Main pot and side pots 1–2: \S+ wins 5,850")
        await expect(result).to_contain_text(shared, timeout=60_000)
        mine = phone.section.get_by_test_id("result")
        await expect(mine).to_contain_text("Side pots 3–7: You win 3,100")
        assert await overflow_of(desk.page) == 0
        for seat in (desk, phone):
            await seat.still()
            assert not await hides_the_result(seat)
        await asyncio.gather(*crowd)
        for other in others:
            await other.stand()
    await leave(phone, desk)


async def gamble(table: Table) -> None:
    """All-in when it is our turn, once, whatever the cards."""
    while not (table.state.my_turn and table.state.options):
        await table.changed()
    most = table.state.options.raise_max
    await table.act(Raise(most) if most else Call())


async def hides_the_result(seat: Seat) -> bool:
    """Whether his own cards lie upon the words of who won."""
    hides: bool = await seat.section.evaluate(
        """(table) => {
            const box = (of) => table.querySelector(of).getBoundingClientRect();
            const [words, cards] = [box(".result"), box(".seat[data-mine=true] .hole")];
            return cards.top < words.bottom && words.top < cards.bottom
                && cards.left < words.right && words.left < cards.right;
        }"""
    )
    return hides


async def overlaps(seat: Seat) -> list[str]:
    """Plates of the seats, board and pots that lie upon each other, or leave the felt."""
    found: list[str] = await seat.section.evaluate(
        """(table) => {
            const stage = table.querySelector(".stage").getBoundingClientRect();
            const all = [...table.querySelectorAll(".plate, .board, .pot")];
            const boxes = all.map((each) => [each, each.getBoundingClientRect()]);
            const named = (each) => each.textContent || each.className;
            const bad = [];
            for (const [a, x] of boxes) {
                if (x.left < stage.left - 1 || x.right > stage.right + 1) bad.push(named(a));
                for (const [b, y] of boxes) {
                    const apart = x.right <= y.left || y.right <= x.left
                        || x.bottom <= y.top || y.bottom <= x.top;
                    if (a !== b && !apart) bad.push(`${named(a)} / ${named(b)}`);
                }
            }
            return bad;
        }"""
    )
    return found
