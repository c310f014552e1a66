"""Errors of the HTTP API: one JSON shape, stable codes, the status that belongs to each."""

from typing import Final

from wire.http import ErrorBody

STATUS: Final = {
    "bad_request": 400,
    "table_unknown": 404,
    "route_unknown": 404,
    "method_not_allowed": 405,
    "body_too_large": 413,
    "not_signed_in": 401,
    "token_invalid": 401,
    "token_expired": 401,
    "session_ended": 401,
    "bad_signature": 401,
    "stale_request": 401,
    "launch_invalid": 401,
    "launch_repeated": 409,
    "launch_elsewhere": 409,
    "player_not_bound": 409,
    "wrong_credentials": 401,
    "refresh_invalid": 401,
    "refresh_reused": 401,
    "account_disabled": 403,
    "account_banned": 403,
    "code_needed": 401,
    "code_wrong": 401,
    "second_factor_on": 409,
    "second_factor_unknown": 409,
    "no_password": 409,
    "passkey_invalid": 401,
    "passkey_unknown": 404,
    "too_many_passkeys": 409,
    "last_way_in": 409,
    "provider_unknown": 404,
    "provider_away": 503,
    "flow_invalid": 401,
    "identity_refused": 401,
    "identity_invalid": 401,
    "identity_unknown": 404,
    "identity_taken": 409,
    "email_taken": 409,
    "mail_failed": 503,
    "mail_token_invalid": 401,
    "not_a_guest": 409,
    "proof_needed": 401,
    "money_locked": 403,
    "rescue_unknown": 404,
    "rescue_waits": 409,
    "sent_away": 403,
    "invite_needed": 403,
    "table_not_yours": 404,
    "too_many_tables": 409,
    "role_held": 409,
    "account_unknown": 404,
    "session_unknown": 404,
    "name_taken": 409,
    "not_allowed": 403,
    "not_yourself": 403,
    "machine_not_allowed": 403,
    "role_unknown": 404,
    "approval_needed": 403,
    "target_unknown": 404,
    "stale_hand": 409,
    "no_hand": 409,
    "no_spare": 503,
    "table_moved": 503,
    "table_closing": 503,
    "too_many_attempts": 429,
    "too_many_requests": 429,
    "too_many_streams": 429,
    "hand_unknown": 404,
    "no_seat_free": 409,
    "report_unknown": 404,
    "entries_detached": 410,
    "reports_unavailable": 503,
    "table_not_open": 503,
    "table_busy": 503,
    "unavailable": 503,
    "internal": 500,
    "limit_reached": 403,
    "wallet_too_small": 409,
    "ref_used": 409,
    "no_cashier": 409,
    "already_decided": 409,
    "already_reversed": 409,
    "not_reversible": 409,
    "too_many_pending": 429,
    "currency_unknown": 404,
    "player_unknown": 404,
    "payment_unknown": 404,
    "finding_unknown": 404,
    "proposal_unknown": 404,
    "proposal_over": 409,
    "sitting_unknown": 404,
    "share_unknown": 404,
    "too_many_links": 409,
    "operation_unknown": 404,
    "transfer_unknown": 404,
}
MESSAGES: Final = {
    "table_unknown": "There is no such table.",
    "route_unknown": "There is nothing at this address.",
    "method_not_allowed": "This address does not take that method.",
    "body_too_large": "The request is too large.",
    "not_signed_in": "Sign in first: send Authorization: Bearer <access token>.",
    "session_ended": "This session has ended; sign in again.",
    "bad_signature": "The message is not signed by the operator's key.",
    "stale_request": "The timestamp is too far from our clock.",
    "launch_elsewhere": "The message is for another site.",
    "player_not_bound": "This player has another currency here, or chips that are not yours.",
    "session_unknown": "You have no such session, or it has ended.",
    "passkey_unknown": "You have no such passkey.",
    "identity_unknown": "You have no such identity.",
    "finding_unknown": "There is no such finding.",
    "already_decided": "This has been decided already.",
    "not_yourself": "Whoever is signed in acts under his own name: write it in by.",
    "machine_not_allowed": "Money and hands are for accounts with roles here: use --as NAME.",
    "approval_needed": "A second operator must approve this.",
    "hand_unknown": "There is no such hand of yours.",
    "proposal_unknown": "There is no such proposal.",
    "proposal_over": "This proposal has been decided, or has expired.",
    "sitting_unknown": "There is no such sitting of yours.",
    "share_unknown": "This link does not work, or does so no more.",
    "too_many_links": "You have as many links as there may be: end one first.",
    "no_seat_free": "No table that you can buy into has a free seat.",
    "reports_unavailable": "The database that answers reports does not answer; try again soon.",
    "table_not_open": "The table is being opened; try again in a second.",
    "table_busy": "There are too many spectators just now; try again in a moment.",
    "too_many_requests": "You ask too often; wait a moment.",
    "too_many_streams": "There are too many open streams: close one, or try again later.",
    "unavailable": "A part of the server does not answer; try again in a moment.",
    "no_cashier": "The operator keeps the money: pay in and out with him.",
    "internal": "Something went wrong on our side; it has been logged.",
}
BAD_REQUEST: Final = 400


class ApiError(Exception):
    """Ends a request with an error body."""

    def __init__(self, code: str, message: str = "", retry_after_s: int = 0) -> None:
        self.body = ErrorBody(code, message or MESSAGES[code], retry_after_s)
        super().__init__(f"{code}: {self.body.message}")

    @classmethod
    def of(cls, body: ErrorBody) -> "ApiError":
        """The error that another deployment answered with."""
        error = cls(body.code, body.message, body.retry_after_s)
        error.body = body
        return error

    @property
    def status(self) -> int:
        """The HTTP status; codes not listed are faults of the request."""
        return STATUS.get(self.body.code, BAD_REQUEST)
