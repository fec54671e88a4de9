"""Why: whoever calls says a name, a number from a mail, a piece of an address of his: any of it finds the order.

Pure: what an order is found by, and what was asked for, become the same small words; a word finds whatever begins
with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

LONGEST: Final = 100
MOST_WORDS: Final = 6
"""Of what was asked for; further ones say nothing new."""
LAST: Final = "\U0010ffff"
"""Behind every word that begins alike."""


def words(text: str) -> list[str]:
    """The small words of a text: no capitals, no accents, parted at whatever is no letter, digit or one of `@.-_`."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    parts = "".join(each if each.isalnum() or each in "@.-_" else " " for each in plain).split()
    return [part.strip(".-_")[:LONGEST] for part in parts if part.strip(".-_")]


def terms(external_ref: str, customer: Mapping[str, Any]) -> frozenset[str]:
    """What an order is found by: its reference and mail address whole, the words of the name, the digits dialled."""
    phone = "".join(each for each in str(customer.get("phone", "")) if each.isdigit())
    whole = (external_ref.casefold()[:LONGEST], str(customer.get("email", "")).casefold()[:LONGEST], phone)
    return frozenset(each for each in (*whole, *words(str(customer.get("name", "")))) if each)


def asked(text: str) -> list[str]:
    """What was asked for, as words that must all be found; the longest first, because it finds least."""
    return sorted(dict.fromkeys(words(text)), key=len, reverse=True)[:MOST_WORDS]
