"""Why: a batch is read raw, so the framework cannot describe it; who writes a client still wants to see its shape."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

import msgspec

from server.tasks.floor import Kind
from server.tasks.schemas import Envelope, Sent

REF: Final = "#/components/schemas/{name}"


def batch(kinds: Mapping[str, Kind]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body of `POST /api/floor/commands` as JSON Schema, and the named parts it speaks of."""
    names = list(kinds)
    (envelope, sent, *bodies), parts = msgspec.json.schema_components(
        (Envelope, Sent, *(kinds[name].body for name in names)), ref_template=REF
    )
    whole, one = parts["Envelope"], parts.pop("Sent")
    assert envelope == {"$ref": REF.format(name="Envelope")}
    assert sent == {"$ref": REF.format(name="Sent")}
    whole["properties"]["commands"]["items"] = {
        "oneOf": [_command(one, name, body) for name, body in zip(names, bodies, strict=True)]
    }
    return envelope, parts


def _command(one: dict[str, Any], name: str, body: dict[str, Any]) -> dict[str, Any]:
    shape = deepcopy(one)
    shape["title"] = name
    shape["properties"] |= {"kind": {"const": name}, "body": body}
    return shape
