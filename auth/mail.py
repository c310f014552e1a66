"""Mail: how it leaves the house. ``FileSink`` keeps it in a folder, for development and tests."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Final, Protocol

import msgspec

SMTP_S_MAX: Final = 15.0


class Letter(msgspec.Struct, frozen=True):
    """To one address; ``text`` is plain."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Whatever sends letters."""

    async def send(self, letter: Letter) -> None:
        """Raises OSError, or what the transport raises: nobody has got it then."""


class NoMail:
    """There is no way out."""

    async def send(self, letter: Letter) -> None:
        raise OSError("no mail is configured")


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """As it is sent. Raises ValueError for an address or subject with a line break."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


class FileSink:
    """One file a letter, in a folder that only its owner reads."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        message = message_of(letter, self._sender)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        await asyncio.to_thread(self._write, name, bytes(message))

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{name}.eml"
        path.touch(mode=0o600)
        path.write_bytes(data)


class Smtp:
    """A relay, spoken to over TLS: ``url_file`` holds ``smtps://user:password@host:port``, or
    ``smtp://`` for STARTTLS."""

    def __init__(self, host: str, port: int, user: str, password: str, sender: str,
                 implicit_tls: bool) -> None:  # fmt: skip
        self._at = (host, port)
        self._login = (user, password)
        self._sender = sender
        self._implicit_tls = implicit_tls
        self.context = ssl.create_default_context()

    async def send(self, letter: Letter) -> None:
        await asyncio.to_thread(self._send, message_of(letter, self._sender))

    def _send(self, message: EmailMessage) -> None:
        host, port = self._at
        if self._implicit_tls:
            with smtplib.SMTP_SSL(host, port, timeout=SMTP_S_MAX, context=self.context) as line:
                self._deliver(line, message)
        else:
            with smtplib.SMTP(host, port, timeout=SMTP_S_MAX) as line:
                line.starttls(context=self.context)
                self._deliver(line, message)

    def _deliver(self, line: smtplib.SMTP, message: EmailMessage) -> None:
        if self._login[0]:
            line.login(*self._login)
        line.send_message(message)
