"""What is queued prints by itself, once; what may have printed is left to a person. On real sockets."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from printers.transport import PrinterAddress
from printers.virtual import VirtualPrinter
from printers.virtual.faults import Fault
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import log
from server.db.errors import WriteFailed
from server.spooler import service
from server.spooler.models import print_job
from server.spooler.models import printer as printers
from server.spooler.rules import LEASE
from server.spooler.schemas import Claim, NewPrinter
from tests.spooler.conftest import Print, label


async def test_what_is_queued_prints_by_itself_and_is_proven(shop: Print, printer: VirtualPrinter) -> None:
    shop.start()
    job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
    out = await printer.printed(1)
    assert out.zpl == label("T-0001").strip()
    done = await shop.until(job, "printed")
    assert (done.attempt, done.reason, done.due_at) == (1, None, None)
    events = await shop.db.read(lambda conn: log.tail(conn, 1, 0, 50))
    states = [event.payload["state"] for event in events if event.type == "print.changed"]
    assert [event.type for event in events if event.type == "print.queued"] == ["print.queued"]
    assert states == ["sending", "printed"]


async def test_jobs_of_a_printer_come_out_in_order_and_copies_count(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    jobs = [await shop.queue(where, f"T-000{n}", copies=n) for n in (1, 2, 3)]
    shop.start()
    for job in jobs:
        await shop.until(job, "printed")
    assert [sheet.zpl for sheet in printer.journal.labels] == [label(f"T-000{n}").strip() for n in (1, 2, 2, 3, 3, 3)]


async def test_two_printers_print_beside_each_other(shop: Print, printer: VirtualPrinter) -> None:
    async with VirtualPrinter(fault=Fault.PAPER_OUT) as stuck:
        waits = await shop.queue(await shop.put_printer("PRN-2", stuck.address), "T-0002")
        shop.start()
        prints = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
        await shop.until(prints, "printed")
        assert (await shop.job(waits)).state in ("queued", "sending", "failed")


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.HEAD_OPEN, Fault.PAUSED, Fault.OFFLINE, Fault.HANG])
async def test_a_printer_that_is_not_ready_is_waited_for_and_the_job_goes_on(
    shop: Print, printer: VirtualPrinter, fault: Fault
) -> None:
    await printer.set_fault(fault)
    shop.start()
    job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
    told = "no_answer" if fault is Fault.HANG else fault.value.replace("-", "_")
    failed = await shop.until(job, "failed")
    assert (failed.reason, failed.due_at is not None) == (told, True)
    await shop.until_condition("PRN-1", told)
    await printer.set_fault(None)
    await shop.until(job, "printed")
    assert printer.journal.count == 1
    await shop.until_condition("PRN-1", "ready")


async def test_paper_that_runs_out_within_a_job_is_shown_and_the_job_goes_on(shop: Print) -> None:
    loaded = asyncio.Event()

    async def pace(_seconds: float) -> None:
        await loaded.wait()

    async with VirtualPrinter(pace=pace) as printer:
        shop.start()
        job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
        await printer.received()
        await printer.set_fault(Fault.PAPER_OUT)
        loaded.set()
        await shop.until_condition("PRN-1", "paper_out")
        assert (await shop.job(job)).state == "sending"
        await printer.set_fault(None)
        await shop.until(job, "printed")
        assert (printer.journal.count, (await shop.job(job)).attempt) == (1, 1)


async def test_a_connection_that_breaks_after_the_label_leaves_it_unknown(shop: Print, printer: VirtualPrinter) -> None:
    await printer.set_fault(Fault.DROP_AFTER)
    shop.start()
    where = await shop.put_printer("PRN-1", printer.address)
    job = await shop.queue(where, "T-0001")
    lost = await shop.until(job, "unknown")
    assert lost.due_at is None
    assert lost.said
    await printer.set_fault(None)
    behind = await shop.queue(where, "T-0002")
    await shop.until(behind, "printed")
    assert (await shop.job(job)).state == "unknown", "nobody but a person repeats it"


async def test_an_unknown_print_is_decided_by_a_person(shop: Print, printer: VirtualPrinter) -> None:
    await printer.set_fault(Fault.DROP_AFTER)
    shop.start()
    where = await shop.put_printer("PRN-1", printer.address)
    jobs = []
    for text in ("T-0001", "T-0002", "T-0003"):
        jobs.append(await shop.queue(where, text))
        await shop.until(jobs[-1], "unknown")
        await printer.set_fault(None)
        await printer.set_fault(Fault.DROP_AFTER)
    await printer.set_fault(None)
    came = printer.journal.count
    assert await shop.decide(jobs[0], "printed") == "printed"
    assert await shop.decide(jobs[1], "cancel") == "cancelled"
    assert await shop.decide(jobs[2], "reprint") == "queued"
    await shop.until(jobs[2], "printed")
    assert printer.journal.count == came + 1
    with pytest.raises(Refusal) as refused:
        await shop.decide(jobs[0], "reprint")
    assert refused.value.code == "move_not_allowed"
    with pytest.raises(Refusal) as refused:
        await shop.decide(new_id(), "printed")
    assert refused.value.code == "print_job_unknown"


async def test_a_break_within_a_label_is_never_printed_twice(shop: Print, printer: VirtualPrinter) -> None:
    await printer.set_fault(Fault.DROP)
    shop.start()
    job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
    ended = await shop.until(job, "failed", "unknown")
    assert printer.journal.count == 0
    await printer.set_fault(None)
    if ended.due_at is None:
        await shop.decide(job, "reprint")
    await shop.until(job, "printed")
    assert printer.journal.count == 1


# --- crashes and leases


ENDED = 0
"""The life of a process that has ended: no living one has this."""


async def _claim(shop: Print, printer: UUID, sender: int | None = None) -> Claim | None:
    by = shop.db.life if sender is None else sender
    return await shop.do(partial(service.claim, warehouse=1, printer_id=printer, sender=by))


async def test_after_a_crash_a_job_that_was_being_sent_is_unknown_and_is_not_sent_again(
    shop: Print, printer: VirtualPrinter
) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    job = await shop.queue(where, "T-0001")
    assert await _claim(shop, where, ENDED) is not None
    shop.start()
    lost = await shop.until(job, "unknown")
    assert lost.reason == "sender_lost"
    behind = await shop.queue(where, "T-0002")
    await shop.until(behind, "printed")
    assert [sheet.zpl for sheet in printer.journal.labels] == [label("T-0002").strip()]


async def test_a_printer_is_one_senders_until_its_lease_is_over(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    first, second = await shop.queue(where, "T-0001"), await shop.queue(where, "T-0002")
    held = await _claim(shop, where)
    assert held is not None
    assert held.job == first
    assert await _claim(shop, where) is None
    shop.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert await shop.do(partial(service.renew, held=held))
    shop.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert await _claim(shop, where) is None
    shop.clock.advance(seconds=2)
    other = await _claim(shop, where)
    assert other is not None
    assert other.job == second
    assert (await shop.job(first)).state == "unknown"


async def test_whoever_lost_the_lease_is_not_believed_any_more(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    job = await shop.queue(where, "T-0001")
    held = await _claim(shop, where)
    assert held is not None
    shop.clock.advance(seconds=LEASE.total_seconds() + 1)
    await shop.do(partial(service.lose_abandoned, warehouse=1, dead=()))
    assert not await shop.do(partial(service.renew, held=held))
    record = partial(service.record, held=held, trigger="print", reason=None, said=None, again=False)
    assert await shop.do(record) == "unknown"
    await shop.decide(job, "reprint")
    again = await _claim(shop, where)
    assert again is not None
    assert again.fence > held.fence
    assert await shop.do(record) == "sending"


async def test_a_server_that_ends_before_the_first_byte_leaves_the_job_to_the_next(
    shop: Print, printer: VirtualPrinter
) -> None:
    await printer.set_fault(Fault.HANG)
    job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
    shop.start()
    await shop.until(job, "sending")
    await shop.stop()
    assert (await shop.job(job)).state == "failed"
    await printer.set_fault(None)
    shop.clock.advance(seconds=60)
    shop.start()
    await shop.until(job, "printed")
    assert printer.journal.count == 1


async def test_a_server_that_ends_while_the_printer_has_the_label_leaves_it_unknown(shop: Print) -> None:
    held = asyncio.Event()

    async def pace(_seconds: float) -> None:
        await held.wait()

    async with VirtualPrinter(pace=pace) as printer:
        job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
        shop.start()
        await printer.received()
        await shop.stop()
        assert (await shop.job(job)).state == "unknown"
        held.set()


async def test_the_database_itself_allows_one_job_a_printer_to_be_sent(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    for text in ("T-0001", "T-0002"):
        await shop.queue(where, text)
    both = sa.update(print_job).where(print_job.c.warehouse_id == 1).values(state="sending")
    with pytest.raises(sa.exc.IntegrityError):
        await shop.do(lambda work: work.execute(both).rowcount)


# --- addresses and set-up


async def test_a_printer_is_only_taken_and_only_spoken_to_at_an_allowed_address(
    shop: Print, printer: VirtualPrinter
) -> None:
    new = NewPrinter(code="PRN-1", name="One", profile="virtual", address=f"127.0.0.1:{printer.address.port}")
    with pytest.raises(Refusal) as refused:
        await shop.do(partial(service.put_printer, warehouse=1, new=new, allowed=shop.allowed))
    assert refused.value.code == "printer_address_refused"
    where = await shop.put_printer("PRN-1", printer.address)
    elsewhere = (
        sa.update(printers).where(printers.c.id == where, printers.c.warehouse_id == 1).values(address="127.0.0.1:1")
    )
    await shop.do(lambda work: work.execute(elsewhere).rowcount)
    shop.start()
    job = await shop.queue(where, "T-0001")
    failed = await shop.until(job, "failed")
    assert (failed.reason, failed.due_at) == ("printer_address_refused", None)


async def test_a_printer_keeps_its_id_when_it_moves(shop: Print, printer: VirtualPrinter) -> None:
    first = await shop.put_printer("PRN-1", PrinterAddress("127.0.0.1", 1))
    assert await shop.put_printer("PRN-1", printer.address) == first
    (only,) = (await shop.db.read(partial(service.printers, warehouse=1))).items
    assert only.address == f"127.0.0.1:{printer.address.port}"


async def test_an_unknown_profile_printer_or_number_of_copies_is_refused(shop: Print, printer: VirtualPrinter) -> None:
    shop.allowed.add(printer.address)
    new = NewPrinter(code="P", name="P", profile="typewriter", address=f"127.0.0.1:{printer.address.port}")
    where = await shop.put_printer("PRN-1", printer.address)
    for run, code in (
        (partial(service.put_printer, warehouse=1, new=new, allowed=shop.allowed), "invalid"),
        (lambda work: service.enqueue(work, 1, new_id(), "test", None, b"^XA^XZ"), "printer_unknown"),
        (lambda work: service.enqueue(work, 1, where, "test", None, b"^XA^XZ", 0), "quantity_wrong"),
        (lambda work: service.enqueue(work, 1, where, "test", None, b"^XA^XZ", 501), "quantity_wrong"),
    ):
        with pytest.raises(Refusal) as refused:
            await shop.do(run)
        assert refused.value.code == code


async def test_idle_printers_are_looked_at_and_their_condition_is_kept(shop: Print, printer: VirtualPrinter) -> None:
    await shop.put_printer("PRN-1", printer.address)
    spooler = shop.start()
    await spooler.probe()
    await shop.until_condition("PRN-1", "ready")
    await printer.set_fault(Fault.HEAD_OPEN)
    await spooler.probe()
    await shop.until_condition("PRN-1", "head_open")


async def test_a_condition_that_could_not_be_kept_once_is_kept_at_the_next_look(
    shop: Print, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.put_printer("PRN-1", printer.address)
    spooler = shop.start()
    await spooler.probe()
    await shop.until_condition("PRN-1", "ready")
    write, failed = shop.db.write, asyncio.Event()

    async def once(command: Any) -> Any:
        if command.name == "printer.condition" and not failed.is_set():
            failed.set()
            raise WriteFailed("the disk is full")
        return await write(command)

    monkeypatch.setattr(shop.db, "write", once)
    await printer.set_fault(Fault.HEAD_OPEN)
    await spooler.probe()
    await failed.wait()
    await spooler.probe()
    await shop.until_condition("PRN-1", "head_open")
