"""The server's own event loop is not asyncio's: a label prints there too."""

from __future__ import annotations

import asyncio

import uvloop

from printers.conversation import Printed
from printers.protocol import Condition
from printers.transport import print_job, query_status
from printers.virtual.printer import VirtualPrinter


async def _print_one() -> tuple[object, Condition]:
    async with VirtualPrinter(port=0, seconds_per_label=0.0) as printer:
        result = await print_job(printer.address, b"^XA^FDx^FS^XZ", 1)
        return result, (await query_status(printer.address)).condition


def test_a_label_prints_on_the_event_loop_of_the_server() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result, condition = runner.run(_print_one())
    assert isinstance(result, Printed)
    assert condition is Condition.READY
