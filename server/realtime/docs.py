"""Why: the live protocol's page is made from the structs that speak it and the table of topics, so it cannot lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import Meta

from server.auth.guards import NOT_ALLOWED
from server.core.clock import SystemClock
from server.realtime import schemas
from server.realtime.hub import LOOK_AGAIN, MOST_TOPICS
from server.realtime.line import (
    GOING_AWAY,
    MESSAGE_BYTES,
    MESSAGES_A_MINUTE,
    MOST_WAITING,
    MOST_WAITING_CHARS,
    NOT_SIGNED_IN,
    OVERFLOW,
    TOO_BIG,
    TOO_MANY,
)
from server.realtime.room import PACE
from server.realtime.topics import topics

CLOSES: Final[Mapping[int, tuple[str, str]]] = {
    NOT_SIGNED_IN: (
        "Nobody is signed in, or no longer: signed out, disabled, the device locked, the time run out.",
        "Sign in, then open again.",
    ),
    NOT_ALLOWED: ("The `Origin` is another site's.", "Nothing: it stays refused."),
    OVERFLOW: ("The client read too slowly and too much piled up.", "Open again, with the positions it has."),
    GOING_AWAY: ("The server restarts.", "Open again after a random pause."),
    TOO_MANY: (f"More than {MESSAGES_A_MINUTE} messages a minute.", "Send less."),
    TOO_BIG: (f"A message over {MESSAGE_BYTES // 1024} KiB.", "Send less at once."),
}
"""Close code → (why, what the client does)."""


def page() -> str:
    """`docs/live-protocol.md`: how to open, what is said, what it means, which topics there are, why it closes."""
    return "\n".join((*_opening(), *_messages(), *_rules(), *_topics(), *_closing(), ""))


def _opening() -> Iterator[str]:
    yield from (
        "# The live protocol",
        "",
        "<!-- Written by `make docs` from server/realtime; change the structs and tables there. -->",
        "",
        "What is open shows what is. The socket only *shows*: commands go over HTTP",
        "([floor protocol](floor-protocol.md)).",
        "",
        "## Opening",
        "",
        "A WebSocket to `GET /api/live` with the session's cookie. An `Origin`, where one is sent (browsers do), must",
        "be the server's own. It is accepted first and asked afterwards, for a browser learns nothing of a refusal",
        "before that; who may not come in is closed with a code ([below](#why-it-closes)).",
        "",
        f"One JSON object a message, told apart by `type`; from a client at most {MESSAGE_BYTES // 1024} KiB each and",
        f"{MESSAGES_A_MINUTE} a minute. A socket follows at most {MOST_TOPICS} topics. Unknown fields are refused.",
        "",
    )


# --- the messages, from the structs --------------------------------------------------------------------------------


def _messages() -> Iterator[str]:
    for title, kinds in (("From the client", schemas.FROM_CLIENT), ("From the server", schemas.FROM_SERVER)):
        yield from (f"## {title}", "")
        for kind in kinds:
            yield from _message(kind)


def _message(kind: type[msgspec.Struct]) -> Iterator[str]:
    yield from (f"### `{kind.__struct_config__.tag}`", "", " ".join(str(kind.__doc__).split()), "")
    rows = list(_fields(kind))
    if rows:
        yield from (*_table(("field", "type", "meaning"), rows), "")
    example = {"type": kind.__struct_config__.tag, **_example(kind)}
    yield from ("```json", msgspec.json.encode(example).decode(), "```", "")


def _fields(kind: type[msgspec.Struct], within: str = "") -> Iterator[tuple[str, str, str]]:
    schema = msgspec.json.schema(kind)
    properties = schema["$defs"][kind.__name__]["properties"]
    hints = get_type_hints(kind)
    for field, name in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        yield f"`{within}{name}`", _kind_of(properties[name]), str(properties[name].get("description", ""))
        inner = hints[field]
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from _fields(inner, f"{within}{name}.")


def _kind_of(shown: Mapping[str, Any]) -> str:
    if "anyOf" in shown:
        return " or ".join(_kind_of(each) for each in shown["anyOf"])
    if "$ref" in shown:
        return "object"
    if "additionalProperties" in shown:
        return "object"
    return {"integer": "number", "array": "list", None: "anything"}.get(shown.get("type"), str(shown.get("type")))


def _example(kind: type[msgspec.Struct]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    made: dict[str, Any] = {}
    for field, name in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        metas = [each for each in getattr(hints[field], "__metadata__", ()) if isinstance(each, Meta) and each.examples]
        if metas:
            made[name] = metas[-1].examples[0]  # type: ignore[index]
        else:
            made[name] = _example(getattr(hints[field], "__origin__", hints[field]))
    return made


# --- what it means -------------------------------------------------------------------------------------------------


def _rules() -> Iterator[str]:
    yield from (
        "## What a client does",
        "",
        "- A **position** counts the events of one stream (a warehouse, or 0: what belongs to none). A client keeps,",
        "  for each topic it follows, the positions of what it has.",
        "- A **snapshot** replaces what one had, positions too.",
        "- A **delta** applies when `from` ≤ mine < `to`: set every path of `data.set`, then remove every path of",
        "  `data.gone`, then mine is `to`. A path is names joined by `/`; a value is whole, so applying it twice does",
        "  no harm. `to` ≤ mine: drop it. `from` > mine: something is missing, subscribe again without `after`.",
        "- After a **lost socket** subscribe with `after`: where nothing of the topic has changed since, deltas",
        "  without data come that only move the positions, otherwise a snapshot. Pause before trying again for a",
        "  random time that doubles up to 30 seconds.",
        "- **Ping** every 15 to 25 seconds; after two without an answer what is shown may be old, and says so. A",
        "  pong's positions say up to where what one has is the truth; one may go on from there.",
        "- An **error** refuses one message and leaves the socket open; with `topic` and `key` that subscription",
        "  does not stand (it may end later too: somebody's rights have changed). Codes:",
        "  [outcomes](generated/outcomes.md).",
        "",
        "## What the server does",
        "",
        f"- Changes of a topic within {PACE * 1000:.0f} ms are one delta and the first goes at once: at most"
        f" {1 / PACE:.0f} a second for each topic.",
        "- A snapshot and its positions are read in one transaction; nothing between it and the first delta is lost.",
        f"- What waits for a slow reader is bounded ({MOST_WAITING} messages, {MOST_WAITING_CHARS // 1024} KiB); above",
        f"  it the socket closes with {OVERFLOW} and its client comes back for a snapshot. Others do not notice.",
        "- Whoever is signed out or locked out is closed at once; all sessions are looked at again every"
        f" {LOOK_AGAIN:.0f} seconds.",
        "",
    )


def _topics() -> Iterator[str]:
    rows = [
        (f"`{row.name}`", row.keyed_by, f"`{row.permission}`", row.what) for row in topics({}, SystemClock()).values()
    ]
    yield from ("## Topics", "", "Who has which permission: [the table](generated/permissions.md).", "")
    yield from (*_table(("topic", "key", "permission", "what it shows"), rows), "")


def _closing() -> Iterator[str]:
    rows = [(str(code), why, then) for code, (why, then) in CLOSES.items()]
    yield from ("## Why it closes", "", *_table(("code", "why", "what the client does"), rows))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
