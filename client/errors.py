"""What the SDK raises. Codes are the server's own; see docs/protocol.md."""


class ApiError(Exception):
    """The HTTP API refused: a stable ``code``, its message, the status, when to try again."""

    def __init__(self, code: str, message: str, status: int, retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after_s = retry_after_s


class RefusedError(Exception):
    """The table refused a request; nothing changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TableClosed(Exception):
    """The line has ended for good: the server said not to come back, or ``close`` was called."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason or 'the table is closed'} ({code})")
        self.code = code
        self.reason = reason


class OutOfSequence(Exception):
    """An update is missing: the state must start afresh from a snapshot."""
