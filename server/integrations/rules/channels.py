"""Why: what a channel calls a SKU, a way of shipping or a payment is its own; what it means here is set up, not coded.

One table of settings for every kind of channel. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from server.core.refusal import Fault
from server.orders.rules import Split

Kind = Literal["shopify", "woocommerce", "json", "csv"]
HEARD: Final = ("shopify", "woocommerce", "json")
"""The kinds that send by themselves."""
METHODS: Final = ("prepaid", "invoice", "cash")
"""How an order of a channel may be paid: a card is the channel's own business."""

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=100)]


class Take(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Where a field of ours comes from: an expression (`rules/paths.py`), a table of what its values mean, the rest."""

    path: Annotated[str, Meta(max_length=500, examples=['customer.first + " " + customer.last'])] = ""
    table: Annotated[dict[Word, Annotated[str, Meta(max_length=200)]], Meta(max_length=500)] = {}
    otherwise: Annotated[str, Meta(max_length=200, description="Where nothing is found there.")] = ""


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How a JSON channel proves what it sends: HMAC-SHA256 of the body."""

    header: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,60}(?!\n)$", examples=["X-Signature"])] = "X-Signature"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: Annotated[
        str, Meta(pattern=r"^[ -~]{0,20}(?!\n)$", description="What stands before it.", examples=["sha256="])
    ] = ""
    delivery: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9-]{0,60}(?!\n)$", description="The header with the id of a delivery.")
    ] = "X-Delivery-Id"


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How a file of this channel is read: which header is which column, what each row says unspoken, decimals."""

    columns: Annotated[dict[Word, Code], Meta(max_length=200, description="Their header → our column.")] = {}
    constants: Annotated[
        dict[Code, Word], Meta(max_length=60, description="Our column → what it says in each row.")
    ] = {}
    decimal: Literal["", ".", ","] = ""


class Back(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Where the channel is told what ships. Its token, or the secret of `user`, is kept apart and never shown."""

    url: Annotated[
        str, Meta(max_length=500, description="Empty: nobody is told.", examples=["https://heide.myshopify.com"])
    ] = ""
    user: Annotated[str, Meta(max_length=200, description="Of WooCommerce the consumer key.")] = ""
    notify: Annotated[bool, Meta(description="Whether the shop writes to its customer then.")] = False


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What is made of a channel's orders. The tables are from their words to ours."""

    service: Annotated[
        str, Meta(max_length=100, description="By which service orders go; empty: only by `services`.")
    ] = ""
    warehouse: Annotated[int | None, Meta(description="Sourced from; empty: the house decides.")] = None
    split: Split = "ship_available"
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}(?!\n)$", description="Where the channel says none.")] = "en"
    services: Annotated[dict[Word, Code], Meta(max_length=500)] = {}
    payments: Annotated[dict[Word, Literal["prepaid", "invoice", "cash"]], Meta(max_length=200)] = {}
    items: Annotated[dict[Word, Code], Meta(max_length=5_000)] = {}
    countries: Annotated[dict[Word, Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]], Meta(max_length=300)] = {}
    signature: Signature = Signature()
    fields: Annotated[dict[Code, Take], Meta(max_length=60, description="A JSON channel's: our field → whence.")] = {}
    money: Literal["decimal", "minor"] = "decimal"
    table: Table | None = None
    back: Back = Back()


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a person said that a channel's words mean."""

    items: Annotated[dict[Word, Code], Meta(max_length=200)] = {}
    services: Annotated[dict[Word, Code], Meta(max_length=50)] = {}
    countries: Annotated[dict[Word, Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]], Meta(max_length=50)] = {}
    service: Annotated[str, Meta(max_length=100, description="Of this order alone, whatever it says.")] = ""


class House(NamedTuple):
    """What orders of a channel may name: services and warehouses that are offered."""

    services: Collection[str]
    warehouses: Collection[int]


def faults(settings: Settings, house: House) -> Iterator[Fault]:
    """What of the settings names nothing that is here."""
    offered = ", ".join(sorted(house.services))
    named = {"service": settings.service, **{f"services[{word}]": code for word, code in settings.services.items()}}
    for field, code in named.items():
        if code and code not in house.services:
            yield Fault(field, "There is no such service.", offered, code[:60])
    if settings.warehouse is not None and settings.warehouse not in house.warehouses:
        listed = ", ".join(str(number) for number in sorted(house.warehouses))
        yield Fault("warehouse", "There is no such warehouse.", listed, str(settings.warehouse))


def remembering(settings: Settings, answers: Answers) -> Settings:
    """The settings with what a person said, from now on."""
    return msgspec.structs.replace(
        settings,
        items={**settings.items, **answers.items},
        services={**settings.services, **answers.services},
        countries={**settings.countries, **answers.countries},
    )


class Way(msgspec.Struct, frozen=True):
    """How orders of a channel are taken in: its settings, our services, and what a person said of this one."""

    channel: str
    settings: Settings
    services: frozenset[str]
    answers: Answers = Answers()

    def sku(self, theirs: str) -> str:
        """Our SKU of theirs."""
        return _meant(theirs, self.answers.items, self.settings.items) or theirs

    def country(self, theirs: str) -> str:
        """The two letters of a country, however it is written."""
        return _meant(theirs, self.answers.countries, self.settings.countries) or theirs.upper()

    def service(self, *theirs: str) -> str:
        """The service that the first of their words for it means; empty where none does and nothing else is said."""
        if self.answers.service:
            return self.answers.service
        for each in theirs:
            if each in self.services:
                return each
            if found := _meant(each, self.answers.services, self.settings.services):
                return found
        return self.settings.service

    def method(self, *theirs: str) -> str:
        """How it is paid."""
        found = (_meant(each, self.settings.payments) for each in theirs)
        return next(filter(None, found), "prepaid")


def _meant(theirs: str, *tables: Mapping[str, str]) -> str:
    """What a word of theirs means; small and capital letters are alike where it does not stand there exactly."""
    for table in tables:
        if found := table.get(theirs):
            return found
        small = theirs.casefold()
        if small and (found := next((code for word, code in table.items() if word.casefold() == small), "")):
            return found
    return ""


# --- proof


def digest(secret: str, body: bytes, encoding: str = "base64") -> str:
    """What proves a body: HMAC-SHA256 by the secret."""
    raw = hmac.digest(secret.encode(), body, hashlib.sha256)
    return raw.hex() if encoding == "hex" else b64encode(raw).decode()


def is_signed(secret: str, body: bytes, signature: str, how: Signature | None = None) -> bool:
    """Whether a body is the channel's own; it takes the same time whatever is wrong."""
    mine = digest(secret, body) if how is None else how.prefix + digest(secret, body, how.encoding)
    given = signature.lower() if how is not None and how.encoding == "hex" else signature
    wanted = mine.lower() if how is not None and how.encoding == "hex" else mine
    return hmac.compare_digest(wanted.encode(), given.encode("latin-1", "replace"))
