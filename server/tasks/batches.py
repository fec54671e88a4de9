"""Why: one command that no decoder takes (broken escapes, nesting without end) must not refuse the others of its batch.

Pure. Brackets and strings are walked one after the other, so that no depth and no escape is too much.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

import msgspec

from server.tasks.schemas import Envelope

MOST: Final = 100
_TOKENS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]|[^"\[\]{},]+|"', re.DOTALL)
_ID: Final = re.compile(rb'"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"')
_SEQ: Final = re.compile(rb"\s*:\s*([1-9][0-9]{0,14})\s*")
_decode: Final = msgspec.json.Decoder(Envelope).decode


def read(body: bytes) -> Envelope:
    """The envelope with its commands as they came. Raises msgspec's errors, UnicodeDecodeError or RecursionError."""
    try:
        return _decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        start, end, items = _commands(body)
        if not 0 < len(items) <= MOST:
            raise
        envelope = _decode(body[:start] + b"[]" + body[end:])
        return msgspec.structs.replace(envelope, commands=[msgspec.Raw(item) for item in items])


def marks(command: bytes) -> tuple[UUID, int] | None:
    """The id and the place of a command that cannot be read otherwise, where it shows them on its first level."""
    depth, key, found = 0, b"", {}
    for token in _TOKENS.finditer(command):
        text = token.group()
        if text in (b"[", b"{"):
            depth += 1
        elif text in (b"]", b"}"):
            depth -= 1
        elif depth == 1 and text.startswith(b'"'):
            if key == b'"id"' and _ID.fullmatch(text):
                found["id"] = text[1:-1]
            key = text
        elif depth == 1 and key == b'"seq"' and (number := _SEQ.fullmatch(text)):
            found["seq"] = number.group(1)
    if found.keys() < {"id", "seq"}:
        return None
    return UUID(found["id"].decode()), int(found["seq"])


def _commands(body: bytes) -> tuple[int, int, list[bytes]]:
    """Where the list of commands begins and ends, and its items; none where there is no such list."""
    depth, begun, key, items, item = 0, 0, b"", [], 0
    for token in _TOKENS.finditer(body):
        text = token.group()
        if text in (b"[", b"{"):
            depth += 1
            if depth == 2 and not begun and text == b"[" and key == b'"commands"':
                begun = item = token.end()
        elif text in (b"]", b"}"):
            depth -= 1
            if begun and depth == 1:
                items.append(body[item : token.start()].strip())
                return begun - 1, token.end(), [each for each in items if each]
        elif text == b"," and begun and depth == 2:
            items.append(body[item : token.start()].strip())
            item = token.end()
        elif text.startswith(b'"') and depth == 1:
            key = text
    return 0, 0, []
