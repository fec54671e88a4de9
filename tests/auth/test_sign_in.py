"""Signing in on the wire: badge, PIN, device, cookie, patience."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from uuid import UUID

import pytest

from server.auth import guards, service, store, tickets, tokens
from server.auth.gate import Credentials
from server.auth.guards import Auth
from server.auth.pins import Pins
from server.auth.schemas import SignIn
from server.auth.tickets import Ticket, TicketRefused
from server.background import Site
from server.db.base import CORE
from server.db.log import tail
from server.db.work import Work
from server.locations import service as locations
from server.web import logs
from tests.auth.conftest import HERE, PIN, THERE, House, code, core

NEW_PIN = "905318"


# --- the good way


async def test_a_badge_and_its_pin_open_a_session_on_the_device(house: House) -> None:
    who = await house.person("picker")
    device, secret = await house.device()
    handheld = house.on(secret)
    answer = await handheld.sign_in(who.badge)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["person"] == {"id": str(who.id), "name": "Aylin", "roles": ["picker"], "language": "de"}
    assert told["warehouse"] == {"id": 1, "code": "W1", "name": "Warehouse 1", "time_zone": "Europe/Berlin"}
    assert told["device"]["id"] == str(device)
    assert told["expires_at"] == "2026-11-24T20:00:00Z"
    assert told["idle_seconds"] == 900
    assert told["ticket_seconds"] == 30 * 24 * 3600
    assert "floor.commands" in told["permissions"]
    me = (await handheld.get("/me")).json()
    assert me["person"]["id"] == str(who.id)
    assert me["device"]["name"] == "H-01"


async def test_the_device_may_come_in_the_body_too(house: House) -> None:
    who = await house.person("picker")
    device, secret = await house.device()
    answer = await house.somebody().sign_in(who.badge, device=secret)
    assert answer.json()["device"]["id"] == str(device)


async def test_without_a_device_there_is_no_ticket(house: House) -> None:
    who = await house.person("desk", warehouse=None)
    told = (await house.somebody().sign_in(who.badge)).json()
    assert told["ticket"] is None
    assert told["device"] is None
    assert told["warehouse"] is None


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(house: House) -> None:
    who = await house.person()
    answer = await house.somebody().sign_in(who.badge)
    cookie = answer.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    token = rest.partition(";")[0]
    assert name == "pickwave_session"
    assert len(token) >= 43
    assert token not in answer.text
    for flag in ("httponly", "samesite=strict", "path=/", "max-age=43200"):
        assert flag in cookie.lower()
    assert "secure" not in cookie.lower()
    assert "domain" not in cookie.lower()


async def test_under_tls_the_cookie_is_bound_to_tls_and_host(house: House) -> None:
    who = await house.person()
    headers = {"X-Pickwave": "1", "Origin": "https://localhost"}
    body = {"badge": who.badge, "pin": PIN}
    answer = await house.client.post("https://localhost/api/auth/sign-in", json=body, headers=headers)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-pickwave_session=")
    assert "secure" in cookie.lower()
    sent = {**headers, "Cookie": cookie.partition(";")[0]}
    assert (await house.client.get("https://localhost/api/auth/me", headers=sent)).status_code == 200
    assert (await house.client.get("http://localhost/api/auth/me", headers=sent)).status_code == 401


async def test_every_sign_in_is_a_new_session_and_ends_the_browsers_former_one(house: House) -> None:
    who = await house.person()
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    first = somebody.cookie
    await somebody.sign_in(who.badge)
    assert somebody.cookie != first
    assert code(await house.somebody(Cookie=first).get("/me")) == "session_ended"
    assert (await somebody.get("/me")).status_code == 200


async def test_another_badge_on_the_device_switches_the_user_at_once(house: House) -> None:
    first, second = await house.person(), await house.person(name="Jonas")
    _, secret = await house.device()
    one, other = house.on(secret), house.on(secret)
    await one.sign_in(first.badge)
    assert (await one.post("/pin", {"pin": "x", "new_pin": "y"})).status_code == 401
    await other.sign_in(second.badge)
    gone = await house.somebody(Cookie=one.cookie).get("/me")
    assert code(gone) == "session_ended"


# --- the wrong way


async def test_wrong_pin_unknown_badge_disabled_person_and_no_badge_are_refused_alike(house: House) -> None:
    who, gone = await house.person(), await house.person()
    await core(house.db, lambda work: service.set_active(work, gone.id, False))
    _, secret = await house.device()
    tries = [
        (who.badge, "905318"),
        (tokens.badge(), PIN),
        (gone.badge, PIN),
        ("T-0419", PIN),
        ("", PIN),
        (who.badge, ""),
    ]
    said = []
    for badge, pin in tries:
        answer = await house.on(secret).sign_in(badge, pin)
        assert answer.status_code == 401
        said.append({key: value for key, value in answer.json().items() if key != "request_id"})
    assert all(each == said[0] for each in said)
    assert said[0]["code"] == "sign_in_refused"


async def test_the_same_work_is_done_for_a_badge_that_is_nobodys(house: House) -> None:
    asked: list[str] = []

    def matches(pin_hash: str, pin: str) -> bool:
        asked.append(pin_hash)
        return tokens.pin_matches(pin_hash, pin)

    pins = Pins(matches=matches)
    assert not await pins.matches(None, PIN)
    assert len(asked) == 1
    assert asked[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    pins.close()


async def test_after_a_few_wrong_pins_one_waits_and_then_may_again(house: House) -> None:
    who = await house.person()
    _, secret = await house.device()
    for _ in range(3):
        assert code(await house.on(secret).sign_in(who.badge, "905318")) == "sign_in_refused"
    throttled = await house.on(secret).sign_in(who.badge)
    assert throttled.status_code == 429
    assert code(throttled) == "sign_in_throttled"
    assert throttled.headers["retry-after"] == "2"
    house.clock.advance(2)
    assert (await house.on(secret).sign_in(who.badge)).status_code == 200
    assert code(await house.on(secret).sign_in(who.badge, "905318")) == "sign_in_refused"


async def test_scanning_a_colleagues_badge_does_not_stop_his_shift(house: House) -> None:
    colleague, other = await house.person(), await house.person(name="Jonas")
    _, mine = await house.device("H-01")
    _, his = await house.device("H-02")
    for _ in range(5):
        await house.on(mine).sign_in(colleague.badge, "000000")
    assert code(await house.on(mine).sign_in(colleague.badge)) == "sign_in_throttled"
    assert (await house.on(his).sign_in(colleague.badge)).status_code == 200
    assert (await house.on(mine).sign_in(other.badge)).status_code == 200


async def test_a_device_that_fails_all_the_time_keeps_nobody_out_at_the_same_address(house: House) -> None:
    who = await house.person()
    _, broken = await house.device("H-01")
    for _ in range(12):
        await house.on(broken).sign_in(tokens.badge(), "000000")
    assert code(await house.on(broken).sign_in(tokens.badge())) == "sign_in_throttled"
    _, sound = await house.device("H-02")
    assert (await house.on(sound).sign_in(who.badge)).status_code == 200
    assert (await house.somebody().sign_in(who.badge)).status_code == 200


async def test_guesses_sent_all_at_once_are_guesses_in_a_row(house: House) -> None:
    who = await house.person()
    _, secret = await house.device()
    answers = await asyncio.gather(
        *(
            house.client.post(
                "/api/auth/sign-in",
                json={"badge": who.badge, "pin": f"90531{n % 10}", "device": secret},
            )
            for n in range(20)
        )
    )
    codes = [code(answer) for answer in answers]
    assert codes.count("sign_in_refused") == 3
    assert codes.count("sign_in_throttled") == 17


async def test_a_supervisors_reset_forgives_what_was_failed(house: House) -> None:
    who = await house.person()
    supervisor = await house.signed_in("supervisor")
    _, secret = await house.device()
    for _ in range(4):
        await house.on(secret).sign_in(who.badge, "905318")
    once = (await supervisor.post(f"/people/{who.id}/reset-pin")).json()["pin"]
    assert (await house.on(secret).sign_in(who.badge, once, new_pin=NEW_PIN)).status_code == 200


async def test_an_unknown_device_and_a_revoked_one_are_told_apart(house: House) -> None:
    who = await house.person()
    device, secret = await house.device()
    assert code(await house.on("nonsense").sign_in(who.badge)) == "device_unknown"
    await core(house.db, lambda work: service.revoke_device(work, device))
    assert code(await house.on(secret).sign_in(who.badge)) == "device_revoked"


async def test_a_person_of_one_warehouse_does_not_work_on_a_device_of_another(house: House) -> None:
    who = await house.person(warehouse=HERE)
    _, secret = await house.device(warehouse=THERE)
    assert code(await house.on(secret).sign_in(who.badge)) == "other_warehouse"


async def test_a_body_that_is_no_sign_in_is_refused_with_its_faults_and_no_value_of_it(house: House) -> None:
    bodies: list[object] = [
        {}, {"badge": 7, "pin": "1"}, {"badge": "P-1", "pin": 481726}, {"badge": "P-1", "pin": "1", "admin": True},
        {"badge": "x" * 1_000_000, "pin": "1"}, {"badge": "P\u0000", "pin": "1"}, [], None,
    ]  # fmt: skip
    for body in bodies:
        answer = await house.somebody().post("/sign-in", body)
        assert answer.status_code in (413, 422), answer.text
        assert "481726" not in answer.text


# --- one-time PINs


async def test_a_one_time_pin_opens_only_together_with_a_new_one(house: House) -> None:
    who = await house.person(once=True)
    somebody = house.somebody()
    asked = await somebody.sign_in(who.badge)
    assert asked.status_code == 403
    assert code(asked) == "pin_must_change"
    assert "set-cookie" not in asked.headers
    weak = await somebody.sign_in(who.badge, new_pin="123456")
    assert code(weak) == "pin_weak"
    assert weak.json()["faults"][0]["field"] == "new_pin"
    assert code(await somebody.sign_in(who.badge, new_pin=PIN)) == "pin_weak"
    assert (await somebody.sign_in(who.badge, new_pin=NEW_PIN)).status_code == 200
    assert code(await house.somebody().sign_in(who.badge)) == "sign_in_refused"
    assert (await house.somebody().sign_in(who.badge, NEW_PIN)).status_code == 200


async def test_ones_own_pin_is_changed_with_the_old_one_and_other_sessions_end(house: House) -> None:
    who = await house.person()
    here, elsewhere = house.somebody(), house.somebody()
    await here.sign_in(who.badge)
    await elsewhere.sign_in(who.badge)
    assert (await elsewhere.get("/me")).status_code == 200
    assert code(await here.post("/pin", {"pin": "730859", "new_pin": NEW_PIN})) == "sign_in_refused"
    assert (await here.post("/pin", {"pin": PIN, "new_pin": NEW_PIN})).status_code == 204
    assert (await here.get("/me")).status_code == 200
    assert code(await elsewhere.get("/me")) == "session_ended"
    assert (await house.somebody().sign_in(who.badge, NEW_PIN)).status_code == 200


async def test_guessing_the_pin_inside_a_session_is_throttled_like_at_the_door(house: House) -> None:
    somebody = await house.signed_in("picker")
    for _ in range(3):
        assert code(await somebody.post("/pin", {"pin": "905318", "new_pin": NEW_PIN})) == "sign_in_refused"
    assert code(await somebody.post("/pin", {"pin": PIN, "new_pin": NEW_PIN})) == "sign_in_throttled"


# --- the end


async def test_signing_out_ends_the_session_and_takes_the_cookie(house: House) -> None:
    who = await house.person()
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    before = somebody.cookie
    assert (await somebody.get("/me")).status_code == 200
    answer = await somebody.post("/sign-out")
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert code(await house.somebody(Cookie=before).get("/me")) == "session_ended"
    assert (await somebody.post("/sign-out")).status_code == 204
    assert (await house.somebody().post("/sign-out")).status_code == 204


async def test_an_idle_session_locks_and_a_used_one_stays(house: House) -> None:
    somebody = await house.signed_in("picker")
    for _ in range(5):
        house.clock.advance(14 * 60)
        assert (await somebody.get("/me")).status_code == 200
    house.clock.advance(15 * 60)
    assert code(await somebody.get("/me")) == "session_ended"


async def test_a_session_ends_after_twelve_hours_whatever_happens(house: House) -> None:
    somebody = await house.signed_in("picker")
    for _ in range(71):
        house.clock.advance(10 * 60)
        assert (await somebody.get("/me")).status_code == 200
    house.clock.advance(10 * 60)
    assert code(await somebody.get("/me")) == "session_ended"


async def test_a_session_used_in_another_process_is_not_idle_here(house: House) -> None:
    somebody = await house.signed_in("picker")
    person = UUID((await somebody.get("/me")).json()["person"]["id"])
    house.clock.advance(14 * 60)

    def touched_elsewhere(work: Work) -> None:
        for live in store.live_of_person(work.conn, person, work.now):
            service.touch(work, live.id)

    await core(house.db, touched_elsewhere)
    house.clock.advance(14 * 60)
    assert (await somebody.get("/me")).status_code == 200


async def test_an_ended_session_is_told_to_the_house_so_that_its_sockets_close(house: House) -> None:
    somebody = await house.signed_in("picker")
    await somebody.post("/sign-out")
    events = await house.db.read(lambda conn: tail(conn, CORE, 0, 1000))
    assert events[-1].type == "session.ended"
    assert set(events[-1].payload) == {"session", "person"}


# --- upload tickets


async def ticket_of(house: House, secret: str, badge: str) -> str:
    return str((await house.on(secret).sign_in(badge)).json()["ticket"])


async def read(house: House, text: str) -> Ticket | TicketRefused:
    return await core(house.db, lambda work: service.read_ticket(work, text, "floor.commands"))


async def test_a_ticket_says_who_where_and_since_when_also_after_signing_out(house: House) -> None:
    who = await house.person()
    device, secret = await house.device()
    handheld = house.on(secret)
    text = (await handheld.sign_in(who.badge)).json()["ticket"]
    await handheld.post("/sign-out")
    house.clock.advance(86400 * 29)
    assert await read(house, text) == Ticket(who.id, device, HERE, house.clock.now() - timedelta(days=29))


async def test_forged_expired_and_revoked_tickets_are_told_apart(house: House) -> None:
    who = await house.person()
    device, secret = await house.device()
    text = await ticket_of(house, secret, who.badge)
    ticket = await read(house, text)
    assert isinstance(ticket, Ticket)
    assert await read(house, "nonsense") == TicketRefused("forged")
    assert await read(house, tickets.sign(b"another house's key, 32 bytes ...", ticket)) == TicketRefused("forged")
    await core(house.db, lambda work: service.revoke_device(work, device))
    assert await read(house, text) == TicketRefused("revoked", ticket)
    house.clock.advance(86400 * 31)
    assert await read(house, text) == TicketRefused("expired", ticket)


async def test_a_disabled_persons_tickets_are_revoked_until_he_is_enabled(house: House) -> None:
    who = await house.person()
    _, secret = await house.device()
    text = await ticket_of(house, secret, who.badge)
    await core(house.db, lambda work: service.set_active(work, who.id, False))
    refused = await read(house, text)
    assert isinstance(refused, TicketRefused)
    assert refused.why == "revoked"
    await core(house.db, lambda work: service.set_active(work, who.id, True))
    assert isinstance(await read(house, text), Ticket)


async def test_a_ticket_is_worth_what_its_persons_roles_are_now(house: House) -> None:
    who = await house.person("desk")
    _, secret = await house.device()
    refused = await read(house, await ticket_of(house, secret, who.badge))
    assert isinstance(refused, TicketRefused)
    assert refused.why == "not_allowed"
    picker = await house.person("picker")
    text = await ticket_of(house, secret, picker.badge)
    assert isinstance(await read(house, text), Ticket)
    packing = await core(house.db, lambda work: service.read_ticket(work, text, "pack.work"))
    assert isinstance(packing, TicketRefused)


async def test_before_any_ticket_was_given_every_ticket_is_forged(house: House) -> None:
    who = await house.person()
    text = tickets.sign(b"k" * 32, Ticket(who.id, who.id, 1, house.clock.now()))
    assert await read(house, text) == TicketRefused("forged")


# --- many at once


async def test_two_hundred_sign_ins_at_shift_start_leave_the_loop_to_the_others(house: House) -> None:
    """The comparing thread is held: others are served meanwhile. Then it is let go: everybody gets in."""
    held = threading.Event()

    def matches(_hash: str, _pin: str) -> bool:
        held.wait()
        return True

    site: Site = house.app.state.site
    working = await house.signed_in("picker")
    async with guards.opened(
        site, locations.warehouse_of, lambda _conn, _station: None, lambda: Pins(matches=matches)
    ) as slow:
        before: Auth = house.app.state.auth
        house.app.state.auth = slow
        people = [await house.person(name=f"Picker {n}") for n in range(200)]
        coming = [
            asyncio.create_task(house.client.post("/api/auth/sign-in", json={"badge": who.badge, "pin": PIN}))
            for who in people
        ]
        for _ in range(20):
            assert (await working.get("/me")).status_code == 200
        assert not any(each.done() for each in coming)
        held.set()
        answers = await asyncio.gather(*coming)
        house.app.state.auth = before
    assert [answer.status_code for answer in answers] == [200] * 200


# --- silence


async def test_no_secret_reaches_the_log_or_a_printed_value(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", "json")
    who = await house.person()
    _, secret = await house.device()
    handheld = house.on(secret)
    answer = await handheld.sign_in(who.badge)
    await handheld.sign_in(who.badge, "905318")
    await handheld.post("/pin", {"pin": PIN, "new_pin": NEW_PIN})
    admin = await house.signed_in("admin", warehouse=None)
    key = (await admin.post("/keys", {"name": "shop", "roles": ["integrator"]})).json()["text"]
    once = (await admin.post(f"/people/{who.id}/reset-pin")).json()["pin"]
    log = "".join(capsys.readouterr())
    assert "/api/auth/sign-in" in log
    token = handheld.cookie.partition("=")[2]
    for hidden in (PIN, NEW_PIN, "905318", who.badge, secret, token, answer.json()["ticket"], key, once):
        assert hidden not in log
    assert PIN not in repr(SignIn(who.badge, PIN))
    assert token not in repr(Credentials(session=token))
