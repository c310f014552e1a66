"""The policies of the web client's pages."""

import base64
import hashlib

from serve.pages import inline_hashes, policy_of, sockets_of


def test_only_inline_scripts_are_hashed() -> None:
    script = "self.x=1</p>"
    page = f'<script src="/a.js" async></script><script id="x">{script}</script><script>y</script>'
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in inline_hashes(page)
    assert len(inline_hashes(page)) == 2
    assert inline_hashes('<script src="/a.js"></script>') == []


def test_a_policy_lets_no_script_in_that_the_page_was_not_built_with() -> None:
    directives = dict(
        part.split(" ", 1) for part in policy_of("<script>a</script>", ("wss://x",)).split("; ")
    )
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in directives["script-src"]
    assert directives["connect-src"] == "'self' wss://x"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"


def test_sockets_are_open_where_tickets_lead() -> None:
    assert sockets_of("wss://play.example", "10.0.0.1") == ("wss://play.example",)
    assert sockets_of("", "10.0.0.1") == ("ws://10.0.0.1:*", "wss://10.0.0.1:*")
    assert "ws://localhost:*" in sockets_of("", "127.0.0.1")
    assert sockets_of("", "") == ("ws://*:*", "wss://*:*")
