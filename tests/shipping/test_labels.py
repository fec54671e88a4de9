"""A label is wanted, asked for, printed by itself and scanned; and whatever can go wrong on that way."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from printers.virtual.faults import Fault
from server.core.refusal import Refusal
from server.orders.service import cancels
from server.shipping import service as shipping
from server.shipping import store
from server.shipping.port import Booked, CarrierAway, CarrierRefused, Parcel
from server.spooler import service as spooling
from server.spooler.schemas import JobList
from tests.support.bench import Bench, decoded

ENDED = 0
"""The life of a process that has ended: no living one has this."""


class Carrier:
    """A carrier that says what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Booked | CarrierRefused | type[CarrierAway]) -> None:
        self.answers = list(answers)
        self.asked: list[Parcel] = []
        self.voided: list[object] = []

    async def book(self, parcel: Parcel) -> Booked | CarrierRefused:
        self.asked.append(parcel)
        said = self.answers.pop(0) if self.answers else Booked("NP0000000017", "DE 50")
        if isinstance(said, type):
            raise said
        return said

    async def void(self, key: object) -> None:
        self.voided.append(key)


async def _label(bench: Bench, part: UUID) -> UUID:
    """The id of the label that the order's carton waits for."""
    carton = await bench.carton(part)
    found = await bench.db.read(partial(store.last_label, of=1, carton_id=carton.id))
    assert found is not None
    return found.id


async def test_the_whole_way_runs_by_itself_and_the_label_that_came_out_closes_the_carton(bench: Bench) -> None:
    order = await bench.picked()
    async with bench.working():
        part = await bench.all_in(order)
        out = await bench.printer.printed(1)
        await bench.until_print(part, "printed")
    carton = await bench.carton(part)
    assert carton.label is not None
    assert decoded(out.zpl) == {f"00{carton.sscc}", carton.label.tracking}
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 3
    told = {"packing_began", "packed", "label_live", "carton_closed", "shipped", "shipment_closed"}
    assert set(await bench.timeline(order)) >= told
    assert await bench.whole() == []


async def test_paper_that_is_out_is_shown_and_the_label_comes_when_it_is_loaded(bench: Bench) -> None:
    await bench.printer.set_fault(Fault.PAPER_OUT)
    order = await bench.picked()
    async with bench.working():
        part = await bench.all_in(order)
        await bench.until_print(part, "failed")

        async def shown() -> bool:
            printer = (await bench.view()).printer
            return printer is not None and printer.condition == "paper_out"

        await bench.until(shown)
        await bench.printer.set_fault(None)
        await bench.until_print(part, "printed")
    assert bench.printer.journal.count == 1


async def test_a_second_paper_copy_is_the_same_label_and_closes_only_once(bench: Bench) -> None:
    order = await bench.picked()
    async with bench.working():
        part = await bench.all_in(order)
        await bench.until_print(part, "printed")
        carton = await bench.carton(part)
        assert (await bench.hands.did("pack.reprint", carton=carton.id)).outcome == "reprinting"
        again = await bench.printer.printed(2)
        await bench.until_print(part, "printed")
    assert f"00{carton.sscc}" in decoded(again.zpl)
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    twice = await bench.hands.did("pack.close", carton=carton.id, sscc=f"(00){carton.sscc}")
    assert twice.outcome == "carton_already_closed"


async def test_asked_for_again_a_label_that_waits_or_failed_comes_out_once(bench: Bench) -> None:
    await bench.printer.set_fault(Fault.PAPER_OUT)
    async with bench.working():
        part = await bench.all_in(await bench.picked())
        await bench.until_print(part, "failed")
        carton = await bench.carton(part)
        for _ in range(2):
            assert (await bench.hands.did("pack.reprint", carton=carton.id)).outcome == "reprinting"
        await bench.printer.set_fault(None)
        await bench.until_print(part, "printed")
    assert bench.printer.journal.count == 1
    assert len((await bench.db.read(lambda conn: spooling.jobs(conn, 1, None, 9, None))).items) == 1


