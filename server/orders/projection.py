"""Why: the order's page, for the first look (HTTP) and every live one (WebSocket), is one function of a connection.

Rooms above orders add to it without orders knowing them: whoever composes hands in `sections`, a name and a function
each, and finds what they give under `more`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.core.words import Language, worded
from server.orders import more, rules
from server.orders.lifecycle import HOLD
from server.orders.promising import Share, day
from server.orders.rules import Facts, Situation
from server.orders.schemas.captures import Address, Customer
from server.orders.schemas.pages import (
    OrderPage,
    PageEntry,
    PageHold,
    PageItem,
    PageLine,
    PagePart,
    PagePayment,
    PageVerdict,
)
from server.orders.schemas.trials import Seen
from server.orders.service import lookup, statuses
from server.orders.store import carriers, decisions, fulfilments, holds, orders, pages, promises, timelines
from server.orders.store.decisions import Decision
from server.orders.store.fulfilments import Part, PartLine
from server.orders.store.holds import Hold
from server.orders.store.orders import Line, Order
from server.orders.store.timelines import Entry
from server.orders.timeline import TIMELINE
from server.policies import saying
from server.policies.rules import KINDS, Said
from server.policies.saying import POLICY_WORDS

Section = Callable[[Connection, UUID], Any]
"""What a later room knows of the order with this id, as something that becomes JSON."""


def order_page(conn: Connection, number: int, sections: Mapping[str, Section] | None = None) -> OrderPage:
    """Everything about the order with this number; refuses `order_unknown`. Read it inside one snapshot."""
    found = lookup.order_of(conn, lookup.id_of(conn, number))
    head = pages.head_of(conn, found.id)
    lines = orders.lines_of(conn, found.id)
    parts = fulfilments.of_order(conn, found.id)
    part_lines = fulfilments.lines_of_order(conn, found.id)
    shares = promises.of_order(conn, found.id)
    facts = statuses.order_facts(lines, part_lines, shares, found.split)
    named = carriers.names(conn)
    items = catalog.items(conn, {line.item for line in lines})
    stops = [_hold(each, found) for each in holds.of_order(conn, found.id)]
    return OrderPage(
        id=found.id, number=found.number, channel=head.channel, external_ref=head.external_ref, status=found.status,
        version=head.version, warehouse=found.warehouse, service=found.service, split=found.split,
        cutoff_at=found.cutoff_at, promised_on=found.promised_on, sourced=head.sourced, captured_at=head.captured_at,
        cancelled_at=found.cancelled_at, currency=found.currency, items_minor=found.items_minor,
        shipping_minor=found.shipping_minor, tax_minor=found.tax_minor, total_minor=found.total_minor,
        customer=msgspec.convert(head.customer, Customer),
        customer_id=head.customer_id, address=msgspec.convert(head.address, Address),
        facts=rules.total(facts.values()),
        lines=[_line(line, facts[line.id], items[line.item], part_lines, shares.get(line.id, [])) for line in lines],
        fulfilments=[_part(part, [line for line in part_lines if line.part == part.id], named) for part in parts],
        holds=stops,
        payment=PagePayment(found.payment_method, found.payment, _costs(found, lines, facts), found.captured_minor,
                            found.currency, found.authorised_until),
        timeline=_timeline(conn, found.id, _named_by(lines, part_lines, items)),
        more={name: section(conn, found.id) for name, section in (sections or {}).items()},
        can=_can(found),
        service_name=named.get(found.service, found.service), tags=head.tags,
        decisions=[verdict for each in decisions.of_order(conn, found.id) for verdict in _verdicts(each)],
    )  # fmt: skip


def _costs(found: Order, lines: Sequence[Line], facts: Mapping[UUID, Facts]) -> int:
    """What is to be paid for it as it is now; of one of which nothing is wanted any more, what was."""
    wanted = {line: facts[line.id].wanted for line in lines}
    if not any(wanted.values()):
        return found.total_minor
    value = sum(line.price_minor * units for line, units in wanted.items())
    return value + found.shipping_minor + more.tax_of(found, value)


def _verdicts(each: Decision) -> Iterator[PageVerdict]:
    for verdict in each.verdicts:
        for spoke in verdict.matched:
            yield PageVerdict(
                at=each.at, moment=each.moment, kind=verdict.kind, kind_words=Said(*KINDS[verdict.kind].words),
                version=verdict.version, rule=spoke.rule, then=saying.does(spoke.then),
                because=seen(spoke.because), broken=spoke.broken,
            )  # fmt: skip


def seen(because: Mapping[str, Any]) -> list[Seen]:
    """The values that a rule looked at, with the words of their facts."""
    return [Seen(path, saying.fact(path), value, saying.value(path, value)) for path, value in because.items()]


def _hold(each: Hold, found: Order) -> PageHold:
    why = rules.HOLD_REASONS[each.reason]
    return PageHold(
        id=each.id, reason=each.reason, en=why.en, de=why.de, permission=why.permission,
        releasable=HOLD.can(each.state, "release") and not rules.cause_stands(each.reason, found.payment),
        state=each.state, detail=each.detail, placed_at=each.placed_at, placed_by=each.placed_by,
        released_at=each.released_at, released_by=each.released_by, release_note=each.release_note,
        owner=each.owner, due_at=each.due_at, escalated_at=each.escalated_at, rule=each.rule,
    )  # fmt: skip


def _line(line: Line, facts: Facts, item: Item, parts: list[PartLine], shares: list[Share]) -> PageLine:
    waits = next((part for part in parts if part.order_line == line.id and part.facts.backordered), None)
    return PageLine(
        id=line.id, position=line.position, item=PageItem(item.id, item.sku, item.names, item.picture),
        price_minor=line.price_minor, status=rules.status("line", Situation(facts=facts)), facts=facts,
        open=facts.open, backorder_reason=waits.backorder_reason if waits else None,
        backorder_expected=(waits.backorder_expected if waits else None) or day(s for s in shares if not s.ready),
        waiting=sum(share.quantity for share in shares if not share.ready), promised_on=day(shares),
    )  # fmt: skip


def _part(part: Part, lines: list[PartLine], named: Mapping[str, str]) -> PagePart:
    return PagePart(
        id=part.id, warehouse=part.warehouse, wave=part.wave, service=part.service, cutoff_at=part.cutoff_at,
        status=part.status, held=part.held, facts=rules.total(line.facts for line in lines),
        lines={line.order_line: line.facts for line in lines}, service_name=named.get(part.service, part.service),
    )  # fmt: skip


# status → what may be asked of the order now
_ACTIONS: Final[dict[str, tuple[str, ...]]] = {"shipped": (), "cancelled": ()}
_OPEN: Final = ("hold", "cancel")


def _can(found: Order) -> list[str]:
    actions = _ACTIONS.get(found.status, _OPEN)
    return [*actions, *(("retry_payment",) if found.payment == "declined" and actions else ())]


# --- the timeline --------------------------------------------------------------------------------------------------


def _named_by(lines: list[Line], parts: list[PartLine], items: Mapping[UUID, Item]) -> dict[object, Item]:
    """Each item by whatever a row of the timeline names it by: its SKU, its line's place, the fulfilment's line."""
    return {
        **{each.sku: each for each in items.values()},
        **{line.position: items[line.item] for line in lines},
        **{line.id: items[line.item] for line in parts},
    }


def _timeline(conn: Connection, order_id: UUID, items: Mapping[object, Item]) -> list[PageEntry]:
    """What happened, the latest first: the order's and its fulfilments' rows merged by time."""
    entries = timelines.of_order(conn, order_id)
    entries.sort(key=lambda entry: (entry.at, entry.part is not None, entry.id), reverse=True)
    devices = timelines.device_names(conn, {UUID(entry.device) for entry in entries if entry.device})
    houses = carriers.warehouse_names(conn)
    return [_entry(entry, items.get(_named_in(entry)), devices, houses) for entry in entries]


def _named_in(entry: Entry) -> object:
    return entry.line or entry.params.get("sku") or entry.params.get("line")


def _entry(entry: Entry, item: Item | None, devices: Mapping[UUID, str], houses: Mapping[int, str]) -> PageEntry:
    told = TIMELINE[entry.what]
    params = dict(entry.params)
    if "warehouse" in params:
        params["warehouse"] = houses.get(params["warehouse"], params["warehouse"])
    device = None if entry.device is None else devices.get(UUID(entry.device), entry.device)
    return PageEntry(
        id=f"{'f' if entry.part else 'o'}{entry.id}", at=entry.at, what=entry.what,
        en=said(told.en, params, item, "en"), de=said(told.de, params, item, "de"),
        tone=told.tone, params=entry.params, who=entry.who, device=device, why=entry.why, line=entry.line,
        fulfilment=entry.part, command=entry.command,
    )  # fmt: skip


DELIVERED: Final = ("as delivered", "wie geliefert")
"""What rules are that nobody has changed."""


def _of_rule(params: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The words of the rule that a row names, of its kind and version, and of the policy that it chose."""
    de, name, version = language == "de", params["rule"], params["version"]
    said = {
        "rule": (name.get("de") if de else None) or name["en"],
        "kind": KINDS[params["kind"]].words[de],
        "version": f"{'Version' if de else 'version'} {version}" if version else DELIVERED[de],
    }
    return said | ({"policy": POLICY_WORDS[params["policy"]][de]} if "policy" in params else {})


class _Words(dict[str, Any]):
    """A parameter that an old row does not have shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def said(text: str, params: Mapping[str, Any], item: Item | None, language: Language) -> str:
    """A text of the timeline with its parameters, codes and the item's name in words of that language."""
    words = _Words(worded(params, language))
    if item is not None:
        words["item"] = item.names.get(language) or item.names["en"]
    reason = rules.HOLD_REASONS.get(str(params.get("reason")))
    if reason is not None:
        words["reason"] = reason.de if language == "de" else reason.en
    if "rule" in params:
        words |= _of_rule(params, language)
    return text.format_map(words)
