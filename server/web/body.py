"""Why: whatever a client sends is either the struct that was asked for or a list of faults: field, wanted, got.

Strict: a number in quotes is text. What no database of ours can keep (NUL in a text, numbers over 64 bits) is
refused here, for every body alike, not found out by a failing write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar

import msgspec

from server.core.refusal import Fault, Refusal

T = TypeVar("T")

LARGEST: Final = 2**63 - 1
GOT_LENGTH: Final = 60
SECRET: Final = re.compile(r"pin|secret|token|password|badge|key", re.IGNORECASE)
"""Fields whose value is never echoed."""

_AT = re.compile(r"^(?P<said>.*?)(?: - at (?P<where>.*))?$", re.DOTALL)
_EXPECTED = re.compile(r"^Expected (?P<wanted>.+?)(?:, got (?P<got>.+))?$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>.+)`$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.+)`$", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[\]]+)|\[(?P<index>\d+|\.\.\.)\]")
_LONG_NUMBER = re.compile(rb"[0-9]{19}")


class Malformed(Refusal):
    """The body is no JSON at all."""

    def __init__(self, reason: str) -> None:
        super().__init__("malformed", reason=reason)


def decode(raw: bytes, kind: type[T]) -> T:
    """The JSON in `raw` as `kind`; raises Malformed, or Refusal `invalid` with its faults."""
    value = unpack(raw, kind)
    if faults := tuple(unstorable(raw)):
        raise _invalid(*faults)
    return value


def unpack(raw: bytes, kind: type[T]) -> T:
    """The same for whoever decodes each part of it by itself: what no database can keep is not looked for."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise _invalid(fault_of(str(error), raw)) from None
    except msgspec.DecodeError as error:
        raise Malformed(str(error)) from None
    except UnicodeDecodeError:
        raise Malformed("text is not UTF-8") from None
    except RecursionError:
        raise Malformed("it is nested too deep") from None


def _invalid(*faults: Fault) -> Refusal:
    return Refusal("invalid", *faults, count=len(faults))


def fault_of(said: str, raw: bytes | None = None) -> Fault:
    """msgspec's sentence as a fault; with the body at hand, the value that was got is shown too."""
    match = _AT.match(said)
    text, where = (match["said"], match["where"] or "") if match else (said, "")
    where = where.strip("`")
    path = where.removeprefix("$").removeprefix(".")
    if missing := _MISSING.match(text):
        return Fault(_under(path, missing["field"]), "This field is missing.", "a value", "nothing")
    if unknown := _UNKNOWN.match(text):
        return Fault(_under(path, unknown["field"]), "There is no such field.", "no such field", unknown["field"])
    got = _value_at(where, raw)
    if expected := _EXPECTED.match(text):
        wanted = expected["wanted"].replace("`", "")
        return Fault(path, f"Wanted {wanted}.", wanted, got or (expected["got"] or "").strip("`"))
    return Fault(path, f"{text}.", "a valid value", got)


def unstorable(raw: bytes) -> Iterator[Fault]:
    """A fault for each NUL in a text and each integer over 64 bits; costs a search when there is none."""
    if b"\\u0000" not in raw and not _LONG_NUMBER.search(raw):
        return
    for path, value in _walk(msgspec.json.decode(raw), ""):
        if isinstance(value, str) and "\0" in value:
            yield Fault(path, "A text cannot hold the character NUL.", "text without NUL", "text with NUL")
        elif isinstance(value, int) and abs(value) > LARGEST:
            yield Fault(path, "This number is too large.", f"at most {LARGEST}", _shown(value))


def _walk(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield _under(path, "(a name)"), key
            yield from _walk(inner, _under(path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{index}]")
    else:
        yield path, value


def _under(path: str, field: str) -> str:
    return f"{path}.{field}" if path else field


def _value_at(where: str, raw: bytes | None) -> str:
    if raw is None or not where.startswith("$") or SECRET.search(where):
        return ""
    try:
        value: Any = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    for step in _STEP.finditer(where):
        name, index = step["name"], step["index"]
        if name is not None and isinstance(value, dict) and name in value:
            value = value[name]
        elif index is not None and index.isdigit() and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            return ""
    return _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return f"array of {len(value)}"
    text = msgspec.json.encode(value).decode() if not isinstance(value, int) else str(value)
    return text if len(text) <= GOT_LENGTH else f"{text[:GOT_LENGTH]}…"
