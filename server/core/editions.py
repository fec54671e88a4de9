"""Why: two people set up the same thing on two screens; who comes second is told, and overwrites nothing unseen.

What can be changed on a screen carries an `edition`, which stands for everything that is said of it. A form sends the
edition it was opened with; where the thing reads differently by now, nothing is written.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from server.core.refusal import Refusal

Edition = Annotated[str, Meta(max_length=16, description="As it was read; without it nothing is compared.")]


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that people set up; `EDITED` names what they say of it."""

    EDITED: ClassVar[tuple[str, ...]] = ()
    edition: str = ""

    def __post_init__(self) -> None:
        said = [getattr(self, name) for name in self.EDITED]
        msgspec.structs.force_setattr(self, "edition", hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16])


def unchanged(was: str | None, now: Edited | None) -> None:
    """Refuses with `changed_meanwhile` where the thing is no longer as it was when the form was opened."""
    if was is not None and now is not None and was != now.edition:
        raise Refusal("changed_meanwhile")
