"""Keys that change under running processes."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from auth.errors import KeysInvalid, TokenInvalid
from auth.keys import BadSignature, SigningKeys
from auth.rotation import (
    LOOK_S,
    PUBLIC_FILE,
    SETTLE_S,
    KeyFolder,
    KeyUnknown,
    PublicKeyFile,
    publish,
    revoke,
    rotate,
)
from auth.tokens import Identity, mint_access, read_access
from serve.keys_command import keys_command
from serve.settings import SettingWrong
from tests.dashes import put_dashed_key

WHO = Identity(UUID(int=1), "ann", "player", UUID(int=2))
BEGIN = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Path:
    SigningKeys.generate(tmp_path)
    publish(tmp_path)
    touched(tmp_path, 1, BEGIN - SETTLE_S)
    return tmp_path


def touched(folder: Path, number: int, at: float) -> None:
    os.utime(folder / f"{number:04}.pem", (at, at))


def test_a_new_key_is_trusted_before_it_signs(folder: Path, clock: Clock) -> None:
    signer = KeyFolder(folder, clock)
    verifier = PublicKeyFile(folder / PUBLIC_FILE, clock)
    old = signer.kid
    token = mint_access(signer, WHO, clock.now)
    new = rotate(folder)
    touched(folder, 2, clock.now)
    assert new != old
    clock.now += LOOK_S
    early = SigningKeys.load(folder).sign(b"{}", "at+jwt")
    assert verifier.verify(early, "at+jwt") == b"{}"
    assert signer.public.verify(early, "at+jwt") == b"{}"
    clock.now = BEGIN + SETTLE_S - 0.1
    assert signer.kid == old
    clock.now = BEGIN + SETTLE_S
    assert signer.kid == new
    assert read_access(verifier, token, clock.now) == WHO
    assert read_access(verifier, mint_access(signer, WHO, clock.now), clock.now) == WHO


def test_a_key_that_is_revoked_is_trusted_no_longer(folder: Path, clock: Clock) -> None:
    """The only one: another is made, and signs at once."""
    signer = KeyFolder(folder, clock)
    verifier = PublicKeyFile(folder / PUBLIC_FILE, clock)
    stolen, token = signer.kid, mint_access(signer, WHO, clock.now)
    new = revoke(folder, stolen)
    touched(folder, 2, clock.now)
    clock.now += LOOK_S
    assert signer.kid == new != stolen
    for keys in (signer.public, verifier):
        with pytest.raises(TokenInvalid):
            read_access(keys, token, clock.now)
        assert read_access(keys, mint_access(signer, WHO, clock.now), clock.now) == WHO
    with pytest.raises(KeyUnknown, match=new):
        revoke(folder, stolen)


def test_keys_before_and_after_a_revoked_one_go_on(folder: Path, clock: Clock) -> None:
    signer = KeyFolder(folder, clock)
    first, newest = signer.kid, rotate(folder)
    touched(folder, 2, clock.now)
    fresh = revoke(folder, newest)
    touched(folder, 3, clock.now)
    clock.now += LOOK_S
    assert fresh not in (first, newest)
    assert signer.kid == first, "everybody knows it, and not yet the fresh one"
    clock.now += SETTLE_S
    assert signer.kid == fresh
    assert revoke(folder, first) == fresh
    clock.now += LOOK_S
    assert signer.kid == fresh
    assert signer.public.pems().keys() == {fresh}


def test_a_first_key_and_keys_that_came_together_sign_at_once(tmp_path: Path, clock: Clock) -> None:
    SigningKeys.generate(tmp_path)
    first = KeyFolder(tmp_path, clock).kid
    SigningKeys.rotate(tmp_path)
    for number in (1, 2):
        touched(tmp_path, number, clock.now)
    assert KeyFolder(tmp_path, clock).kid == first, "the oldest is what everybody knows"


def test_what_can_not_be_read_just_now_leaves_the_keys_of_before(
    folder: Path, clock: Clock
) -> None:
    signer = KeyFolder(folder, clock)
    verifier = PublicKeyFile(folder / PUBLIC_FILE, clock)
    token = mint_access(signer, WHO, clock.now)
    (folder / "0002.pem").write_text("half a k")
    (folder / PUBLIC_FILE).write_text("{")
    clock.now += LOOK_S
    assert read_access(verifier, token, clock.now) == WHO
    assert read_access(signer.public, mint_access(signer, WHO, clock.now), clock.now) == WHO
    (folder / PUBLIC_FILE).unlink()
    clock.now += LOOK_S
    assert read_access(verifier, token, clock.now) == WHO


def test_what_could_not_be_read_at_one_look_is_read_at_the_next(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = KeyFolder(folder, clock)
    verifier = PublicKeyFile(folder / PUBLIC_FILE, clock)
    token = mint_access(signer, WHO, clock.now)
    revoke(folder, signer.kid)
    touched(folder, 2, clock.now)

    def none_left(self: Path, *_: object, **__: object) -> bytes:
        raise OSError("too many open files")

    clock.now += LOOK_S
    with monkeypatch.context() as busy:
        busy.setattr(Path, "read_bytes", none_left)
        for keys in (signer.public, verifier):
            assert read_access(keys, token, clock.now) == WHO
    clock.now += LOOK_S
    for keys in (signer.public, verifier):
        with pytest.raises(TokenInvalid):
            read_access(keys, token, clock.now)


def test_there_is_a_key_from_the_start(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(KeysInvalid):
        KeyFolder(tmp_path, clock)
    with pytest.raises(KeysInvalid):
        PublicKeyFile(tmp_path / PUBLIC_FILE, clock)


def test_the_public_file_has_no_private_half(folder: Path) -> None:
    text = (folder / PUBLIC_FILE).read_text("utf-8")
    assert '"d"' not in text
    assert (folder / PUBLIC_FILE).stat().st_mode & 0o777 == 0o644
    with pytest.raises(BadSignature):
        PublicKeyFile(folder / PUBLIC_FILE).verify("x.y.z", "at+jwt")


def test_a_key_whose_id_begins_with_a_dash_can_be_revoked_in_a_terminal(folder: Path) -> None:
    put_dashed_key(folder / "0001.pem")
    kid = SigningKeys.load(folder).kid
    rotate(folder)
    assert keys_command(["revoke", "--keys-dir", str(folder), "--", kid]) == 0
    with pytest.raises(SettingWrong, match="no such signing key"):
        keys_command(["revoke", "--keys-dir", str(folder), "--", kid])
