"""Why: a "no" is an answer, not an accident. It has a code of the outcome catalogue and says what was wanted and got.

A refusal undoes the command that raised it and is then stored as that command's answer: asked again, it is
refused again in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field that is wrong: its name, a plain message, what was wanted and what was got."""

    field: str
    message: str
    wanted: str = ""
    got: str = ""


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refusal as it is kept beside its command."""

    code: str
    faults: tuple[Fault, ...] = ()
    params: dict[str, str | int] = {}


class Refusal(Exception):
    """A typed "no": `code` is in the outcome catalogue, `params` fill its text, `faults` name the fields."""

    def __init__(self, code: str, *faults: Fault, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.faults = faults
        self.params: Mapping[str, str | int] = params

    def __str__(self) -> str:
        said = "; ".join(fault.message for fault in self.faults)
        told = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return ": ".join(part for part in (self.code, said, told) if part)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.code, self.faults, dict(self.params))

    def stored(self) -> Stored:
        """The form in which it is kept."""
        return Stored(self.code, self.faults, dict(self.params))

    @classmethod
    def of(cls, stored: Stored) -> Refusal:
        """The refusal that was kept."""
        return _rebuild(stored.code, stored.faults, stored.params)


def _rebuild(code: str, faults: tuple[Fault, ...], params: dict[str, str | int]) -> Refusal:
    refusal = Refusal(code, *faults)
    refusal.params = params
    return refusal
