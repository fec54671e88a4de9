"""`pickwave reconcile run|last`: our payments beside a gateway's list; exit code 1 when anything differs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server.cli.house import columns, with_database, with_picture, write
from server.core.clock import SystemClock
from server.core.refusal import Fault, Refusal
from server.db.database import Database
from server.orders.currencies import shown
from server.payments.reconciler import Reconciler
from server.payments.schemas import Booking, Compared
from server.payments.service import reconciling
from server.payments.worker import gateways_of
from server.settings import Settings
from server.start import DONE, FAILED

PAGE = 200
DAYS = 7
NONE = ("Nothing was compared yet: `pickwave reconcile run` does.",)


def arguments(parser: argparse.ArgumentParser) -> None:
    """One word for what to do; which gateway and which days."""
    what = parser.add_subparsers(dest="what", required=True, metavar="run|last")
    run = what.add_parser("run", help="ask the gateway for its list and compare")
    run.add_argument("--gateway", default="", help="sandbox or stripe; without it the one that cards go to")
    run.add_argument("--since", type=_day, help=f"a day such as 2026-11-24, in UTC; without it {DAYS} days ago")
    run.add_argument("--until", type=_day, help="the day after the last one; without it now")
    what.add_parser("last", help="what the last comparison found, also while a server runs")


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Compare, or show; fails when anything differs or the gateway did not answer."""
    found: list[bool] = []
    if args.what == "last":
        code = with_picture(settings, partial(_last, found=found))
    else:
        code = with_database(
            settings, "pickwave reconcile run", partial(_compare, args=args, settings=settings, found=found),
            beside="/api/payments/reconciliations",
        )  # fmt: skip
    return FAILED if code == DONE and not all(found) else code


async def _compare(db: Database, args: argparse.Namespace, settings: Settings, found: list[bool]) -> Iterable[str]:
    clock = SystemClock()
    gateways = gateways_of(settings, clock)
    try:
        gateway = args.gateway or gateways.cards
        if gateway not in gateways.by_name:
            fault = Fault("gateway", "There is no such gateway.", ", ".join(gateways.by_name), gateway)
            raise Refusal("gateway_unknown", fault, gateway=gateway)
        until = args.until or clock.now()
        start = partial(
            reconciling.start, gateway=gateway, since=args.since or until - timedelta(days=DAYS), until=until
        )
        run_id = await write(db, "payments.reconcile_start", start)
        await Reconciler(db, gateways.by_name, clock).compare(run_id)
    finally:
        await gateways.close()
    return await db.read(lambda conn: list(_told(conn, run_id, found)))


def _last(conn: sa.Connection, found: list[bool]) -> Iterable[str]:
    runs = reconciling.page(conn, None, 1).items
    return list(_told(conn, runs[0].id, found)) if runs else NONE


def _told(conn: sa.Connection, run_id: UUID, found: list[bool]) -> Iterator[str]:
    run = reconciling.view(conn, run_id)
    found.append(run.state == "done" and not run.differences)
    counts = ", ".join(f"{verdict.replace('_', ' ')} {count}" for verdict, count in run.counts.items() if count)
    time = f"{run.since:%Y-%m-%d %H:%M}Z to {run.until:%Y-%m-%d %H:%M}Z"
    yield f"{run.gateway}, {time}: {run.state}; {counts or 'nothing to compare'}"
    rows = [_row(line) for line in _lines(conn, run_id)]
    yield from columns(("what differs", "order", "at the gateway", "ours", "theirs"), rows) if rows else ()


def _lines(conn: sa.Connection, run_id: UUID) -> Iterator[Compared]:
    after: UUID | None = None
    while True:
        page = reconciling.lines(conn, run_id, None, after, PAGE)
        yield from page.items
        if page.next is None:
            return
        after = page.next


def _row(line: Compared) -> tuple[str, ...]:
    number = "" if line.order_number is None else str(line.order_number)
    return line.verdict.replace("_", " "), number, line.reference, _side(line.ours), _side(line.theirs)


def _side(side: Booking | None) -> str:
    if side is None:
        return "–"
    amounts = (side.authorised_minor, side.captured_minor, side.refunded_minor)
    return f"{side.state}, {' / '.join(shown(each, side.currency) for each in amounts)}"
