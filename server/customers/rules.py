"""Why: who a customer is, is said by a mail address, else by a phone number; both are written in one way only.

Pure. A number is read as it is dialled in the country of the order's address, and kept as E.164.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import phonenumbers

from server.core import searched
from server.core.cards import looks_like_a_card
from server.core.refusal import Fault
from server.core.searched import LONGEST, words
from server.customers.schemas import PutCustomer

WISHES: Final = ("email", "sms", "none")
LAST: Final = "\U0010ffff"
"""Behind every word that begins alike."""
LONGEST_NOTE: Final = 2_000

_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_LANGUAGE: Final = re.compile(r"^[a-z]{2}$")
_DIALLED: Final = re.compile(r"^[+(]?[\d][\d\s()/.-]{2,}$")


def look_at(phone: str, country: str | None) -> None:
    """Does the slow part of what is asked of a number ahead, where nobody waits for a lock."""
    if known := e164(phone, country):
        _near(known)


@lru_cache(maxsize=4096)
def e164(phone: str, country: str | None) -> str | None:
    """A valid number as the whole world dials it (`+4930231250`); None for what is none. Takes a tenth of a ms."""
    if not phone or len(phone) > 40:
        return None
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail(email: str) -> str:
    """A mail address as it is compared."""
    return email.strip().lower()


def is_mail(email: str) -> bool:
    """Whether it has the form of a mail address."""
    return len(email) <= 254 and email.isprintable() and _EMAIL.match(mail(email)) is not None


def faults(new: PutCustomer) -> Iterator[Fault]:
    """Everything that is wrong about what is said of a customer."""
    name = new.name.strip()
    if not 1 <= len(name) <= 120 or not name.isprintable():
        yield Fault("name", "This is no name.", "1 to 120 characters", name[:60])
    if new.email and not is_mail(new.email):
        yield Fault("email", "This is no mail address.", "ana@example.com", new.email[:60])
    if new.phone and e164(new.phone, None) is None:
        yield Fault("phone", "This does not look like a phone number.", "such as +49 30 2312500", new.phone[:60])
    if not new.email and not new.phone:
        yield Fault("email", "A customer is known by a mail address or a phone number.", "one of both", "nothing")
    if not _LANGUAGE.match(new.language):
        yield Fault("language", "This is no language.", "two small letters", new.language[:60])
    if new.wish == "email" and not new.email:
        yield Fault("wish", "Without a mail address nothing can be mailed.", "a mail address", "nothing")
    if new.wish == "sms" and not new.phone:
        yield Fault("wish", "Without a phone number nothing can be texted.", "a phone number", "nothing")


def note_faults(text: str) -> Iterator[Fault]:
    """What no note may be: empty, too long, or a card number."""
    if not text.strip():
        yield Fault("text", "A note says something.", "1 to {most} characters", "nothing", {"most": LONGEST_NOTE})
    elif len(text) > LONGEST_NOTE:
        yield Fault("text", "A note is shorter.", "at most {most} characters", "{count} characters",
                    {"most": LONGEST_NOTE, "count": len(text)})  # fmt: skip
    elif not all(char.isprintable() or char == "\n" for char in text):
        yield Fault("text", "A note holds no control characters.", "text", "control characters")
    elif looks_like_a_card(text):
        yield Fault("text", "A card number is never written down.", "a note without it", "a card number")


def first_wish(email: str | None) -> str:
    """How a customer is told of orders until somebody says otherwise: where they can be reached."""
    return "email" if email else "sms"


# --- what a customer is found by -----------------------------------------------------------------------------------


def terms(name: str, email: str | None, phone: str | None) -> frozenset[str]:
    """What a customer is found by: the words of the name, the mail address, the number dialled from far and near."""
    near = () if phone is None else (_near(phone),)
    far = () if phone is None else (phone.removeprefix("+"),)
    return frozenset(each for each in (*words(name), *words(email or ""), *far, *near) if each)


@lru_cache(maxsize=4096)
def _near(phone: str) -> str:
    return str(phonenumbers.parse(phone).national_number)


def asked(text: str) -> list[str]:
    """What was asked for, as words that must all be found; a number however it is dialled and parted."""
    if _DIALLED.match(text.strip()):
        return ["".join(each for each in text if each.isdigit()).lstrip("0")[:LONGEST]]
    return searched.asked(text)
