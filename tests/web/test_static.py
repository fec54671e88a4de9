"""The PWA from memory: screens, files, caching, and nothing else of the disk."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, asgi
from litestar.testing import AsyncTestClient
from litestar.types import Receive, Scope, Send

from server.web.static import FOR_EVER, Pwa, load

SCRIPT = b"console.log(1);" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built PWA beside a secret."""
    (tmp_path / "secret.txt").write_text("secret")
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Pickwave</title>")
    (built / "sw.js").write_text("self.skipWaiting()")
    (built / "manifest.webmanifest").write_text("{}")
    (built / "assets" / "index-BOyoFhAz.js").write_bytes(SCRIPT)
    (built / "assets" / "reader-DRTzSEi4.wasm").write_bytes(b"\0asm" * 1000)
    return built


@pytest.fixture
async def pwa(folder: Path) -> Any:
    """A client of the PWA over an API that answers 404."""

    @asgi("/", is_mount=True, copy_scope=False)
    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"api", "more_body": False})

    app = Litestar([api], openapi_config=None)
    app.asgi_handler = Pwa(app.asgi_handler, folder)
    async with AsyncTestClient(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/index.html", "/pick", "/orders/10234", "/pack/S-PACK-1"])
async def test_every_screen_is_the_page_and_is_asked_for_anew(pwa: Any, path: str) -> None:
    response = await pwa.get(path)
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")
    assert "<title>Pickwave" in response.text


@pytest.mark.parametrize("path", ["/api/orders", "/api", "/metrics", "/assets/gone-12345678.js", "/favicon.ico"])
async def test_what_is_no_screen_and_no_file_goes_to_the_api(pwa: Any, path: str) -> None:
    assert (await pwa.get(path)).text == "api"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//secret.txt"]
)
async def test_nothing_beside_the_folder_is_served(pwa: Any, path: str) -> None:
    assert "secret" not in (await pwa.get(path)).text


async def test_a_file_with_a_hash_in_its_name_is_kept_for_ever(pwa: Any) -> None:
    response = await pwa.get("/assets/index-BOyoFhAz.js")
    assert response.headers["cache-control"] == FOR_EVER
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert (await pwa.get("/assets/reader-DRTzSEi4.wasm")).headers["content-type"] == "application/wasm"


async def test_the_service_worker_is_never_kept_and_may_serve_the_whole_site(pwa: Any) -> None:
    headers = (await pwa.get("/sw.js")).headers
    assert (headers["cache-control"], headers["service-worker-allowed"]) == ("no-cache", "/")
    assert (await pwa.get("/manifest.webmanifest")).headers["content-type"] == "application/manifest+json"


async def test_a_file_is_sent_packed_to_who_can_unpack_it(pwa: Any) -> None:
    packed = await pwa.get("/assets/index-BOyoFhAz.js", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == SCRIPT
    assert int(packed.headers["content-length"]) < len(SCRIPT)
    plain = await pwa.get("/assets/index-BOyoFhAz.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT


async def test_a_known_file_is_not_sent_again(pwa: Any) -> None:
    tag = (await pwa.get("/")).headers["etag"]
    again = await pwa.get("/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_head_tells_the_size_and_sends_nothing(pwa: Any) -> None:
    response = await pwa.head("/")
    assert response.content == b""
    assert int(response.headers["content-length"]) > 0


async def test_what_does_not_shrink_is_not_sent_packed(folder: Path) -> None:
    (folder / "noise.json").write_bytes(random.Random(1).randbytes(5000))
    files = load(folder)
    assert await files["/index.html"].packed() is None
    assert await files["/noise.json"].packed() is None
    assert await files["/assets/index-BOyoFhAz.js"].packed() == gzip.compress(SCRIPT, 6, mtime=0)


def test_no_folder_means_no_files(tmp_path: Path) -> None:
    assert load(tmp_path / "nothing") == {}
