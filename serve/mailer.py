"""How mail leaves this server: by a relay, into a folder, or not at all."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from auth.mail import FileSink, Mailer, NoMail, Smtp


class MailConfig(msgspec.Struct, frozen=True, kw_only=True):
    """``url_file`` is a file with ``smtps://user:password@host:port`` (or ``smtp://``: STARTTLS);
    else letters are kept in ``folder``; else there is no way out. ``url`` is where links lead."""

    url_file: str = ""
    folder: str = ""
    sender: str = "squaredeal@localhost"
    url: str = "http://127.0.0.1:8700"


def mailer_of(config: MailConfig) -> Mailer:
    """Raises ValueError for a URL that is none."""
    if config.url_file:
        at = urlsplit(Path(config.url_file).read_text("utf-8").strip())
        if at.scheme not in ("smtp", "smtps") or not at.hostname:
            raise ValueError("a relay is smtps://user:password@host:port")
        implicit_tls = at.scheme == "smtps"
        return Smtp(
            at.hostname, at.port or (465 if implicit_tls else 587), unquote(at.username or ""),
            unquote(at.password or ""), config.sender, implicit_tls,
        )  # fmt: skip
    return FileSink(Path(config.folder), config.sender) if config.folder else NoMail()
