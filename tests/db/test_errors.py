"""Whose fault a database error was: what passes is waited for, what was asked wrongly is not."""

from __future__ import annotations

import asyncpg  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa

from server import sqlite3
from server.core.refusal import Refusal
from server.db.errors import DatabaseAway, WriteFailed, WriteLost, away, is_away, is_passing


def dbapi(cause: Exception, kind: type[sa.exc.DBAPIError] = sa.exc.DBAPIError, *, cut: bool = False) -> Exception:
    return kind("SELECT 1", None, cause, connection_invalidated=cut)


@pytest.mark.parametrize(
    "cause",
    [
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CrashShutdownError("terminating connection"),
        asyncpg.QueryCanceledError("canceling statement"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.DiskFullError("could not extend file"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize access"),
        asyncpg.ConnectionDoesNotExistError("connection was closed"),
        asyncpg.ObjectInUseError("it is being accessed by other users"),
        asyncpg.ObjectNotInPrerequisiteStateError("it is not currently accepting connections"),
        asyncpg.IdleInTransactionSessionTimeoutError("terminating connection"),
    ],
)
def test_a_state_of_the_database_passes_by_whatever_type_it_comes(cause: Exception) -> None:
    assert is_away(cause)
    assert is_away(dbapi(cause))


@pytest.mark.parametrize(
    "error",
    [
        WriteFailed("away"),
        WriteLost("away"),
        DatabaseAway("away"),
        ConnectionResetError("gone"),
        FileNotFoundError("no socket"),
        TimeoutError("no answer"),
        asyncpg.InterfaceError("connection is closed"),
        dbapi(asyncpg.InterfaceError("connection is closed"), sa.exc.InterfaceError),
        dbapi(ValueError("whatever"), cut=True),
        dbapi(sqlite3.OperationalError("database is locked"), sa.exc.OperationalError),
        sa.exc.TimeoutError("no connection in the pool"),
    ],
)
def test_a_lost_or_missing_connection_passes(error: Exception) -> None:
    assert is_away(error)
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("poison"),
        dbapi(asyncpg.UndefinedColumnError("no such column"), sa.exc.ProgrammingError),
        dbapi(asyncpg.UniqueViolationError("twice"), sa.exc.IntegrityError),
        dbapi(asyncpg.DataError("a text for a number"), sa.exc.InterfaceError),
    ],
)
def test_what_was_asked_wrongly_does_not_pass(error: Exception) -> None:
    assert not is_away(error)
    assert not is_passing(error)


def test_too_much_that_waits_passes_and_a_no_does_not() -> None:
    assert is_passing(Refusal("busy", waiting=1))
    assert not is_passing(Refusal("order_unknown"))


def test_a_reader_is_told_that_the_database_is_away_and_of_nothing_else_so() -> None:
    with pytest.raises(DatabaseAway), away():
        raise dbapi(asyncpg.CannotConnectNowError("the database system is starting up"))
    with pytest.raises(ValueError, match="poison"), away():
        raise ValueError("poison")
    with pytest.raises(Refusal), away():
        raise Refusal("busy", waiting=1)
