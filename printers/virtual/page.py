"""Why: whoever has no printer can see here what it would have printed, and make it fail."""

from __future__ import annotations

import asyncio
import html
import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Final

from printers.virtual.faults import MEANING, Fault, fault_named
from printers.virtual.http import Reply, Request, Route, SmallServer
from printers.virtual.journal import PrintedLabel
from printers.virtual.printer import VirtualPrinter

SHOWN: Final = 50
_STATIC: Final = Path(__file__).parent / "static"
_WIDTH: Final = re.compile(rb"\^PW0*(\d{1,5})", re.IGNORECASE)
_LENGTH: Final = re.compile(rb"\^LL0*(\d{1,5})", re.IGNORECASE)
_TEMPLATE: Final = (_STATIC / "page.html").read_text("utf-8")
_NO_RENDERER: Final = (
    "Labels are shown as ZPL. Start the virtual printer with --renderer and the path of the file "
    "dist/index.umd.js of the npm package zpl-renderer-js to see them drawn."
)


class ControlPage:
    """The page of one virtual printer, on a port of its own, loopback only.

    `name` says whose printer it is. `renderer` is the file of the drawing library (`dist/index.umd.js` of
    zpl-renderer-js); without it the page shows ZPL as text.
    """

    def __init__(
        self, printer: VirtualPrinter, port: int = 0, renderer: Path | None = None, name: str = "Virtual printer"
    ) -> None:
        self._printer, self._renderer, self._name = printer, renderer, name
        self._server = SmallServer(
            (
                Route("GET", re.compile(r"/"), self._page),
                Route("GET", re.compile(r"/(page\.js|page\.css)"), self._asset),
                Route("GET", re.compile(r"/renderer\.js"), self._renderer_file),
                Route("GET", re.compile(r"/journal\.json"), self._journal),
                Route("GET", re.compile(r"/labels/([1-9][0-9]{0,8})\.zpl"), self._label),
                Route("POST", re.compile(r"/fault"), self._set_fault),
            ),
            port,
        )

    @property
    def address(self) -> str:
        """Where the page is, once started."""
        return self._server.address

    async def start(self) -> None:
        """Serve. Raises OSError where the port is taken."""
        await self._server.start()

    async def stop(self) -> None:
        """No longer serve."""
        await self._server.stop()

    async def _page(self, request: Request, found: re.Match[str]) -> Reply:
        count = self._printer.journal.count
        values = {
            "name": html.escape(self._name),
            "address": "{}:{}".format(*self._printer.address),
            "count": str(count),
            "labels_printed": "label printed" if count == 1 else "labels printed",
            "fault": MEANING[self._printer.fault] if self._printer.fault else "all is well",
            "buttons": "".join(_button(fault, self._printer.fault) for fault in (None, *Fault)),
            "renderer": '<script src="/renderer.js"></script>' if self._renderer else "",
            "note": "" if self._renderer else f"<p>{html.escape(_NO_RENDERER)}</p>",
            "labels": "".join(self._item(label) for label in reversed(self._printer.journal.labels[-SHOWN:])),
        }
        page = re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], _TEMPLATE)
        return Reply(HTTPStatus.OK, "text/html; charset=utf-8", page.encode("utf-8"))

    def _item(self, label: PrintedLabel) -> str:
        width, height = self._size(label.zpl)
        dots = round(self._printer.profile.dots_per_mm)
        return (
            f'<li id="label-{label.sequence}" data-width="{width}" data-height="{height}" data-dots="{dots}">'
            f"<h2>No. {label.sequence}, {label.printed_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"copy {label.copy} of {label.copies}</h2>"
            f"<pre>{html.escape(label.zpl.decode('utf-8', 'replace'))}</pre></li>"
        )

    def _size(self, zpl: bytes) -> tuple[float, float]:
        """Width and height in mm of the drawing, from the label's own ^PW and ^LL."""
        dots = round(self._printer.profile.dots_per_mm)
        width, height = _WIDTH.findall(zpl), _LENGTH.findall(zpl)
        return int(width[-1]) / dots if width else 101.6, int(height[-1]) / dots if height else 152.4

    async def _asset(self, request: Request, found: re.Match[str]) -> Reply:
        kind = {"page.js": "text/javascript", "page.css": "text/css"}[found[1]]
        return Reply(HTTPStatus.OK, f"{kind}; charset=utf-8", (_STATIC / found[1]).read_bytes())

    async def _renderer_file(self, request: Request, found: re.Match[str]) -> Reply:
        if self._renderer is None:
            return Reply.text(HTTPStatus.NOT_FOUND, _NO_RENDERER)
        content = await asyncio.to_thread(self._renderer.read_bytes)
        return Reply(HTTPStatus.OK, "text/javascript; charset=utf-8", content, {"Cache-Control": "max-age=3600"})

    async def _journal(self, request: Request, found: re.Match[str]) -> Reply:
        labels = [
            {
                "sequence": label.sequence,
                "printed_at": label.printed_at.isoformat(),
                "copy": label.copy,
                "copies": label.copies,
                "bytes": len(label.zpl),
                "address": f"/labels/{label.sequence}.zpl",
            }
            for label in self._printer.journal.labels
        ]
        return Reply.json({"count": self._printer.journal.count, "fault": self._printer.fault, "labels": labels})

    async def _label(self, request: Request, found: re.Match[str]) -> Reply:
        label = self._printer.journal.label(int(found[1]))
        if label is None:
            return Reply.text(HTTPStatus.NOT_FOUND, f"No label {found[1]} among the newest.")
        return Reply(HTTPStatus.OK, "text/plain; charset=utf-8", label.zpl)

    async def _set_fault(self, request: Request, found: re.Match[str]) -> Reply:
        try:
            wanted = json.loads(request.body)
            name = wanted["fault"]
            fault = fault_named(name if name is None else str(name))
        except (ValueError, TypeError, KeyError) as error:
            return Reply.text(HTTPStatus.BAD_REQUEST, f'Expected {{"fault": "paper-out"}} or null: {error}')
        await self._printer.set_fault(fault)
        return Reply.json({"fault": self._printer.fault})


def _button(fault: Fault | None, current: Fault | None) -> str:
    name = fault.value if fault else "none"
    meaning = MEANING[fault] if fault else "all is well"
    pressed = "true" if fault is current else "false"
    return (
        f'<button type="button" data-fault="{name}" aria-pressed="{pressed}" title="{html.escape(meaning)}">'
        f"{name}</button>"
    )
