"""What is queued prints by itself, once; what may have printed is left to a person. On real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from printers.transport import PrinterAddress
from printers.virtual import VirtualPrinter
from printers.virtual.faults import Fault
from server.core.clock import ManualClock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import log, patience
from server.db.database import Database
from server.db.errors import DatabaseAway, WriteFailed
from server.spooler import rules, service
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


async def test_a_job_that_was_sent_anew_is_not_settled_by_its_former_sender(
    shop: Print, printer: VirtualPrinter
) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    job, held = await _taken_for_dead(shop, where)
    await shop.decide(job, "reprint")
    record = partial(service.record, held=held, trigger="print", reason=None, said=None, again=False)
    assert await shop.do(record) == "queued", "a person has decided"
    again = await _claim(shop, where)
    assert again is not None
    assert again.fence > held.fence
    assert await shop.do(record) == "sending"


@pytest.mark.parametrize(
    ("trigger", "again", "state"), [("print", False, "printed"), ("fail", True, "failed"), ("lose", False, "unknown")]
)
async def test_a_sender_that_was_taken_for_dead_and_was_not_says_what_became_of_its_job(
    shop: Print, printer: VirtualPrinter, trigger: str, again: bool, state: str
) -> None:
    job, held = await _taken_for_dead(shop, await shop.put_printer("PRN-1", printer.address))
    record = partial(service.record, held=held, trigger=trigger, reason="told", said="It is told.", again=again)
    assert await shop.do(record) == state
    assert ((await shop.job(job)).reason, (await shop.job(job)).due_at is not None) == ("told", again)


async def test_what_a_printer_left_open_is_not_settled_by_a_second_word(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    await shop.queue(where, "T-0001")
    held = await _claim(shop, where)
    assert held is not None
    lose = partial(service.record, held=held, trigger="lose", reason="connection_lost", said=None, again=False)
    assert await shop.do(lose) == "unknown"
    late = partial(service.record, held=held, trigger="print", reason=None, said=None, again=False)
    assert await shop.do(late) == "unknown"


async def _taken_for_dead(shop: Print, where: UUID) -> tuple[UUID, Claim]:
    job = await shop.queue(where, "T-0001")
    held = await _claim(shop, where)
    assert held is not None
    shop.clock.advance(seconds=LEASE.total_seconds() + 1)
    await shop.do(partial(service.lose_abandoned, warehouse=1, dead=()))
    assert not await shop.do(partial(service.renew, held=held))
    assert ((await shop.job(job)).state, (await shop.job(job)).reason) == ("unknown", "sender_lost")
    return job, held


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


async def test_a_sender_whose_doorbell_is_cut_for_a_moment_is_not_taken_for_dead(
    open_database: Callable[..., Awaitable[Database]], postgres_database_url: str, printer: VirtualPrinter,
    clock: ManualClock,
) -> None:  # fmt: skip
    here = Print(await open_database(url=postgres_database_url), clock)
    there = Print(await open_database(url=postgres_database_url), clock)
    where = await there.put_printer("PRN-1", printer.address)
    job = await there.queue(where, "T-0001")
    held = await _claim(there, where)
    assert held is not None
    bell: Any = there.db._site
    await bell.bell.close()
    while there.db.life in await here.db.living():
        await here.db.rang(0.05)
    looker, rang = here.spooler(), here.db.doorbell.count
    await looker._look_once()
    assert (await here.job(job)).state == "sending"
    assert await here.db.rang(20, after=rang), "the second look is due"
    await looker._look_once()
    assert (await here.job(job)).state == "unknown", "missing twice: nobody is there"
    record = partial(service.record, held=held, trigger="print", reason=None, said=None, again=False)
    assert await there.do(record) == "printed", "and its proof is taken all the same"


# --- a database that is away for a moment


class Flaky:
    """The shop's database, whose readings and commands fail while `away` holds their names."""

    def __init__(self, shop: Print, monkeypatch: pytest.MonkeyPatch) -> None:
        self.away: set[str] = set()
        self.failed = asyncio.Event()
        self._read, self._write = shop.db.read, shop.db.write
        monkeypatch.setattr(shop.db, "read", self.read)
        monkeypatch.setattr(shop.db, "write", self.write)
        monkeypatch.setattr(patience, "PAUSES", (0.01,))

    def _may_fail(self, name: str, error: Exception) -> None:
        if name in self.away:
            self.failed.set()
            raise error

    async def read(self, look: Any) -> Any:
        self._may_fail("read", DatabaseAway("it starts up"))
        return await self._read(look)

    async def write(self, command: Any) -> Any:
        self._may_fail(command.name, WriteFailed("it starts up"))
        return await self._write(command)


