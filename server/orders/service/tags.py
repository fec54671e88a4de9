"""Why: a word on an order is what a desk sorts by; rules set some, people the others, and the search finds both."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Work
from server.orders import terms
from server.orders.service.lookup import order_of
from server.orders.service.timelines import tell
from server.orders.store import orders, pages, search

MOST: Final = 20
"""Tags of an order: more nobody reads."""


def tag(work: Work, order_id: UUID, text: str) -> None:
    """Marks an order; nothing happens where it is marked so. Stream 0. Refuses `order_unknown`, `tags_full`."""
    tags = pages.head_of(work.conn, order_of(work.conn, order_id).id).tags
    if text in tags:
        return
    if len(tags) >= MOST:
        raise Refusal("tags_full", most=MOST)
    _keep(work, order_id, [*tags, text], "marked", text)


def untag(work: Work, order_id: UUID, text: str) -> None:
    """Takes a mark away; nothing happens where there is none. Stream 0. Refuses `order_unknown`."""
    tags = pages.head_of(work.conn, order_of(work.conn, order_id).id).tags
    if text in tags:
        _keep(work, order_id, [each for each in tags if each != text], "unmarked", text)


def _keep(work: Work, order_id: UUID, tags: list[str], what: str, text: str) -> None:
    found, head = order_of(work.conn, order_id), pages.head_of(work.conn, order_id)
    orders.set_tags(work.conn, order_id, tags)
    search.replace(work.conn, found.number, terms.text(found.number, head.external_ref, head.customer, tags))
    tell(work, order_id, what, {"tag": text})
    said = {"number": found.number, "warehouse": found.warehouse, "what": "tags"}
    work.emit("order.edited", stream=CORE, order=order_id, **said)
