"""One call at the operator: an answer that was decided, or nobody knows."""

import asyncio
from collections.abc import Callable
from typing import Final

import httpx
import msgspec

from wallet.seamless.errors import OutcomeUnknown
from wallet.seamless.limits import BODY_BYTES_MAX, SeamlessLimits
from wallet.seamless.protocol import UNDECIDED, Answer, Request, decode_answer, encode, type_of
from wallet.seamless.signing import Signer

HTTP_OK: Final = 200


class OperatorClient:
    """Signs, sends, and believes only what answers this very call."""

    def __init__(
        self,
        url: str,
        signer: Signer,
        limits: SeamlessLimits,
        clock: Callable[[], float],
        http: httpx.AsyncClient,
    ) -> None:
        """``clock`` gives seconds since 1970."""
        self._url = url.rstrip("/")
        self._signer = signer
        self._limits = limits
        self._clock = clock
        self._http = http

    async def ask(self, message: Request) -> Answer:
        """Raises OutcomeUnknown when the operator may have acted and may not have."""
        body = encode(message)
        try:
            # Around everything: httpx's own time-outs begin anew with each byte that trickles in.
            async with asyncio.timeout(self._limits.call_timeout_s):
                status, answer = await self._post(type_of(message), body)
        except (httpx.HTTPError, TimeoutError) as failure:
            raise OutcomeUnknown(f"{type(failure).__name__}: {failure}") from failure
        if status != HTTP_OK:
            raise OutcomeUnknown(f"status {status}")
        return _read(message, answer)

    async def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        headers = {
            "content-type": "application/json",
            **self._signer.headers(body, self._clock()),
        }
        request = self._http.build_request(
            "POST", f"{self._url}/{path}", content=body, headers=headers
        )
        response = await self._http.send(request, stream=True)
        try:
            read = b""
            async for chunk in response.aiter_bytes():
                read += chunk
                if len(read) > BODY_BYTES_MAX:
                    raise OutcomeUnknown(f"an answer of more than {BODY_BYTES_MAX} bytes")
            return response.status_code, read
        finally:
            await response.aclose()


def open_http(limits: SeamlessLimits) -> httpx.AsyncClient:
    """Connections that are kept; no redirects, and no proxy from the environment."""
    return httpx.AsyncClient(
        timeout=limits.call_timeout_s,
        limits=httpx.Limits(max_connections=limits.in_flight_max),
        follow_redirects=False,
        trust_env=False,
    )


def _read(message: Request, body: bytes) -> Answer:
    try:
        answer = decode_answer(body)
    except msgspec.DecodeError as wrong:
        raise OutcomeUnknown(f"unreadable answer: {wrong}") from wrong
    # Before it has read the message an operator can't say which one it was.
    unnamed = answer.request_uuid is None and answer.code in UNDECIDED
    if answer.request_uuid != message.request_uuid and not unnamed:
        raise OutcomeUnknown("an answer to another call")
    return answer
