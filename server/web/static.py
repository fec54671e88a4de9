"""Why: the PWA is served from memory, beside the API and with the same headers, so one process is a whole site.

Every address that is not the API's and not a file is a screen of the PWA and gets index.html. Only names that stood
in the folder at the start are served: no path of a client ever reaches the disk.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

API_PREFIXES: Final = ("/api", "/metrics")
CHECKOUT: Final = Path(__file__).resolve().parents[2] / "pwa" / "dist"
PACKAGED: Final = Path(__file__).resolve().parent / "dist"

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"
_HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")
_COMPRESSIBLE = re.compile(r"^text/|javascript|json|svg|wasm|xml")
_TYPES: Final = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".wasm": "application/wasm"}


@dataclass
class File:
    """One file as it is sent. Packed when it is first asked for so: a start need not wait for what nobody reads."""

    body: bytes
    packable: bool
    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes
    _packed: bytes | None = None

    async def packed(self) -> bytes | None:
        """The body as gzip; None where that would not be shorter. Packs off the loop, once."""
        if self.packable and self._packed is None:
            made = await asyncio.to_thread(gzip.compress, self.body, 6, mtime=0)
            self._packed, self.packable = made, len(made) < len(self.body)
        return self._packed if self.packable else None


def pwa_folder() -> Path:
    """Where the built PWA is: in the wheel, or in the checkout."""
    return PACKAGED if PACKAGED.is_dir() else CHECKOUT


class Pwa:
    """ASGI: the PWA's files and screens; everything else goes on to the API."""

    def __init__(self, api: ASGIApp, folder: Path) -> None:
        self.api = api
        self.files = load(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD outside the API."""
        if scope["type"] != ScopeType.HTTP or scope["method"] not in ("GET", "HEAD") or _is_api(scope["path"]):
            await self.api(scope, receive, send)
            return
        file = self.files.get(scope["path"]) or self._screen(scope["path"])
        if file is None:
            await self.api(scope, receive, send)
            return
        scope["path_template"] = "(pwa)"
        await _send(file, scope, send)

    def _screen(self, path: str) -> File | None:
        """index.html for an address of a screen; nothing for the address of a file that is not there."""
        is_file = "." in path.rpartition("/")[2]
        return None if is_file else self.files.get("/index.html")


def load(folder: Path) -> dict[str, File]:
    """All files of the folder by their address; empty when nothing was built."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {f"/{path.relative_to(folder).as_posix()}": _file(path) for path in files}


def _file(path: Path) -> File:
    body = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packable = len(body) > 1000 and _COMPRESSIBLE.search(kind) is not None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'.encode()
    headers = {
        "content-type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "cache-control": FOR_EVER if path.parent.name == "assets" and _HASHED.search(path.name) else ASK_FIRST,
        "etag": etag.decode(),
        "vary": "accept-encoding",
    }
    if path.name == "sw.js":
        headers["service-worker-allowed"] = "/"
    encoded = tuple((name.encode(), value.encode()) for name, value in headers.items())
    return File(body, packable, encoded, etag)


def _is_api(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in API_PREFIXES)


async def _send(file: File, scope: HTTPScope, send: Send) -> None:
    asked = dict(scope["headers"])
    headers = list(file.headers)
    if file.etag in asked.get(b"if-none-match", b""):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    body = file.body
    packed = await file.packed() if b"gzip" in asked.get(b"accept-encoding", b"") else None
    if packed is not None:
        body = packed
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    sent = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": sent, "more_body": False})
