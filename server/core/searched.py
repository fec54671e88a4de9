"""Why: whatever is searched for by words (orders, customers) is kept and asked for as the same small words. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 100
"""Characters of a word; what is longer is found by its beginning."""
MOST_WORDS: Final = 6
"""Of what was asked for; further ones say nothing new."""


def words(text: str) -> list[str]:
    """The small words of a text: no capitals, no accents, parted at whatever is no letter, digit or one of `@.-_`."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    parts = "".join(each if each.isalnum() or each in "@.-_" else " " for each in plain).split()
    return [part.strip(".-_")[:LONGEST] for part in parts if part.strip(".-_")]


def asked(text: str) -> list[str]:
    """What was asked for, as words that must all be found; the longest first, because it finds least."""
    return sorted(dict.fromkeys(words(text)), key=len, reverse=True)[:MOST_WORDS]
