"""Why: the long rounds of the property tests have a mark of their own, so that `make soak` finds them."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: rounds too long for every day; a short form of each runs always")
