"""The ground on which the shifts are played, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.db import sqlite
from tests.stateful.ground import Ground, close_ground, open_ground


@pytest.fixture
def ground(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """A warehouse for many runs. Its disk is not waited for: whether power cuts are survived is tried elsewhere."""
    hurried = tuple(each.replace("synchronous = FULL", "synchronous = OFF") for each in sqlite.PRAGMAS)
    monkeypatch.setattr(sqlite, "PRAGMAS", hurried)
    opened = open_ground(database_url)
    yield opened
    close_ground(opened)
