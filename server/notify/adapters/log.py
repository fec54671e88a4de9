"""Why: where nothing is set up, messages are kept and seen, and none is thought to have gone out."""

from __future__ import annotations

from server.notify.port import Letter
from server.notify.rules import Answer


class LogCarrier:
    """Sends nothing."""

    is_set_up = False

    def described(self) -> str:
        """Nowhere."""
        return ""

    async def send(self, letter: Letter) -> Answer:
        """Says that nobody is there who could send it."""
        return Answer("none", "no_channel")
