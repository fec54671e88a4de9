"""Where the demo's printers show what they print is told at the start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from printers.transport import PrinterAddress
from seed.printers import Running, pages
from server.background import Site


def test_each_printer_of_the_demo_is_told_by_its_station_and_the_address_of_its_page() -> None:
    running = {f"PRN-{n}": Running(PrinterAddress("127.0.0.1", n), f"http://127.0.0.1:{n}00/") for n in (1, 2, 3, 21)}
    site = cast("Site", SimpleNamespace(things={"virtual_printers": running}))
    assert pages(site) == [
        ("Label printer at Pack 1", "http://127.0.0.1:100/"),
        ("Label printer at Pack 2", "http://127.0.0.1:200/"),
        ("Second printer at Pack 1", "http://127.0.0.1:300/"),
        ("Label printer in München", "http://127.0.0.1:2100/"),
    ]
