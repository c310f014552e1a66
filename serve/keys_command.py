"""``squaredeal keys``: made once, added to when rotated, taken away when stolen."""

import argparse
from pathlib import Path

from auth.errors import KeysInvalid
from auth.rotation import SETTLE_S, KeyUnknown, revoke, rotate
from auth.seals import SealBroken, Seals
from serve.keys import JOURNAL_SEALS, init_keys
from serve.runtime import EDGE_SEALS
from serve.settings import SettingWrong

DESCRIPTION = """init makes the keys that a cluster's processes share, where there are none yet:
for tokens and tickets, the journal, second factors and the edge. rotate adds a newer one: of the
journal or the edge (in force for processes that start from now on), or of tokens and tickets.
revoke takes one of those away: what it signed is void, everywhere within a second or two."""


def keys_command(arguments: list[str]) -> int:
    """Make or add keys; the exit status."""
    parser = argparse.ArgumentParser("squaredeal keys", description=DESCRIPTION)
    parser.add_argument("what", choices=("init", "rotate", "revoke"))
    # No key of ours begins with a dash; one that somebody else has made may.
    kid_help = "the id of the signing key to revoke, after -- if it begins with a dash"
    parser.add_argument("kid", nargs="?", help=kid_help)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--signing", action="store_true", help="rotate those of tokens and tickets")
    which.add_argument("--edge", action="store_true", help="rotate those that hide addresses")
    parser.add_argument("--data-dir", type=Path, default=Path(".squaredeal"))
    parser.add_argument("--keys-dir", type=Path, help="the folder of keys (DATA/keys)")
    options = parser.parse_intermixed_args(arguments)
    if (options.what == "revoke") != (options.kid is not None):
        parser.error("revoke, and nothing else, takes the id of a key")
    folder: Path = options.keys_dir or options.data_dir / "keys"
    try:
        if options.what == "init":
            init_keys(folder)
            print(f"keys are in {folder}")
        elif not folder.is_dir():
            raise SettingWrong(f"data_dir: no server has run in {folder.parent}")
        elif options.what == "revoke":
            _revoke(folder, options.kid)
        elif options.signing:
            _rotate_signing(folder)
        else:
            _rotate_seals(folder / (EDGE_SEALS if options.edge else JOURNAL_SEALS))
    except (KeysInvalid, KeyUnknown, SealBroken, OSError) as wrong:
        raise SettingWrong(f"keys_dir: {folder}: {wrong}") from None
    return 0


def _rotate_signing(folder: Path) -> None:
    kid = rotate(folder)
    print(f"{kid} signs in {SETTLE_S:.0f} s; what older keys signed is good until their files go")


def _revoke(folder: Path, kid: str) -> None:
    newest = revoke(folder, kid)
    print(f"{kid} is trusted no longer; the newest key is {newest}")


def _rotate_seals(folder: Path) -> None:
    Seals.rotate(folder)
    print(f"new key in {folder}; processes that start from now on seal with it")
