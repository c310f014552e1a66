"""An account's own business at the running system: second factor, upgrade, presence."""

import asyncio
import re
import uuid
from pathlib import Path

import asyncpg
import pyotp
import pytest
from redis.asyncio import Redis

from client import ApiError, Client
from serve.runtime import read_secret
from tests.server import Server, admin_dsn

PASSWORD = "correct horse battery"


async def test_a_guest_becomes_a_player_at_the_table(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.quick_seat(big_blind=100)
        before = await client.wallet()
        guest, name = client.api.player, f"up-{uuid.uuid4().hex[:12]}"
        with pytest.raises(ApiError) as refused:
            await client.api.upgrade("admin", PASSWORD)
        assert refused.value.code == "name_invalid"
        await client.api.upgrade(name, PASSWORD)
        assert client.api.player.id == guest.id
        assert (client.api.player.name, client.api.player.kind) == (name, "player")
        after = await client.wallet()
        assert after.amount + after.at_tables == before.amount + before.at_tables
        await table.changed()
        assert table.state.my_seat is not None
        await table.stand()  # others need the chair
        await client.api.login(name, PASSWORD)
        assert client.api.player.id == guest.id


async def test_a_second_factor_from_enrolment_to_removal(server: Server) -> None:
    name = f"sf-{uuid.uuid4().hex[:12]}"
    async with await Client.guest(server.url) as client:
        api = client.api
        await api.register(name, PASSWORD)
        made = await api.enrol(PASSWORD)
        codes = await api.confirm_factor(pyotp.TOTP(made.secret).now())
        with pytest.raises(ApiError) as refused:
            await api.login(name, PASSWORD)
        assert (refused.value.code, refused.value.status) == ("code_needed", 401)
        await api.login(name, PASSWORD, codes[0])
        with pytest.raises(ApiError) as again:
            await api.login(name, PASSWORD, codes[0])
        assert again.value.code == "code_wrong"
        assert len((await api.sessions()).sessions) == 2
        await api.remove_factor(PASSWORD, codes[1])
        await api.login(name, PASSWORD)
        await api.logout_everywhere()


async def test_money_asks_for_the_password_after_a_long_silence(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        api = client.api
        await api.register(f"mo-{uuid.uuid4().hex[:12]}", PASSWORD)
        sid = (await api.sessions()).sessions[0].id
        await api.deposit(100, uuid.uuid4().hex)
        await silence(server, sid)
        ref = uuid.uuid4().hex
        with pytest.raises(ApiError) as refused:
            await api.deposit(100, ref)
        assert (refused.value.code, refused.value.status) == ("proof_needed", 401)
        with pytest.raises(ApiError) as wrong:
            await api.prove("not this one")
        assert wrong.value.code == "wrong_credentials"
        await api.prove(PASSWORD)
        await api.deposit(100, ref)
        payments = (await api.payments()).payments
        assert len(payments) == 2


async def silence(server: Server, sid: str) -> None:
    """As it is when nothing was asked for half an hour."""
    url = read_secret(str(server.data_dir / "secrets" / "redis.url"))
    async with Redis.from_url(url) as store:
        assert await store.delete(f"fresh:{sid}") == 1
    admin = await asyncpg.connect(admin_dsn(server.data_dir))
    await admin.execute(
        "UPDATE auth.sessions SET proved_at = now() - interval '31 minutes' WHERE id = $1",
        uuid.UUID(sid),
    )
    await admin.close()


def take_token(server: Server, address: str) -> str | None:
    """Of the letter to an address that the file sink keeps, which is taken away; None if none has
    come."""
    for path in Path(server.data_dir, "mail").glob("*.eml"):
        letter = path.read_text("utf-8")
        if f"To: {address}" in letter:
            path.unlink()
            found = re.search(r"token=([\w-]+)", letter.replace("=\n", "").replace("=3D", "="))
            assert found is not None
            return found[1]
    return None


async def token_for(server: Server, address: str) -> str:
    for _ in range(100):
        token = take_token(server, address)
        if token is not None:
            return token
        await asyncio.sleep(0.1)
    raise AssertionError("no letter has come")


async def test_a_lost_password_comes_back_by_mail(server: Server) -> None:
    name, address = f"ma-{uuid.uuid4().hex[:12]}", f"{uuid.uuid4().hex[:12]}@example.org"
    async with await Client.guest(server.url) as client:
        api = client.api
        await api.register(name, PASSWORD)
        await api.claim_email(address, PASSWORD)
        await api.verify_email(await token_for(server, address))
        await api.forgot(address)
        await api.reset_password(await token_for(server, address), "another long password")
        with pytest.raises(ApiError) as refused:
            await api.login(name, PASSWORD)
        assert refused.value.code == "wrong_credentials"
        await api.login(name, "another long password")
        await api.change_password("another long password", PASSWORD)
