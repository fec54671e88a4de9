"""How far it reaches: orders taken in by the hundred, a million of them found and listed, the last units of an item.

The million is plausible rows, written straight into the tables: what is measured of it is reading alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
import msgspec
import sqlalchemy as sa

from server import sqlite3
from server.auth import service as auth
from server.auth.schemas import NewKey
from server.core.clock import ManualClock, SystemClock
from server.core.events import EVENTS
from server.core.ids import new_id
from server.db import urls
from server.db.base import CORE
from server.db.database import Database
from server.db.migrations import migrate
from server.db.unit import Command
from server.db.work import Actor
from server.fanout.table import REACTIONS
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.orders import terms
from server.orders.models import order, order_line, order_text, promise
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals
from server.orders.schemas.services import NewService
from server.orders.service import captures, carriers, search
from server.orders.store import pages
from tests.support.world import SERVICE, World, build

ITEMS: Final = 300
FIRST: Final = ("Ana", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hans", "Ida", "Jonas", "Karla", "Leo", "Mia")
LAST: Final = ("Souza", "Schmidt", "Müller", "Nowak", "Öztürk", "Rossi", "Jansen", "Weber", "Kaya", "Fischer", "Lang")
STREETS: Final = ("Lindenweg", "Hauptstraße", "Am Markt", "Gartenstraße", "Bergweg")
RARE: Final = ("Quendel", "Zwetschge")
"""Names that one order in a hundred thousand has."""
STATUSES: Final = (("shipped", 90), ("ready", 6), ("on_hold", 1), ("cancelled", 3))
CHANNELS: Final = (("web", 80), ("market", 19), ("phone", 1))
PORTION: Final = 10_000


# --- orders that come in -------------------------------------------------------------------------------------------


async def stage(url: str) -> tuple[str, list[str]]:
    """A warehouse with goods, default rules and an API key that may capture; the key and the SKUs."""
    await migrate(url)
    clock = ManualClock(datetime.now(UTC))
    db = await Database.open(url, clock=clock, events=EVENTS, reactions=REACTIONS, command="bench")
    try:
        world = await stocked(db, clock, 1_000_000)
        key = NewKey(name="bench", roles=("integrator",))
        made = await world.do(lambda work: auth.add_key(work, key), streams={CORE})
        return made[1], list(world.items)
    finally:
        await db.close()


async def stocked(db: Database, clock: ManualClock, units: int, items: int = ITEMS) -> World:
    """A warehouse with so many units of each item, and a service that goes everywhere."""
    world = await build(db, clock, [f"SKU-{number:03d}" for number in range(items)])
    shelves = [code for code in world.bins if code.startswith("A")]

    def fill(work: Any) -> None:
        for at, item in enumerate(world.items.values()):
            target = Place(world.bins[shelves[at % len(shelves)]])
            inventory.move(work, 1, Goods(item), units, Place(world.bins["SUPPLIER"]), target, "opening")
        carriers.put_service(work, NewService(code=SERVICE, carrier="Test", name="Parcel", cutoff="23:59"))

    await world.both(fill)
    return world


def news(chance: Random, skus: Sequence[str], prefix: str) -> Iterator[NewOrder]:
    """Orders of three lines such as a shop sends them, each from somebody else."""
    number = 0
    while True:
        number += 1
        lines = [NewLine(sku=sku, quantity=chance.randint(1, 3), price_minor=1290) for sku in chance.sample(skus, 3)]
        items = sum(line.quantity * line.price_minor for line in lines)
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        yield NewOrder(
            channel="web", external_ref=f"{prefix}-{number}", currency="EUR", lines=lines,
            totals=NewTotals(items_minor=items, shipping_minor=490, total_minor=items + 490),
            customer=Customer(name=name, email=f"{prefix}.{number}@example.com", phone=f"+49302{number % 10**6:06d}",
                              language="de"),
            address=Address(street=f"{chance.choice(STREETS)} {chance.randint(1, 99)}", city="Köln",
                            postal_code=f"50{number % 1000:03d}", country="DE"),
            payment=NewPayment(method="card", token="ok"), service=SERVICE,
        )  # fmt: skip


def bodies(skus: Sequence[str], prefix: str, batch: int, count: int) -> list[str]:
    """Requests with so many orders each; a single one is the order alone."""
    coming = news(Random(prefix), skus, prefix)
    made = []
    for _ in range(count):
        orders = [next(coming) for _ in range(batch)]
        made.append(msgspec.json.encode(orders[0] if batch == 1 else {"orders": orders}).decode())
    return made


# --- the last units ------------------------------------------------------------------------------------------------


async def last_units(url: str, buyers: int, units: int) -> tuple[float, int, int]:
    """So many buyers at once of the last units: seconds, units promised out of the stock, units that wait."""
    await migrate(url)
    clock = ManualClock(datetime.now(UTC))
    db = await Database.open(url, clock=clock, events=EVENTS, reactions=REACTIONS, command="bench")
    try:
        world = await stocked(db, clock, units, items=1)
        sku = next(iter(world.items))
        coming = [one_unit(new, sku) for new, _ in zip(news(Random(3), [sku] * 3, "L"), range(buyers), strict=False)]
        actor = Actor(name="bench")
        since = time.perf_counter()
        await asyncio.gather(
            *(
                db.write(Command(partial(captures.capture, new=new), frozenset({CORE}), actor, "bench"))
                for new in coming
            )
        )
        taken = time.perf_counter() - since
        stock, waiting = await db.read(promised)
        return taken, stock, waiting
    finally:
        await db.close()


def one_unit(new: NewOrder, sku: str) -> NewOrder:
    """The same for a single unit."""
    totals = NewTotals(items_minor=1290, shipping_minor=490, total_minor=1780)
    line = NewLine(sku=sku, quantity=1, price_minor=1290)
    return msgspec.structs.replace(new, lines=[line], totals=totals)


def promised(conn: sa.Connection) -> tuple[int, int]:
    """Units that are promised out of the stock, and units that wait."""
    total = sa.select(sa.func.coalesce(sa.func.sum(promise.c.quantity), 0))
    ready = sa.and_(promise.c.promised_on.is_not(None), promise.c.receipt_id.is_(None))
    return (
        int(conn.execute(total.where(ready)).scalar_one()),
        int(conn.execute(total.where(promise.c.promised_on.is_(None))).scalar_one()),
    )


# --- many orders ---------------------------------------------------------------------------------------------------


BEGAN: Final = datetime(2025, 1, 1, tzinfo=UTC)


def _day(number: int) -> datetime:
    """When the order with this number was captured."""
    return BEGAN + timedelta(seconds=20 * number)


def rows(items: Sequence[UUID], first: int, count: int) -> dict[sa.Table, list[dict[str, Any]]]:
    """Plausible orders with these numbers: one line in three orders of four, three in the fourth."""
    chance = Random(first)
    made: dict[sa.Table, list[dict[str, Any]]] = {order: [], order_line: [], order_text: []}
    for number in range(first, first + count):
        order_id = new_id()
        rare = number % 100_000 == 77
        name = f"{RARE[number // 100_000 % 2] if rare else chance.choice(FIRST)} {chance.choice(LAST)}"
        email = f"{name.split()[0]}.{number:x}@example.com".lower()
        customer = {"name": name, "email": email, "phone": f"+4930{number:07d}", "language": "de"}
        at = _day(number)
        reference, total = f"WEB-{number * 7919 % 10**8:08d}", chance.randint(500, 20_000)
        made[order].append({
            "id": order_id, "number": number, "channel": _one_of(chance, CHANNELS), "external_ref": reference,
            "currency": "EUR", "items_minor": total, "shipping_minor": 0, "tax_minor": 0, "total_minor": total,
            "customer": customer, "customer_id": None,
            "address": {"street": "Lindenweg 4", "city": "Köln", "country": "DE"},
            "payment_method": "card", "payment": "captured", "split": "ship_available", "service": SERVICE,
            "warehouse_id": 1, "cutoff_at": at + timedelta(hours=8), "status": _one_of(chance, STATUSES),
            "captured_at": at, "tags": [],
        })  # fmt: skip
        made[order_line] += [
            {"id": new_id(), "order_id": order_id, "position": at_, "item_id": chance.choice(items), "ordered": 1,
             "price_minor": total}
            for at_ in range(1, 4 if number % 4 == 0 else 2)
        ]  # fmt: skip
        made[order_text].append({"number": number, "text": terms.text(number, reference, customer, [])})
    return made


def _one_of(chance: Random, parts: Sequence[tuple[str, int]]) -> str:
    return chance.choices([name for name, _ in parts], [part for _, part in parts])[0]


async def fill(url: str, items: Sequence[UUID], first: int, until: int) -> None:
    """Writes the orders with these numbers, past everything that a capture does."""
    parsed = urls.parse(url)
    for at in range(first, until, PORTION):
        made = rows(items, at, min(PORTION, until - at))
        if urls.is_sqlite(parsed):
            await asyncio.to_thread(_into_sqlite, str(urls.file_of(parsed)), made)
        else:
            await _into_postgres(url, made)


def _columns(table: sa.Table, row: dict[str, Any], dialect: sa.Dialect) -> list[tuple[str, Callable[[Any], Any]]]:
    found = []
    for name in row:
        convert = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        found.append((name, convert or (lambda value: value)))
    return found


def _into_sqlite(path: str, made: dict[sa.Table, list[dict[str, Any]]]) -> None:
    from sqlalchemy.dialects.sqlite import dialect

    conn = sqlite3.connect(path)
    with conn:
        for table, many in made.items():
            columns = _columns(table, many[0], dialect())
            marks = ",".join("?" * len(columns))
            named = ",".join(name for name, _ in columns)
            text = f"INSERT INTO {table.name} ({named}) VALUES ({marks})"  # noqa: S608  (names of ours)
            conn.executemany(text, [[convert(row[name]) for name, convert in columns] for row in many])
    conn.close()


async def _into_postgres(url: str, made: dict[sa.Table, list[dict[str, Any]]]) -> None:
    from sqlalchemy.dialects.postgresql.asyncpg import dialect

    conn = await asyncpg.connect(urls.parse(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        for table, many in made.items():
            columns = _columns(table, many[0], dialect())  # type: ignore[no-untyped-call]
            records = [[convert(row[name]) for name, convert in columns] for row in many]
            await conn.copy_records_to_table(table.name, records=records, columns=[name for name, _ in columns])
    finally:
        await conn.close()


Asked = Callable[[sa.Connection], Any]


def questions(until: int) -> dict[str, Asked]:
    """What a desk asks, each by its name. `until`: behind the last number."""
    number = until - until // 3

    def find(text: str) -> Asked:
        return partial(search.page, text=text, others=(), filters={}, most=51)

    def page(**filters: Any) -> Asked:
        return partial(pages.page, filters=filters, most=51)

    return {
        "search: a number": find(str(number)),
        "search: a reference": find(f"WEB-{number * 7919 % 10**8:08d}"),
        "search: a common name": find("schmidt"),
        "search: a rare name": find("zwetschge" if until > 200_000 else "quendel"),
        "search: a piece of a name": find("chmid"),
        "search: a mail address": find(f".{number:x}@exam"),
        "search: the end of a phone number": find(f"{number:07d}"),
        "search: two words": find("ana öztürk"),
        "search: a piece that is nowhere": find("erman"),
        "search: a slip": find("Shcmidt"),
        "search: an SKU": find("SKU-007"),
        "list: all": page(),
        "list: of the middle": page(after=until // 2),
        "list: a common status": page(status="shipped"),
        "list: a rare status": page(status="on_hold"),
        "list: a rare channel": page(channel="phone"),
        "list: a day long ago": page(cutoff_from=_day(until // 4), cutoff_until=_day(until // 4) + timedelta(days=1)),
        "list: a rare warehouse": page(warehouse=2),
        "list: a status of a channel": page(status="ready", channel="market"),
        "list: a status and a rare channel": page(status="on_hold", channel="phone"),
    }


async def ask(url: str, until: int, times: int) -> dict[str, list[float]]:
    """How long each question takes, in ms, in turns."""
    db = await Database.open(url, clock=SystemClock(), events=EVENTS, reactions={}, command="bench")
    taken: dict[str, list[float]] = {}
    try:
        for turn in range(times + 1):
            for name, question in questions(until).items():
                since = time.perf_counter()
                await db.read(question)
                if turn:
                    taken.setdefault(name, []).append(1000 * (time.perf_counter() - since))
    finally:
        await db.close()
    return taken


async def founded(url: str) -> list[UUID]:
    """A new database with a warehouse; the ids of its items."""
    await migrate(url)
    clock = ManualClock(datetime.now(UTC))
    db = await Database.open(url, clock=clock, events=EVENTS, reactions=REACTIONS, command="bench")
    try:
        return list((await stocked(db, clock, 10)).items.values())
    finally:
        await db.close()


async def settle(url: str) -> None:
    """What a server does by itself overnight: statistics."""
    parsed = urls.parse(url)
    if urls.is_sqlite(parsed):
        return
    conn = await asyncpg.connect(parsed.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        await conn.execute("VACUUM ANALYZE")
    finally:
        await conn.close()
