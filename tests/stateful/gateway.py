"""A gateway as it is on a bad day: it says yes, no, later, nothing, the same twice, or takes its yes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from server.payments.port import Answer, Declined, Gone, Pending, Succeeded
from server.payments.service import asking, invariants, payments

ANY = st.integers(0, 11)
SAYS = st.sampled_from(("yes", "yes", "yes", "yes", "no", "later", "silence", "gone"))
MANY = 50


class Gateway:
    """The rules by which a shift's cards are asked for. What was answered under a key stays answered."""

    ground: ClassVar[Any]
    orders: list[UUID]
    ask: Any

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[UUID, Answer] = {}

    @precondition(lambda self: self.orders)
    @rule(at=ANY, says=SAYS)
    def gateway_is_asked(self, at: int, says: str) -> None:
        """The worker asks for one thing that is due; what comes back, or does not, is recorded."""
        clock = self.ground.world.clock
        due = self.ground.look(lambda conn: asking.due(conn, clock.now(), MANY))
        if not due:
            return
        intent = due[at % len(due)]
        question = self.ask(lambda work: asking.ask(work, intent, "sandbox"))
        if question is None or says == "silence":
            return
        answer = self._says(intent, says, known=question.known)
        if answer is not None:
            self.ask(lambda work: asking.answer(work, intent, answer))
        self.the_money_is_whole()

    def _says(self, intent: UUID, says: str, *, known: bool) -> Answer | None:
        before = self.said.get(intent)
        if known:
            return Gone("it ran out") if says == "gone" else None
        if isinstance(before, Succeeded | Declined):
            return before
        until = self.ground.world.clock.now() + timedelta(days=7)
        answers: dict[str, Answer] = {
            "yes": Succeeded(f"R-{intent}", until), "no": Declined("not today"), "later": Pending(f"R-{intent}"),
            "gone": Declined("not today"),
        }  # fmt: skip
        self.said[intent] = answers[says]
        return answers[says]

    @precondition(lambda self: self.said)
    @rule(at=ANY)
    def gateway_says_it_again(self, at: int) -> None:
        intent = list(self.said)[at % len(self.said)]
        self.ask(lambda work: asking.answer(work, intent, self.said[intent]))
        self.the_money_is_whole()

    @precondition(lambda self: self.orders)
    @rule(at=ANY)
    def money_follows_what_shipped(self, at: int) -> None:
        self.ask(lambda work: payments.take(work, self.orders[at % len(self.orders)]))
        self.the_money_is_whole()

    @precondition(lambda self: self.orders)
    @rule(at=ANY)
    def the_card_is_tried_again(self, at: int) -> None:
        self.ask(lambda work: payments.retry(work, self.orders[at % len(self.orders)], "another"))
        self.the_money_is_whole()

    def the_money_is_whole(self) -> None:
        assert self.ground.look(invariants.broken) == []
