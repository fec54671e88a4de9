"""The words of outcomes and codes by language, so that a device fetches only those of the language that it speaks."""

from __future__ import annotations

from typing import Final

import msgspec

from server.core.outcomes import OUTCOMES
from server.core.words import WORDS, Language
from server.web.problems import WIRE

OF_REQUESTS: Final = frozenset({
    *WIRE, "last_admin", "device_not_found", "key_unknown", "enrolment_refused", "pin_weak", "sign_in_throttled",
    "webhook_refused", "endpoint_unknown", "endpoint_off", "too_many_endpoints", "channel_unknown", "signature_wrong",
    "incoming_unknown", "delivery_unknown", "import_unknown", "import_too_large", "import_unreadable",
    "import_columns", "import_faulty", "import_disk", "topic_unknown", "too_many_topics",
}) - {"malformed"}  # fmt: skip
"""What only a request is refused with, never a command of the floor. The server says these in words itself, so a
handheld need not hold them."""


def texts(language: Language) -> str:
    """Outcome → text, code → word, as JSON."""
    held = [one for one in (*OUTCOMES.values(), *WIRE.values()) if one.code not in OF_REQUESTS]
    said = {
        "outcomes": {one.code: getattr(one, language) for one in held},
        "words": {code: getattr(words, language) for code, words in WORDS.items()},
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n"
