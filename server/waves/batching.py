"""Which orders of a wave share a cart, so that the pickers walk least.

It exists because carts filled first-in-first-out and walked in bin order walk 1.6 times the best known plan of the
public batching sets. First the orders are sorted by a signature of where they lead (farthest aisle, deepest place,
aisles visited) and the sorted row is cut into carts: n log n, a plan at once. Then simulated annealing (Kirkpatrick,
Gelatt & Vecchi 1983) moves and swaps orders between carts, every change priced by the exact router. It is bounded by
iterations, not by a clock: the same orders, seed and budget give the same plan. Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from operator import or_
from random import Random
from typing import Any, Generic, TypeAlias, TypeVar

from server.locations.router import Floor, Pricer, Profile, Stop, Tour, length_in_bin_order, route

OrderKey = TypeVar("OrderKey")
StopKey = TypeVar("StopKey")

LOOK_UP = 256
"""After how many iterations the annealing asks whether it shall stop."""

HOT, COLD = 0.1, 0.025
"""The first and the last temperature, as parts of the mean walk an order. Tuned on the public batching sets."""

REACH = 60
"""How far apart in the signature's row two orders may lie to be neighbours."""

ALWAYS_SWAP, IN_PAIRS = 0.3, 0.3
"""How often an order is swapped though there is room for it, and how often it takes another along."""

REMEMBERED = 50_000
"""How many tour lengths are kept: some 50 MB."""


