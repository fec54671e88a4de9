"""Why: a barcode is parsed once into what it *is*; only then is it judged against what is expected here.

Pure. Its twin is `pwa/src/core/barcode.ts`; both run `tests/cases/barcodes.json`. GS1 element strings are read
by a small table, not by a library, because the device must read them exactly alike (decision 0003).
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final, Literal, NamedTuple

import msgspec

Kind = Literal["bin", "item", "tote", "cart", "badge", "sscc", "command", "station", "gs1", "unknown"]

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXY"
MAX_LENGTH: Final = 200
GS: Final = "\x1d"

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What a text copied from a screen may carry without showing it: word joiners, directions, soft hyphens."""
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_AIM_GS1: Final = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})


class Scan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a barcode is. `code` is its canonical text (GTINs as 14 digits); `expiry` an ISO date."""

    kind: Kind
    raw: str
    code: str = ""
    lot: str = ""
    expiry: str = ""
    serial: str = ""
    count: int = 0


class _Prefixed(NamedTuple):
    kind: Kind
    pattern: re.Pattern[str]


_PREFIXED: Final = (
    _Prefixed("bin", re.compile(r"^B-([A-Z0-9]+(?:-[A-Z0-9]+)*)$")),
    _Prefixed("tote", re.compile(r"^(T-[0-9]{4,8})$")),
    _Prefixed("cart", re.compile(r"^(C-[0-9]{2,6})$")),
    _Prefixed("station", re.compile(r"^(S-[A-Z0-9]+(?:-[A-Z0-9]+)*)$")),
    _Prefixed("badge", re.compile(r"^(P-[0-9A-HJKMNP-TV-Z]{9})$")),
    _Prefixed("item", re.compile(r"^(I-[A-Z0-9]+(?:-[A-Z0-9]+)*)$")),
    _Prefixed("command", re.compile(r"^%CMD:([A-Z0-9_]{1,20}:[0-9A-Z])$")),
)

# Application identifier → (field, exact digits or None for text up to 20). GS1 General Specifications, section 3.
_ELEMENTS: Final[dict[str, tuple[str, int | None]]] = {
    "00": ("sscc", 18),
    "01": ("gtin", 14),
    "02": ("gtin", 14),
    "10": ("lot", None),
    "11": ("produced", 6),
    "15": ("best_before", 6),
    "17": ("expiry", 6),
    "21": ("serial", None),
    "37": ("count", None),
}
_TEXT_LIMIT: Final = 20
_GTIN_LENGTHS: Final = (8, 12, 13, 14)


def check_character(body: str) -> str:
    """The check character of a badge's or a command's body: position-weighted sum, modulo 31."""
    return ALPHABET[sum((i + 1) * ord(char) for i, char in enumerate(body)) % len(ALPHABET)]


def check_digit(digits: str) -> str:
    """The GS1 modulo-10 check digit of `digits` (weights 3, 1 from the right; GS1 General Specifications 7.9)."""
    total = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def badge(body: str) -> str:
    """The barcode of a badge with these eight characters."""
    return f"P-{body}{check_character(body)}"


def command(name: str) -> str:
    """The barcode of a command, as printed on the command card."""
    return f"%CMD:{name}:{check_character(name)}"


def bare(text: str) -> str:
    """The text without what nobody sees in it."""
    return _UNSEEN.sub("", text)


def parse(text: str) -> Scan:
    """What the scanned text is. Never raises: what cannot be read is `unknown`, with its raw text."""
    raw = bare(text).strip(" \t\r\n")
    if not raw or len(raw) > MAX_LENGTH:
        return Scan("unknown", raw[:MAX_LENGTH])
    aim, body = _split_aim(raw)
    body = body.replace("{GS}", GS).replace("<GS>", GS)
    return (
        _prefixed(raw, body.upper())
        or (_element_string(raw, body.lstrip(GS)) if aim in _AIM_GS1 or GS in body else None)
        or _bracketed(raw, body)
        or _digits(raw, body)
        or Scan("unknown", raw)
    )


def _split_aim(raw: str) -> tuple[str, str]:
    match = _AIM.match(raw)
    return (match.group(), raw[match.end() :]) if match else ("", raw)


def _prefixed(raw: str, body: str) -> Scan | None:
    for kind, pattern in _PREFIXED:
        if match := pattern.match(body):
            return _checked(kind, raw, match.group(1))
    return None


def _checked(kind: Kind, raw: str, code: str) -> Scan | None:
    if kind == "badge":
        return Scan(kind, raw, code) if check_character(code[2:-1]) == code[-1] else None
    if kind == "command":
        name, _, check = code.partition(":")
        return Scan(kind, raw, name) if check_character(name) == check else None
    return Scan(kind, raw, code)


def _bracketed(raw: str, body: str) -> Scan | None:
    """The human-readable form `(00)3…`, as printed under the bars and typed by hand."""
    if not re.match(r"^\(\d{2,4}\)", body):
        return None
    plain = re.sub(r"\((\d{2,4})\)", lambda found: f"{GS}{found.group(1)}", body).replace(" ", "")
    return _element_string(raw, plain.lstrip(GS))


def _digits(raw: str, body: str) -> Scan | None:
    if not body.isascii() or not body.isdigit():
        return _element_string(raw, body) if re.match(r"^01\d{14}", body) else None
    if len(body) in _GTIN_LENGTHS:
        return Scan("item", raw, body.zfill(14)) if _check_ok(body) else None
    if len(body) == 18 and _check_ok(body):
        return Scan("sscc", raw, body)
    if len(body) == 20 and body.startswith("00") and _check_ok(body[2:]):
        return Scan("sscc", raw, body[2:])
    return _element_string(raw, body) if len(body) >= 16 and body.startswith("01") else None


def _check_ok(digits: str) -> bool:
    return check_digit(digits[:-1]) == digits[-1]


def _element_string(raw: str, body: str) -> Scan | None:
    fields = _elements(body)
    if fields is None:
        return None
    expiry = fields.get("expiry") or fields.get("best_before", "")
    shared = {"lot": fields.get("lot", ""), "expiry": expiry, "serial": fields.get("serial", "")}
    count = int(fields.get("count", "0"))
    if "sscc" in fields:
        return Scan("sscc", raw, fields["sscc"], count=count, **shared)
    if "gtin" in fields:
        return Scan("item", raw, fields["gtin"], count=count, **shared)
    return Scan("gs1", raw, count=count, **shared)


def _elements(body: str) -> dict[str, str] | None:
    """The elements by field, or None where the text is no element string that we know."""
    found: dict[str, str] = {}
    rest = body
    while rest:
        if rest.startswith(GS):
            rest = rest[1:]
            continue
        field, size = _ELEMENTS.get(rest[:2], ("", 0))
        value = rest[2 : 2 + size] if size is not None else rest[2:].split(GS, 1)[0]
        read = _value(field, size, value)
        if read is None or field in found:
            return None
        found[field] = read
        rest = rest[2 + len(value) :]
    return found or None


def _value(field: str, size: int | None, value: str) -> str | None:
    if not field or not value:
        return None
    if size is None:
        if len(value) > _TEXT_LIMIT or not value.isascii() or not value.isprintable():
            return None
        if field == "count" and not (value.isdigit() and len(value) <= 8):
            return None
        return value
    if len(value) != size or not (value.isascii() and value.isdigit()):
        return None
    if field in ("sscc", "gtin"):
        return value if _check_ok(value) else None
    return _date(value)


def _date(value: str) -> str | None:
    """YYMMDD as an ISO date; day 00 is the month's last (GS1 General Specifications 3.4). Years are 2000–2099."""
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    if day > last:
        return None
    return f"{year:04d}-{month:02d}-{day or last:02d}"
