"""What the wallet room refuses before it asks the database."""

from typing import ClassVar


class WalletError(Exception):
    """The wallet refused."""

    code: ClassVar[str] = "wallet_error"


class AmountInvalid(WalletError):
    """An amount is a whole number of minor units, positive and at most 2**53 - 1."""

    code = "amount_invalid"

    def __init__(self, amount: object) -> None:
        super().__init__(f"{type(self).__doc__} Given: {amount!r}")


class Unbalanced(WalletError):
    """The changes of a hand and its rake must sum to zero."""

    code = "unbalanced"


class HandInvalid(WalletError):
    """A hand has a table of printable characters, a number and an epoch from 0 to 2**63 - 1."""

    code = "hand_invalid"


class MigrationChanged(WalletError):
    """A migration that has run was edited; write a new one instead."""

    code = "migration_changed"


class CurrencyChanged(WalletError):
    """The exponent of a currency never changes: the amounts in the books are in its minor unit."""

    code = "currency_changed"


class LimitInvalid(WalletError):
    """A limit is 0 to 2**53 - 1 minor units, or session time of a minute at least."""

    code = "limit_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"{type(self).__doc__} Given: {what}.")


class ExclusionInvalid(WalletError):
    """An exclusion can't have this length."""

    code = "exclusion_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"{type(self).__doc__} The rule: {what}.")
