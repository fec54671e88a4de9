"""Measures routing and batching; prints one JSON row for each measure. Run: `python -m bench.routing`.

Times are seconds of one core's work, so that a busy machine does not change what is compared.
The gap and the walk saved are measured on the public instances beside the project and left out where those are absent.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from random import Random
from time import process_time
from typing import Any

from server.locations.router import Corner, Floor, Stop, length_in_bin_order, route
from server.waves.batching import Batch, Cart, OrderToBatch, batch
from tests.locations.routing_data import grid, has, height, rows

Order = OrderToBatch[int, Any]

AISLES = 20
AISLE_GAP, BLOCK = 3000, 24_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=1.0, help="annealing time an instance")
    options.add_argument("--every", type=int, default=1, help="take every n-th public instance")
    chosen = options.parse_args()
    for crosses in (2, 3, 4, 5):
        show(tour_times(crosses, tours=300 if crosses < 5 else 60))
    for lines in (1_000, 10_000):
        show(first_plan(lines))
    show(web_orders(chosen.seconds))
    if has("obp_muter_oncan_dev"):
        show(public_batching(chosen.seconds, chosen.every))


def tour_times(crosses: int, tours: int) -> dict[str, Any]:
    """One tour with its walk: 20 aisles, 60 picks."""
    chance, floor = Random(1), warehouse(crosses)
    top = floor.cross_y[-1]
    route(floor, [Stop(0, 1, 0)])
    spent = []
    for _ in range(tours):
        stops = [Stop(chance.randrange(AISLES), chance.randrange(500, int(top), 500), i) for i in range(60)]
        start = process_time()
        route(floor, stops)
        spent.append(process_time() - start)
    return {
        "measure": "tour",
        "cross_aisles": crosses,
        "p50_ms": at(spent, 0.5) * 1e3,
        "p99_ms": at(spent, 0.99) * 1e3,
    }


def first_plan(lines: int) -> dict[str, Any]:
    """A wave of small orders without annealing, all tours drawn."""
    orders = list(small_orders(Random(2), lines))
    start = process_time()
    batch(orders, Cart(24), warehouse(3), seed=1, budget=0)
    return {"measure": "first plan", "lines": lines, "orders": len(orders), "seconds": process_time() - start}


def web_orders(seconds: float) -> dict[str, Any]:
    """Small web orders against carts filled first-in-first-out and walked in bin order."""
    orders, floor, cart = list(small_orders(Random(2), 1000)), warehouse(3), Cart(24)
    fifo = fifo_in_bin_order(orders, cart, floor)
    first = batch(orders, cart, floor, seed=1, budget=0)
    annealed = timed(orders, cart, floor, seconds)
    return {
        "measure": "web orders",
        "lines": 1000,
        "saved_first_plan": 1 - walked(first) / fifo,
        "saved": 1 - walked(annealed) / fifo,
        "seconds": seconds,
    }


def public_batching(seconds: float, every: int) -> dict[str, Any]:
    """Müter & Öncan's instances: gap to the best known plan, walk saved against first-in-first-out + bin order."""
    gaps, ours, fifo = [], 0.0, 0.0
    for row in rows("obp_muter_oncan_dev")[::every]:
        floor, cart, orders = grid(row, 1), Cart(row["capacity"]), public_orders(row)
        length = walked(timed(orders, cart, floor, seconds))
        gaps.append(length / row["best"] - 1)
        ours += length
        fifo += fifo_in_bin_order(orders, cart, floor)
        assert gaps[-1] > -1e-9 or not row["proven"], f"{row['name']} is below its proven optimum"
    return {
        "measure": "public batching",
        "instances": len(gaps),
        "seconds": seconds,
        "gap_mean_pct": 100 * sum(gaps) / len(gaps),
        "gap_p95_pct": 100 * at(gaps, 0.95),
        "saved": 1 - ours / fifo,
    }


def timed(orders: list[Order], cart: Cart, floor: Floor, seconds: float) -> list[Batch[int, Any]]:
    """A plan in about `seconds`: the speed is measured first, so that the annealing cools fully in that time."""

    def spent(budget: int) -> float:
        start = process_time()
        batch(orders, cart, floor, seed=1, budget=budget)
        return process_time() - start

    few, many = 2_000, 22_000
    pace = (spent(many) - (fixed := spent(few))) / (many - few)
    budget = few + max(0, int((seconds - fixed) / max(pace, 1e-6)))
    end = process_time() + seconds
    return batch(orders, cart, floor, seed=1, budget=budget, stop=lambda: process_time() > end)


def public_orders(row: dict[str, Any]) -> list[Order]:
    return [
        OrderToBatch(
            key,
            sum(quantity for _, _, quantity in lines),
            tuple(Stop(aisle, height(row, cell, 1), (key, cell)) for aisle, cell, _ in lines),
        )
        for key, lines in enumerate(row["orders"])
    ]


def small_orders(chance: Random, lines: int) -> Iterator[Order]:
    """Orders of one to five lines, most of one, a tote each."""
    key, left = 0, lines
    while left:
        size = min(left, chance.choice((1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5)))
        stops = (
            Stop(chance.randrange(AISLES), chance.randrange(1000, 2 * BLOCK, 1000), (key, line)) for line in range(size)
        )
        yield OrderToBatch(key, 1, tuple(stops))
        key, left = key + 1, left - size


def fifo_in_bin_order(orders: list[Order], cart: Cart, floor: Floor) -> float:
    """The walk of carts filled in the order in which the orders came, each walked by aisle and height."""
    total, room = 0.0, 0
    carts: list[list[Stop[Any]]] = []
    for order in orders:
        if order.totes > room:
            carts.append([])
            room = cart.slots
        carts[-1] += order.stops
        room -= order.totes
    for stops in carts:
        total += length_in_bin_order(floor, sorted(stops, key=lambda stop: (stop.aisle, stop.y)))
    return total


def warehouse(crosses: int) -> Floor:
    aisle_x = tuple(i * AISLE_GAP for i in range(AISLES))
    return Floor(aisle_x, tuple(i * BLOCK for i in range(crosses)), Corner(3, 0))


def walked(batches: list[Batch[int, Any]]) -> float:
    return sum(one.tour.length for one in batches)


def at(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def show(row: dict[str, Any]) -> None:
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}
    print(json.dumps(rounded, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