async def test_a_database_that_is_away_for_a_moment_breaks_no_conversation_off(
    shop: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = asyncio.Event()

    async def pace(_seconds: float) -> None:
        await out.wait()

    flaky = Flaky(shop, monkeypatch)
    async with VirtualPrinter(pace=pace) as printer:
        shop.start()
        job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
        await printer.received()
        flaky.away = {"read"}
        shop.db.doorbell.ring()
        await flaky.failed.wait()
        flaky.away = set()
        out.set()
        done = await shop.until(job, "printed")
        assert (done.attempt, printer.journal.count) == (1, 1)


async def test_a_fault_of_our_own_breaks_no_conversation_off(shop: Print, monkeypatch: pytest.MonkeyPatch) -> None:
    out = asyncio.Event()

    async def pace(_seconds: float) -> None:
        await out.wait()

    async def broken() -> bool:
        raise RuntimeError("a bug")

    async with VirtualPrinter(pace=pace) as printer:
        spooler = shop.start()
        job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
        await printer.received()
        assert shop.running is not None
        with monkeypatch.context() as patch:
            patch.setattr(spooler, "_lose_abandoned", broken)
            shop.db.doorbell.ring()
            with pytest.raises(RuntimeError):
                await shop.running
        shop.running = asyncio.create_task(spooler.run())
        out.set()
        assert (await shop.until(job, "printed")).attempt == 1


async def test_signs_of_life_and_the_proof_are_given_once_the_database_is_back(
    shop: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = asyncio.Event()

    async def pace(_seconds: float) -> None:
        await out.wait()

    monkeypatch.setattr(rules, "LEASE", timedelta(seconds=0.03))
    flaky = Flaky(shop, monkeypatch)
    async with VirtualPrinter(pace=pace) as printer:
        shop.start()
        job = await shop.queue(await shop.put_printer("PRN-1", printer.address), "T-0001")
        await printer.received()
        flaky.away = {"print.renew"}
        await flaky.failed.wait()
        flaky.away = {"print.record"}
        flaky.failed.clear()
        rang = shop.db.doorbell.count
        await shop.db.doorbell.wait(rang)  # a sign of life again
        out.set()
        await flaky.failed.wait()
        assert (await shop.job(job)).state == "sending"
        flaky.away = set()
        await shop.until(job, "printed")


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


async def test_a_printer_that_one_may_not_reach_is_left_to_another_process(
    open_database: Callable[..., Awaitable[Database]], postgres_database_url: str, printer: VirtualPrinter,
    clock: ManualClock,
) -> None:  # fmt: skip
    here = Print(await open_database(url=postgres_database_url), clock)
    there = Print(await open_database(url=postgres_database_url), clock)
    where = await there.put_printer("PRN-1", printer.address)
    job = await here.queue(where, "T-0001")
    stranger = here.spooler()
    await stranger._look_once()
    assert (stranger._serving, (await here.job(job)).state) == ({}, "queued")
    there.start()
    await there.until(job, "printed")
    await stranger.probe()
    await there.stop()
    last = await here.queue(where, "T-0002")
    await there.db.close()
    here.start()  # it may still see the other: nobody rings when a process ends, and it looks again by itself
    assert (await here.until(last, "failed")).reason == "printer_address_refused"
    await here.stop()


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
