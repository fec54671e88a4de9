"""The demo's second warehouse: an order comes from where its goods lie, else from the nearer one."""

from __future__ import annotations

from functools import partial

import msgspec

from seed.branch import load_branch
from seed.data import load_demo
from seed.load import load
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor
from server.orders.projection import order_page
from server.orders.schemas.captures import EXAMPLE, Captured, NewLine, NewTotals
from server.orders.service import captures


def test_the_branch_speaks_of_goods_people_and_codes_that_are_nobody_elses() -> None:
    demo, branch = load_demo(), load_branch()
    assert {each.sku for each in branch.stock} <= {each.sku for each in demo.items}
    assert {each.tracking for each in demo.items if each.sku in {row.sku for row in branch.stock}} == {"none"}
    assert branch.warehouse.number != demo.warehouse.number
    assert not {*branch.totes.codes, *(cart.code for cart in branch.cart)} & {
        *demo.totes.codes, *(cart.code for cart in demo.carts),
    }  # fmt: skip
    assert {role for person in demo.people if person.branch for role in person.roles} == {
        "supervisor", "picker", "packer",
    }  # fmt: skip


async def _captured(db: Database, reference: str, sku: str, quantity: int, postal_code: str, city: str) -> Captured:
    total = 100 * quantity
    new = msgspec.structs.replace(
        EXAMPLE, external_ref=reference, lines=[NewLine(sku=sku, quantity=quantity, price_minor=100)],
        totals=NewTotals(items_minor=total, total_minor=total),
        address=msgspec.structs.replace(EXAMPLE.address, postal_code=postal_code, city=city),
    )  # fmt: skip
    run = Command(partial(captures.capture, new=new), frozenset({CORE}), Actor(name="desk"), "test")
    return (await db.write(run)).answer


async def test_both_warehouses_are_loaded_once_and_send_what_is_nearer_or_lies_there(database: Database) -> None:
    assert await load(database)
    assert not await load(database)
    found = {
        city: (await _captured(database, city, sku, 20, postal_code, city)).number
        for city, sku, postal_code in (
            ("München", "40-0238", "80331"), ("Berlin", "40-0238", "10115"), ("Potsdam", "40-0205", "14467"),
        )
    }  # fmt: skip
    sent = {city: await database.snapshot(partial(order_page, number=number)) for city, number in found.items()}
    assert {city: page.warehouse for city, page in sent.items()} == {"München": 2, "Berlin": 1, "Potsdam": 2}
    assert sent["München"].sourced is not None
    assert sent["München"].sourced["decided_by"] == "zone"
