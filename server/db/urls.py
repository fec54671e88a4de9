"""Why: an operator writes one plain address; which driver reads it is the house's affair."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from server.db.errors import BAD_SETTING, StartError


def parse(url: str) -> sa.URL:
    """`sqlite:////path/to/file.db` or `postgresql://user@host/name`, without a driver; StartError for another."""
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise StartError(f"The database address {url!r} cannot be read.", BAD_SETTING) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite" and (not parsed.database or parsed.database == ":memory:"):
        raise StartError("The database must be a file: wanted sqlite:////path/to/file.db.", BAD_SETTING)
    if backend not in ("sqlite", "postgresql"):
        raise StartError(f"Wanted a database sqlite:… or postgresql:…, got {backend}:….", BAD_SETTING)
    return parsed.set(drivername=backend)


def is_sqlite(url: sa.URL) -> bool:
    """Whether this is a file with one writer (else it is a server with many)."""
    return url.get_backend_name() == "sqlite"


def file_of(url: sa.URL) -> Path:
    """The file of a SQLite address."""
    return Path(url.database or "").absolute()


def plain(url: sa.URL) -> str:
    """The address for a message: without its password."""
    return url.render_as_string(hide_password=True)
