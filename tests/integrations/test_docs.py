"""The receiver's page is true: its ten lines verify what we send."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.integrations import signing
from server.integrations.rules.webhooks import WAITS
from server.integrations.sender import PATIENCE

PAGE = (Path(__file__).parents[2] / "docs/webhooks.md").read_text("utf-8")


def their_check() -> Callable[[str, dict[str, str], bytes], bool]:
    """The function of the page."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)
    check: Callable[[str, dict[str, str], bytes], bool] = found["is_ours"]
    return check


def test_the_ten_lines_of_the_page_know_ours_from_forged_and_old_ones() -> None:
    is_ours, now = their_check(), datetime.fromtimestamp(time.time(), UTC)
    secret, former, body = bytes(range(32)), bytes(range(32, 64)), b'{"type":"order.captured"}'
    said = signing.headers([secret, former], "msg_1", now, body)
    assert is_ours(signing.secret_text(secret), said, body)
    assert is_ours(signing.secret_text(former), said, body)
    assert not is_ours(signing.secret_text(bytes(32)), said, body)
    assert not is_ours(signing.secret_text(secret), said, body + b" ")
    assert not is_ours(signing.secret_text(secret), {**said, "webhook-id": "msg_2"}, body)
    old = signing.headers([secret], "msg_1", datetime.fromtimestamp(time.time() - 301, UTC), body)
    assert not is_ours(signing.secret_text(secret), old, body)


def test_the_page_says_how_long_we_wait_and_how_often_we_try() -> None:
    assert f"within {PATIENCE:.0f} seconds" in PAGE
    assert len(WAITS) + 1 == 11
    assert "eleven times" in PAGE
