"""What the auth room refuses. The class docstring is the message a person reads."""

from typing import ClassVar


class AuthError(Exception):
    """Signing in did not work."""

    code: ClassVar[str] = "auth_error"

    def __init__(self, *, retry_after_s: int = 0) -> None:
        super().__init__(self.message)
        self.retry_after_s = retry_after_s
        """Seconds until trying again can help; 0 when waiting changes nothing."""

    @property
    def message(self) -> str:
        """One sentence or two for a person, on one line."""
        return " ".join((type(self).__doc__ or "").split())


class NameTaken(AuthError):
    """Somebody already plays under this name."""

    code = "name_taken"


class NameInvalid(AuthError):
    """A name has 3 to 20 letters, digits, _ or -, begins with a letter or digit, and is not
    reserved."""

    code = "name_invalid"


class PasswordTooShort(AuthError):
    """A password has at least 10 characters."""

    code = "password_too_short"


class PasswordTooLong(AuthError):
    """A password has at most 256 bytes."""

    code = "password_too_long"


class PasswordCommon(AuthError):
    """This password is among the first that anybody would try; choose another one."""

    code = "password_common"


class WrongCredentials(AuthError):
    """Name and password do not belong together."""

    code = "wrong_credentials"


class TooManyAttempts(AuthError):
    """Too many attempts; wait a moment before the next one."""

    code = "too_many_attempts"


class AccountDisabled(AuthError):
    """This account is disabled."""

    code = "account_disabled"


class CodeNeeded(AuthError):
    """This account has a second factor: send the code of the authenticator, or a recovery code."""

    code = "code_needed"

    def __init__(self, continuation: str = "") -> None:
        super().__init__()
        self.continuation = continuation
        """What to send the code with, where the first half was signing in at another site."""


class CodeWrong(AuthError):
    """This is not the code, or it was used before."""

    code = "code_wrong"


class FactorKnown(AuthError):
    """This account has a second factor; remove it first."""

    code = "second_factor_on"


class FactorUnknown(AuthError):
    """No second factor waits to be confirmed."""

    code = "second_factor_unknown"


class PasskeyInvalid(AuthError):
    """This passkey is not known here, or did not answer what it was asked; try again."""

    code = "passkey_invalid"


class PasskeyUnknown(AuthError):
    """You have no such passkey."""

    code = "passkey_unknown"


class TooManyPasskeys(AuthError):
    """You have ten passkeys; remove one first."""

    code = "too_many_passkeys"


class ProviderUnknown(AuthError):
    """There is no such site to sign in by."""

    code = "provider_unknown"


class ProviderAway(AuthError):
    """The other site does not answer as it should; try again later."""

    code = "provider_away"


class FlowInvalid(AuthError):
    """This sign-in was not begun here, was finished, or is too old; begin again."""

    code = "flow_invalid"


class IdentityRefused(AuthError):
    """The other site does not take this code; begin again."""

    code = "identity_refused"


class IdentityInvalid(AuthError):
    """What the other site said of you does not hold; begin again."""

    code = "identity_invalid"


class IdentityUnknown(AuthError):
    """Nobody here has this identity: sign in and add it, or begin with a name for a new account."""

    code = "identity_unknown"


class IdentityTaken(AuthError):
    """Another account has this identity."""

    code = "identity_taken"


class LastWayIn(AuthError):
    """Without it nobody could sign in to this account any more: set a password first, or add
    another way."""

    code = "last_way_in"


class ProofNeeded(AuthError):
    """Show first that it is still you (POST /v1/prove, or with a passkey)."""

    code = "proof_needed"


class NoPassword(AuthError):
    """This account has no password: guests make one by becoming players."""

    code = "no_password"


class EmailInvalid(AuthError):
    """This can't be an e-mail address."""

    code = "email_invalid"


class EmailTaken(AuthError):
    """This address belongs to another account."""

    code = "email_taken"


class MailFailed(AuthError):
    """The mail could not be sent; try again later."""

    code = "mail_failed"


class MailTokenInvalid(AuthError):
    """This link is unknown, was used, or is too old; ask for another one."""

    code = "mail_token_invalid"


class MoneyLocked(AuthError):
    """This account was given back to you: for a day it moves no money and takes no seat."""

    code = "money_locked"


class RescueUnknown(AuthError):
    """There is no such proposal."""

    code = "rescue_unknown"


class RescueDecided(AuthError):
    """This has been decided already."""

    code = "already_decided"


class RescueNeedsAnother(AuthError):
    """Another operator must approve it."""

    code = "approval_needed"


class RescueWaits(AuthError):
    """A proposal for this player waits for a decision."""

    code = "rescue_waits"


class NoGuest(AuthError):
    """Only a guest's account can become a player's."""

    code = "not_a_guest"


class AccountBanned(AuthError):
    """This account is banned; whoever runs the room can say why and for how long."""

    code = "account_banned"


class AccountUnknown(AuthError):
    """There is no such player."""

    code = "account_unknown"


class RoleHeld(AuthError):
    """This is an operator's account: take its roles first."""

    code = "role_held"


class InviteNeeded(AuthError):
    """This table is private: ask its host for the code."""

    code = "invite_needed"


class TableNotYours(AuthError):
    """You have no such private table."""

    code = "table_not_yours"


class TooManyTables(AuthError):
    """You have three private tables; close one first."""

    code = "too_many_tables"


class SentAway(AuthError):
    """You were sent away from this table; come back later, or sit down at another one."""

    code = "sent_away"


class SessionEnded(AuthError):
    """This session has ended; sign in again."""

    code = "session_ended"


class SessionUnknown(AuthError):
    """You have no such session, or it has ended."""

    code = "session_unknown"


class TokenInvalid(AuthError):
    """The access token is not one of ours."""

    code = "token_invalid"


class TokenExpired(AuthError):
    """The access token has expired; refresh it."""

    code = "token_expired"


class RefreshInvalid(AuthError):
    """This refresh token is unknown, expired or revoked; sign in again."""

    code = "refresh_invalid"


class RefreshReused(AuthError):
    """This refresh token was used before, so its session was ended; sign in again."""

    code = "refresh_reused"


class TicketInvalid(AuthError):
    """The ticket is not one of ours."""

    code = "ticket_invalid"


class TicketExpired(AuthError):
    """The ticket has expired; ask for a new one."""

    code = "ticket_expired"


class TicketUsed(AuthError):
    """The ticket was used before; ask for a new one."""

    code = "ticket_used"


class TicketWrongTable(AuthError):
    """The ticket is for another table, or for this one before it moved; ask for a new one."""

    code = "ticket_elsewhere"


class TicketRush(AuthError):
    """Too many people are arriving at this table at once; ask for a new ticket in a moment."""

    code = "ticket_rush"


class LaunchInvalid(AuthError):
    """This launch is unknown, was used, or is too old; start the game from its site again."""

    code = "launch_invalid"


class LaunchRepeated(AuthError):
    """This request_uuid has been here; every message has its own."""

    code = "launch_repeated"


class KeysInvalid(AuthError):
    """The folder of signing keys holds none, or one that is broken, exposed or not P-256."""

    code = "keys_invalid"


class PlayerUnknown(AuthError):
    """There is no player's account of this name: guests and bots have no roles."""

    code = "player_unknown"


class RoleUnknown(AuthError):
    """Nobody of this name has this role."""

    code = "role_unknown"
