"""Why: the composition root: the only file that knows everyone. Each kind of part has one list here.

A new room registers its router, what it shares, what runs beside the requests and what the first start does, by one
line each. `create_app` puts them together; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any, Final, cast

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ControllerRouterHandler, Guard, Middleware

from seed.load import demo, no_public_pins
from seed.printers import virtual_printers
from server.analytics import api as analytics_api
from server.analytics.finders import FINDERS
from server.auth import api as auth_api
from server.auth import guards
from server.background import Background, Running, Site, running
from server.catalog import api as catalog_api
from server.core.clock import Clock, SystemClock
from server.core.events import EVENTS
from server.customers import api as customers_api
from server.db.database import Database
from server.db.errors import NotReady
from server.fanout import site as fanout
from server.fanout.table import CUSTOMER_SECTIONS, ORDER_SECTIONS
from server.fanout.table import REACTIONS as REACTIONS
from server.integrations import channel_worker as channel_workers
from server.integrations import webhook_worker as webhooks
from server.integrations.api import channels as channels_api
from server.integrations.api import imports as imports_api
from server.integrations.api import incoming as incoming_api
from server.integrations.api import webhooks as webhooks_api
from server.integrations.importer import Importer, importer
from server.lan import api as lan_api
from server.lan.keeper import At
from server.locations import api as locations_api
from server.locations import service as locations
from server.notify import api as messages_api
from server.notify import worker as postman
from server.orders import job_worker as order_jobs
from server.orders import promiser
from server.orders import worker as hold_watch
from server.orders.api import batch as batch_api
from server.orders.api import holds as holds_api
from server.orders.api import jobs as jobs_api
from server.orders.api import orders as orders_api
from server.orders.api import services as services_api
from server.orders.api import supply as supply_api
from server.orders.api import trials as trials_api
from server.packing import api as packing_api
from server.packing.commands import KINDS as PACKING
from server.packing.store import stations
from server.payments import api as payments_api
from server.payments import worker as payments
from server.policies import api as policies_api
from server.realtime import api as live_api
from server.settings import Settings
from server.setup import api as setup_api
from server.shipping import api as shipping_api
from server.shipping import worker as label_worker
from server.shipping.commands import KINDS as SHIPPING
from server.spooler import api as spooler_api
from server.spooler import worker as spooler
from server.tasks import api as tasks_api
from server.tasks import described
from server.tasks.floor import KINDS, FloorDesk, Kind
from server.tasks.tickets import UploadTickets
from server.waves import api as waves_api
from server.waves.releaser import Releaser, releaser
from server.web import health, metrics, schema_page
from server.web.edge import Edge
from server.web.lean import hidden
from server.web.problems import HANDLERS, log_unexpected
from server.web.ready import OK, Check, Readiness, ask
from server.web.request import StrictRequest
from server.web.static import Pwa, pwa_folder

# --- what the lists name -----------------------------------------------------------------------------------------


@asynccontextmanager
async def _floor_desk(site: Site) -> AsyncIterator[FloorDesk]:
    yield FloorDesk(site.db, FLOOR_COMMANDS, UploadTickets(site.db))


@asynccontextmanager
async def _releaser(site: Site) -> AsyncIterator[Releaser]:
    async with releaser(site.db, site.clock) as opened:
        yield opened


async def _run_releaser(site: Site) -> None:
    await cast(Releaser, site.things["releaser"]).run()


async def _run_importer(site: Site) -> None:
    await cast(Importer, site.things["importer"]).run()


# --- the lists: one line a part ---------------------------------------------------------------------------------

ROUTERS: Final[tuple[ControllerRouterHandler, ...]] = (
    health.router,
    metrics.metrics,
    auth_api.router,
    catalog_api.router,
    locations_api.router,
    customers_api.router,
    orders_api.router,
    jobs_api.router,
    batch_api.router,
    holds_api.router,
    trials_api.router,
    policies_api.router,
    imports_api.router,
    imports_api.orders_router,
    services_api.router,
    payments_api.orders_router,
    payments_api.customers_router,
    supply_api.receipts_router,
    supply_api.rules_router,
    supply_api.sourcing_router,
    payments_api.router,
    spooler_api.router,
    tasks_api.router,
    waves_api.router,
    packing_api.router,
    packing_api.types_router,
    shipping_api.router,
    shipping_api.links_router,
    shipping_api.papers_router,
    shipping_api.track_router,
    shipping_api.brand_router,
    analytics_api.router,
    messages_api.router,
    webhooks_api.router,
    setup_api.router,
    channels_api.router,
    channels_api.checkouts_router,
    incoming_api.router,
    live_api.router,
    lan_api.router,
)
"""What answers requests. Every handler has `opt={"permission": …}`; a test walks them."""

GUARDS: Final[tuple[Guard, ...]] = (guards.guard,)
"""What may refuse any request before its handler."""

MIDDLEWARE: Final[tuple[Middleware, ...]] = ()
"""What looks at every routed request first."""

DEPENDENCIES: Final[Mapping[str, Callable[..., Any]]] = {**guards.DEPENDENCIES}
"""What handlers may name as a parameter, besides `db`."""

Things = Mapping[str, Callable[[Site], AbstractAsyncContextManager[object]]]
THINGS: Final[Things] = {
    "auth": guards.thing(locations.warehouse_of, stations.warehouse_of),
    "spooler": spooler.spooler,
    "virtual_printers": virtual_printers,
    "floor_desk": _floor_desk,
    "releaser": _releaser,
    "courier": webhooks.courier,
    "cancel_pace": shipping_api.cancel_pace,
    "postman": postman.postman,
    "gateways": payments.gateways,
    "importer": importer,
    "draughtsman": setup_api.draughtsman,
    "live": fanout.live,
    "fanout": fanout.fanout,
}
"""What is shared by the whole process, opened in this order after the database: `app.state.<name>`."""

FLOOR_COMMANDS: Final[Mapping[str, Kind]] = {**KINDS, **PACKING, **SHIPPING}
RAW_BODIES: Final = {
    "/api/floor/commands": described.batch(FLOOR_COMMANDS),
    **incoming_api.RAW_BODIES,
    **batch_api.RAW_BODIES,
}
"""The kinds of floor commands, of all rooms."""

BACKGROUND: Final[tuple[Background, ...]] = (
    Background("releaser", _run_releaser),
    Background("imports", _run_importer),
    Background("labels", label_worker.run),
    Background("spooler", spooler.run),
    Background("printers", spooler.run_probe),
    Background("payments", payments.run),
    Background("reconciler", payments.run_reconciler),
    Background("holds", hold_watch.run),
    Background("rules", hold_watch.warm),
    Background("promises", promiser.run),
    Background("order-jobs", order_jobs.run),
    Background("lan", lan_api.run, lan_api.wanted),
    Background("webhooks", webhooks.run),
    Background("channels", channel_workers.run),
    Background("messages", postman.run),
    *fanout.BACKGROUND,
)
"""What runs beside the requests."""

FIRST_START: Final[tuple[Callable[[Site], Awaitable[Sequence[str]]], ...]] = (guards.first_admin, no_public_pins)
"""What `serve` does before it listens; each looks for itself whether there is anything to do, and says it in lines."""

DEMO: Final[tuple[Callable[[Site], Awaitable[Sequence[str]]], ...]] = (demo,)
"""The same with `--demo`, before FIRST_START: the demo warehouse brings its own administrator."""

# --- putting them together --------------------------------------------------------------------------------------


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    things: Things = THINGS,
    lan: At | None = None,
    background: Sequence[Background] = BACKGROUND,
) -> Litestar:
    """The application of these settings; its lifespan opens the database, whose schema must be the code's.

    `lan`: how it is reached on the local network, where it is. `background`: what runs beside its requests.
    """
    clock = clock or SystemClock()
    with hidden("pydantic"):
        app = Litestar(
            route_handlers=list(ROUTERS),
            guards=list(GUARDS),
            middleware=list(MIDDLEWARE),
            dependencies={"db": Provide(_database, sync_to_thread=False), **_provided(DEPENDENCIES)},
            exception_handlers=HANDLERS,
            after_exception=[log_unexpected],
            request_class=StrictRequest,
            request_max_body_size=settings.max_body_bytes,
            openapi_config=schema_page.config(version("pickwave"), RAW_BODIES),
            logging_config=None,
            debug=False,
            state=State(
                {
                    "settings": settings,
                    "clock": clock,
                    "lan": lan,
                    "addresses": (lambda: ()) if lan is None else (lambda: lan.urls),
                    "order_sections": ORDER_SECTIONS,
                    "order_finders": FINDERS,
                    "customer_sections": CUSTOMER_SECTIONS,
                }
            ),
            lifespan=[partial(_lifespan, settings=settings, clock=clock, things=things, background=background)],
        )
    guards.check_routes(app)
    names: Callable[[], frozenset[str]] = frozenset if lan is None else lambda: lan.lan.hosts
    app.asgi_handler = Edge(Pwa(app.asgi_handler, pwa_folder()), settings, clock, names)
    return app


def _database(state: State) -> Database:
    db: Database = state.db
    return db


def _provided(dependencies: Mapping[str, Callable[..., Any]]) -> dict[str, Provide]:
    return {name: Provide(make, sync_to_thread=False) for name, make in dependencies.items()}


@asynccontextmanager
async def _lifespan(
    app: Litestar, settings: Settings, clock: Clock, things: Things, background: Sequence[Background]
) -> AsyncIterator[None]:
    db = await Database.open(
        settings.database_url,
        clock=clock,
        events=EVENTS,
        reactions=REACTIONS,
        known=locations.warehouse_of,
        command="pickwave serve",
    )
    async with AsyncExitStack() as house:
        house.push_async_callback(db.close)
        site = Site(settings, clock, db)
        app.state.db, app.state.site = db, site
        site.things["lan"] = app.state.lan
        for name, thing in things.items():
            site.things[name] = app.state[name] = await house.enter_async_context(thing(site))
        tasks = await house.enter_async_context(running(background, site))
        app.state.readiness = partial(ask, _checks(site, tasks))
        yield


def _checks(site: Site, tasks: Running) -> dict[str, Check]:
    async def database() -> str:
        try:
            await site.db.ready()
        except NotReady as trouble:
            return str(trouble).partition(":")[0]  # what follows the colon is for the log, not for everybody
        return OK

    async def background() -> str:
        failing = [f"{name} {state}" for name, state in tasks.states.items() if state not in ("running", "ended")]
        return ", ".join(failing) or OK

    return {"database": database, "background": background, "sinks": partial(fanout.lag, site)}


__all__ = ["Readiness", "Site", "create_app"]
