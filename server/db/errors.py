"""Why: what can go wrong with a database, in types that say what is known and sentences an operator can act on.

StartError            the process cannot start; has an exit code (sysexits.h)
NotReady              the process runs but cannot serve
WriteFailed           nothing of the command is stored
WriteLost             it is not known whether the command is stored
TransactionEnded      inside: the database ended the transaction under a group
CommitFailed          inside: COMMIT was sent and did not succeed
"""

from __future__ import annotations

from typing import Any, Final

BAD_SETTING: Final = 78
NO_SERVICE: Final = 69
NO_PERMISSION: Final = 77
IN_USE: Final = 75
SCHEMA: Final = 65


class StartError(Exception):
    """The process cannot start: one plain sentence and its exit code."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class NotReady(Exception):
    """The database cannot serve now; the text is one plain sentence."""


class WriteFailed(Exception):
    """Nothing of the command is stored; the same command may be sent again."""


class WriteLost(Exception):
    """It is not known whether the command is stored: the same id, sent again, finds out."""


class TransactionEnded(Exception):
    """The database has ended the transaction under the group: nothing of it may be acknowledged."""


class CommitFailed(Exception):
    """COMMIT was sent and did not succeed. `known` says whether it is certain that nothing was stored."""

    def __init__(self, message: str, *, known: bool) -> None:
        super().__init__(message)
        self.known = known
        self.outcomes: list[Any] = []
        """What the callers would have been told."""
