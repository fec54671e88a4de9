"""The whole application with an administrator of everything, who sets it up."""

from __future__ import annotations

from tests.auth.conftest import built, house, sqlite_url

__all__ = ["built", "house", "sqlite_url"]
