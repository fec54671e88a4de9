"""Why: a card number is never kept, wherever somebody writes one: in a token, in a note, in a message."""

from __future__ import annotations

import re
from typing import Final

_BETWEEN: Final = re.compile(r"(?<=\d)[ -](?=\d)")
_DIGITS: Final = re.compile(r"(?<!\d)\d{13,19}(?!\d)")


def looks_like_a_card(text: str) -> bool:
    """Whether 13 to 19 digits in it pass the Luhn check: such a thing is never stored."""
    return any(_luhn(digits) for digits in _DIGITS.findall(_BETWEEN.sub("", text)))


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
