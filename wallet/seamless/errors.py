"""What the seamless wallet raises."""

from typing import ClassVar

from wallet.errors import WalletError


class KeyInvalid(WalletError):
    """A key file holds one Ed25519 key in PEM; a private one is readable by its owner only."""

    code: ClassVar[str] = "key_invalid"


class SignatureInvalid(WalletError):
    """The message is not signed by a known key."""

    code = "bad_signature"


class Stale(WalletError):
    """The message is too old or comes from the future."""

    code = "stale_request"


class OutcomeUnknown(WalletError):
    """The operator may or may not have acted: ask again by the same transaction_uuid."""

    code = "outcome_unknown"


class HeldElsewhere(WalletError, TimeoutError):
    """Another process is at this transaction; ask again with the same key."""

    code = "held_elsewhere"


class PlayerHasChips(WalletError):
    """Chips in our own wallet can't become the operator's: bind players before they get any."""

    code = "player_has_chips"


class BooksDisagree(WalletError):
    """The ledger refused what must be possible: nothing is moved until a person has looked."""

    code = "books_disagree"