async def test_the_scan_of_a_label_proves_that_it_came_out_and_calls_a_second_copy_off(bench: Bench) -> None:
    await bench.printer.set_fault(Fault.DROP_AFTER)
    async with bench.working():
        part = await bench.all_in(await bench.picked())
        await bench.until_print(part, "unknown")
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    (job,) = (await bench.db.read(lambda conn: spooling.jobs(conn, 1, None, 9, None))).items
    assert (job.state, job.reason) == ("printed", "decided")


async def test_a_label_that_never_came_out_closes_nothing_whoever_scans_it_from_a_screen(bench: Bench) -> None:
    await bench.printer.set_fault(Fault.PAPER_OUT)
    async with bench.working():
        part = await bench.all_in(await bench.picked())
        await bench.until_print(part, "failed")
        await bench.weighed(part)
        carton = await bench.carton(part)
        typed = await bench.hands.did("pack.close", carton=carton.id, sscc=f"(00){carton.sscc}")
        assert (typed.outcome, typed.severity, typed.params) == ("label_not_printed", "error", {"carton": 1})
        assert (await bench.line("MILK")).shipped == 0
        await bench.printer.set_fault(None)
        await bench.until_print(part, "printed")
    assert bench.printer.journal.count == 1
    assert (await bench.close(part)).outcome == "carton_closed"
    assert await bench.whole() == []


async def test_neither_a_print_that_waits_nor_one_that_was_called_off_closes_and_no_printed_earlier_label(
    bench: Bench,
) -> None:
    part = await bench.labelled(await bench.picked())
    await bench.print_waiting()  # the first label came out; it is void from now on
    carton = await bench.carton(part)
    await bench.world.do(lambda work: shipping.void_label(work, 1, carton.id))
    await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    await bench.label_worker().step()
    await bench.weighed(part)
    new = await bench.carton(part)
    scan = partial(bench.hands.did, "pack.close", carton=carton.id, sscc=f"(00){new.sscc}")
    assert (await scan()).outcome == "label_not_printed"
    job = new.print
    assert job is not None
    await bench.world.do(lambda work: spooling.decide(work, 1, job.job, "cancel"))
    assert (await scan()).outcome == "label_not_printed"
    assert (await bench.hands.did("pack.reprint", carton=carton.id)).outcome == "reprinting"
    await bench.print_waiting()
    assert (await scan()).outcome == "carton_closed"


async def test_a_second_copy_that_waits_does_not_hold_up_the_first(bench: Bench) -> None:
    part = await bench.labelled(await bench.picked())
    await bench.print_waiting()
    await bench.weighed(part)
    carton = await bench.carton(part)
    assert (await bench.hands.did("pack.reprint", carton=carton.id)).outcome == "reprinting"
    closed = await bench.hands.did("pack.close", carton=carton.id, sscc=f"(00){carton.sscc}")
    assert closed.outcome == "carton_closed"


async def test_at_a_bench_without_a_printer_the_label_comes_by_another_way(bench: Bench) -> None:
    await bench.at_no_printer()
    part = await bench.labelled(await bench.picked())
    await bench.weighed(part)
    assert (await bench.carton(part)).print is None
    assert (await bench.close(part)).outcome == "carton_closed"


@pytest.mark.parametrize(
    ("profile", "left"), [("zd421-203", []), ("zd421-300", [("PRN-1", "cancelled")])], ids=["alike", "finer"]
)
async def test_what_waits_at_a_printer_that_was_exchanged_comes_out_of_the_new_one(
    bench: Bench, profile: str, left: list[tuple[str, str]]
) -> None:
    """By itself where both print alike, else when somebody wants it again."""
    part = await bench.labelled(await bench.picked())
    await bench.exchange_printer(profile)
    carton = await bench.carton(part)
    assert (await bench.hands.did("pack.reprint", carton=carton.id)).outcome == "reprinting"
    jobs = (await bench.db.read(lambda conn: spooling.jobs(conn, 1, None, 9, None))).items
    assert [(job.printer_code, job.state) for job in jobs] == [("PRN-2", "queued"), *left]
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"


