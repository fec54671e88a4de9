"""Why: a "no" is an answer, not an accident. It has a code of the outcome catalogue and says what was wanted and got.

A refusal undoes the command that raised it and is then stored as that command's answer: asked again, it is
refused again for the same, in the language of who reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from server.core.faults import GOT, spoken
from server.core.words import Language


class FaultShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field that is wrong: its name, a plain message, what was wanted and what was got."""

    field: str
    message: str
    wanted: str = ""
    got: str = ""

    def told(self, _language: Language) -> FaultShown:
        """It in this language: it has been said already."""
        return self


class Fault(FaultShown, frozen=True, omit_defaults=True):
    """One field that is wrong, before anybody reads it: its texts are English sentences of `core/faults.py`, which know
    their German, and `params` fill them. What is none of these (a value, a list of codes) is shown as it is.

    `de`: the message's German, where the message was written elsewhere in both languages.
    """

    params: dict[str, str | int] = {}
    de: str = ""

    def told(self, language: Language) -> FaultShown:
        """It in this language."""
        wanted = spoken(self.wanted, self.params, language)
        message = spoken(self.message, {**self.params, "wanted": wanted}, language)
        if self.de and language == "de":
            message = self.de
        got = spoken(self.got, self.params, language) if self.got in GOT else self.got
        return FaultShown(self.field, message, wanted, got)


def told(faults: Iterable[FaultShown], language: Language) -> tuple[FaultShown, ...]:
    """These faults in this language."""
    return tuple(fault.told(language) for fault in faults)


def in_both(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """These faults for a page that everybody reads alike: `message` in English, `de` in German."""
    said = ((fault.told("en"), fault.told("de").message) for fault in faults)
    return [{**msgspec.to_builtins(english), "de": german} for english, german in said]


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
        said = "; ".join(fault.message for fault in told(self.faults, "en"))
        filling = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return ": ".join(part for part in (self.code, said, filling) if part)

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
