"""The review queue at the running system."""

from tests.server import Server, command


def signals(server: Server, *words: str) -> "tuple[int, str]":
    at = ("--url", server.url, "--data-dir", str(server.data_dir))
    done = command("signals", *words, *at)
    return done.returncode, done.stdout + done.stderr


def test_the_record_is_looked_through_on_demand(server: Server) -> None:
    code, said = signals(server, "look", "--by", "ann")
    assert code == 0, said
    assert " hands: " in said
    assert signals(server)[0] == 0
    code, said = signals(server, "dismiss", "999999", "--remark", "nothing there")
    assert (code, "finding_unknown" in said) == (2, True)
    code, said = signals(server, "confirm")
    assert (code, "--remark" in said) == (2, True)
    done = command("audit", "--act", "/findings/look", "--url", server.url, "--data-dir",
                   str(server.data_dir))  # fmt: skip
    assert "machine:ann" in done.stdout
