"""A player's history in a browser: find a hand, replay it, check its proof, export and share it."""

import asyncio
import csv
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from playwright.async_api import Page, expect
from pokerkit import HandHistory

from client import Client
from games.fair.proof import verify
from games.history import History, NotWritable, history
from games.holdem.positions import Blinds
from games.phh import load, replay
from games.phh_writer import write_phh
from tests import tracker
from tests.browser.conftest import Visit
from tests.browser.looks import assert_looks_right, picture
from tests.browser.people import account, ask, name_of, text_of, visit_as
from tests.browser.test_table import spec
from tests.e2e.test_records import operators, played, recorded
from tests.e2e.test_recovery import come_home
from tests.property.test_hand_texts import assert_same, pokerkit_stacks, read_by_pokerkit
from tests.server import Server, command
from wire.events import Event
from wire.history import SharedHand
from wire.http import HandRecord, TokensResponse

# PokerKit's parser makes a field that PokerKit does not know; it dislikes folds for free.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The field 'time_zone_abbreviation'"),
    pytest.mark.filterwarnings("ignore:There is no reason for this player to fold"),
]
HANDS_MAX = 20
RESULTS = ("won", "lost", "even")
GOLD = [230, 185, 103]
"""The line of a stack, in red, green and blue."""
_HAS_COLOUR = """(canvas, colour) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] === 255 && colour.every((part, k) => data[i + k] === part)) return true;
  return false;
}"""


def result_of(record: HandRecord) -> str:
    assert record.net is not None
    return "won" if record.net > 0 else "lost" if record.net < 0 else "even"


def board_of(record: HandRecord) -> list[int]:
    events = msgspec.json.decode(record.events)
    return [card for each in events if each["type"] == "board_dealt" for card in each["cards"]]


def can_be_exported(record: HandRecord) -> bool:
    """PHH has no dead posts and no short blinds."""
    try:
        return bool(write_phh(story_of(record)))
    except NotWritable:
        return False


def can_be_filtered(records: list[HandRecord]) -> bool:
    """There is a board to look at and to export, and something that each filter leaves out."""
    results, pots = {result_of(each) for each in records}, {each.pot for each in records}
    seen = any(board_of(each) and can_be_exported(each) for each in records)
    return seen and len(results) > 1 < len(pots)


async def some_hands(url: str, who: dict[str, Any]) -> list[HandRecord]:
    """Played by the SDK; all that he was dealt in, newest first."""
    known: list[HandRecord] = []
    async with Client.from_tokens(url, msgspec.convert(who, TokensResponse)) as client:
        table = await client.quick_seat(big_blind=20)
        while not can_be_filtered(known):
            assert len(known) < HANDS_MAX
            (number,) = await played(table, 1)
            known.append(await recorded(client, table.table, number))
        await table.stand()
        # A stake goes home when its last hand is in the archive.
        await come_home(client)
        return list((await client.api.hands(HANDS_MAX + 1)).hands)


async def exported(page: Page, name: str, folder: Path) -> str:
    async with page.expect_download() as started:
        await page.get_by_role("button", name=name).click()
    file = folder / (await started.value).suggested_filename
    await (await started.value).save_as(file)
    return str(file)


def story_of(record: HandRecord) -> History:
    """The record as the writers of texts are given it."""
    rules = record.rules
    assert rules is not None
    return history(
        table=record.table, hand=record.hand, ended=record.ended, seats=rules.seats,
        blinds=Blinds(small=rules.small_blind, big=rules.big_blind), names=record.players,
        hero=record.seat, events=msgspec.json.decode(record.events, type=list[Event]),
    )  # fmt: skip


def assert_read_back(record: HandRecord, pokerstars: str, phh: str) -> None:
    """Both texts end with the stacks that the hand ended with, by our rules and by PokerKit's."""
    story = story_of(record)
    assert tracker.read(pokerstars) == {story.names[s]: story.finishing[s] for s in story.order}
    (again,) = load(phh)
    assert tuple(replay(again).stacks) == tuple(story.finishing[s] for s in story.order)
    try:
        theirs = pokerkit_stacks(HandHistory.loads(phh))
    except ValueError as unreadable:
        raise AssertionError(phh) from unreadable
    assert_same(dict(zip(story.order, theirs, strict=True)), story)
    assert read_by_pokerkit(pokerstars, story)


