"""Why: the page shows what customers are called, and can break a printer: nobody but its reader may do either."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from printers import Label, Text, profile_named
from printers.virtual import ControlPage, Fault, VirtualPrinter


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Site(NamedTuple):
    printer: VirtualPrinter
    page: ControlPage
    port: int

    async def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        head = {
            "host": f"127.0.0.1:{self.port}",
            "content-length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        return await self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def raw(self, data: bytes) -> Reply:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        answer = await reader.read(-1)
        writer.close()
        top, _, body = answer.partition(b"\r\n\r\n")
        first, *rest = top.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        return Reply(int(first.split()[1]), headers, body)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with VirtualPrinter() as printer:
        page = ControlPage(printer)
        await page.start()
        yield Site(printer, page, int(page.address.split(":")[2].strip("/")))
        await page.stop()


async def print_name(site: Site, name: str) -> bytes:
    label = Label(profile_named("virtual"), 100, 50)
    label.add(Text(2, 2, name))
    _, writer = await asyncio.open_connection(*site.printer.address)
    writer.write(label.zpl())
    await writer.drain()
    writer.close()
    return (await site.printer.printed(site.printer.journal.count + 1)).zpl


async def test_the_page_lists_labels_and_escapes_them(site: Site) -> None:
    await print_name(site, '<script>alert(1)</script> & "quoted"')
    page = await site.call("GET", "/")
    text = page.body.decode()
    assert page.status == 200
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;" in text
    assert "Labels are shown as ZPL." in text
    assert "{{" not in text


async def test_the_page_says_whose_printer_it_is_and_how_many_labels_came_out() -> None:
    async with VirtualPrinter() as printer:
        page = ControlPage(printer, name="Label printer at <Pack 1>")
        await page.start()
        site = Site(printer, page, int(page.address.split(":")[2].strip("/")))
        for count, words in ((0, "labels"), (1, "label"), (2, "labels")):
            text = (await site.call("GET", "/")).body.decode()
            assert f"<strong>{count}</strong> {words} printed." in text
            assert f"<title>Label printer at &lt;Pack 1&gt; ({count})</title>" in text
            assert "<h1>Label printer at &lt;Pack 1&gt;</h1>" in text
            await print_name(site, "Anna")
        await page.stop()


async def test_the_page_may_load_nothing_from_elsewhere(site: Site) -> None:
    policy = (await site.call("GET", "/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "http" not in policy
    for asset in ("/page.js", "/page.css"):
        assert (await site.call("GET", asset)).status == 200


async def test_a_label_is_given_as_it_came(site: Site) -> None:
    zpl = await print_name(site, "Bob^XZ~JR")
    answer = await site.call("GET", "/labels/1.zpl")
    assert (answer.status, answer.body) == (200, zpl)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await site.call("GET", "/labels/2.zpl")).status == 404


async def test_the_journal_is_there_for_programs(site: Site) -> None:
    await print_name(site, "Anna")
    journal = json.loads((await site.call("GET", "/journal.json")).body)
    assert (journal["count"], journal["fault"]) == (1, None)
    assert journal["labels"][0]["address"] == "/labels/1.zpl"


async def test_a_fault_comes_and_goes(site: Site) -> None:
    answer = await site.call("POST", "/fault", b'{"fault": "paper-out"}', content_type="application/json")
    assert (answer.status, site.printer.fault) == (200, Fault.PAPER_OUT)
    assert b"no labels left" in (await site.call("GET", "/")).body
    answer = await site.call("POST", "/fault", b'{"fault": null}', content_type="application/json")
    assert (answer.status, site.printer.fault) == (200, None)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"fault": "fire"}', b"{}", b"\xff"])
async def test_a_bad_fault_is_refused_with_an_example(site: Site, body: bytes) -> None:
    answer = await site.call("POST", "/fault", body, content_type="application/json")
    assert answer.status == 400
    assert b"Expected" in answer.body
    assert site.printer.fault is None


async def test_another_host_name_is_refused_everywhere(site: Site) -> None:
    assert (await site.call("GET", "/journal.json", host="evil.example")).status == 403
    answer = await site.call(
        "POST", "/fault", b'{"fault": "hang"}', host="evil.example", content_type="application/json"
    )
    assert (answer.status, site.printer.fault) == (403, None)
    assert (await site.call("GET", "/", host=f"localhost:{site.port}")).status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
async def test_another_site_cannot_break_the_printer(site: Site, origin: str) -> None:
    answer = await site.call("POST", "/fault", b'{"fault": "hang"}', origin=origin, content_type="application/json")
    assert (answer.status, site.printer.fault) == (403, None)


async def test_a_form_cannot_break_the_printer(site: Site) -> None:
    answer = await site.call("POST", "/fault", b'{"fault": "hang"}', content_type="text/plain")
    assert (answer.status, site.printer.fault) == (415, None)


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: 99999\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: " + b"y" * 40_000 + b"\r\n\r\n",
        b"\x00\xff\x16\x03\x01 hello there\r\n\r\n",
    ],
)
async def test_nonsense_is_answered_not_obeyed(site: Site, data: bytes) -> None:
    assert (await site.raw(data)).status in (400, 403)


async def test_paths_outside_the_page_do_not_exist(site: Site) -> None:
    for path in ("/../page.py", "/page.html", "/labels/0.zpl", "/labels/../1.zpl", "/renderer.js", "/%2e%2e/x"):
        assert (await site.call("GET", path)).status == 404
    assert (await site.call("GET", "/fault")).status == 405


async def test_a_renderer_is_served_when_it_is_given(tmp_path: Path) -> None:
    bundle = tmp_path / "index.umd.js"
    bundle.write_text("var zpljs = {};")
    async with VirtualPrinter() as printer:
        page = ControlPage(printer, renderer=bundle)
        await page.start()
        site = Site(printer, page, int(page.address.split(":")[2].strip("/")))
        assert (await site.call("GET", "/renderer.js")).body == b"var zpljs = {};"
        assert b'<script src="/renderer.js">' in (await site.call("GET", "/")).body
        await page.stop()
