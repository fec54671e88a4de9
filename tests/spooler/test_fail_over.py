"""What a printer cannot print comes out of the one beside it, once; what may have printed never by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from printers.virtual import VirtualPrinter
from printers.virtual.faults import Fault
from server.core.clock import ManualClock
from server.core.ids import new_id
from server.db import log
from server.spooler import rules, service
from server.spooler.schemas import NewPrinter
from tests.spooler.conftest import Print, label

PATIENCE = timedelta(seconds=30)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


# --- the rule


@pytest.mark.parametrize(
    ("state", "minute", "other", "moves"),
    [
        ("queued", 0.5, "ready", True),
        ("failed", 5, "busy", True),
        ("queued", 0.4, "ready", False),
        ("queued", 5, "paper_out", False),
        ("queued", 5, "unknown", False),
        ("sending", 5, "ready", False),
        ("unknown", 5, "ready", False),
        ("printed", 5, "ready", False),
        ("cancelled", 5, "ready", False),
    ],
)
def test_only_what_surely_did_not_print_goes_to_a_printer_that_can(
    state: str, minute: float, other: str, moves: bool
) -> None:
    now = NOON + timedelta(minutes=minute)
    assert rules.fails_over(state, NOON, other, now, PATIENCE) is moves
    assert not rules.fails_over(state, None, other, now, PATIENCE), "its own printer is well"


def test_a_printer_is_unwell_since_the_first_thing_that_keeps_it() -> None:
    later = NOON + timedelta(minutes=1)
    assert rules.unwell_since("paper_out", None, NOON) == NOON
    assert rules.unwell_since("head_open", NOON, later) == NOON
    assert [rules.unwell_since(each, NOON, later) for each in ("ready", "busy", "unknown")] == [None, None, None]


# --- on real sockets


@dataclass
class Pair:
    """Two printers that stand beside each other."""

    shop: Print
    first: VirtualPrinter
    second: VirtualPrinter
    ids: tuple[UUID, UUID]

    async def queue(self, text: str, subject: UUID | None = None) -> UUID:
        """A label for the first one."""
        return await self.shop.queue(self.ids[0], text, subject, other=self.ids[1])

    def came_out(self) -> list[bytes]:
        """All labels of both."""
        return [each.zpl for printer in (self.first, self.second) for each in printer.journal.labels]

    async def at(self, job: UUID) -> str:
        """The code of the printer that a job is at."""
        return (await self.shop.job(job)).printer_code


@pytest.fixture
async def pair(shop: Print) -> AsyncIterator[Pair]:
    """Both are ready, and known to be."""
    async with VirtualPrinter() as first, VirtualPrinter() as second:
        ids = (await shop.put_printer("PRN-1", first.address), await shop.put_printer("PRN-2", second.address))
        for each in ids:
            await shop.do(partial(service.set_condition, warehouse=1, printer_id=each, condition="ready"))
        yield Pair(shop, first, second, ids)


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.HEAD_OPEN, Fault.OFFLINE, Fault.HANG])
async def test_a_label_comes_out_of_the_other_printer_once_and_not_before_its_time(
    pair: Pair, clock: ManualClock, fault: Fault
) -> None:
    pair.shop.patience = PATIENCE
    await pair.first.set_fault(fault)
    pair.shop.start()
    job = await pair.queue("T-0001")
    await pair.shop.until(job, "failed")
    told = "no_answer" if fault is Fault.HANG else fault.value.replace("-", "_")
    await pair.shop.until_condition("PRN-1", told)
    assert (await pair.at(job), pair.came_out()) == ("PRN-1", [])
    clock.advance(30)
    behind = await pair.queue("T-0002")  # rings; it waits no longer than the printer is unwell
    for each in (job, behind):
        await pair.shop.until(each, "printed")
    assert [await pair.at(each) for each in (job, behind)] == ["PRN-2", "PRN-2"]
    await pair.first.set_fault(None)
    await pair.shop.until_condition("PRN-1", "ready")
    assert pair.came_out() == [label("T-0001").strip(), label("T-0002").strip()]
    events = await pair.shop.db.read(lambda conn: log.tail(conn, 1, 0, 99))
    moved = [each.payload for each in events if each.type == "print.moved"]
    assert {(each["before"], each["printer"]) for each in moved} == {(str(pair.ids[0]), str(pair.ids[1]))}
    assert [each["job"] for each in moved] == [str(job), str(behind)]


async def test_a_label_that_may_have_printed_stays_where_it_is(pair: Pair, clock: ManualClock) -> None:
    pair.shop.patience = PATIENCE
    await pair.first.set_fault(Fault.DROP_AFTER)
    pair.shop.start()
    subject = new_id()
    job = await pair.queue("T-0001", subject)
    await pair.shop.until(job, "unknown")
    await pair.first.set_fault(Fault.OFFLINE)
    behind = await pair.queue("T-0002")
    await pair.shop.until(behind, "failed")
    await pair.shop.until_condition("PRN-1", "offline")
    clock.advance(30)
    await pair.shop.queue(pair.ids[1], "T-0003")
    await pair.shop.until(behind, "printed")
    moved = await pair.shop.do(partial(service.move_waiting, warehouse=1, subject=subject, to=pair.ids[1]))
    assert (moved, (await pair.shop.job(job)).state, await pair.at(job)) == (0, "unknown", "PRN-1")
    assert label("T-0001").strip() not in [each.zpl for each in pair.second.journal.labels]


async def test_a_label_whose_sender_died_within_it_stays_where_it_is(pair: Pair, clock: ManualClock) -> None:
    job = await pair.queue("T-0001")
    held = await pair.shop.do(partial(service.claim, warehouse=1, printer_id=pair.ids[0], sender=0))
    assert held is not None
    clock.advance(rules.LEASE.total_seconds())
    assert await pair.shop.do(partial(service.lose_abandoned, warehouse=1, dead={0})) == 1
    await pair.shop.do(partial(service.set_condition, warehouse=1, printer_id=pair.ids[0], condition="offline"))
    clock.advance(30)
    assert await pair.shop.do(partial(service.fail_over, warehouse=1, patience=PATIENCE)) == 0
    assert ((await pair.shop.job(job)).state, await pair.at(job)) == ("unknown", "PRN-1")


async def test_without_patience_a_label_waits_until_somebody_moves_it(pair: Pair, clock: ManualClock) -> None:
    await pair.first.set_fault(Fault.PAPER_OUT)
    pair.shop.start()
    subject = new_id()
    job = await pair.queue("T-0001", subject)
    await pair.shop.until(job, "failed")
    clock.advance(3600)
    other = await pair.shop.queue(pair.ids[1], "T-0002")
    await pair.shop.until(other, "printed")
    assert await pair.at(job) == "PRN-1"
    assert await pair.shop.do(partial(service.move_waiting, warehouse=1, subject=subject, to=pair.ids[1])) == 1
    await pair.shop.until(job, "printed")
    await pair.first.set_fault(None)
    await pair.shop.until_condition("PRN-1", "ready")
    assert pair.came_out() == [label("T-0002").strip(), label("T-0001").strip()]


async def test_what_was_drawn_for_other_dots_is_not_moved(pair: Pair) -> None:
    where = f"{pair.second.address.host}:{pair.second.address.port}"
    fine = NewPrinter(code="PRN-2", name="Fine", profile="zd421-300", address=where)
    await pair.shop.do(partial(service.put_printer, warehouse=1, new=fine, allowed=pair.shop.allowed))
    subject = new_id()
    job = await pair.queue("T-0001", subject)
    assert await pair.shop.do(partial(service.move_waiting, warehouse=1, subject=subject, to=pair.ids[1])) == 0
    assert await pair.at(job) == "PRN-1"