async def try_filters(page: Page, records: list[HandRecord]) -> None:
    """Each leaves what fits it, and all of them can be taken away."""
    rows = page.get_by_test_id("hands").get_by_role("listitem")
    nothing = page.get_by_text("No hand fits")
    await expect(rows).to_have_count(len(records))
    for result in RESULTS:
        fit = sum(result_of(each) == result for each in records)
        await page.get_by_label("Result").select_option(result)
        await (expect(rows).to_have_count(fit) if fit else expect(nothing).to_be_visible())
    await page.get_by_label("Result").select_option("")
    most = max(each.pot for each in records)
    await page.get_by_label("Pot of at least").fill(str(most))
    await expect(rows).to_have_count(sum(each.pot == most for each in records))
    # They are in the address: a reload keeps them.
    await page.reload()
    await expect(rows).to_have_count(sum(each.pot == most for each in records))
    await page.get_by_label("From").fill("2100-01-01")
    await expect(nothing).to_be_visible()
    await page.get_by_role("button", name="Clear the filters").click()
    await page.get_by_label("Table").fill("no-such-table")
    await expect(nothing).to_be_visible()
    await page.get_by_label("Table").fill(records[0].table)
    await expect(rows).to_have_count(len(records))


async def replay_it(page: Page, record: HandRecord) -> None:
    """Step, jump, and let it play; the board is the record's at each."""
    replayer = page.get_by_test_id("replayer")
    board = page.get_by_test_id("board").get_by_role("img")
    result = page.get_by_test_id("result")
    await expect(replayer).to_have_attribute("data-step", "0")
    await page.get_by_role("button", name="Step forward").click()
    await expect(replayer).to_have_attribute("data-step", "1")
    await page.keyboard.press("ArrowLeft")
    await expect(replayer).to_have_attribute("data-step", "0")
    await page.keyboard.press("End")
    await expect(result).to_be_visible()
    await expect(board).to_have_count(len(board_of(record)))
    last = await replayer.get_attribute("data-step")
    await page.get_by_role("button", name="Deal", exact=True).click()
    await expect(board).to_have_count(0)
    await expect(result).to_be_hidden()
    await page.get_by_role("button", name="4×").click()
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(result).to_be_visible()
    await expect(replayer).to_have_attribute("data-step", str(last))
    # At the end it offers to play again.
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await expect(board).to_have_count(len(board_of(record)))


