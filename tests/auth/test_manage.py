"""People, devices and keys on the wire: what holds at once, what is shown once, and who reaches how far."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from server.auth import models, service, tokens
from server.auth.schemas import NewPerson
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db.unit import Command
from server.db.work import Actor, Work
from server.tasks.models import fact_aside
from server.tasks.rules import MOST_ASIDE
from tests.auth.conftest import HERE, PIN, PIN_HASH, THERE, House, code, core
from tests.support.paper import read_qr

NEW_PIN = "905318"


# --- people


async def test_an_added_person_signs_in_with_the_one_time_pin_that_was_shown(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    answer = await admin.post("/people", {"name": "Linh Tran", "roles": ["picker"], "language": "en", "warehouse": 1})
    assert answer.status_code == 201
    made = answer.json()
    assert made["person"]["pin_once"] is True
    badge, pin = made["person"]["badge"], made["pin"]
    assert code(await house.somebody().sign_in(badge, pin)) == "pin_must_change"
    assert (await house.somebody().sign_in(badge, pin, new_pin=NEW_PIN)).status_code == 200


async def test_nothing_that_was_shown_once_is_shown_again_or_stored(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    pin = (await admin.post("/people", {"name": "Linh", "roles": ["picker"]})).json()["pin"]
    code_ = (await admin.post("/devices", {"name": "H-01", "warehouse": 1})).json()["code"]
    key = (await admin.post("/keys", {"name": "shop", "roles": ["integrator"]})).json()["text"]
    lists = "".join([(await admin.get(f"/{what}")).text for what in ("people", "devices", "keys")])
    for hidden in (pin, code_, key, "argon2"):
        assert hidden not in lists


async def test_a_disabled_person_is_out_at_once_and_everywhere(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    who = await house.person()
    one, other = house.somebody(), house.somebody()
    await one.sign_in(who.badge)
    await other.sign_in(who.badge)
    assert (await one.get("/me")).status_code == 200
    assert (await admin.post(f"/people/{who.id}/disable")).json()["active"] is False
    assert code(await one.get("/me")) == "session_ended"
    assert code(await other.get("/me")) == "session_ended"
    assert code(await house.somebody().sign_in(who.badge)) == "sign_in_refused"
    assert (await admin.post(f"/people/{who.id}/enable")).json()["active"] is True
    assert (await house.somebody().sign_in(who.badge)).status_code == 200


async def test_changed_roles_hold_from_the_next_request_on(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    who = await house.person("admin")
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    assert (await somebody.get("/keys")).status_code == 200
    changed = await admin.ask("PATCH", f"/people/{who.id}", {"roles": ["picker"]})
    assert changed.json()["roles"] == ["picker"]
    assert changed.json()["name"] == "Aylin"
    assert code(await somebody.get("/keys")) == "not_allowed"
    assert (await somebody.get("/me")).json()["person"]["roles"] == ["picker"]


async def test_who_moves_to_another_warehouse_signs_in_anew(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    who = await house.person()
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    assert (await admin.ask("PATCH", f"/people/{who.id}", {"warehouse": THERE})).json()["warehouse"] == THERE
    assert code(await somebody.get("/me")) == "session_ended"
    everywhere = await admin.ask("PATCH", f"/people/{who.id}", {"warehouse": None})
    assert everywhere.json()["warehouse"] is None


async def test_a_reset_pin_ends_the_sessions_and_the_old_pin(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    who = await house.person()
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    once = (await supervisor.post(f"/people/{who.id}/reset-pin")).json()["pin"]
    assert code(await somebody.get("/me")) == "session_ended"
    assert code(await house.somebody().sign_in(who.badge)) == "sign_in_refused"
    assert (await house.somebody().sign_in(who.badge, once, new_pin=NEW_PIN)).status_code == 200


async def test_a_lost_badge_opens_nothing_and_the_new_one_does(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    who = await house.person()
    somebody = house.somebody()
    await somebody.sign_in(who.badge)
    new = (await supervisor.post(f"/people/{who.id}/new-badge")).json()["badge"]
    assert new != who.badge
    assert code(await somebody.get("/me")) == "session_ended"
    assert code(await house.somebody().sign_in(who.badge)) == "sign_in_refused"
    assert (await house.somebody().sign_in(new)).status_code == 200


async def test_a_person_can_be_signed_out_by_whoever_looks_after_people(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    somebody = await house.signed_in("picker")
    me = (await somebody.get("/me")).json()["person"]["id"]
    assert (await supervisor.post(f"/people/{me}/sign-out")).status_code == 204
    assert code(await somebody.get("/me")) == "session_ended"


async def test_the_last_administrator_stays_one(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    me = (await admin.get("/me")).json()["person"]["id"]
    assert code(await admin.post(f"/people/{me}/disable")) == "last_admin"
    assert code(await admin.ask("PATCH", f"/people/{me}", {"roles": ["picker"]})) == "last_admin"
    await house.person("admin", name="Hannelore")
    assert (await admin.post(f"/people/{me}/disable")).status_code == 200


async def test_a_supervisor_grants_no_more_than_he_may_himself(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    picker, admin = await house.person("picker"), await house.person("admin")
    for body in ({"name": "X", "roles": ["admin"], "warehouse": 1}, {"name": "X", "roles": ["desk"], "warehouse": 1}):
        assert code(await supervisor.post("/people", body)) == "not_allowed"
    assert code(await supervisor.ask("PATCH", f"/people/{picker.id}", {"roles": ["admin"]})) == "not_allowed"
    for what in ("disable", "reset-pin", "new-badge", "sign-out"):
        assert code(await supervisor.post(f"/people/{admin.id}/{what}")) == "not_allowed"
    assert (await supervisor.post("/people", {"name": "X", "roles": ["packer"], "warehouse": 1})).status_code == 201


async def test_a_supervisor_does_not_reach_into_another_warehouse(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    there, everywhere = await house.person(warehouse=THERE), await house.person(warehouse=None)
    for who in (there, everywhere):
        for what in ("disable", "enable", "reset-pin", "new-badge", "sign-out"):
            assert code(await supervisor.post(f"/people/{who.id}/{what}")) == "other_warehouse"
        assert code(await supervisor.ask("PATCH", f"/people/{who.id}", {"name": "X"})) == "other_warehouse"
    for warehouse in (THERE, None):
        body = {"name": "X", "roles": ["picker"], "warehouse": warehouse}
        assert code(await supervisor.post("/people", body)) == "other_warehouse"
    shown = (await supervisor.get("/people")).json()["items"]
    assert {one["warehouse"] for one in shown} == {HERE}


async def test_people_are_listed_in_pages(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    for number in range(6):
        await house.person(name=f"Picker {number}")
    seen: list[str] = []
    after = ""
    while True:
        page = (await admin.get(f"/people?limit=3{after}")).json()
        seen += [one["name"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == ["Aylin", *(f"Picker {number}" for number in range(6))]


WRONG_PEOPLE: list[tuple[dict[str, object], str]] = [
    ({"name": "", "roles": ["picker"]}, "name"),
    ({"name": "x" * 81, "roles": ["picker"]}, "name"),
    ({"name": " x", "roles": ["picker"]}, "name"),
    ({"name": "X", "roles": []}, "roles"),
    ({"name": "X", "roles": ["king"]}, "roles[0]"),
    ({"name": "X", "roles": "picker"}, "roles"),
    ({"name": "X", "roles": ["picker"], "language": "fr"}, "language"),
    ({"name": "X", "roles": ["picker"], "warehouse": 0}, "warehouse"),
    ({"name": "X", "roles": ["picker"], "warehouse": 70000}, "warehouse"),
    ({"name": "X", "roles": ["picker"], "active": False}, "active"),
]


async def test_a_wrong_field_of_a_person_is_named(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    for body, field in WRONG_PEOPLE:
        answer = await admin.post("/people", body)
        assert answer.status_code == 422, answer.text
        assert answer.json()["faults"][0]["field"] == field


async def test_what_is_wrong_is_said_in_the_language_of_who_reads_it(house: House) -> None:
    said = []
    admin = await house.signed_in("admin", warehouse=None)  # who speaks German
    key = house.somebody(Authorization=f"Bearer {(await house.key('admin'))[1]}")
    for who in (admin, key):
        for headers in ({}, {"Accept-Language": "en"}, {"Accept-Language": "de"}):
            answer = await who.post("/people", {"name": "X", "roles": ["king"]}, **headers)
            said.append(answer.json()["faults"][0]["message"])
    german, english = "Diese Rolle gibt es nicht.", "There is no such role."
    assert said == [german, english, german, english, english, german]


async def test_a_warehouse_that_is_not_there_is_refused(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    for path, body in (
        ("/people", {"name": "X", "roles": ["picker"], "warehouse": 77}),
        ("/devices", {"name": "H-01", "warehouse": 77}),
        ("/keys", {"name": "shop", "roles": ["integrator"], "warehouse": 77}),
    ):
        assert (await admin.post(path, body)).status_code == 404


async def test_what_is_not_there_is_not_found(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    nobody = new_id()
    for what in ("disable", "enable", "reset-pin", "new-badge", "sign-out"):
        assert code(await admin.post(f"/people/{nobody}/{what}")) == "person_unknown"
    for what in ("offer", "revoke"):
        assert code(await admin.post(f"/devices/{nobody}/{what}")) == "device_not_found"
    assert code(await admin.post(f"/keys/{nobody}/revoke")) == "key_unknown"
    assert (await admin.post("/people/7/disable")).status_code == 404


async def test_the_seed_gives_its_own_badges_and_pins(house: House) -> None:
    new = NewPerson("Aylin Demir", ("picker",), "de", HERE)
    pin = service.NewPin(PIN_HASH, once=False)
    await core(house.db, lambda work: service.add_person(work, new, pin, badge="P-7K2M9QXTS"))
    assert (await house.somebody().sign_in("p-7k2m9qxts")).status_code == 200
    with pytest.raises(Refusal, match="name_taken"):
        await core(house.db, lambda work: service.add_person(work, new, pin, badge="P-7K2M9QXTS"))
    with pytest.raises(Refusal, match="invalid"):
        await core(house.db, lambda work: service.add_person(work, new, pin, badge="P-7K2M9QXTT"))


async def test_the_first_start_makes_one_administrator_once(house: House) -> None:
    made = await core(house.db, service.ensure_first_admin)
    assert made is not None
    badge, pin = made
    assert code(await house.somebody().sign_in(badge, pin)) == "pin_must_change"
    somebody = house.somebody()
    assert (await somebody.sign_in(badge, pin, new_pin=NEW_PIN)).status_code == 200
    assert (await somebody.get("/keys")).status_code == 200
    assert await core(house.db, service.ensure_first_admin) is None


# --- devices


async def test_a_device_is_enrolled_with_its_code_once(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    offered = (await admin.post("/devices", {"name": "H-01", "warehouse": 1})).json()
    assert offered["device"]["state"] == "offered"
    answer = await house.somebody().post("/devices/enrol", {"code": offered["code"].lower().replace("-", " ")})
    assert answer.status_code == 201
    made = answer.json()
    assert made["name"] == "H-01"
    assert made["warehouse"]["id"] == 1
    assert (await house.on(made["secret"]).get("/me")).json()["device"]["id"] == made["device"]
    assert code(await house.somebody().post("/devices/enrol", {"code": offered["code"]})) == "enrolment_refused"


async def test_a_code_is_good_for_a_day(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    offered = (await admin.post("/devices", {"name": "H-01", "warehouse": 1})).json()
    assert offered["valid_until"] == "2026-11-25T08:00:00Z"
    house.clock.advance(86400)
    assert code(await house.somebody().post("/devices/enrol", {"code": offered["code"]})) == "enrolment_refused"


async def test_a_wrong_code_enrols_nothing(house: House) -> None:
    await house.device()
    for wrong in ("", "AAAA-AAAA-AAAA-AAAA", "x" * 60, "ß" * 20):
        assert code(await house.somebody().post("/devices/enrol", {"code": wrong})) == "enrolment_refused"


async def test_wrong_codes_from_one_address_wait_like_wrong_pins_and_so_does_the_right_one(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    offered = (await admin.post("/devices", {"name": "H-01", "warehouse": 1})).json()
    guesser = house.somebody()
    codes = [code(await guesser.post("/devices/enrol", {"code": "AAAA-AAAA-AAAA-AAAA"})) for _ in range(21)]
    assert codes == ["enrolment_refused"] * 20 + ["sign_in_throttled"]
    waits = await guesser.post("/devices/enrol", {"code": offered["code"]})
    assert (waits.status_code, waits.headers["retry-after"]) == (429, "2")
    house.clock.advance(2)
    assert (await guesser.post("/devices/enrol", {"code": offered["code"]})).status_code == 201


async def test_a_device_stands_at_a_station_of_its_own_warehouse(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    benches = []
    for here in (1, 2):
        made = await admin.ask("PUT", f"/api/warehouses/{here}/stations/PACK-1", {"code": "PACK-1", "name": "Bench"})
        benches.append(made.json()["id"])
    for wrong in (benches[1], str(new_id())):
        answer = await admin.post("/devices", {"name": "D-1", "warehouse": 1, "kind": "station", "station": wrong})
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "station")
    right = await admin.post("/devices", {"name": "D-1", "warehouse": 1, "kind": "station", "station": benches[0]})
    assert right.status_code == 201


async def test_a_revoked_device_is_out_in_the_middle_of_its_session(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    who = await house.person()
    device, secret = await house.device()
    handheld = house.on(secret)
    await handheld.sign_in(who.badge)
    assert (await handheld.get("/me")).status_code == 200
    assert (await supervisor.post(f"/devices/{device}/revoke")).json()["state"] == "revoked"
    assert code(await handheld.get("/me")) == "device_revoked"
    assert code(await house.somebody(Cookie=handheld.cookie).get("/me")) == "session_ended"
    assert code(await supervisor.post(f"/devices/{device}/revoke")) == "move_not_allowed"


async def test_what_a_revoked_device_still_brings_in_is_set_aside_and_what_it_asks_is_refused(house: House) -> None:
    who = await house.person()
    device, secret = await house.device()
    ticket = (await house.on(secret).sign_in(who.badge)).json()["ticket"]
    await core(house.db, lambda work: service.revoke_device(work, device))
    told = [
        {"id": str(new_id()), "seq": seq, "kind": kind, "ticket": ticket, "at": "2026-11-24T08:00:00Z", "after": [],
         "version": None, "body": body}
        for seq, (kind, body) in enumerate((
            ("pick", {"task": str(new_id()), "qty": 1, "bin": "A01-01-A", "item": "MILK", "tote": "T-0001", "slot": 1}),
            ("tour.take", {"tour": str(new_id())}),
        ), 1)
    ]  # fmt: skip
    batch = {"device": str(device), "epoch": "an-epoch-of-its-own-22", "commands": told}
    headers = {"Authorization": f"Device {secret}", "X-Pickwave": "1"}
    answers = (await house.client.post("/api/floor/commands", json=batch, headers=headers)).json()["answers"]
    assert [(each["outcome"], each["params"]) for each in answers] == [
        ("set_aside", {"reason": "ticket_revoked"}), ("ticket_invalid", {}),
    ]  # fmt: skip
    (kept,) = await house.db.read(lambda conn: conn.execute(sa.select(fact_aside.c.why, fact_aside.c.state)).all())
    assert tuple(kept) == ("ticket_revoked", "waiting")


async def test_a_revoked_device_brings_in_no_more_than_somebody_can_decide_about(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    device, secret = await house.device()
    row = {"warehouse_id": 1, "state": "waiting", "device_id": device, "kind": "pick", "body": {}, "why": "words"}
    rows = [{**row, "id": new_id(), "command_id": new_id(), "at": house.clock.now()} for _ in range(MOST_ASIDE)]
    insert = Command(lambda work: work.execute(sa.insert(fact_aside), rows).rowcount, frozenset({1}), Actor(), "test")
    await house.db.write(insert)
    batch: dict[str, object] = {"device": str(device), "epoch": "an-epoch-of-its-own-22", "commands": []}
    headers = {"Authorization": f"Device {secret}", "X-Pickwave": "1"}
    send = partial(house.client.post, "/api/floor/commands", json=batch, headers=headers)
    assert (await send()).status_code == 200
    assert (await supervisor.post(f"/devices/{device}/revoke")).status_code == 200
    full = await send()
    assert (full.status_code, code(full), full.headers["Retry-After"]) == (429, "facts_wait", "600")
    decide = sa.update(fact_aside).values(state="dismissed").where(fact_aside.c.id == rows[0]["id"])
    decided = Command(
        lambda work: work.execute(decide.where(fact_aside.c.warehouse_id == 1)).rowcount,
        frozenset({1}),
        Actor(),
        "test",
    )
    await house.db.write(decided)
    assert (await send()).status_code == 200


async def test_another_code_makes_the_devices_former_secret_worthless(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    device, secret = await house.device()
    assert (await house.on(secret).get("/me")).status_code == 200
    offered = (await supervisor.post(f"/devices/{device}/offer")).json()
    assert code(await house.on(secret).get("/me")) == "device_unknown"
    again = (await supervisor.post(f"/devices/{device}/offer")).json()
    assert code(await house.somebody().post("/devices/enrol", {"code": offered["code"]})) == "enrolment_refused"
    made = (await house.somebody().post("/devices/enrol", {"code": again["code"]})).json()
    assert made["device"] == str(device)
    assert (await house.on(made["secret"]).get("/me")).status_code == 200


async def test_two_devices_do_not_share_a_name(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    await admin.post("/devices", {"name": "H-01", "warehouse": 1})
    assert code(await admin.post("/devices", {"name": "H-01", "warehouse": 2})) == "name_taken"


async def test_a_supervisor_reaches_the_devices_of_his_warehouse_only(house: House) -> None:
    supervisor = await house.signed_in("supervisor")
    device, _ = await house.device(warehouse=THERE)
    assert code(await supervisor.post("/devices", {"name": "H-09", "warehouse": THERE})) == "other_warehouse"
    for what in ("offer", "revoke"):
        assert code(await supervisor.post(f"/devices/{device}/{what}")) == "other_warehouse"
    assert (await supervisor.get("/devices")).json()["items"] == []


async def test_a_device_alone_says_who_it_is_and_no_more(house: House) -> None:
    device, secret = await house.device()
    alone = house.on(secret)
    me = (await alone.get("/me")).json()
    assert me["person"] is None
    assert me["device"]["id"] == str(device)
    assert me["permissions"] == ["floor.commands", "self"]
    assert code(await alone.get("/people")) == "not_signed_in"
    assert code(await alone.post("/pin", {"pin": PIN, "new_pin": NEW_PIN})) == "not_signed_in"


async def test_after_the_session_has_ended_the_device_still_brings_in_and_the_person_is_gone(house: House) -> None:
    who = await house.person("supervisor")
    _, secret = await house.device()
    handheld = house.on(secret)
    await handheld.sign_in(who.badge)
    assert (await handheld.get("/people")).status_code == 200
    house.clock.advance(3600)
    assert (await handheld.get("/me")).json()["person"] is None
    assert code(await handheld.get("/people")) == "session_ended"


async def test_a_session_of_one_device_is_worth_nothing_on_another(house: House) -> None:
    who = await house.person("supervisor")
    _, mine = await house.device("H-01")
    _, other = await house.device("H-02")
    handheld = house.on(mine)
    await handheld.sign_in(who.badge)
    stolen = house.on(other)
    stolen.cookie = handheld.cookie
    assert (await stolen.get("/me")).json()["person"] is None
    assert code(await stolen.get("/people")) == "not_signed_in"


# --- keys


async def test_a_key_may_what_its_roles_may_and_no_more(house: House) -> None:
    _, text = await house.key("supervisor", warehouse=HERE)
    script = house.somebody(Authorization=f"Bearer {text}")
    me = (await script.get("/me")).json()
    assert me["key"]["name"] == "shop"
    assert me["person"] is None
    assert me["warehouse"]["id"] == HERE
    assert (await script.get("/people")).status_code == 200
    assert code(await script.get("/keys")) == "not_allowed"
    there = await house.person(warehouse=THERE)
    assert code(await script.post(f"/people/{there.id}/disable")) == "other_warehouse"
    assert code(await script.post("/pin", {"pin": PIN, "new_pin": NEW_PIN})) == "not_signed_in"


async def test_a_revoked_key_opens_nothing_at_once(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    made = (await admin.post("/keys", {"name": "shop", "roles": ["integrator"]})).json()
    script = house.somebody(Authorization=f"Bearer {made['text']}")
    assert (await script.get("/me")).status_code == 200
    assert (await admin.post(f"/keys/{made['key']['id']}/revoke")).json()["revoked_at"] is not None
    assert code(await script.get("/me")) == "not_signed_in"
    assert (await admin.post(f"/keys/{made['key']['id']}/revoke")).status_code == 200


async def test_two_keys_do_not_share_a_name_and_a_list_shows_their_beginning(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    made = (await admin.post("/keys", {"name": "shop", "roles": ["integrator"]})).json()
    assert code(await admin.post("/keys", {"name": "shop", "roles": ["integrator"]})) == "name_taken"
    listed = (await admin.get("/keys")).json()["items"]
    assert [one["prefix"] for one in listed] == [made["text"][:12]]


async def test_nonsense_opens_nothing(house: House) -> None:
    for shown in ("Bearer", "Bearer ", "Bearer nonsense", "Device", "Device nonsense", "Basic YTpi"):
        answer = await house.somebody(Authorization=shown).get("/me")
        assert answer.status_code == 401
        assert code(answer) in ("not_signed_in", "device_unknown")
    for cookie in ("pickwave_session=", "pickwave_session=nonsense", "pickwave_session=%00", "x"):
        assert (await house.somebody(Cookie=cookie).get("/me")).status_code == 401


async def test_a_proxys_own_authorization_does_not_hide_the_session(house: House) -> None:
    somebody = await house.signed_in("picker")
    assert (await somebody.get("/me", Authorization="Basic YTpi")).status_code == 200


# --- forged requests


async def test_a_state_changing_request_with_the_cookie_needs_our_header_and_origin(house: House) -> None:
    somebody = await house.signed_in("picker")
    evil = await somebody.post("/sign-out", Origin="https://evil.example")
    assert code(evil) == "origin_refused"
    del somebody.headers["X-Pickwave"]
    assert code(await somebody.post("/sign-out")) == "origin_refused"
    assert (await somebody.get("/me")).status_code == 200
    somebody.headers["X-Pickwave"] = "1"
    assert (await somebody.post("/sign-out", Origin="http://localhost")).status_code == 204


async def test_nobody_is_signed_in_from_another_sites_page(house: House) -> None:
    who = await house.person()
    evil = house.somebody(Origin="https://evil.example")
    assert code(await evil.sign_in(who.badge)) == "origin_refused"


# --- what is stored


async def test_only_hashes_are_kept(house: House) -> None:
    who = await house.person()
    _, secret = await house.device()
    _, key = await house.key("integrator")
    handheld = house.on(secret)
    await handheld.sign_in(who.badge)
    token = handheld.cookie.partition("=")[2]

    def everything(work: Work) -> str:
        tables = (models.person, models.device, models.session, models.api_key, models.throttle)
        return "".join(str(row) for table in tables for row in work.execute(table.select()))

    kept = await core(house.db, everything)
    for hidden in (PIN, secret, key, token):
        assert hidden not in kept
        assert hidden.encode().hex() not in kept
    assert str(tokens.fingerprint(token)) in kept


# --- what a first week needs


async def test_a_locked_badge_is_seen_in_the_list_and_let_in_at_once(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    who = await house.person()
    somebody = house.somebody()
    for _ in range(4):
        await somebody.sign_in(who.badge, "736455")
    assert code(await somebody.sign_in(who.badge)) == "sign_in_throttled"
    seen = {each["id"]: each["locked_until"] for each in (await admin.get("/people")).json()["items"]}
    assert seen.pop(str(who.id)) is not None
    assert set(seen.values()) == {None}
    assert (await admin.post(f"/people/{who.id}/unlock")).status_code == 200
    assert (await somebody.sign_in(who.badge)).status_code == 200


async def test_a_device_says_how_it_is_and_a_browser_without_a_device_is_not_written_down(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    device, secret = await house.device()
    said = await house.on(secret).post("/device", {"battery_percent": 17, "charging": False})
    assert said.status_code == 204, said.text
    (seen,) = (await admin.get("/devices")).json()["items"]
    assert (seen["id"], seen["battery_percent"], seen["charging"]) == (str(device), 17, False)
    assert seen["seen_at"] is not None
    assert (await admin.post("/device", {})).status_code == 204
    assert (await house.on(secret).post("/device", {"battery_percent": 101})).status_code == 422


async def test_the_code_of_a_device_is_a_picture_that_a_phone_reads(house: House) -> None:
    admin = await house.signed_in("admin", warehouse=None)
    offer = (await admin.post("/devices", {"name": "H-09", "warehouse": HERE})).json()
    assert read_qr(offer["qr"]) == f"http://localhost/sign-in#enrol={offer['code']}"