async def test_a_label_says_the_number_of_its_carton_and_not_of_how_many(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 3)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.item(part, "OATS")
    async with bench.working():
        printed = [(await bench.printer.printed(number)).zpl for number in (1, 2)]
    for number, zpl in enumerate(printed, 1):
        assert f"Carton {number}".encode() in zpl
        assert b" / " not in zpl


async def test_a_label_of_another_carton_closes_nothing(bench: Bench) -> None:
    first, second = await bench.order("R-1", MILK=1), await bench.order("R-2", TEA=1)
    await bench.picked("R-3", HONEY=1)
    for order, tote in ((first, "T-0001"), (second, "T-0002")):
        await bench.all_in(order, tote)
    await bench.label_worker().step()
    mine, other = await bench.part(first), await bench.part(second)
    await bench.weighed(mine)
    carton, wrong = await bench.carton(mine), await bench.carton(other)
    for text in (f"(00){wrong.sscc}", "T-0001", "04012345000016", "no barcode"):
        assert (await bench.hands.did("pack.close", carton=carton.id, sscc=text)).outcome == "label_wrong"
    assert (await bench.close(mine)).outcome == "carton_closed"


async def test_a_carrier_that_is_slow_parks_the_carton_and_packing_goes_on(bench: Bench) -> None:
    bench.carrier = Carrier(CarrierAway, CarrierAway)
    first, second = await bench.order("R-1", MILK=1), await bench.picked("R-2", TEA=1)
    await bench.all_in(first)
    await bench.label_worker().step()
    part = await bench.part(first)
    carton = await bench.carton(part)
    assert carton.label is not None
    assert carton.label.state == "wanted"
    assert carton.label.reason
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "label_missing"
    assert (await bench.item(await bench.part(second), "TEA", tote="T-0002")).outcome == "carton_complete"
    for _ in range(2):
        bench.world.clock.advance(seconds=60)
        await bench.label_worker().step()
    assert (await bench.close(part)).outcome == "carton_closed"


async def test_asked_again_a_carrier_hears_the_same_key(bench: Bench) -> None:
    carrier = bench.carrier = Carrier(CarrierAway)
    await bench.all_in(await bench.picked())
    await bench.label_worker().step()
    bench.world.clock.advance(seconds=60)
    await bench.label_worker().step()
    assert len(carrier.asked) == 2
    assert len({parcel.key for parcel in carrier.asked}) == 1


async def test_what_an_ended_process_was_asking_for_is_asked_again_at_once_by_the_same_key(bench: Bench) -> None:
    carrier = bench.carrier = Carrier()
    part = await bench.all_in(await bench.picked())
    label = await _label(bench, part)
    await bench.world.do(partial(shipping.ask, warehouse=1, label_id=label, asker=ENDED))
    worker, rang = bench.label_worker(), bench.world.db.doorbell.count
    if not await worker.step():  # it may be back where its connection was only cut: PostgreSQL is looked at twice
        assert await bench.world.db.rang(20, after=rang)
        await worker.step()
    assert [parcel.key for parcel in carrier.asked] == [label]
    assert (await bench.carton(part)).label.state == "live"  # type: ignore[union-attr]


async def test_what_another_process_asks_for_is_left_to_it(bench: Bench) -> None:
    carrier = bench.carrier = Carrier()
    label = await _label(bench, await bench.all_in(await bench.picked()))
    await bench.world.do(partial(shipping.ask, warehouse=1, label_id=label, asker=bench.world.db.life))
    await bench.label_worker().step()
    assert carrier.asked == []


async def test_a_refused_label_is_asked_for_again_under_a_new_key_and_then_closes(bench: Bench) -> None:
    carrier = bench.carrier = Carrier(CarrierRefused("This address is not served."))
    part = await bench.labelled(await bench.picked())
    carton = await bench.carton(part)
    assert carton.label is not None
    assert (carton.label.state, carton.label.reason) == ("refused", "This address is not served.")
    assert bench.printer.journal.count == 0
    await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    await bench.label_worker().step()
    assert len({parcel.key for parcel in carrier.asked}) == 2
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert await bench.whole() == []


