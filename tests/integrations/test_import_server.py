"""Files over the wire, against a real server: cut, too large, two at once, broken off, and a server that is killed."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.schema.conftest import Admin
from tests.support.importing import HEADER, REST, order_rows
from tests.support.site import Site

MOST = 3_000_000
WITHIN = 120.0
SOAK = bool(os.environ.get("PICKWAVE_SOAK"))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory, loop: asyncio.AbstractEventLoop) -> Iterator[Admin]:
    site = Site(tmp_path_factory.mktemp("imports") / "data", settings={"MAX_IMPORT_BYTES": str(MOST)})
    loop.run_until_complete(site.start("--demo"))
    with httpx.Client(base_url=site.url, headers={"X-Pickwave": "1"}, timeout=60) as http:
        signed_in = Admin(site, http)
        signed_in.enrol()
        signed_in.sign_in()
        yield signed_in
    assert loop.run_until_complete(site.stop()) == 0


def bring(admin: Admin, kind: str, data: bytes, **query: str) -> Any:
    path = "/api/orders/import" if kind == "orders" else f"/api/imports/{kind}"
    answer = admin.http.post(path, content=data, params=query, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 202, answer.text
    return answer.json()


def until(admin: Admin, import_id: str, holds: Callable[[Any], bool]) -> Any:
    """The import as soon as this holds of it; over HTTP there is no event to wait for."""
    ends = time.monotonic() + WITHIN
    while time.monotonic() < ends:
        found = admin.http.get(f"/api/imports/{import_id}").json()
        if holds(found):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def ended(found: Any) -> bool:
    return bool(found["state"] not in ("checking", "running"))


def kept(admin: Admin) -> list[str]:
    folder = admin.site.folder / "imports"
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def references(admin: Admin, prefix: str) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        query: dict[str, Any] = {"limit": 200, "channel": "import", **({"after": after} if after else {})}
        page = admin.http.get("/api/orders/", params=query).json()
        found += [each["external_ref"] for each in page["items"] if each["external_ref"].startswith(prefix)]
        after = page["next"]
        if after is None:
            return found


def demo_orders(prefix: str, count: int) -> bytes:
    return order_rows(*(f"{prefix}-{number},40-{number % 200 + 1:04d},1,3.00" for number in range(count))).encode()


def test_a_file_of_an_old_program_is_looked_at_mended_and_run(admin: Admin) -> None:
    german = "Bestellnummer;Artikelnummer;Menge;Preis;Währung;Kunde;Straße;PLZ;Ort;Land;Versandart;Zahlungsart;Farbe"
    row = "EUR;Jürgen Groß;Lindenweg 4;50667;Köln;DE;nordpost-parcel;Vorkasse;rot"
    data = "\r\n".join((german, f"=1+1;40-0001;2;2,29;{row}", f"ALT-2;40-XXXX;1;1,00;{row}")).encode("cp1252")
    found = until(admin, bring(admin, "orders", data, name="alt.csv")["id"], ended)
    assert (found["state"], found["encoding"], found["separator"]) == ("checked", "windows-1252", ";")
    assert [note["code"] for note in found["notes"]] == ["assumed", "ignored"]
    assert found["preview"][0][5] == "Jürgen Groß"
    assert (found["checked"]["made"], found["checked"]["faulty"]) == (1, 1)
    page = admin.http.get(f"/api/imports/{found['id']}/faults", headers={"Accept-Language": "de"}).json()
    assert [(each["row"], each["column"], each["message"], each["got"]) for each in page["items"]] == [
        (3, "Artikelnummer", "Das ist nicht bekannt.", "40-XXXX")
    ]
    stopped = admin.http.post(f"/api/imports/{found['id']}/start", json={})
    assert (stopped.status_code, stopped.json()["code"]) == (409, "import_faulty")
    admin.http.post(f"/api/imports/{found['id']}/cancel").raise_for_status()
    mended = until(admin, bring(admin, "orders", data.replace(b"XXXX", b"0002"), dry_run="false")["id"], ended)
    assert (mended["state"], mended["written"]["made"]) == ("done", 2)
    assert references(admin, "=1") == ["=1+1"]
    assert kept(admin) == []


def test_the_file_of_faults_is_read_back_and_holds_no_formula(admin: Admin) -> None:
    found = until(admin, bring(admin, "stock", b"bin,sku,quantity\n=HYPERLINK(1),@x,1\n")["id"], ended)
    answer = admin.http.get(f"/api/imports/{found['id']}/faults.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    cells = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[-1] for row in cells[1:]] == ["'=HYPERLINK(1)", "'@x"]
    admin.http.post(f"/api/imports/{found['id']}/cancel").raise_for_status()


def test_a_body_that_is_cut_in_the_middle_leaves_nothing(admin: Admin) -> None:
    before = admin.http.get("/api/imports/").json()["items"]
    cookies = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
    head = (
        f"POST /api/orders/import HTTP/1.1\r\nHost: 127.0.0.1:{admin.site.port}\r\nX-Pickwave: 1\r\n"
        f"Cookie: {cookies}\r\nContent-Type: text/csv\r\nContent-Length: 2000000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", admin.site.port)) as line:
        line.sendall(head.encode() + demo_orders("CUT", 20_000)[:1_500_000])
        ends = time.monotonic() + WITHIN
        while not kept(admin) and time.monotonic() < ends:
            time.sleep(0.01)
        assert kept(admin)
    ends = time.monotonic() + WITHIN
    while kept(admin) and time.monotonic() < ends:
        time.sleep(0.01)
    assert kept(admin) == []
    assert admin.http.get("/api/imports/").json()["items"] == before


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_beyond_the_bound_is_refused_in_words(admin: Admin, announced: bool) -> None:
    data = b"x" * (MOST + 1)
    body: Any = data if announced else iter([data[:1_000_000], data[1_000_000:]])
    answer = admin.http.post("/api/imports/items", content=body, headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.json()["code"]) == (413, "import_too_large")
    assert str(MOST) in answer.json()["detail"]
    assert kept(admin) == []


@pytest.mark.parametrize(
    ("data", "headers", "code"),
    [
        (b"", {}, "import_unreadable"),
        (b"PK\x03\x04" + bytes(range(256)) * 40, {}, "import_unreadable"),
        (b"sku,name\nA,b\n", {}, "import_columns"),
        (b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}, "media_type_wrong"),
        (b"sku\n", {"Content-Encoding": "gzip"}, "media_type_wrong"),
    ],
    ids=["empty", "archive", "columns", "form", "packed"],
)
def test_what_is_no_such_file_is_told_at_once(admin: Admin, data: bytes, headers: dict[str, str], code: str) -> None:
    answer = admin.http.post("/api/imports/items", content=data, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code
    assert answer.json()["faults"]
    assert kept(admin) == []


def test_two_imports_at_once_both_come_to_their_end_and_are_listed_page_by_page(admin: Admin) -> None:
    one = bring(admin, "orders", demo_orders("ONE", 80), dry_run="false")
    two = bring(admin, "items", b"sku,name,weight_g,length_mm,width_mm,height_mm\nNEW-1,New,1,1,1,1\n", dry_run="false")
    assert until(admin, two["id"], ended)["written"]["made"] == 1
    assert until(admin, one["id"], ended)["written"]["made"] == 80
    first = admin.http.get("/api/imports/", params={"limit": 1}).json()
    second = admin.http.get("/api/imports/", params={"limit": 1, "after": first["next"]}).json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [two["id"], one["id"]]


def test_what_is_cancelled_in_the_middle_ends_there(admin: Admin) -> None:
    running = bring(admin, "orders", demo_orders("OFF", 4000), dry_run="false")
    until(admin, running["id"], lambda found: found["written"]["made"] > 0)
    stopped = admin.http.post(f"/api/imports/{running['id']}/cancel").json()
    assert (stopped["state"], stopped["allowed"]) == ("cancelled", [])
    after = admin.http.get(f"/api/imports/{running['id']}").json()["written"]["made"]
    assert 0 < after < 4000
    assert len(references(admin, "OFF")) == after


def test_a_server_that_is_killed_in_the_middle_goes_on_and_doubles_nothing(
    admin: Admin, loop: asyncio.AbstractEventLoop
) -> None:
    running = bring(admin, "orders", demo_orders("KILL", 250), dry_run="false")
    until(admin, running["id"], lambda found: found["written"]["made"] > 60)
    loop.run_until_complete(admin.site.kill())
    loop.run_until_complete(admin.site.start("--demo"))
    done = until(admin, running["id"], ended)
    assert (done["state"], done["written"]["made"], done["written"]["skipped"]) == ("done", 250, 0)
    found = references(admin, "KILL")
    assert (len(found), len(set(found))) == (250, 250)
    assert kept(admin) == []


@pytest.mark.soak
def test_when_one_of_two_servers_is_killed_the_other_goes_on(
    tmp_path: Path, new_postgres_url: Callable[[], str], loop: asyncio.AbstractEventLoop
) -> None:
    settings = {"DATABASE_URL": new_postgres_url()}
    one, other = (Site(tmp_path / "data", settings=settings) for _ in range(2))
    loop.run_until_complete(one.start("--demo"))
    loop.run_until_complete(other.start())
    try:
        with httpx.Client(base_url=one.url, headers={"X-Pickwave": "1"}, timeout=60) as http:
            here = Admin(one, http)
            here.enrol()
            here.sign_in()
            running = bring(here, "orders", demo_orders("TWO", 300), dry_run="false")
            until(here, running["id"], lambda found: found["written"]["made"] > 20)
            loop.run_until_complete(one.kill())
            with httpx.Client(base_url=other.url, headers={"X-Pickwave": "1"}, cookies=here.cookies) as beside:
                there = Admin(other, beside)
                done = until(there, running["id"], ended)
                assert (done["state"], done["written"]["made"], done["written"]["skipped"]) == ("done", 300, 0)
                assert len(references(there, "TWO")) == 300
    finally:
        loop.run_until_complete(one.kill())
        assert loop.run_until_complete(other.stop()) == 0


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_megabytes_are_looked_at_without_filling_the_memory(
    tmp_path_factory: pytest.TempPathFactory, loop: asyncio.AbstractEventLoop
) -> None:
    site = Site(tmp_path_factory.mktemp("large") / "data")
    loop.run_until_complete(site.start("--demo"))
    try:
        with httpx.Client(base_url=site.url, headers={"X-Pickwave": "1"}, timeout=600) as http:
            signed_in = Admin(site, http)
            signed_in.enrol()
            signed_in.sign_in()

            def pieces() -> Iterator[bytes]:
                yield f"{HEADER}\n".encode()
                row = f",40-0001,1,2.29,{REST}\n"
                for number in range(1_400_000 // 100):
                    yield "".join(f"BIG-{number}-{at}{row}" for at in range(100)).encode()

            answer = http.post("/api/orders/import", content=pieces())
            assert answer.status_code == 202, answer.text
            assert answer.json()["size"] > 100_000_000
            ends = time.monotonic() + 1500
            while (found := http.get(f"/api/imports/{answer.json()['id']}").json())["state"] == "checking":
                assert time.monotonic() < ends, found
                time.sleep(1)
                signed_in.sign_in()
            assert (found["state"], found["checked"]["made"]) == ("checked", 1_400_000)
            assert _peak(site) < 600_000_000
    finally:
        loop.run_until_complete(site.stop())


def _peak(site: Site) -> int:
    """The most memory that the server's process ever had, in bytes."""
    assert site.process is not None
    with open(f"/proc/{site.process.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
