"""Why: one process must hold one SQLite library, so it is chosen here, before anything else is imported.

Debian's SQLite 3.40 can corrupt a write-ahead log, and two SQLite libraries in one process drop each
other's file locks: another process's committed row was seen to vanish with integrity_check "ok". Where the
wheel `pysqlite3` exists (x86-64 Linux) it takes the place of the standard library's module for everyone,
the database drivers too. Nothing else in Pickwave imports `sqlite3`: take it from here.
"""

import importlib.util
import platform
import sys

WHEEL_EXPECTED = sys.platform == "linux" and platform.machine() == "x86_64"
FIXED_IN = (3, 51, 3)
"""The first SQLite without the WAL-reset bug."""

if importlib.util.find_spec("pysqlite3") is not None:
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

import sqlite3  # noqa: E402  (the one that was chosen)


def sqlite_trouble() -> str | None:
    """What is wrong with the SQLite of this process, as a sentence that forbids the start; None when it is sound."""
    import aiosqlite.core
    from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

    if WHEEL_EXPECTED and sqlite3.__name__ != "pysqlite3":
        return "The package pysqlite3 is missing: the SQLite of this Python can lose data. Install the requirements."
    chosen = sqlite3.connect
    for user, module in (
        ("aiosqlite", aiosqlite.core.sqlite3),  # type: ignore[attr-defined]
        ("SQLAlchemy", SQLiteDialect_pysqlite.import_dbapi()),
        ("sys.modules", sys.modules["sqlite3"]),
        ("sys.modules (dbapi2)", sys.modules["sqlite3.dbapi2"]),
    ):
        if getattr(module, "connect", None) is not chosen:
            return (
                f"{user} uses another SQLite library ({getattr(module, '__name__', module)}) than Pickwave "
                f"({sqlite3.__name__}): both in one process lose data. Import `server` before `sqlite3`."
            )
    return None


def sqlite_warning() -> str | None:
    """A sentence for the log when this platform has only an old SQLite; None when it has a fixed one."""
    if sqlite3.sqlite_version_info >= FIXED_IN:
        return None
    wanted = ".".join(map(str, FIXED_IN))
    return f"SQLite {sqlite3.sqlite_version} has a bug in its write-ahead log; {wanted} or newer is advised."


__all__ = ["sqlite3", "sqlite_trouble", "sqlite_warning"]