async def test_a_voided_label_is_told_to_the_carrier_does_not_print_and_closes_nothing(bench: Bench) -> None:
    carrier = bench.carrier = Carrier(Booked("NP0000000017", "DE 50"), Booked("NP0000000024", "DE 50"))
    part = await bench.labelled(await bench.picked())
    carton = await bench.carton(part)
    await bench.world.do(lambda work: shipping.void_label(work, 1, carton.id))
    await bench.label_worker().step()
    assert carrier.voided == [carrier.asked[0].key]
    now = await bench.carton(part)
    assert (now.state, now.print and now.print.state) == ("open", "cancelled")
    assert (await bench.close(part)).outcome == "carton_not_complete"
    await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    async with bench.working():
        out = await bench.printer.printed(1)
    assert "NP0000000024" in decoded(out.zpl)
    await bench.weighed(part)
    void_paper = await bench.hands.did("pack.close", carton=carton.id, sscc=f"(00){carton.sscc}")
    assert void_paper.outcome == "label_void"
    assert (await bench.close(part)).outcome == "carton_closed"
    assert await bench.whole() == []


async def test_a_cancel_while_the_carrier_is_asked_ends_the_label_before_it_prints(bench: Bench) -> None:
    """The answer comes after the cancel: nothing becomes live, nothing prints, the carrier is told."""
    order = await bench.picked()

    class Slow(Carrier):
        async def book(self, parcel: Parcel) -> Booked | CarrierRefused:
            await bench.world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
            return await super().book(parcel)

    carrier = bench.carrier = Slow()
    await bench.all_in(order)
    await bench.label_worker().step()
    await bench.label_worker().step()
    assert carrier.voided == [carrier.asked[0].key]
    jobs = partial(spooling.jobs, warehouse=1, before=None, limit=9, state=None)
    assert await bench.db.read(jobs) == JobList([], None)
    assert await bench.whole() == []


async def test_a_carton_that_was_emptied_again_gets_no_label(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 2)
    carton = (await bench.carton(part)).id
    await bench.world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    with pytest.raises(Refusal) as refused:
        await bench.world.do(lambda work: shipping.retry_label(work, 1, carton))
    assert refused.value.code == "carton_not_complete"
    assert await bench.whole() == []


async def test_an_address_that_cannot_be_drawn_is_refused_and_holds_up_no_other(bench: Bench) -> None:
    carrier = bench.carrier = Carrier(Booked("NP" + "9" * 200, "DE 50"), Booked("NP0000000024", "DE 50"))
    first, second = await bench.order("R-1", MILK=1), await bench.picked("R-2", TEA=1)
    for order, tote in ((first, "T-0001"), (second, "T-0002")):
        await bench.all_in(order, tote)
    await bench.label_worker().step()
    labels = {}
    for order in (first, second):
        carton = await bench.carton(await bench.part(order))
        assert carton.label is not None
        labels[carton.label.state] = carton.label.reason
    assert sorted(labels) == ["live", "refused"]
    await bench.label_worker().step()
    assert len(carrier.voided) == 1


async def test_after_it_has_shipped_nothing_is_voided_or_cancelled(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.labelled(order)
    await bench.weighed(part)
    carton = await bench.carton(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    with pytest.raises(Refusal) as refused:
        await bench.world.do(lambda work: shipping.void_label(work, 1, carton.id))
    assert refused.value.code == "carton_already_closed"
    with pytest.raises(Refusal) as refused:
        await bench.world.both(lambda work: cancels.cancel(work, order, "too late"))
    assert refused.value.code == "cancel_too_late"


async def test_every_carton_has_an_sscc_of_its_own(bench: Bench) -> None:
    seen = set()
    for number in range(1, 6):
        part = await bench.labelled(await bench.picked(f"R-{number}", MILK=1))
        await bench.weighed(part)
        seen.add((await bench.carton(part)).sscc)
        assert (await bench.close(part)).outcome == "carton_closed"
    assert len(seen) == 5
