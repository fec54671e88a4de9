"""Every lifecycle as a diagram and as the PWA's copy."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import server
from server.core.lifecycle import Lifecycle
from server.docs.text import constant, markdown, table
from server.docs.text import typescript as module


def every() -> list[Lifecycle]:
    """The lifecycles of all rooms, in the order of their rooms."""
    return [life for room in _rooms() for life in vars(room).values() if isinstance(life, Lifecycle)]


def _rooms() -> Iterator[ModuleType]:
    for file in sorted(Path(server.__file__).parent.glob("*/lifecycle.py")):
        if file.parent.name != "core":
            yield importlib.import_module(f"server.{file.parent.name}.lifecycle")


def page() -> str:
    """One section a lifecycle: its diagram and what its states mean."""
    return markdown("Lifecycles", *(line for life in every() for line in _section(life)))


def _section(life: Lifecycle) -> Iterator[str]:
    yield from (f"## {life.name}", "", "```mermaid", "stateDiagram-v2", f"  [*] --> {life.initial}")
    yield from (f"  {state} --> {following}: {trigger}" for (state, trigger), following in life.moves.items())
    yield from (f"  {state} --> [*]" for state in life.states if life.ended(state))
    yield from ("```", "")
    yield from table(("state", "meaning"), life.states.items())
    yield ""


def typescript() -> str:
    """The tables for the PWA: what a state may become, and so which buttons there are."""
    lives = {
        life.name: {
            "initial": life.initial,
            "moves": {
                state: {trigger: life.moves[state, trigger] for trigger in life.allowed(state)} for state in life.states
            },
        }
        for life in every()
    }
    return module("The lifecycles of the server: state → trigger → next state.", constant("LIFECYCLES", lives))
