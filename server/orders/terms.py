"""Why: whoever calls says a name, a number from a mail, a piece of an address of his: any of it finds the order.

Pure: what an order is found by, and what was asked for, become the same small words. A word is found by any piece of it
that has three characters, by its beginning with fewer; where nothing is found so, by what is written nearly alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from server.core.searched import LONGEST, asked, words

GAP: Final = "  "
"""Before and behind every word of a text, so that where a word begins and ends can be asked for."""
PIECE: Final = 3
"""Characters of the shortest piece that is found inside of a word."""
TYPED: Final = 4
"""Characters of the shortest word in which a slip is looked for."""
ALIKE: Final = 0.3
"""From here on two words count as alike: so much of all their runs of three characters is common to both."""
DIALLED: Final = 5
"""Digits from which on a text without letters may be a phone number."""


def terms(external_ref: str, customer: Mapping[str, Any]) -> frozenset[str]:
    """What an order is found by: its reference and mail address whole, the words of the name, the digits dialled."""
    phone = "".join(each for each in str(customer.get("phone", "")) if each.isdigit())
    whole = (external_ref.casefold()[:LONGEST], str(customer.get("email", "")).casefold()[:LONGEST], phone)
    return frozenset(each for each in (*whole, *words(str(customer.get("name", "")))) if each)


def text(number: int, external_ref: str, customer: Mapping[str, Any], tags: Iterable[str]) -> str:
    """The text by whose pieces an order is found."""
    return of_words([str(number), *sorted(terms(external_ref, customer) | frozenset(tags))])


def of_words(found_by: Iterable[str]) -> str:
    """A text of these words."""
    return GAP + GAP.join(found_by) + GAP


def readings(text: str) -> list[list[str]]:
    """How what was asked for may be meant; the pieces of one reading must all be found.

    As it stands (a reference may have blanks in it), as words, and as a number that somebody dials.
    """
    whole = " ".join(text.casefold().split())[:LONGEST]
    found = [[piece(whole)], [piece(word) for word in asked(text)]]
    digits = "".join(each for each in text if each.isdigit()).lstrip("0")
    if len(digits) >= DIALLED and not any(each.isalpha() for each in text):
        found.append([piece(digits)])
    return [pieces for at, pieces in enumerate(found) if pieces and pieces not in found[:at]]


def piece(word: str) -> str:
    """What is looked for of a word: a short one is a beginning."""
    return word if len(word) >= PIECE else GAP + word


# --- a slip of the finger ------------------------------------------------------------------------------------------


def with_slips(text: str) -> list[str]:
    """The words of what was asked for in which a slip may be, the longest first; a code is right or another one."""
    return [word for word in asked(text) if len(word) >= TYPED and not _is_code(word)]


def _is_code(word: str) -> bool:
    return 2 * sum(each.isdigit() for each in word) >= len(word)


def unharmed(word: str) -> list[str]:
    """Pieces of a word of which a slip leaves one: its first and its last half, then its first and last third."""
    half, third = -(-len(word) // 2), max(2, len(word) // 3)
    return [GAP + word[:half], word[half:] + GAP, GAP + word[:third], word[-third:] + GAP]


def likeness(asked_for: Sequence[str], text: str) -> float:
    """How much alike a text is to what was asked for, from 0 to 1: the word that fits worst counts."""
    there = text.split(GAP)
    return min(max((alike(word, each) for each in there if each), default=0.0) for word in asked_for)


def alike(one: str, other: str) -> float:
    """How much of the runs of three characters of two words is common to both; more where one slip parts them."""
    runs, others = _runs(one), _runs(other)
    common = len(runs & others) / len(runs | others)
    return max(common, 1 - 1 / len(one)) if _one_slip(one, other) else common


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter too much, too few or another one parts two words, or two that are swapped."""
    at, behind = 0, 0
    shorter = min(len(one), len(other))
    while at < shorter and one[at] == other[at]:
        at += 1
    while behind < shorter - at and one[-1 - behind] == other[-1 - behind]:
        behind += 1
    left, right = one[at : len(one) - behind], other[at : len(other) - behind]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


@lru_cache(maxsize=4096)
def _runs(word: str) -> frozenset[str]:
    padded = f"{GAP}{word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
