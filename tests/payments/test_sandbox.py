"""The sandbox gateway: an outside party with books of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.core.clock import ManualClock
from server.payments.adapters.sandbox import TOKENS, SandboxGateway
from server.payments.port import Answer, Call, Declined, GatewayTimeout, Kind, Succeeded


def call(key: str, kind: Kind, amount: int = 0, token: str = "", reference: str = "") -> Call:
    return Call(key=key, kind=kind, at=datetime(2026, 11, 24, tzinfo=UTC), amount_minor=amount, currency="EUR",
                token=token, reference=reference)  # fmt: skip


async def take(gateway: SandboxGateway, key: str, reference: str, amount: int) -> Answer:
    return await gateway.capture(call(key, "capture", amount, reference=reference))


@pytest.fixture
def gateway(tmp_path: Path, clock: ManualClock) -> SandboxGateway:
    return SandboxGateway(tmp_path / "books", clock)


async def authorised(gateway: SandboxGateway, key: str = "a", token: str = "ok", amount: int = 100) -> Succeeded:
    said = await gateway.authorise(call(key, "authorise", amount, token=token))
    assert isinstance(said, Succeeded)
    return said


async def test_the_same_key_is_the_same_call(gateway: SandboxGateway) -> None:
    first = await authorised(gateway)
    assert (
        await gateway.authorise(call("a", "authorise", 100, token="ok"))
        == first
        == await gateway.status(call("a", "authorise"))
    )
    await take(gateway, "c", first.reference, 60)
    await take(gateway, "c", first.reference, 60)
    assert gateway.taken(first.reference) == 60
    assert len(gateway.records()) == 2


async def test_a_key_is_not_used_for_another_call(gateway: SandboxGateway) -> None:
    await authorised(gateway)
    with pytest.raises(ValueError, match="another call"):
        await gateway.authorise(call("a", "authorise", 99, token="ok"))


async def test_it_says_no_as_the_token_has_it(gateway: SandboxGateway) -> None:
    assert await gateway.authorise(call("a", "authorise", 1, token="decline")) == Declined("insufficient funds")
    assert await gateway.authorise(call("b", "authorise", 1, token="what")) == Declined("unknown card")


async def test_silence_means_taken_and_deafness_means_not_taken(gateway: SandboxGateway) -> None:
    for key, token in (("silent", "timeout-once"), ("deaf", "lost-once")):
        with pytest.raises(GatewayTimeout):
            await gateway.authorise(call(key, "authorise", 1, token=token))
    assert isinstance(await gateway.status(call("silent", "authorise")), Succeeded)
    assert await gateway.status(call("deaf", "authorise")) is None
    assert isinstance(await gateway.authorise(call("deaf", "authorise", 1, token="lost-once")), Succeeded)


async def test_it_can_answer_twice(gateway: SandboxGateway) -> None:
    heard: list[tuple[str, Answer]] = []

    async def hear(key: str, answer: Answer) -> None:
        heard.append((key, answer))

    gateway.listen(hear)
    said = await authorised(gateway, token="twice")
    assert heard == [("a", said)]


async def test_it_gives_no_more_than_was_set_aside_and_nothing_too_late(
    gateway: SandboxGateway, clock: ManualClock
) -> None:
    said = await authorised(gateway, token="expire")
    assert said.until == clock.now() + timedelta(minutes=1)
    assert await take(gateway, "1", said.reference, 101) == Declined("more than was authorised")
    assert isinstance(await take(gateway, "2", said.reference, 60), Succeeded)
    assert await take(gateway, "3", said.reference, 41) == Declined("more than was authorised")
    clock.advance(61)
    assert await take(gateway, "4", said.reference, 40) == Declined("authorisation expired")
    assert await take(gateway, "5", "sandbox-none", 1) == Declined("unknown authorisation")


async def test_what_was_let_go_is_not_taken(gateway: SandboxGateway) -> None:
    said = await authorised(gateway)
    assert isinstance(await gateway.void(call("v", "void", reference=said.reference)), Succeeded)
    assert await take(gateway, "c", said.reference, 1) == Declined("authorisation was voided")


async def test_its_books_outlive_it_and_two_may_share_them(tmp_path: Path, clock: ManualClock) -> None:
    books = tmp_path / "books"
    one, other = SandboxGateway(books, clock), SandboxGateway(books, clock)
    said = await authorised(one)
    await other.capture(call("c", "capture", 70, reference=said.reference))
    await one.capture(call("d", "capture", 30, reference=said.reference))
    assert await SandboxGateway(books, clock).status(call("c", "authorise")) is not None
    assert await one.capture(call("e", "capture", 1, reference=said.reference)) == Declined("more than was authorised")


async def test_a_line_that_a_crash_cut_off_is_as_if_it_was_never_heard(tmp_path: Path, clock: ManualClock) -> None:
    books = tmp_path / "books"
    await authorised(SandboxGateway(books, clock))
    whole = books.read_bytes()
    books.write_bytes(whole + whole[:40])
    gateway = SandboxGateway(books, clock)
    assert isinstance(await gateway.status(call("a", "authorise")), Succeeded)
    await authorised(gateway, key="b")
    assert [record.key for record in SandboxGateway(books, clock).records()] == ["a", "b"]


def test_every_token_says_what_it_does() -> None:
    assert all(manner.what.endswith(".") for manner in TOKENS.values())
