"""What the operators' commands print, and whom they take for one person."""

import msgspec
import pytest

from serve.operator import named, print_table
from serve.settings import SettingWrong
from wire.http import Operator

KEY = "withdrawal:f27cd795-294b-437f-8aff-e4515b439475:a-ref-of-forty-characters-is-the-longest"


def test_a_table_shows_a_key_as_it_is_whatever_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(("key", "amount", "why"), [(KEY, 5, None), ("椅子", 10, "[/] is no markup")])
    head, first, second = capsys.readouterr().out.splitlines()
    assert first == f"{KEY}  5"
    assert head == f"{'key'.ljust(len(KEY))}  amount  why"
    assert second == f"椅子{' ' * (len(KEY) - 4)}  10      [/] is no markup"


@pytest.mark.parametrize(
    "name", ["ann\u00a0", " ann", "an\u200bn", "\uff41nn", "ann  b", "a\u00adnn"]
)
def test_a_name_that_only_looks_like_another_is_refused(name: str) -> None:
    for body in ({"name": name}, {"name": "bob", "approver": name}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode(body), type=Operator)
    with pytest.raises(SettingWrong):
        named(name)


@pytest.mark.parametrize("name", ["ann", "Ann B", "Zoë", "Иван", "安"])
def test_names_of_people_are_taken(name: str) -> None:
    assert named(name, "bob") == Operator(name, "bob")
