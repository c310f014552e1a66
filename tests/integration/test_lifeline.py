"""The lifeline: a death is told at once, and only to those who were given the token."""

import asyncio

from actors.lifeline import Lifeline, until_gone

LOCAL = "127.0.0.1"


async def test_the_watcher_is_told_when_the_process_goes() -> None:
    lifeline = Lifeline()
    await lifeline.open(LOCAL)
    watching = asyncio.create_task(until_gone(LOCAL, lifeline.port, lifeline.token))
    # A second one, told after the first was let in: the first is watching by then.
    second = asyncio.create_task(until_gone(LOCAL, lifeline.port, lifeline.token))
    done, _ = await asyncio.wait({watching, second}, timeout=0.2)
    assert not done
    lifeline.close()
    await asyncio.wait_for(second, 10)
    await asyncio.wait_for(watching, 10)
    await asyncio.wait_for(until_gone(LOCAL, lifeline.port, lifeline.token), 10)


async def test_a_stranger_is_sent_away() -> None:
    lifeline = Lifeline()
    await lifeline.open(LOCAL)
    watching = asyncio.create_task(until_gone(LOCAL, lifeline.port, lifeline.token))
    reader, writer = await asyncio.open_connection(LOCAL, lifeline.port)
    writer.write(b"x" * 32)
    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()
    assert not watching.done()
    lifeline.close()
    await asyncio.wait_for(watching, 10)
