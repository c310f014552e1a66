"""Acts of operators are written down before they are done, and what came of them after.

An act that can't be written down is refused; an outcome that can't be is logged, since the act is
done by then.
"""

import logging
from typing import Any, Final

import msgspec

from auth.rights import Right
from serve.errors import ApiError
from serve.gate import Admitted
from serve.routes import Call, Endpoint
from telemetry.logs import AUDIT

log = logging.getLogger(__name__)
stream = logging.getLogger(AUDIT)
"""The same acts as lines of the log, redacted: to be kept where nobody here can change them."""
LOOKS: Final = frozenset({Right.SEE_HANDS})
"""Reading that is written down too: it shows players' cards."""


def is_recorded(endpoint: Endpoint) -> bool:
    """Whatever an operator changes, and some of what he reads."""
    if endpoint.right in (None, Right.PLAY):
        return False
    return endpoint.method != "GET" or endpoint.right in LOOKS


async def handled(endpoint: Endpoint, admitted: Admitted, call: Call, path: str) -> Any:
    """What the endpoint answers. Raises ApiError."""
    if not is_recorded(endpoint):
        return await endpoint.handle(call)
    who = _who(admitted, call.body)
    asked = msgspec.json.encode(call.query if call.body is None else call.body).decode()
    act, before = f"{endpoint.method} {path}", await _state(endpoint, call)
    number = await call.office.audit_asked(who, call.address, act, asked, before)
    said = {"number": number, "who": who, "address": call.address, "act": act}
    stream.info("asked", extra=said | {"asked": msgspec.json.decode(asked)})
    try:
        result = await endpoint.handle(call)
    except Exception as failure:  # not when the process ends: then nobody knows
        code = failure.body.code if isinstance(failure, ApiError) else "internal"
        await _end(call, number, who, code, "", None)
        stream.info("ended", extra=said | {"outcome": code})
        raise
    shown = endpoint.method != "GET" and result is not None and not endpoint.secret
    answer = msgspec.json.encode(result).decode() if shown else ""
    await _end(call, number, who, "done", answer, await _state(endpoint, call))
    stream.info("ended", extra=said | {"outcome": "done"})
    return result


async def _state(endpoint: Endpoint, call: Call) -> str | None:
    """What the act is about, as it is now. None if that can't be read: then the act will hardly
    work either, and it is the act that says why."""
    if endpoint.state is None:
        return None
    try:
        return msgspec.json.encode(await endpoint.state(call)).decode()
    except ApiError as refused:
        log.info("no state of %s: %s", endpoint.path, refused)
        return None


async def _end(
    call: Call, number: int, who: str, outcome: str, answer: str, after: str | None
) -> None:
    try:
        await call.office.audit_ended(number, who, outcome, answer, after)
    except ApiError:
        log.error("audit %s: %s is not written down", number, outcome)


def _who(admitted: Admitted, body: Any) -> str:
    """An account's name; no account can be called as the machine is."""
    if admitted.identity is not None:
        return admitted.identity.name
    by = getattr(body, "by", None)
    return f"machine:{by.name}" if by is not None else "machine"
