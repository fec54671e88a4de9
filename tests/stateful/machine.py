"""Two pickers, a desk that changes its mind, and a network that comes and goes, in any order, on the real services."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from server.core.refusal import Refusal
from server.db.work import Work
from server.orders.rules import Split
from server.orders.schemas.captures import NewLine
from server.orders.schemas.changes import MoreItems
from server.orders.schemas.supply import Arrival, NewReceipt
from server.orders.service import additions, backorders, cancels, captures, edits, holds, receipts, statuses
from server.orders.service import invariants as order_invariants
from server.orders.service.follow import orders_follow
from server.orders.service.moves import promise_again
from server.tasks import service as tasks
from server.tasks.schemas import Answered, Batch
from server.waves import planner
from server.waves import service as waves
from server.waves.schemas import Plan, PlannedOrder, WaveFilter
from tests.stateful import books
from tests.stateful.gateway import Gateway
from tests.stateful.ground import SKUS, Ground
from tests.support.world import new_order

STEPS = 30
"""Of a run, at least."""
WHO = st.integers(0, 1)
ANY = st.integers(0, 11)
"""Which of what there is: taken modulo their number."""
MOSTLY = 9
RECEIVED = "A02-03-A"
"""Where goods are put that come in the middle of a shift."""
LINES = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 5), min_size=1, max_size=2)
UNITS = st.sampled_from(("right", "right", "few", "few", "many", "absurd"))
BINS = st.sampled_from(("right", "right", "right", "other", "unknown"))
NOT_DONE = frozenset({"set_aside", "command_malformed", "after_refused", "already_taken", "command_id_reused"})

Sent = dict[str, Any]


class Shift(Gateway, RuleBasedStateMachine):
    """One shift. `ground` is set by the test; each run empties it and begins anew."""

    ground: ClassVar[Ground]
    outcomes: ClassVar[Counter[str]]
    seen: books.Seen

    def __init__(self) -> None:
        super().__init__()
        self.ground.fresh()
        self.references = 0
        self.orders: list[UUID] = []
        self.holds: list[UUID] = []
        self.receipts: list[tuple[UUID, UUID]] = []
        self.online = [True, True]
        self.waiting: list[list[Sent]] = [[], []]
        self.known: list[list[tuple[Sent, Answered]]] = [[], []]
        self.taken: Counter[UUID] = Counter()
        """What hands took out of bins and did not put back, by item, as the answers said."""
        self.whole = self.changed = True
        self.steps = 0
        self.look()

    @initialize(
        lines=st.lists(LINES, min_size=1, max_size=4),
        begun=st.sampled_from((0, 1, 2, 2)),
        home=st.sampled_from((0, 1, 2, 2)),
    )
    def open_the_shift(self, lines: list[dict[str, int]], begun: int, home: int) -> None:
        """Some orders are on the floor already; perhaps somebody has begun, or has handed a tour over."""
        for each in lines:
            self.capture(each, whole=False)
        self.release()
        self.look()
        for who in range(begun):
            if any(each.state == "offered" for each in self.seen.tours):
                self.begin(who, 0)
                self.look()
            if who < home:
                self.walk_home(who)
                self.look()

    # --- the desk

    @rule(lines=LINES, whole=st.booleans(), card=st.sampled_from((False, False, True)))
    def capture(self, lines: dict[str, int], whole: bool, card: bool = False) -> None:
        self.references += 1
        new = new_order(
            f"R-{self.ground.runs}-{self.references}",
            lines,
            payment={"method": "card", "token": "ok"} if card else {"method": "invoice", "token": ""},
            split="ship_complete" if whole else "ship_available",
        )
        self.orders.append(self.ask(lambda work: captures.capture(work, new)).id)

    @precondition(lambda self: self.orders)
    @rule()
    def release(self) -> None:
        """Everything that is ready goes to the floor; the last slice is written twice."""
        world = self.ground.world
        given = self.ground.look(lambda conn: waves.plan_input(conn, 1, WaveFilter(), world.clock.now(), budget=0)[0])
        plan = planner.plan(given)
        if portions := waves.slices(plan):
            cutoff = min(each.cutoff_at for each in given.orders)
            assert self.ask(lambda work: _whole_wave(work, plan, cutoff, portions)) in ("released", "undone")

    @precondition(lambda self: self.orders)
    @rule(at=ANY)
    def cancel(self, at: int) -> None:
        self.ask(lambda work: cancels.cancel(work, nth(self.orders, at), "changed their mind"))

    @precondition(lambda self: self.orders)
    @rule(at=ANY, position=st.integers(1, 2), units=st.integers(1, 4))
    def cancel_units(self, at: int, position: int, units: int) -> None:
        self.ask(lambda work: cancels.cancel_units(work, nth(self.orders, at), position, units, "fewer"))

    @precondition(lambda self: self.orders)
    @rule(at=ANY, sku=st.sampled_from(SKUS), units=st.integers(1, 3))
    def add_items(self, at: int, sku: str, units: int) -> None:
        more = MoreItems(lines=[NewLine(sku=sku, quantity=units, price_minor=500)], why="one more")
        self.ask(lambda work: additions.add(work, nth(self.orders, at), more))

    @precondition(lambda self: self.orders)
    @rule(at=ANY, other=ANY)
    def merge(self, at: int, other: int) -> None:
        self.ask(lambda work: additions.merge(work, nth(self.orders, at), nth(self.orders, other), "one parcel"))

    @precondition(lambda self: self.orders)
    @rule(at=ANY, whole=st.booleans())
    def change_split(self, at: int, whole: bool) -> None:
        split: Split = "ship_complete" if whole else "ship_available"
        self.ask(lambda work: edits.change_split(work, nth(self.orders, at), split))

    @rule(sku=st.sampled_from(SKUS), units=st.integers(1, 6), days=st.integers(0, 5), known=st.integers(1, 3))
    def announce(self, sku: str, units: int, days: int, known: int) -> None:
        """Goods are on their way, or come on another day than was said."""
        day = self.ground.world.clock.now().date() + timedelta(days=days)
        new = NewReceipt(reference=f"PO-{known}", sku=sku, quantity=units, expected_on=day)
        found = self.ask(lambda work: receipts.announce(work, 1, new))
        if found is not None and found.first:
            self.receipts.append((found.id, self.ground.world.items[sku]))

    @precondition(lambda self: self.receipts)
    @rule(at=ANY, units=st.integers(0, 6))
    def receive(self, at: int, units: int) -> None:
        """Goods come, or come no more."""
        receipt, item = nth(self.receipts, at)
        if not units:
            self.ask(lambda work: receipts.cancel(work, receipt, 1))
        elif self.ask(lambda work: receipts.arrive(work, receipt, self._come(item, units), 1)):
            self.ground.received[item] = self.ground.received.get(item, 0) + units

    def _come(self, item: UUID, units: int) -> Arrival:
        if item == self.ground.world.items["HONEY"]:
            return Arrival(quantity=units, bin=RECEIVED, lot="L3", expiry=date(2027, 12, 1))
        return Arrival(quantity=units, bin=RECEIVED)

    @precondition(lambda self: self.orders)
    @rule()
    def promises_follow(self) -> None:
        """What waits in warehouses goes back to its order, and whoever waits is promised what there is."""
        for order in self.orders:
            self.ask(lambda work, each=order: backorders.take_back(work, each))
        items = list(self.ground.world.items.values())
        self.ask(lambda work: orders_follow(work, promise_again(work, 1, items)))

    @precondition(lambda self: self.orders)
    @rule(at=ANY)
    def hold(self, at: int) -> None:
        held = self.ask(lambda work: holds.hold(work, nth(self.orders, at)))
        if held is not None:
            self.holds.append(held)

    @precondition(lambda self: self.holds)
    @rule(at=ANY)
    def let_go(self, at: int) -> None:
        self.ask(lambda work: holds.release(work, nth(self.holds, at)))

    @precondition(lambda self: self.orders)
    @rule()
    def statuses_follow(self) -> None:
        """What the durable sink does when it has caught up."""
        self.ask(lambda work: [statuses.refresh(work, order) for order in self.orders])
        broken = self.ground.look(order_invariants.broken)
        assert not broken, broken

    # --- the floor

    @precondition(lambda self: any(each.state == "offered" for each in self.seen.tours))
    @rule(who=WHO, at=ANY)
    def begin(self, who: int, at: int) -> None:
        """Takes an offered tour with a cart and a tote in each slot, in one batch."""
        tour = nth([each for each in self.seen.tours if each.state == "offered"], at)
        slots, free_totes = self.ground.look(lambda conn: books.room(conn, tour.id))
        self.do(
            who,
            ("tour.take", {"tour": tour.id}),
            ("tour.cart", {"tour": tour.id, "cart": f"C-{who + 1:02d}"}),
            *(
                ("tour.tote", {"tour": tour.id, "slot": slot, "tote": tote})
                for slot, tote in zip(slots, free_totes, strict=False)
            ),
        )

    @precondition(lambda self: self.seen.tours)
    @rule(who=WHO, at=ANY, kind=st.sampled_from(("take", "cart", "tote")), number=st.integers(0, 9))
    def ask_for(self, who: int, at: int, kind: str, number: int) -> None:
        """A request for any tour, cart, slot and tote, right or wrong."""
        tour = self.some_tour(who, at).id
        body = {
            "take": {"tour": tour},
            "cart": {"tour": tour, "cart": f"C-{number:02d}"},
            "tote": {"tour": tour, "slot": number % 4 + 1, "tote": f"T-{number:04d}"},
        }
        self.do(who, (f"tour.{kind}", body[kind]))

    @precondition(lambda self: self.own_stop(0) or self.own_stop(1))
    @rule(who=WHO, stops=st.integers(1, 3))
    def walk(self, who: int, stops: int) -> None:
        """The picker goes on with a tour of theirs, as it should be."""
        for _ in range(stops):
            task = self.own_stop(who)
            if task is not None:
                self.do(who, self.right(task))
                self.look()

    @precondition(lambda self: self.own_stop(0) or self.own_stop(1))
    @rule(who=WHO)
    def walk_home(self, who: int) -> None:
        """The picker does the rest of a tour without a mistake and hands it over."""
        tours = {each.tour_id: None for each in self.own_stops(who)}
        for tour in tours:
            stops = [each for each in self.own_stops(who) if each.tour_id == tour]
            self.do(who, *(self.right(each) for each in stops), ("tour.finish", {"tour": tour, "place": "S-PACK-1"}))

    @precondition(lambda self: self.of_kind("pick"))
    @rule(who=WHO, at=ANY, units=UNITS, where=BINS, wrong_tote=st.sampled_from((False, False, False, True)))
    def pick(self, who: int, at: int, units: str, where: str, wrong_tote: bool) -> None:
        task = self.some("pick", at)
        left = max(1, task.quantity - task.done - task.short)
        self.do(
            who,
            (
                "pick",
                {
                    "task": task.id,
                    "qty": {"right": left, "few": max(1, left - 1), "many": left + 2, "absurd": 2_000_000}[units],
                    "bin": {"right": f"B-{task.code}", "other": "B-A01-09-A", "unknown": "B-Z99-99-Z"}[where],
                    "item": "scanned",
                    "tote": "T-0020" if wrong_tote else task.tote or "T-0019",
                    "slot": task.slot or 1,
                },
            ),
        )

    @precondition(lambda self: self.of_kind("pick"))
    @rule(who=WHO, at=ANY, missing=st.integers(1, 3), reason=st.sampled_from(("empty", "damaged", "not_found")))
    def short(self, who: int, at: int, missing: int, reason: str) -> None:
        task = self.some("pick", at)
        self.do(who, ("short", {"task": task.id, "missing": missing, "reason": reason}))

    @precondition(lambda self: self.of_kind("put_back"))
    @rule(who=WHO, at=ANY, less=st.integers(-1, 1), elsewhere=st.booleans())
    def put_back(self, who: int, at: int, less: int, elsewhere: bool) -> None:
        task = self.some("put_back", at)
        units = max(1, task.quantity - task.done - less)
        place = "B-A01-08-A" if elsewhere else f"B-{task.code}"
        self.do(who, ("put_back", {"task": task.id, "qty": units, "bin": place}))

    @precondition(lambda self: self.of_kind("count"))
    @rule(who=WHO, at=ANY, counted=st.integers(0, 12))
    def count(self, who: int, at: int, counted: int) -> None:
        task = self.some("count", at)
        self.do(who, ("count", {"task": task.id, "bin": f"B-{task.code}", "counted": counted}))

    @precondition(lambda self: self.seen.tasks)
    @rule(who=WHO, at=ANY)
    def skip(self, who: int, at: int) -> None:
        stops = self.own_stops(who)
        self.do(who, ("skip", {"task": nth(stops if stops and at < MOSTLY else self.seen.tasks, at).id}))

    @precondition(lambda self: any(self.known) or any(self.waiting))
    @rule(who=WHO, back=st.integers(1, 4))
    def undo(self, who: int, back: int) -> None:
        sent = [*(command for command, _ in self.known[who]), *self.waiting[who]]
        if sent:
            self.do(who, ("undo", {"command": sent[-min(back, len(sent))]["id"]}))

    @precondition(lambda self: any(each.state == "offered" for each in self.seen.tours))
    @rule(who=WHO, at=ANY, number=st.integers(11, 17), more=st.booleans(), home=st.booleans())
    def go_on_with_a_tour_that_was_given_away(self, who: int, at: int, number: int, more: bool, home: bool) -> None:
        """Out of reach a picker binds a tote and picks; the other one has the tour now, and perhaps hands it over."""
        tour = nth([each for each in self.seen.tours if each.state == "offered"], at).id
        self.do(who, ("tour.take", {"tour": tour}))
        self.online[who] = False
        self.ask(lambda work: tasks.reassign_tour(work, 1, tour, self.ground.hands[1 - who].person))
        self.look()
        tote = f"T-{number:04d}"
        stops = [self.right(each) for each in self.seen.tasks if each.tour_id == tour and each.state == "open"]
        for kind, body in stops if more else stops[:1]:
            self.do(who, ("tour.tote", {"tour": tour, "slot": body.get("slot", 1), "tote": tote}))
            self.do(who, (kind, body | ({"tote": tote} if kind == "pick" else {})))
        self.online[who] = True
        self.send(who, list(self.waiting[who]))
        self.look()
        if home:
            self.walk_home(1 - who)
            self.do(1 - who, ("tour.finish", {"tour": tour, "place": "S-PACK-1"}))

    @precondition(lambda self: self.seen.tours)
    @rule(who=WHO, at=ANY)
    def finish(self, who: int, at: int) -> None:
        self.do(who, ("tour.finish", {"tour": self.some_tour(who, at).id, "place": "S-PACK-1"}))

    # --- the network

    @rule(who=WHO, minutes=st.sampled_from((0, 1, 40)))
    def lose_the_network(self, who: int, minutes: int) -> None:
        """And time goes by: a lease runs out in half an hour."""
        self.online[who] = False
        self.ground.world.clock.advance(minutes * 60)

    @precondition(lambda self: any(self.waiting))
    @rule(
        who=WHO,
        how=st.sampled_from(("all", "part", "twice", "answer lost", "hole", "reversed")),
        size=st.integers(1, 5),
        back=st.booleans(),
    )
    def find_the_network(self, who: int, how: str, size: int, back: bool) -> None:
        """What waits is sent: whole, in part, twice, without its answer, without its first, or back to front."""
        due = self.waiting[who]
        if not due:
            return
        self.online[who] = back
        unknown = not any(sent is due[0] for sent, _ in self.known[who])
        if how in ("hole", "reversed") and len(due) > 1 and unknown:
            self.nothing_is_taken(who, due[1:] if how == "hole" else due[:0:-1], due[0]["seq"])
        if how == "answer lost":
            self.send(who, due, keep=True)
            return
        sent = due[:size] if how == "part" else list(due)
        self.send(who, sent)
        if how == "twice":
            self.answered_again(who, len(sent))
        if back:
            self.send(who, list(self.waiting[who]))

    @precondition(lambda self: any(self.known))
    @rule(who=WHO, size=st.integers(1, 5))
    def answered_again(self, who: int, size: int) -> None:
        """Old commands sent again are answered as before and change nothing."""
        old = self.known[who][-size:]
        if not old:
            return
        before = self.ground.look(books.movements)
        batch = self.ground.run(self.ground.hands[who].send(*(command for command, _ in old)))
        assert [(each.outcome, each.params, each.again) for each in batch.answers] == [
            (answer.outcome, answer.params, True) for _, answer in old
        ]
        assert self.ground.look(books.movements) == before

    def nothing_is_taken(self, who: int, commands: list[Sent], wanted: int) -> None:
        batch = self.ground.run(self.ground.hands[who].send(*commands))
        assert (batch.answers, batch.resend_from) == ([], wanted)

    # --- what holds after every step

    @invariant()
    def the_books_are_whole(self) -> None:
        self.whole = False
        self.look()
        broken = [*self.seen.broken, *books.somewhere(self.seen, self.ground.received)]
        lying = books.in_hands(self.seen) + books.with_customers(self.seen)
        broken += [
            f"item {item}: hands took {self.taken[item]}, {lying[item]} lie in totes, in cartons and with customers"
            for item in lying.keys() | self.taken.keys()
            if lying[item] != self.taken[item]
        ]
        assert not broken, broken
        self.whole = True
        self.steps += 1

    def teardown(self) -> None:
        """At the end everyone is online again and every order's status has followed."""
        if not self.whole:
            return
        self.ground.whole_runs += self.steps >= STEPS
        for who in (0, 1):
            self.send(who, list(self.waiting[who]))
        self.the_books_are_whole()
        self.statuses_follow()
        self.the_money_is_whole()

    # --- how it is done

    def look(self) -> None:
        self.ground.world.clock.advance(1)
        if self.changed:
            self.seen = self.ground.look(books.look)
            self.changed = False

    def own_stops(self, who: int) -> list[Any]:
        """The open stops of the tours that this picker has, in their order."""
        mine = {each.id for each in self.seen.tours if each.person_id == self.ground.hands[who].person}
        return [each for each in self.seen.tasks if each.state == "open" and each.tour_id in mine]

    def own_stop(self, who: int) -> Any:
        """The next of them."""
        return next(iter(self.own_stops(who)), None)

    def right(self, task: Any) -> tuple[str, dict[str, Any]]:
        """What is said of a stop at which everything was right."""
        left = task.quantity - task.done - task.short
        body = {"task": task.id, "qty": left, "bin": f"B-{task.code}"}
        if task.kind == "pick":
            body |= {"item": "scanned", "tote": task.tote or "T-0018", "slot": task.slot or 1}
        return task.kind, body

    def of_kind(self, kind: str) -> bool:
        return any(each.kind == kind and each.state != "waiting" for each in self.seen.tasks)

    def some(self, kind: str, at: int) -> Any:
        """A task of a kind, mostly an open one."""
        here = [each for each in self.seen.tasks if each.kind == kind and each.state != "waiting"]
        still_open = [each for each in here if each.state == "open"]
        return nth(still_open if still_open and at < MOSTLY else here, at)

    def some_tour(self, who: int, at: int) -> Any:
        """A tour, mostly one of this picker's."""
        mine = [each for each in self.seen.tours if each.person_id == self.ground.hands[who].person]
        return nth(mine if mine and at < MOSTLY else self.seen.tours, at)

    def ask(self, run: Any) -> Any:
        """A request of the desk; a refusal is an answer too."""
        self.changed = True
        try:
            return self.ground.run(self.ground.world.both(run))
        except Refusal:
            return None

    def do(self, who: int, *commands: tuple[str, dict[str, Any]]) -> None:
        """The commands are kept on the device and, with a network, sent with everything that waits."""
        for kind, body in commands:
            plain = {name: str(value) if isinstance(value, UUID) else value for name, value in body.items()}
            self.waiting[who].append(self.ground.hands[who].command(kind, plain))
        if self.online[who]:
            self.send(who, list(self.waiting[who]))

    def send(self, who: int, commands: list[Sent], *, keep: bool = False) -> None:
        """Sends; with `keep` the answer is lost on its way and the device does not know."""
        if not commands:
            return
        self.changed = True
        batch: Batch = self.ground.run(self.ground.hands[who].send(*commands))
        assert batch.resend_from is None
        assert len(batch.answers) == len(commands)
        for command, answer in zip(commands, batch.answers, strict=True):
            before = next((old for sent, old in self.known[who] if sent is command), None)
            if before is None:
                assert not answer.again
                self.known[who].append((command, answer))
                self.outcomes[answer.outcome] += 1
                self.believe(who, command, answer)
            else:
                assert (answer.outcome, answer.params, answer.again) == (before.outcome, before.params, True)
        if not keep:
            self.waiting[who] = [each for each in self.waiting[who] if each not in commands]

    def believe(self, who: int, command: Sent, answer: Answered) -> None:
        """What hands did, by what was answered."""
        if answer.severity == "error" or answer.outcome in NOT_DONE:
            return
        sign = 1
        if command["kind"] == "undo":
            sign = -1
            command, answer = next(each for each in self.known[who] if each[0]["id"] == command["body"]["command"])
        body = command["body"]
        if command["kind"] == "pick":
            self.taken[self.item_of(UUID(body["task"]))] += sign * body["qty"]
        elif command["kind"] == "put_back":  # what was not due any more is counted, not booked
            self.taken[self.item_of(UUID(body["task"]))] -= sign * int(answer.params["quantity"])

    def item_of(self, task: UUID) -> UUID:
        item: UUID = next(each.item_id for each in self.seen.tasks if each.id == task)
        return item


def _whole_wave(work: Work, plan: Plan, cutoff: datetime, portions: list[list[PlannedOrder]]) -> str:
    wave = waves.start(work, 1, WaveFilter(), plan, cutoff)
    for at, portion in enumerate(portions):
        waves.write_slice(work, 1, wave, plan, at, portion)
    waves.write_slice(work, 1, wave, plan, len(portions) - 1, portions[-1])
    return waves.complete(work, 1, wave)


def nth(found: list[Any], at: int) -> Any:
    """One of what there is."""
    return found[at % len(found)]
