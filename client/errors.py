"""What the SDK raises. Codes are the server's own; see docs/protocol.md."""

from wire.server_frames import LimitReached


class ApiError(Exception):
    """The HTTP API refused: a stable ``code``, its message, the status, when to try again; with
    ``limit_reached`` also which limit."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int,
        retry_after_s: int = 0,
        limit: LimitReached | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after_s = retry_after_s
        self.limit = limit


class RefusedError(Exception):
    """The table refused a request; nothing changed. ``limit`` says more of ``limit_reached``."""

    def __init__(self, code: str, message: str, limit: LimitReached | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.limit = limit


class TableClosed(Exception):
    """The line has ended for good: the server said not to come back, or ``close`` was called."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason or 'the table is closed'} ({code})")
        self.code = code
        self.reason = reason


class OutOfSequence(Exception):
    """An update is missing: the state must start afresh from a snapshot."""
