"""The words of outcomes and codes by language, so that a device fetches only those of the language that it speaks."""

from __future__ import annotations

import msgspec

from server.core.outcomes import OUTCOMES
from server.core.words import WORDS, Language
from server.web.problems import WIRE


def texts(language: Language) -> str:
    """Outcome → text, code → word, as JSON."""
    said = {
        "outcomes": {one.code: getattr(one, language) for one in (*OUTCOMES.values(), *WIRE.values())},
        "words": {code: getattr(words, language) for code, words in WORDS.items()},
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n"
