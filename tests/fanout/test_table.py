"""Every event goes somewhere or says why not, and none comes back to itself."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType

from server import app
from server.core.clock import SystemClock
from server.core.events import EVENTS
from server.db.work import Reaction, Together
from server.fanout.table import HEARD_BY_THE_GATE, LIVE, REACTIONS, SINKS, UNROUTED
from server.realtime.topics import topics

ROUTED = {*REACTIONS, *LIVE, *HEARD_BY_THE_GATE, *(name for sink in SINKS for name in sink.events)}


def test_every_event_has_a_route_or_a_reason() -> None:
    assert EVENTS.keys() - ROUTED - UNROUTED.keys() == set()


def test_no_reason_stands_beside_a_route_and_nothing_routes_what_is_no_event() -> None:
    assert ROUTED & UNROUTED.keys() == set()
    assert (ROUTED | UNROUTED.keys()) - EVENTS.keys() == set()


def test_every_live_route_leads_to_a_topic() -> None:
    assert {topic for rows in LIVE.values() for topic, _ in rows} <= topics({}, SystemClock()).keys()


def test_sinks_have_names_of_their_own() -> None:
    assert len({sink.name for sink in SINKS}) == len(SINKS)


def test_the_application_reacts_by_this_table() -> None:
    assert app.REACTIONS is REACTIONS


def test_no_event_reaches_itself() -> None:
    led_to = {name: {each for react in rows for each in emitted(react)} for name, rows in REACTIONS.items()}
    assert led_to["tour.finished"] == {"wave.changed", "station.changed", "fulfilment.changed"}
    for name in led_to:
        seen: set[str] = set()
        due = set(led_to[name])
        while due:
            seen |= due
            due = {each for one in due for each in led_to.get(one, ())} - seen
        assert name not in seen, f"{name} reaches itself"


def emitted(react: Reaction) -> set[str]:
    """The names of the events that a reaction may emit, through whatever it calls in the house. An upper bound."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    reaction = react.run if isinstance(react, Together) else react
    due = [(reaction.__module__, reaction.__name__)]
    while due:
        here = due.pop()
        if here in seen:
            continue
        seen.add(here)
        module = importlib.import_module(here[0])
        function = getattr(module, here[1], None)
        if not inspect.isfunction(function):
            continue
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "emit":
                assert isinstance(node.args[0], ast.Constant), f"{here}: the event's name is no literal"
                found.add(str(node.args[0].value))
            due.extend(named(module, node))
    return found


def named(module: ModuleType, node: ast.AST) -> Iterator[tuple[str, str]]:
    """The function of the house that a name means, called or handed on."""
    if isinstance(node, ast.Name):
        value = getattr(module, node.id, None)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = getattr(module, node.value.id, None)
        value = getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    else:
        return
    if inspect.isfunction(value) and value.__module__.startswith("server.") and value.__module__ != "server.db.work":
        yield value.__module__, value.__name__
