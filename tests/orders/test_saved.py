"""What a person looks at again and again is kept with the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from server.core.clock import ManualClock
from server.core.ids import new_id
from server.db.database import Database
from server.db.work import Actor
from server.orders.api import orders as api
from tests.support.wire import client

VIEWS = "/api/orders/views"


@pytest.fixture
async def db(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> Database:
    return await open_database()


async def test_a_view_is_kept_by_its_name_for_its_person_alone(db: Database) -> None:
    sara, ben = Actor(name="Sara", person=new_id()), Actor(name="Ben", person=new_id())
    async with client(db, [api.router], sara) as http:
        assert (await http.put(VIEWS, json={"name": "Held", "status": "on_hold"})).status_code == 200
        changed = await http.put(VIEWS, json={"name": "Held", "status": "on_hold", "q": "tea"})
        assert changed.json()["items"] == [{"name": "Held", "q": "tea", "status": "on_hold"}]
    async with client(db, [api.router], ben) as http:
        assert (await http.get(VIEWS)).json() == {"items": []}
        assert (await http.delete(VIEWS, params={"name": "Held"})).status_code == 204
    async with client(db, [api.router], sara) as http:
        assert len((await http.get(VIEWS)).json()["items"]) == 1
        assert (await http.delete(VIEWS, params={"name": "Held"})).status_code == 204
        assert (await http.get(VIEWS)).json() == {"items": []}


async def test_what_is_no_view_is_refused(db: Database) -> None:
    async with client(db, [api.router], Actor(name="Sara", person=new_id())) as http:
        for wrong in ({"name": " "}, {"name": "x" * 41}, {"name": "x", "status": "nice"}, {"name": "x", "q": ""}):
            assert (await http.put(VIEWS, json=wrong)).status_code == 422
        for number in range(30):
            assert (await http.put(VIEWS, json={"name": f"View {number}"})).status_code == 200
        assert (await http.put(VIEWS, json={"name": "One more"})).json()["faults"][0]["field"] == "name"
        assert (await http.put(VIEWS, json={"name": "View 3", "q": "tea"})).status_code == 200
    async with client(db, [api.router], Actor(name="shop")) as http:
        assert (await http.get(VIEWS)).json()["code"] == "person_unknown"
