"""Why: a board that follows a warehouse is sent what changed and not the warehouse: this finds what changed. Pure.

A view is a Struct; its Structs and dicts are walked by name, everything else (a list, a text) is one value and sent
whole. A path is names joined by `/`, as the client's `applyDelta` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from server.realtime.schemas import Changes

SEPARATOR = "/"


def changes(old: msgspec.Struct, new: msgspec.Struct) -> Changes:
    """What turns `old` into `new`, for one who has it as JSON."""
    found = Changes({}, [])
    _compare(old, new, "", found)
    return found


def _compare(old: Any, new: Any, path: str, found: Changes) -> None:
    if old is new or old == new:
        return
    before, after = _named(old), _named(new)
    if before is None or after is None:
        found.set[path] = new
        return
    for name, value in after.items():
        there = f"{path}{SEPARATOR}{name}" if path else name
        if name not in before:
            found.set[there] = value
        else:
            _compare(before[name], value, there, found)
    found.gone.extend(f"{path}{SEPARATOR}{name}" if path else name for name in before if name not in after)


def _named(value: Any) -> Mapping[str, Any] | None:
    """The parts of a value by the names they have in JSON; None where it is one value."""
    if isinstance(value, msgspec.Struct):
        return _parts_of_struct(value)
    if isinstance(value, dict):
        named = {str(name): part for name, part in value.items() if isinstance(name, (str, int, UUID))}
        whole = len(named) == len(value) and not any(SEPARATOR in name or not name for name in named)
        return named if whole else None
    return None


def _parts_of_struct(value: msgspec.Struct) -> Mapping[str, Any] | None:
    shape = value.__struct_config__
    if shape.omit_defaults or shape.array_like or shape.tag is not None:
        return None  # what it looks like as JSON is not its fields by name
    names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
    return {name: getattr(value, field) for name, field in names}
