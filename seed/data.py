"""The demo warehouse in one call: `load_demo()`.

It exists so that whoever needs the demo gets all of it, typed and checked, or a list of everything that is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from seed import checks
from seed.model import Demo
from seed.reading import DemoError, Fault, Rows

__all__ = ["DEMO", "Demo", "DemoError", "Fault", "load_demo"]

DEMO: Final = Path(__file__).parent / "demo"


def load_demo(folder: Path = DEMO) -> Demo:
    """The demo warehouse. Raises DemoError with every fault: shapes first, then what does not fit together."""
    rows = Rows(folder)
    if found := rows.faults or list(checks.faults(rows)):
        raise DemoError(found)
    return rows.demo()
