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
Filled = tuple[str, dict[str, str | int]]
"""A text of a fault, and what fills it."""

LARGEST: Final = 2**63 - 1
GOT_LENGTH: Final = 60
SECRET: Final = re.compile(r"pin|secret|token|password|badge|key", re.IGNORECASE)
"""Fields whose value is never echoed."""

_AT = re.compile(r"^(?P<said>.*?)(?: - at (?P<where>.*))?$", re.DOTALL)
_EXPECTED = re.compile(r"^Expected `(?P<kind>[^`]+)`(?: (?P<bound>.+?))?(?:, got `(?P<sent>[^`]+)`)?$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>.+)`$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.+)`$", re.DOTALL)
_BOUNDS: Final = (
    (re.compile(r">= (?P<bound>.+)"), "{kind}, at least {bound}"),
    (re.compile(r"<= (?P<bound>.+)"), "{kind}, at most {bound}"),
    (re.compile(r"of length >= (?P<bound>\d+)"), "{kind}, length at least {bound}"),
    (re.compile(r"of length <= (?P<bound>\d+)"), "{kind}, length at most {bound}"),
    (re.compile(r"of length (?P<bound>\d+)"), "{kind}, length {bound}"),
    (re.compile(r"matching regex '(?P<bound>.+)'", re.DOTALL), "{kind} of the form {bound}"),
    (re.compile(r"with a timezone component"), "{kind} with its zone"),
)
"""What the decoder wants of a value besides its kind."""
_INVALID: Final = (
    ("Invalid enum value", "There is no such choice.", "one of the choices"),
    ("Invalid value", "There is no such choice.", "one of the choices"),
    ("Invalid UUID", "This is no id.", "an id"),
    ("Invalid RFC3339 encoded datetime", "This is no moment.", "2026-11-24T16:00:00Z"),
    ("Invalid RFC3339 encoded date", "This is no day.", "2026-11-24"),
    ("Invalid RFC3339 encoded time", "This is no time of day.", "16:00:00"),
    ("Invalid base64", "This is no file in base64.", "base64"),
    ("Number out of range", "This number is out of range.", "a valid value"),
)
"""Its other sentences, by how they begin."""
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
    got, sent = _value_at(where, raw)
    if expected := _EXPECTED.match(text):
        wanted, params = _bounded(expected["kind"], expected["bound"] or "")
        if not got and expected["sent"]:
            got, sent = _of_kind(expected["sent"])
        return Fault(path, "Wanted {wanted}.", wanted, got, params | sent)
    for begin, message, wanted in _INVALID:
        if text.startswith(begin):
            return Fault(path, message, wanted, got, sent)
    return Fault(path, text, "a valid value", got, sent)


def _bounded(kind: str, bound: str) -> Filled:
    for pattern, wanted in _BOUNDS:
        if match := pattern.fullmatch(bound):
            return wanted, {"kind": kind, **match.groupdict()}
    return "{kind}", {"kind": kind}


def unstorable(raw: bytes) -> Iterator[Fault]:
    """A fault for each NUL in a text and each integer over 64 bits; costs a search when there is none."""
    if b"\\u0000" not in raw and not _LONG_NUMBER.search(raw):
        return
    for path, value in _walk(msgspec.json.decode(raw), ""):
        if isinstance(value, str) and "\0" in value:
            yield Fault(path, "A text cannot hold the character NUL.", "text without NUL", "text with NUL")
        elif isinstance(value, int) and abs(value) > LARGEST:
            yield Fault(path, "This number is too large.", "at most {most}", _shown(value), {"most": str(LARGEST)})


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


def _value_at(where: str, raw: bytes | None) -> Filled:
    if raw is None or not where.startswith("$") or SECRET.search(where):
        return "", {}
    try:
        value: Any = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", {}
    for step in _STEP.finditer(where):
        name, index = step["name"], step["index"]
        if name is not None and isinstance(value, dict) and name in value:
            value = value[name]
        elif index is not None and index.isdigit() and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            return "", {}
    if isinstance(value, list):
        return "a list of {length}", {"length": len(value)}
    return _of_kind("object") if isinstance(value, dict) else (_shown(value), {})


def _of_kind(sent: str) -> Filled:
    return "{sent}", {"sent": sent}


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode() if not isinstance(value, int) else str(value)
    return text if len(text) <= GOT_LENGTH else f"{text[:GOT_LENGTH]}…"
