"""The keys of one system: made once, then the same at every process, mounted if need be."""

from pathlib import Path
from typing import Final

from auth.errors import KeysInvalid
from auth.keys import SigningKeys
from auth.rotation import PUBLIC_FILE, publish
from auth.seals import SealBroken, Seals
from serve.runtime import ACCOUNT_SEALS, EDGE_SEALS
from serve.settings import SettingWrong

JOURNAL_SEALS: Final = "journal"
SEALS: Final = (JOURNAL_SEALS, ACCOUNT_SEALS, EDGE_SEALS)


def init_keys(folder: Path) -> None:
    """Make what is missing; what is there stays."""
    SigningKeys.generate(folder)
    publish(folder)
    for name in SEALS:
        Seals.generate(folder / name)


def check_keys(folder: Path) -> None:
    """All are there and can be read; raises SettingWrong."""
    hint = "squaredeal keys init makes them"
    try:
        SigningKeys.load(folder)
        for name in SEALS:
            Seals(folder / name)
    except KeysInvalid as wrong:
        raise SettingWrong(f"keys_dir: {folder}: {wrong}; {hint}") from None
    except (SealBroken, OSError) as wrong:
        raise SettingWrong(f"keys_dir: {wrong}; {hint}") from None
    if not (folder / PUBLIC_FILE).is_file():
        raise SettingWrong(f"keys_dir: there is no {folder / PUBLIC_FILE}; {hint}")
