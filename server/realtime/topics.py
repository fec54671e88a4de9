"""Why: what can be followed live is one table: a row says who may, what it is about, and how it is read.

A topic is a projection that a room makes anyway (for HTTP too), read again when one of its subjects was touched.
A new topic is a row of `topics`, and the events that touch it are rows of `server/fanout/table.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.analytics import views as boards
from server.analytics.schemas import BoardView
from server.auth.gate import Caller
from server.auth.rules import in_warehouse
from server.core.clock import Clock
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.locations import service as locations
from server.orders.projection import Section, order_page
from server.orders.schemas.jobs import JobView
from server.orders.schemas.pages import OrderPage
from server.orders.service import jobs
from server.packing.schemas import PackView
from server.realtime import store
from server.shipping import views as benches
from server.tasks import views as queues
from server.tasks.store import totes
from server.tasks.views import QueueView
from server.waves import store as waves
from server.waves.schemas import WaveView

EVERYBODY: Final = ""
"""The audience of a topic that looks the same to all who may see it."""
LARGEST: Final = 2**53
"""Above it a browser counts no more."""
WAVES_SHOWN: Final = 50

View = msgspec.Struct
Views = dict[Hashable, View]


class Touch(NamedTuple):
    """Something happened to what a topic is about: a warehouse, an order, a fulfilment, a station."""

    topic: str
    subject: Hashable


def _alike(_caller: Caller) -> Hashable:
    return EVERYBODY


@dataclass(frozen=True)
class Topic:
    """One row.

    `key` reads a key's text and refuses one that is none. `admit` refuses whoever may not see this key. `project`
    reads the view for one audience, `refresh` reads many that exist again, all inside one snapshot. `subjects` and
    `streams` say of a view what it is about and in which streams that happens.
    """

    name: str
    permission: str
    what: str
    keyed_by: str
    key: Callable[[str], Any]
    admit: Callable[[sa.Connection, Caller, Any], None]
    project: Callable[[sa.Connection, Any, Hashable], View]
    subjects: Callable[[Any, Any], frozenset[Hashable]]
    streams: Callable[[Any, Any], frozenset[int]]
    audience: Callable[[Caller], Hashable] = _alike
    refresh: Callable[[sa.Connection, Any, Mapping[Hashable, Any]], Views] | None = None

    def again(self, conn: sa.Connection, key: Any, last: Mapping[Hashable, View]) -> Views:
        """The views of these audiences as they are now; `last` are those that were read before."""
        if self.refresh is not None:
            return self.refresh(conn, key, last)
        return {audience: self.project(conn, key, audience) for audience in last}


def topics(sections: Mapping[str, Section], clock: Clock) -> dict[str, Topic]:
    """The table. `sections` are what later rooms add to an order's page; `clock` says what "today" is."""
    return {row.name: row for row in (_QUEUE, _order(sections), _JOB, _WAVES, _board(clock), _PACK)}


# --- keys ----------------------------------------------------------------------------------------------------------


def number(text: str) -> int:
    """A key that is a number; refuses `invalid`."""
    if text.isascii() and text.isdigit() and len(text) <= 16 and text[0] != "0" and int(text) <= LARGEST:
        return int(text)
    raise Refusal("invalid", Fault("key", "This is no key of the topic.", "a number", text[:40]), count=1)


