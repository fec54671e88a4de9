"""The sandbox gateway: an outside party with books of its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from server.core.clock import ManualClock
from server.payments.adapters.sandbox import TOKENS, SandboxGateway
from server.payments.port import Answer, Declined, GatewayTimeout, Succeeded


@pytest.fixture
def gateway(tmp_path: Path, clock: ManualClock) -> SandboxGateway:
    return SandboxGateway(tmp_path / "books", clock)


async def authorised(gateway: SandboxGateway, key: str = "a", token: str = "ok", amount: int = 100) -> Succeeded:
    said = await gateway.authorise(key, token, amount, "EUR")
    assert isinstance(said, Succeeded)
    return said


async def test_the_same_key_is_the_same_call(gateway: SandboxGateway) -> None:
    first = await authorised(gateway)
    assert await gateway.authorise("a", "ok", 100, "EUR") == first == await gateway.status("a")
    await gateway.capture("c", first.reference, 60)
    await gateway.capture("c", first.reference, 60)
    assert gateway.taken(first.reference) == 60
    assert len(gateway.records()) == 2


async def test_a_key_is_not_used_for_another_call(gateway: SandboxGateway) -> None:
    await authorised(gateway)
    with pytest.raises(ValueError, match="another call"):
        await gateway.authorise("a", "ok", 99, "EUR")


async def test_it_says_no_as_the_token_has_it(gateway: SandboxGateway) -> None:
    assert await gateway.authorise("a", "decline", 1, "EUR") == Declined("insufficient funds")
    assert await gateway.authorise("b", "what", 1, "EUR") == Declined("unknown card")


async def test_silence_means_taken_and_deafness_means_not_taken(gateway: SandboxGateway) -> None:
    for key, token in (("silent", "timeout-once"), ("deaf", "lost-once")):
        with pytest.raises(GatewayTimeout):
            await gateway.authorise(key, token, 1, "EUR")
    assert isinstance(await gateway.status("silent"), Succeeded)
    assert await gateway.status("deaf") is None
    assert isinstance(await gateway.authorise("deaf", "lost-once", 1, "EUR"), Succeeded)


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
    assert await gateway.capture("1", said.reference, 101) == Declined("more than was authorised")
    assert isinstance(await gateway.capture("2", said.reference, 60), Succeeded)
    assert await gateway.capture("3", said.reference, 41) == Declined("more than was authorised")
    clock.advance(61)
    assert await gateway.capture("4", said.reference, 40) == Declined("authorisation expired")
    assert await gateway.capture("5", "sandbox-none", 1) == Declined("unknown authorisation")


async def test_what_was_let_go_is_not_taken(gateway: SandboxGateway) -> None:
    said = await authorised(gateway)
    assert isinstance(await gateway.void("v", said.reference), Succeeded)
    assert await gateway.capture("c", said.reference, 1) == Declined("authorisation was voided")


async def test_its_books_outlive_it_and_two_may_share_them(tmp_path: Path, clock: ManualClock) -> None:
    books = tmp_path / "books"
    one, other = SandboxGateway(books, clock), SandboxGateway(books, clock)
    said = await authorised(one)
    await other.capture("c", said.reference, 70)
    await one.capture("d", said.reference, 30)
    assert await SandboxGateway(books, clock).status("c") is not None
    assert await one.capture("e", said.reference, 1) == Declined("more than was authorised")


async def test_a_line_that_a_crash_cut_off_is_as_if_it_was_never_heard(tmp_path: Path, clock: ManualClock) -> None:
    books = tmp_path / "books"
    await authorised(SandboxGateway(books, clock))
    whole = books.read_bytes()
    books.write_bytes(whole + whole[:40])
    gateway = SandboxGateway(books, clock)
    assert isinstance(await gateway.status("a"), Succeeded)
    await authorised(gateway, key="b")
    assert [record.key for record in SandboxGateway(books, clock).records()] == ["a", "b"]


def test_every_token_says_what_it_does() -> None:
    assert all(manner.what.endswith(".") for manner in TOKENS.values())
