"""HTTP bodies of an account's own: the second factor, and showing that it is still him."""

from typing import Annotated

import msgspec

Code = Annotated[str, msgspec.Meta(max_length=64)]
"""Six digits of an authenticator, or a recovery code."""


class ProveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``code`` only where there is a second factor."""

    password: str
    code: Code = ""


class EnrolRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: str


class EnrolResponse(msgspec.Struct, frozen=True):
    """For an authenticator: ``secret`` in base32, or ``uri`` as a QR code."""

    secret: str
    uri: str


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Code


class RecoveryCodesResponse(msgspec.Struct, frozen=True):
    """Each signs in once in the place of a code; they are not shown again."""

    codes: tuple[str, ...]


class FactorResponse(msgspec.Struct, frozen=True):
    """Whether a second factor is in force, and how many recovery codes are left."""

    on: bool
    recovery_codes: int


Email = Annotated[str, msgspec.Meta(max_length=254)]
Token = Annotated[str, msgspec.Meta(max_length=64)]


class EmailResponse(msgspec.Struct, frozen=True):
    """None without one."""

    email: str | None
    verified: bool


class EmailRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """It counts once the token that is mailed there has come back; what was before, until then."""

    email: Email
    password: str
    code: Code = ""


class MailTokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Token


class ForgotRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer is the same whether anybody has this address or not."""

    email: Email


class ResetRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Token
    password: str


class PasswordRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From ``password`` to ``new``."""

    password: str
    new: str
    code: Code = ""
