"""The public picker-routing instances as floors and stops; the data's README tells how rows are laid out."""

from __future__ import annotations

import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

from server.locations.router import Corner, Floor, Link, OffGrid, Stop

DATA = next(
    (
        parent / "shared" / "data" / "routing"
        for parent in Path(__file__).resolve().parents
        if (parent / "shared" / "data" / "routing").is_dir()
    ),
    Path(__file__).resolve().parents[3] / "shared" / "data" / "routing",
)


def has(name: str) -> bool:
    return (DATA / f"{name}.jsonl.xz").is_file()


@cache
def rows(name: str) -> list[dict[str, Any]]:
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt") as lines:
        return [json.loads(line) for line in lines]


def grid(row: dict[str, Any], blocks: int) -> Floor:
    """The floor of a row with one block, or with two: then a middle cross-aisle parts the cells in halves."""
    last = row["cells"] - 1
    bottom = height(row, last, blocks) - row["bottom_entry"]
    top = height(row, 0, blocks) + row["top_entry"]
    middle = (height(row, row["cells"] // 2, blocks) + 1,) if blocks == 2 else ()
    cross_y = (bottom, *middle, top)
    corner = Corner(row["depot_aisle"], 0 if row["depot_side"] == "bottom" else blocks)
    aisle_x = tuple(i * row["aisle_gap"] for i in range(row["aisles"]))
    if not row["depot_link"]:
        return Floor(aisle_x, cross_y, corner)
    door = OffGrid(aisle_x[corner.aisle], cross_y[corner.cross], (Link(*corner, row["depot_link"]),))
    return Floor(aisle_x, cross_y, door)


def height(row: dict[str, Any], cell: int, blocks: int) -> float:
    """How far a cell lies above the bottom cross-aisle; cell 0 is the one nearest the top."""
    length = row["top_entry"] + (row["cells"] - 1) * row["cell_gap"] + row["bottom_entry"]
    y = length - row["top_entry"] - cell * row["cell_gap"]
    if blocks == 1 or cell >= row["cells"] // 2:
        return float(y)
    return float(y - row["cell_gap"] + 2)


def single_bin_stops(row: dict[str, Any], blocks: int) -> list[Stop[int]]:
    """The stops of a routing row in which each article lies in one bin."""
    where = {article: (aisle, cell) for article, aisle, cell, _ in row["stock"]}
    return [
        Stop(where[article][0], height(row, where[article][1], blocks), article)
        for order in row["orders"]
        for article, _ in order
    ]
