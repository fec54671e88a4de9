"""Why: a framework that loads whatever it finds installed makes every start slower by what nobody here uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """These packages cannot be imported while the block runs; one that is there already stays."""
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: not to be imported
    mine = [name for name in names if name not in modules]
    for name in mine:
        modules[name] = None
    try:
        yield
    finally:
        for name in mine:
            del modules[name]
