"""The synthetic player reports when the certificate runs out that players are shown."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from prometheus_client.parser import text_string_to_metric_families

from client.probe import EMITS, Report, certificate_until, exposition, probe
from serve.process import free_port

UNTIL = datetime(2036, 5, 4, 3, 2, 1, tzinfo=UTC)


async def serving(authority: trustme.CA, until: datetime) -> tuple[asyncio.Server, str]:
    """Somebody who shows such a certificate, and hangs up."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", not_after=until).configure_cert(context)
    port = free_port()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", port, ssl=context)
    return server, f"https://localhost:{port}"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Trusted by this process."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


async def test_it_is_read_from_what_the_server_shows(authority: trustme.CA) -> None:
    server, url = await serving(authority, UNTIL)
    async with server:
        assert await certificate_until(url) == UNTIL.timestamp()


async def test_one_that_is_over_is_a_failure_that_says_so(authority: trustme.CA) -> None:
    server, url = await serving(authority, datetime(2020, 1, 1, tzinfo=UTC))
    async with server:
        report = await probe(url, "", "", "", 20.0)
    assert not report.ok
    assert report.failed == "sign in"
    assert "expired" in report.why


def test_it_is_a_metric_only_where_there_is_one() -> None:
    with_one = exposition(Report(certificate_until=UNTIL.timestamp()))
    assert {f.name for f in text_string_to_metric_families(with_one)} == EMITS
    assert "certificate" not in exposition(Report())
