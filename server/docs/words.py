"""The words of codes as the PWA's copy, so that a device says a reason as the server does."""

from __future__ import annotations

from server.core.words import SPOKEN, WORDS
from server.docs.text import constant
from server.docs.text import typescript as module


def typescript() -> str:
    """The words, and the parameters in which a code may stand."""
    return module(
        "What a code inside a sentence is called, in each language.",
        constant("SPOKEN", sorted(SPOKEN), "readonly string[]"),
        constant("WORDS", {code: words._asdict() for code, words in WORDS.items()}),
    )
