"""Tables as CSV (RFC 4180), page by page, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from starlette.responses import StreamingResponse

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run by a spreadsheet (OWASP, CSV injection)."""


class Csv(NamedTuple):
    """An answer that is a file. ``pages`` are rows of cells."""

    name: str
    columns: Sequence[str]
    pages: AsyncIterator[Sequence[Sequence[Any]]]

    def response(self) -> StreamingResponse:
        """Sent as it is read: nothing waits for the last page."""
        return StreamingResponse(
            self._lines(),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{self.name}.csv"'},
        )

    async def _lines(self) -> AsyncIterator[str]:
        yield csv_lines([self.columns])
        async for page in self.pages:
            yield csv_lines(page)


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows with CRLF; a number stays a number, a text that looks like a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
