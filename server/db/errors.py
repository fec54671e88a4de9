"""Why: what can go wrong with a database, in types that say what is known and sentences an operator can act on.

StartError            the process cannot start; has an exit code (sysexits.h)
NotReady              the process runs but cannot serve
WriteFailed           nothing of the command is stored
WriteLost             it is not known whether the command is stored
DatabaseAway          nothing could be read just now
TransactionEnded      inside: the database ended the transaction under a group
CommitFailed          inside: COMMIT was sent and did not succeed
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa

from server.core.refusal import Refusal

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


class DatabaseAway(Exception):
    """Nothing could be read just now: the database does not answer, starts up, shuts down or is full."""


class TransactionEnded(Exception):
    """The database has ended the transaction under the group: nothing of it may be acknowledged."""


class CommitFailed(Exception):
    """COMMIT was sent and did not succeed. `known` says whether it is certain that nothing was stored."""

    def __init__(self, message: str, *, known: bool) -> None:
        super().__init__(message)
        self.known = known
        self.outcomes: list[Any] = []
        """What the callers would have been told."""


# --- whose fault it was


def is_passing(error: BaseException) -> bool:
    """Whether the same may be tried again: the database was away, or too much waited."""
    return error.code == "busy" if isinstance(error, Refusal) else is_away(error)


def is_away(error: BaseException) -> bool:
    """Whether an error says something of the database's state and nothing of what was asked of it."""
    if _is_of_what_was_asked(error):
        return False
    return isinstance(error, _AWAY) or _cut_off(error) or _of_its_state(sqlstate(error))


@contextmanager
def away() -> Iterator[None]:
    """What reading raises while the database is away leaves this block as DatabaseAway, and nothing else does."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        if not is_away(error):
            raise
        raise DatabaseAway(str(error) or type(error).__name__) from error


def sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE of a database error or of what caused it."""
    while error is not None:
        found: str | None = getattr(getattr(error, "orig", error), "sqlstate", None)
        if found is not None:
            return found
        error = error.__cause__
    return None


def _is_of_what_was_asked(error: BaseException) -> bool:
    """The drivers name a value that cannot be sent, or a write by a reader, as they name a database that is away."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, asyncpg.DataError) or isinstance(cause.__cause__, asyncpg.DataError):
        return True
    return getattr(cause, "sqlite_errorcode", None) in _SQLITE_ASKED


def _cut_off(error: BaseException) -> bool:
    return isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated


def _of_its_state(state: str | None) -> bool:
    return state is not None and (state in _STATES or state[:2] in _CLASSES)


_AWAY: Final = (
    WriteFailed,
    WriteLost,
    DatabaseAway,
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)
_CLASSES: Final = {
    "08": "the connection",
    "40": "undone for another transaction's sake: a deadlock, a serialisation",
    "53": "no more memory, disk or connections",
    "57": "an operator or the server itself: it starts up, shuts down, has cancelled",
}
"""Classes of SQLSTATE that speak of the database's state. SQLAlchemy names most of them by no type of their own."""
_STATES: Final = {
    "25P03": "the session lay idle in a transaction for too long",
    "55000": "the database takes no connections just now",
    "55006": "it is in use by somebody who wants it alone",
}
_SQLITE_ASKED: Final = frozenset({1, 8})
"""SQLite's codes for a statement that is wrong and for a write where only reading is allowed."""
