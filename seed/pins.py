"""Why: the demo's PINs are printed in a public file. Where others than this machine's own people may come, everybody of
the demo gets a PIN of their own, made once and kept in the data folder, readable by its owner alone.

Whoever needs the PINs (the terminal, the sheets, the people who are not there) reads them here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from seed.model import Demo, Person
from server.auth.rules import pin_fault

FILE: Final = "demo-pins.json"
DIGITS: Final = 6


def kept(folder: Path) -> Mapping[str, str]:
    """Badge → PIN, as kept in this data folder; empty where the public ones hold."""
    try:
        text = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return {}
    return msgspec.json.decode(text, type=dict[str, str])


def made(folder: Path, demo: Demo) -> Mapping[str, str]:
    """The same, made and kept for whoever of the demo has none yet."""
    pins = {**{each.badge: new_pin() for each in demo.people}, **kept(folder)}
    if pins != kept(folder):
        draft = folder / f".{FILE}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(pins))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / FILE)
    return pins


def with_pins(demo: Demo, pins: Mapping[str, str]) -> Demo:
    """The demo with these PINs in the place of the public ones."""
    people = tuple(_with_pin(each, pins.get(each.badge, each.pin)) for each in demo.people)
    return msgspec.structs.replace(demo, people=people)


def new_pin() -> str:
    """A PIN that nobody knows yet, short enough to type with gloves on."""
    while pin_fault(pin := "".join(secrets.choice("0123456789") for _ in range(DIGITS))):
        continue
    return pin


def _with_pin(person: Person, pin: str) -> Person:
    return msgspec.structs.replace(person, pin=pin)