async def test_a_player_finds_replays_proves_exports_and_shares_a_hand(
    server: Server, http: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    who = account(http, "reader")
    records = await some_hands(server.url, who)
    fit = (each for each in records if board_of(each) and can_be_exported(each))
    record = max(fit, key=lambda each: each.pot)
    visitor = await visit_as(visit, who, "/hands/")
    page = visitor.page
    await try_filters(page, records)
    await assert_looks_right(page)

    await page.get_by_role("link", name=f"#{record.hand}").click()
    await expect(page.get_by_test_id("proof-good")).to_contain_text("This deal is proved")
    await replay_it(page, record)
    await assert_looks_right(page)
    await picture(page, "replayer", whole=True)

    await page.get_by_role("button", name="Export").click()
    texts = [text_of(await exported(page, name, tmp_path)) for name in ("PokerStars text", "PHH")]
    assert_read_back(record, *texts)
    raw = await exported(page, "Raw record", tmp_path)
    checked = await asyncio.to_thread(command, "verify", raw)
    assert checked.returncode == 0, checked.stdout
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Share").click()
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_test_id("share-link").input_value()
    stranger = await visit(link.removeprefix(server.url), width=390, height=844)
    async with stranger.page.expect_response("**/v1/shared") as answered:
        await stranger.page.reload()
    sent = msgspec.json.decode(await (await answered.value).body(), type=SharedHand).record
    assert sent.seat == record.seat
    assert msgspec.json.decode(sent.events) == msgspec.json.decode(record.events)
    assert sent.proof is not None
    assert not verify(sent.proof).faults
    await expect(stranger.page.get_by_text(f"Shown by {name_of(who)}")).to_be_visible()
    await expect(stranger.page.get_by_test_id("proof-good")).to_be_visible()
    await replay_it(stranger.page, record)
    await assert_looks_right(stranger.page)

    await expect(page.get_by_text("Links that work")).to_be_visible()
    await page.get_by_role("button", name="End", exact=True).click()
    await expect(page.get_by_text("Links that work")).to_be_hidden()
    stranger.expected.append("404")
    await stranger.page.reload()
    await expect(stranger.page.get_by_text("This link shows nothing any more")).to_be_visible()


def table_for_euros(server: Server, http: httpx.Client, people: tuple[dict[str, Any], ...]) -> str:
    """With one hand to deal, and these people can pay there."""
    table = "myrtle"
    headers = {"Authorization": f"Bearer {people[0]['access']}"}
    for path, body in (("", {"spec": spec(table, 2, currency="EUR")}),
                       (f"/{table}/decks", {"decks": [list(range(52))]})):  # fmt: skip
        answer = http.post(f"/v1/test/tables{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
    for who in people:
        euros = {"ref": "euros", "amount": 2_000, "currency": "EUR"}
        key = ask(http, who, "/v1/wallet/deposits", "POST", euros)["key"]
        decision = {"by": {"name": "ann"}, "key": key, "post": True, "why": "seen"}
        answer = http.post("/v1/operator/payments", json=decision, headers=operators(server))
        assert answer.is_success, answer.text
    return table


async def one_hand(url: str, table: str, people: tuple[dict[str, Any], ...]) -> HandRecord:
    """Of these people, as the first of them saw it."""
    async with AsyncExitStack() as stack:
        seats = []
        for who in people:
            tokens = msgspec.convert(who, TokensResponse)
            client = await stack.enter_async_context(Client.from_tokens(url, tokens))
            seats.append((client, await client.join(table)))
        async with asyncio.TaskGroup() as hands:
            playing = [hands.create_task(played(seat, 1)) for _, seat in seats]
            for _, seat in seats:
                await seat.sit(1_250)
        for _, seat in seats:
            await seat.stand()
        return await recorded(seats[0][0], table, playing[0].result()[0])


async def test_a_hand_for_euros_is_shown_in_euros_and_cents(
    server: Server, http: httpx.Client, visit: Visit
) -> None:
    people = account(http, "euro-a"), account(http, "euro-b")
    record = await one_hand(server.url, table_for_euros(server, http, people), people)
    assert record.rules is not None
    assert (record.rules.currency, abs(record.net or 0), record.pot) == ("EUR", 10, 20)
    page = (await visit_as(visit, people[0], "/hands/")).page
    result = "+0.10" if record.net == 10 else "−0.10"
    row = page.get_by_role("link", name=f"#{record.hand}")
    await expect(row).to_contain_text(result)
    await expect(row).to_contain_text("pot 0.20")
    await row.click()
    for text in ("0.10 / 0.20", "pot 0.20", result):
        await expect(page.get_by_role("main")).to_contain_text(text)
    replayer = page.get_by_test_id("replayer")
    for place in replayer.locator(".seat").first, page.get_by_label("Log of the hand"):
        await expect(place).to_contain_text(re.compile(r"\d\.\d\d"))
    await assert_looks_right(page)


async def test_a_player_reads_his_statement_and_his_sitting(
    server: Server, http: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    who = account(http, "keeper")
    records = await some_hands(server.url, who)
    visitor = await visit_as(visit, who, "/statement/")
    page = visitor.page
    lines = page.get_by_test_id("statement").locator("tbody tr")
    every = ask(http, who, "/v1/wallet/statement?limit=200")["lines"]
    bought = [each for each in every if each["kind"] == "buy_in"]
    assert len(bought) < len(every) <= 50
    await expect(lines).to_have_count(len(every))
    await assert_looks_right(page)
    await page.get_by_label("What").select_option("buy_in")
    await expect(lines).to_have_count(len(bought))
    rows = list(csv.DictReader(text_of(await exported(page, "CSV", tmp_path)).splitlines()))
    # Out of the wallet, into the stake.
    assert sorted(int(row["amount"]) for row in rows) == sorted(each["amount"] for each in bought)
    assert sum(int(row["amount"]) for row in rows) == 0
    assert {row["kind"] for row in rows} == {"buy_in"}

    await page.get_by_role("link", name="Sittings").click()
    sitting = page.get_by_test_id("sitting")
    await expect(sitting).to_contain_text(records[0].table)
    (found,) = ask(http, who, "/v1/sittings")["sittings"]
    await expect(page.get_by_test_id("sittings").get_by_role("listitem")).to_have_count(1)
    points = ask(http, who, f"/v1/sittings/{found['session']}")["points"]
    stacks = [each["balance"] for each in points if each["kind"] != "cash_out"]
    low, high = min(stacks), max(stacks)
    plot = sitting.get_by_role("img", name="Your stack over time")
    said = f"now {stacks[-1]:,}, between {low:,} and {high:,}"
    await expect(plot).to_have_attribute("aria-label", f"Your stack over time. Stack: {said}.")
    assert await plot.locator("canvas").evaluate(_HAS_COLOUR, GOLD)
    await assert_looks_right(page)


async def test_what_is_not_there_has_a_page_that_says_so(http: httpx.Client, visit: Visit) -> None:
    who = account(http, "lost")
    visitor = await visit_as(visit, who, "/hand/?t=lantern&n=999999999")
    visitor.expected.append("404")
    await expect(visitor.page.get_by_text("There is no such hand of yours")).to_be_visible()
    for path, words in (
        ("/hands/", "No hands yet"),
        ("/sittings/", "You have not sat down yet"),
    ):
        await visitor.page.goto(path)
        await expect(visitor.page.get_by_text(words)).to_be_visible()
        await assert_looks_right(visitor.page)
    stranger = await visit("/hands/")
    await expect(stranger.page.get_by_text("Sign in first")).to_be_visible()