@dataclass(frozen=True, slots=True)
class OrderToBatch(Generic[OrderKey, StopKey]):
    """An order as batching sees it: its key, how many totes it fills (1 or more), and where it is picked."""

    key: OrderKey
    totes: int
    stops: tuple[Stop[StopKey], ...]


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart with slots numbered 1 to `slots`, one tote each."""

    slots: int


@dataclass(frozen=True, slots=True)
class Batch(Generic[OrderKey, StopKey]):
    """The orders of one cart and their tour.

    `orders` are in the order in which the tour first meets them, and `slots` holds for each the numbers of its totes.
    `bin_order_length` is the walk past the same stops by aisle and height; `tour.length` is never longer.
    """

    orders: tuple[OrderToBatch[OrderKey, StopKey], ...]
    slots: tuple[tuple[int, ...], ...]
    tour: Tour[StopKey]
    bin_order_length: float


class OrderDoesNotFit(ValueError):
    """An order fills more totes than the cart has slots; the caller splits it first."""


Loads: TypeAlias = list[list[int]]
"""Which orders ride together, by their position in the wave."""


def batch(
    orders: Sequence[OrderToBatch[OrderKey, StopKey]],
    cart: Cart,
    floor: Floor,
    *,
    seed: int,
    budget: int,
    stop: Callable[[], bool] | None = None,
) -> list[Batch[OrderKey, StopKey]]:
    """The wave's carts: every order on exactly one, no cart over its slots.

    `budget`: iterations of annealing; 0 gives the first plan. `stop` is asked now and then and ends the annealing
    early (a deadline); without it the answer depends on the arguments alone. Raises OrderDoesNotFit, and ValueError
    for an order without totes or a stop beside the floor.
    """
    for order in orders:
        if order.totes < 1:
            raise ValueError(f"Expected order {order.key!r} to fill at least 1 tote, got {order.totes}.")
        if order.totes > cart.slots:
            raise OrderDoesNotFit(
                f"Expected order {order.key!r} to fill at most {cart.slots} totes, got {order.totes}."
            )
    pricer = Pricer(floor, (place for order in orders for place in order.stops))
    wave = _Wave(pricer, [pricer.profile(order.stops) for order in orders], [o.totes for o in orders], cart.slots)
    row = sorted(range(len(orders)), key=lambda i: (_signature(floor, orders[i].stops), i))
    loads = _cut(row, wave)
    if budget > 0 and len(loads) > 1:
        loads = _Annealing(wave, row, loads, Random(seed)).run(budget, stop)
    return [_batched(floor, [orders[i] for i in load]) for load in loads]


def _signature(floor: Floor, stops: Sequence[Stop[Any]]) -> tuple[float, float, tuple[tuple[int, int], ...]]:
    """Where an order leads: farthest aisle, deepest place, blocks visited; far orders first."""
    if not stops:
        return 0, 0, ()
    home = floor.point(None)
    far = max(abs(floor.aisle_x[stop.aisle] - home.x) for stop in stops)
    deep = max(abs(stop.y - home.y) for stop in stops)
    blocks = {(stop.aisle, sum(stop.y > y for y in floor.cross_y[1:-1])) for stop in stops}
    return -far, -deep, tuple(sorted(blocks))


def _cut(row: Iterable[int], wave: _Wave) -> Loads:
    """The row of orders cut into carts, each filled until the next order does not fit."""
    loads: Loads = []
    room = 0
    for order in row:
        if not loads or wave.totes[order] > room:
            loads.append([])
            room = wave.slots
        loads[-1].append(order)
        room -= wave.totes[order]
    return loads


def _batched(floor: Floor, orders: Sequence[OrderToBatch[OrderKey, StopKey]]) -> Batch[OrderKey, StopKey]:
    stops = [stop for order in orders for stop in order.stops]
    tour = route(floor, stops)
    met = {(stop.aisle, stop.y): i for i, stop in reversed(list(enumerate(tour.stops)))}
    placed = sorted(orders, key=lambda order: min((met[s.aisle, s.y] for s in order.stops), default=-1))
    slots, taken = [], 1
    for order in placed:
        slots.append(tuple(range(taken, taken + order.totes)))
        taken += order.totes
    in_bin_order = sorted(stops, key=lambda stop: (stop.aisle, stop.y))
    return Batch(tuple(placed), tuple(slots), tour, length_in_bin_order(floor, in_bin_order))


@dataclass(frozen=True, slots=True)
class _Wave:
    pricer: Pricer
    profiles: list[Profile]
    totes: list[int]
    slots: int


class _Annealing:
    """Orders move between carts, always if that shortens the walk, now and then if it lengthens it a little."""

    def __init__(self, wave: _Wave, row: Sequence[int], loads: Loads, chance: Random) -> None:
        self._wave, self._chance = wave, chance
        self._near = _neighbours(wave, row)
        self._loads = [list(load) for load in loads]
        self._cart_of = {order: cart for cart, load in enumerate(self._loads) for order in load}
        self._room = [wave.slots - sum(wave.totes[i] for i in load) for load in self._loads]
        self._profiles = [self._merged(load) for load in self._loads]
        self._known: dict[Profile, float] = {}
        self._lengths = [self._price(profile) for profile in self._profiles]
        self._rest: dict[int, Profile] = {}

    def run(self, budget: int, stop: Callable[[], bool] | None) -> Loads:
        """The best loads seen within `budget` tries."""
        total = least = sum(self._lengths)
        best = [list(load) for load in self._loads]
        random = self._chance.random
        mean = total / len(self._near)
        for tried in range(budget):
            if stop is not None and tried % LOOK_UP == 0 and stop():
                break
            heat = mean * HOT * (COLD / HOT) ** (tried / budget)
            gained = self._try(-heat * log(1.0 - random()))
            if gained is None:
                continue
            total -= gained
            if total < least - 1e-9 * mean:
                least, best = total, [list(load) for load in self._loads]
        return [load for load in best if load]

    def _try(self, allowed: float) -> float | None:
        """Bring an order to a neighbour's cart; what that shortens, or None if it lengthens by over `allowed`."""
        random, totes = self._chance.random, self._wave.totes
        order = int(random() * len(totes))
        near = self._near[order]
        here = self._cart_of[order]
        there = self._cart_of[near[int(len(near) * random() * random())]]
        if here == there:
            return None
        out = [order]
        kind = random()
        if kind > 1.0 - IN_PAIRS:
            partner = self._any_of(here)
            if partner != order:
                out.append(partner)
        more = sum(totes[i] for i in out)
        back: list[int] = []
        if more > self._room[there] or kind < ALWAYS_SWAP:
            back = self._to_send_back(here, there, more)
            if not back:
                return None
            more -= sum(totes[i] for i in back)
        return self._exchange(here, there, out, back, more, allowed)

    def _any_of(self, cart: int) -> int:
        load = self._loads[cart]
        return load[int(self._chance.random() * len(load))]

    def _to_send_back(self, here: int, there: int, totes: int) -> list[int]:
        """One order, else two, of the cart `there` that make room for `totes` and find room `here`; else none."""
        least, most = totes - self._room[there], totes + self._room[here]
        load = self._loads[there]
        first = int(self._chance.random() * len(load))
        for order in load[first:] + load[:first]:
            if least <= self._wave.totes[order] <= most:
                return [order]
        if len(load) > 1:
            pair = [load[first], load[first - 1]]
            if least <= sum(self._wave.totes[i] for i in pair) <= most:
                return pair
        return []

    def _exchange(
        self, here: int, there: int, out: list[int], back: list[int], more: int, allowed: float
    ) -> float | None:
        """Change two carts, unless their tours become longer by more than `allowed`: most fail the cheap bound."""
        before = self._lengths[here] + self._lengths[there]
        limit = before + allowed
        least = self._wave.pricer.least
        profile_here, profile_there = self._with(here, out, back), self._with(there, back, out)
        least_there = least(profile_there)
        if least(profile_here) + least_there > limit:
            return None
        length_here = self._price(profile_here)
        if length_here + least_there > limit:
            return None
        length_there = self._price(profile_there)
        if length_here + length_there > limit:
            return None
        self._put(here, out, back, profile_here, length_here, more)
        self._put(there, back, out, profile_there, length_there, -more)
        return before - length_here - length_there

    def _put(self, cart: int, out: list[int], into: list[int], profile: Profile, length: float, room: int) -> None:
        for order in self._loads[cart]:
            self._rest.pop(order, None)
        self._loads[cart] = [order for order in self._loads[cart] if order not in out] + into
        for order in into:
            self._cart_of[order] = cart
        self._profiles[cart], self._lengths[cart] = profile, length
        self._room[cart] += room

    def _with(self, cart: int, out: list[int], into: list[int]) -> Profile:
        """The places of a cart after a change."""
        profile = self._without(cart, out) if out else self._profiles[cart]
        for order in into:
            profile = tuple(map(or_, profile, self._wave.profiles[order]))
        return profile

    def _without(self, cart: int, out: list[int]) -> Profile:
        if len(out) > 1:
            return self._merged([i for i in self._loads[cart] if i not in out])
        order = out[0]
        rest = self._rest.get(order)
        if rest is None:
            rest = self._rest[order] = self._merged([i for i in self._loads[cart] if i != order])
        return rest

    def _merged(self, load: Iterable[int]) -> Profile:
        return self._wave.pricer.merge(map(self._wave.profiles.__getitem__, load))

    def _price(self, profile: Profile) -> float:
        length = self._known.get(profile)
        if length is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            length = self._known[profile] = self._wave.pricer.price(profile)
        return length


def _neighbours(wave: _Wave, row: Sequence[int]) -> list[list[int]]:
    """For each order those within reach in the signature's row, the one first that saves most on the same cart."""
    near: list[list[int]] = [[] for _ in row]
    least, profiles = wave.pricer.least, wave.profiles
    alone = [least(profile) for profile in profiles]
    for place, order in enumerate(row):
        around = [*row[max(0, place - REACH) : place], *row[place + 1 : place + REACH + 1]]
        detours = {i: least(tuple(map(or_, profiles[order], profiles[i]))) - alone[i] for i in around}
        near[order] = sorted(around, key=detours.__getitem__)
    return near