def _id(text: str, wanted: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("invalid", Fault("key", "This is no key of the topic.", wanted, text[:40]), count=1) from None


def _in_own_warehouse(conn: sa.Connection, caller: Caller, warehouse: int) -> None:
    in_warehouse(caller.actor.warehouse, warehouse)
    locations.warehouse_of(conn, warehouse)


def _its_number(key: int, _view: View) -> frozenset[int]:
    return frozenset({key})


# --- queue: what one person has and may take -----------------------------------------------------------------------


def _person(caller: Caller) -> Hashable:
    if caller.actor.person is None:
        raise Refusal("not_signed_in")
    return caller.actor.person


def _own_queue(conn: sa.Connection, warehouse: int, person: Hashable) -> QueueView:
    assert isinstance(person, UUID)
    return queues.queue(conn, warehouse, person)


NOBODY: Final = UUID(int=0)


def _queues_again(conn: sa.Connection, warehouse: int, last: Mapping[Hashable, QueueView]) -> Views:
    """Everybody's queue: what all see is read once, a person's own tours only where their versions moved on."""
    shared = queues.queue(conn, warehouse, NOBODY)
    busy = totes.busy(conn, warehouse)
    claimed = store.claimed_tours(conn, warehouse)
    again: Views = {}
    for person, view in last.items():
        assert isinstance(person, UUID)
        if {id_: each.version for id_, each in view.tours.items()} != claimed.get(person, {}):
            again[person] = queues.queue(conn, warehouse, person)
        else:
            again[person] = _with_shared(view, shared, busy)
    return again


def _with_shared(view: QueueView, shared: QueueView, busy: list[str]) -> QueueView:
    tours = view.tours
    if any(each.busy_totes != busy for each in tours.values()):
        tours = {id_: msgspec.structs.replace(each, busy_totes=busy) for id_, each in tours.items()}
    return QueueView(tours=tours, offers=shared.offers, loose=shared.loose, items=shared.items)


_QUEUE: Final = Topic(
    name="queue",
    permission="live.queue",
    what="A person's own tours, whole, with what is offered and the loose tasks.",
    keyed_by="number of the warehouse",
    key=number,
    admit=_in_own_warehouse,
    project=_own_queue,
    subjects=_its_number,
    streams=_its_number,
    audience=_person,
    refresh=_queues_again,
)


# --- order: one order's page ---------------------------------------------------------------------------------------


def _anyone_who_may(_conn: sa.Connection, _caller: Caller, _number: int) -> None:
    """An order belongs to no warehouse: the permission is all, as over HTTP."""


def _order_subjects(_key: int, view: OrderPage) -> frozenset[Hashable]:
    return frozenset({view.id, *(part.id for part in view.fulfilments)})


def _order_streams(_key: int, view: OrderPage) -> frozenset[int]:
    return frozenset({CORE, view.warehouse, *(part.warehouse for part in view.fulfilments)})


def _order(sections: Mapping[str, Section]) -> Topic:
    def page(conn: sa.Connection, key: int, _audience: Hashable) -> OrderPage:
        return order_page(conn, key, sections)

    return Topic(
        name="order",
        permission="live.order",
        what="An order's page: lines, fulfilments, holds, payment, timeline; the same as `GET /api/orders/{number}`.",
        keyed_by="number of the order",
        key=number,
        admit=_anyone_who_may,
        project=page,
        subjects=_order_subjects,
        streams=_order_streams,
    )


# --- job: something that was asked for many orders -----------------------------------------------------------------


def job_id(text: str) -> UUID:
    """A key that is a job's id; refuses `invalid`."""
    return _id(text, "a job's id")


def _known_job(conn: sa.Connection, _caller: Caller, job: UUID) -> None:
    jobs.job_of(conn, job)


def _job(conn: sa.Connection, job: UUID, _audience: Hashable) -> JobView:
    return jobs.view(jobs.job_of(conn, job))


def _its_id(job: UUID, _view: View) -> frozenset[Hashable]:
    return frozenset({job})


def _in_core(_job: UUID, _view: View) -> frozenset[int]:
    return frozenset({CORE})


_JOB: Final = Topic(
    name="job",
    permission="live.order",
    what="How far something is that was asked for many orders; the same as `GET /api/orders/jobs/{id}`.",
    keyed_by="id of the job",
    key=job_id,
    admit=_known_job,
    project=_job,
    subjects=_its_id,
    streams=_in_core,
)


# --- waves: how far a warehouse is ---------------------------------------------------------------------------------


class WavesView(msgspec.Struct, frozen=True):
    """The newest waves of a warehouse with their progress, by id."""

    waves: dict[str, WaveView]


def _waves(conn: sa.Connection, warehouse: int, _audience: Hashable) -> WavesView:
    return WavesView({str(each.id): each for each in waves.views(conn, warehouse, LARGEST, WAVES_SHOWN)})


_WAVES: Final = Topic(
    name="waves",
    permission="live.waves",
    what=f"The {WAVES_SHOWN} newest waves of a warehouse with their progress.",
    keyed_by="number of the warehouse",
    key=number,
    admit=_in_own_warehouse,
    project=_waves,
    subjects=_its_number,
    streams=_its_number,
)


# --- board: a warehouse at a glance --------------------------------------------------------------------------------


def _board(clock: Clock) -> Topic:
    def board(conn: sa.Connection, warehouse: int, _audience: Hashable) -> BoardView:
        return boards.board(conn, warehouse, clock.now())

    return Topic(
        name="board",
        permission="live.board",
        what="A warehouse's board: waves by stage, people, what waits for a person; as `GET …/board`.",
        keyed_by="number of the warehouse",
        key=number,
        admit=_in_own_warehouse,
        project=board,
        subjects=_with_people,
        streams=_with_orders,
    )


SIGNED_IN: Final = "signed in"
"""What of a board is touched by whoever signs in or out: nobody knows for which warehouse without looking."""


def _with_people(key: int, _view: View) -> frozenset[Hashable]:
    return frozenset({key, SIGNED_IN})


def _with_orders(key: int, _view: View) -> frozenset[int]:
    """Holds are the orders', sessions the people's, and those belong to no warehouse."""
    return frozenset({CORE, key})


# --- pack: one station's bench -------------------------------------------------------------------------------------


def station_id(text: str) -> UUID:
    """A key that is a station's id; refuses `invalid`."""
    return _id(text, "a station's id")


def _at_own_bench(conn: sa.Connection, caller: Caller, station: UUID) -> None:
    in_warehouse(caller.actor.warehouse, benches.warehouse_of(conn, station))


def _bench(conn: sa.Connection, station: UUID, _audience: Hashable) -> PackView:
    return benches.bench_by_id(conn, station)


def _bench_subjects(station: UUID, view: PackView) -> frozenset[Hashable]:
    return frozenset({station, *view.station.printers, *(order.id for order in view.orders.values())})


def _bench_streams(_station: UUID, view: PackView) -> frozenset[int]:
    return frozenset({view.station.warehouse})


_PACK: Final = Topic(
    name="pack",
    permission="live.pack",
    what="A pack station's bench: totes, orders, the open carton with its label and print, the printers.",
    keyed_by="id of the station",
    key=station_id,
    admit=_at_own_bench,
    project=_bench,
    subjects=_bench_subjects,
    streams=_bench_streams,
)
