"""Why: what comes in and goes out over the wire, in one place. Strict: an unknown field is a fault, not a shrug.

The structs say types only; ranges and sense are said by `intake`, which lists every fault at once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from server.core.editions import Edited, Edition
from server.core.refusal import FaultShown
from server.orders.rules import Facts, Split
from server.policies.rules import Both, Rule, Said

Minor = Annotated[int, Meta(description="Money in minor units (cents).", examples=[1998])]


# --- in --------------------------------------------------------------------------------------------------------


class NewLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a new order; `price_minor` is the price of one unit."""

    sku: Annotated[str, Meta(examples=["40-0182"])]
    quantity: Annotated[int, Meta(description="In base units, 1 to 9999.", examples=[2])]
    price_minor: Minor


class NewTotals(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the channel says the order costs; it is added up again: items + shipping + tax = total."""

    items_minor: Minor
    total_minor: Annotated[int, Meta(examples=[2488])]
    shipping_minor: Annotated[int, Meta(examples=[490])] = 0
    tax_minor: Annotated[int, Meta(description="Tax on top of the prices; 0 when they include it.", examples=[0])] = 0


class Customer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who ordered."""

    name: Annotated[str, Meta(examples=["Ana Souza"])]
    email: Annotated[str, Meta(examples=["ana@example.com"])] = ""
    phone: Annotated[
        str, Meta(description="With country code, or as dialled in the address's country.", examples=["+4930231250"])
    ] = ""
    language: Annotated[str, Meta(description="Two letters.", examples=["de"])] = "en"  # fmt: skip


class Address(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where it goes. `name` is needed only when it is not the customer's."""

    street: Annotated[str, Meta(examples=["Lindenweg 4"])]
    city: Annotated[str, Meta(examples=["Köln"])]
    country: Annotated[str, Meta(description="ISO 3166-1, two letters.", examples=["DE"])]
    postal_code: Annotated[str, Meta(examples=["50667"])] = ""
    region: str = ""
    name: str = ""
    company: str = ""


class NewPayment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How it is paid. A card is never given by its number, only by the gateway's token."""

    method: Annotated[str, Meta(description="card, prepaid, invoice or cash.", examples=["card"])]
    token: Annotated[str, Meta(description="The gateway's name for the card.", examples=["ok"])] = ""
    received: Annotated[
        bool, Meta(description="prepaid and cash: the money is there. Without it the order waits until it is.")
    ] = False


class NewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An order as a channel sends it. Channel and external reference together name it for ever."""

    channel: Annotated[str, Meta(examples=["web"])]
    external_ref: Annotated[str, Meta(description="The channel's own number.", examples=["WEB-1003"])]
    currency: Annotated[str, Meta(description="ISO 4217.", examples=["EUR"])]
    lines: list[NewLine]
    totals: NewTotals
    customer: Customer
    address: Address
    payment: NewPayment
    service: Annotated[str, Meta(description="Code of a carrier's service.", examples=["nordpost-parcel"])]
    split: Annotated[Split, Meta(description="What happens to a short line.")] = "ship_available"
    warehouse: Annotated[int | None, Meta(description="Sourced from; empty: the first one.", examples=[1])] = None


class NewReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Goods on their way. Reference and item together name them."""

    reference: Annotated[str, Meta(min_length=1, max_length=100, examples=["PO-2214"])]
    sku: Annotated[str, Meta(min_length=1, max_length=60, examples=["40-0182"])]
    quantity: Annotated[int, Meta(ge=1, le=10_000_000, description="In base units.", examples=[48])]
    expected_on: Annotated[date, Meta(description="The day on which they will be here.", examples=["2026-12-04"])]


class Arrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Units that have come, and the bin in which they lie now."""

    quantity: Annotated[int, Meta(ge=1, le=10_000_000, description="In base units.", examples=[48])]
    bin: Annotated[str, Meta(min_length=1, max_length=40, examples=["A03-02-A"])]
    lot: Annotated[str, Meta(max_length=40, description="Where the item is kept by lot.", examples=[""])] = ""
    expiry: Annotated[date | None, Meta(description="Best before, where the item is kept by it.")] = None


class NewStockRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Keeps units back: of one item or every one, in one warehouse or every one."""

    name: Annotated[str, Meta(min_length=1, max_length=80, examples=["Three honeys for the shop"])]
    warehouse: Annotated[int | None, Meta(description="Empty: every warehouse.", examples=[1])] = None
    sku: Annotated[
        Annotated[str, Meta(max_length=60)] | None, Meta(description="Empty: every item.", examples=["40-0182"])
    ] = None
    safety: Annotated[int, Meta(ge=0, le=1_000_000, description="Units for nobody.", examples=[3])] = 0
    aside: Annotated[int, Meta(ge=0, le=1_000_000, description="Units for `whose` alone.", examples=[0])] = 0
    percent: Annotated[
        Annotated[int, Meta(ge=0, le=100)] | None,
        Meta(description="Of the whole at most for `whose`.", examples=[30]),
    ] = None
    whose: Annotated[
        str, Meta(max_length=260, pattern=r"^((channel|customer):\S+)?(?!\n)$", examples=["channel:web"])
    ] = ""


class ZoneRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How far a postal area is from a warehouse, and what a parcel there costs."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$", examples=["DE"])]
    prefix: Annotated[
        str, Meta(max_length=12, pattern=r"^[0-9A-Z]*(?!\n)$", description="Of the postal code; empty: the country.")
    ] = ""
    zone: Annotated[int, Meta(ge=1, le=99, description="1 is the nearest.", examples=[2])]
    price_minor: Annotated[
        Annotated[int, Meta(ge=0, le=10_000_000)] | None, Meta(description="Of a parcel; empty: the service's own.")
    ] = None


class ZoneChart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The carriers' zones as seen from a warehouse."""

    rows: Annotated[list[ZoneRow], Meta(max_length=5_000)]


class NewPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By which figures the warehouse is chosen; empty: as for the other channels."""

    policy: Annotated[str | None, Meta(examples=["nearest"])]


class SourcingPolicies(msgspec.Struct, frozen=True):
    """The policy of each channel ("" is for all others), and what each policy looks at, the first first."""

    channels: dict[str, str]
    policies: dict[str, list[str]]


class NewHold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stops an order."""

    reason: Annotated[str, Meta(examples=["manual"])] = "manual"
    note: Annotated[str, Meta(examples=["Customer calls back at three."])] = ""


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lets a held order go on."""

    note: Annotated[str, Meta(examples=["Address checked on the phone."])] = ""


class Cancel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Cancels what has not shipped."""

    why: Annotated[str, Meta(examples=["The customer changed her mind."])] = ""


JobAction = Literal["hold", "release", "cancel", "service", "tag", "untag"]
TAG: Final = r"^[a-z0-9][a-z0-9-]*(?!\n)$"


class FoundOrders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All orders that the list of orders shows for this, the newest ten thousand at most."""

    q: Annotated[str, Meta(max_length=100)] = ""
    status: Annotated[str, Meta(max_length=40)] | None = None
    channel: Annotated[str, Meta(max_length=100)] | None = None
    service: Annotated[str, Meta(max_length=100)] | None = None
    warehouse: Annotated[int, Meta(ge=1, le=32767)] | None = None


class NewJob(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something to be done to many orders: to these, or to all that are found.

    `note` is the hold's, the release's, or why it is cancelled; `service` is wanted for "service", `tag` for "tag" and
    "untag".
    """

    action: Annotated[JobAction, Meta(examples=["hold"])]
    orders: Annotated[
        list[Annotated[int, Meta(ge=1, le=2**53)]],
        Meta(min_length=1, max_length=10_000, description="Numbers of orders.", examples=[[10481, 10482]]),
    ] | None = None  # fmt: skip
    found: FoundOrders | None = None
    note: Annotated[str, Meta(max_length=500)] = ""
    service: Annotated[str, Meta(max_length=64)] = ""
    tag: Annotated[str, Meta(max_length=30)] = ""


class JobView(msgspec.Struct, frozen=True):
    """How far a job on many orders is. `refused` of them could not be dealt with; their rows say why."""

    id: UUID
    action: str
    asked: dict[str, str]
    state: str
    total: int
    done: int
    refused: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


class JobList(msgspec.Struct, frozen=True):
    """A page of jobs, the newest first; `next` is the `before` of the page behind it."""

    items: list[JobView]
    next: str | None


class JobRow(msgspec.Struct, frozen=True):
    """An order of a job: `waiting`, `done` or `refused`, and why it was refused."""

    position: int
    number: int
    state: str
    code: str | None
    why: Said | None


class JobRows(msgspec.Struct, frozen=True):
    """A page of a job's orders, in the order in which they are dealt with; `next` is the `after` of the page behind."""

    items: list[JobRow]
    next: str | None


class ReleaseMany(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lets several held orders go on: holds by their ids."""

    holds: Annotated[list[UUID], Meta(min_length=1, max_length=100)]
    note: Annotated[str, Meta(examples=["Addresses checked on the phone."])] = ""


class NewTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tries rules that are not live on the last orders."""

    rules: Annotated[list[Rule], Meta(max_length=50)]
    orders: Annotated[int, Meta(ge=1, le=500, description="How many of the last ones.")] = 500


class CancelUnits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Cancels units of one line."""

    quantity: Annotated[
        Annotated[int, Meta(ge=1, le=9_999)] | None, Meta(description="Empty: all that have not shipped.", examples=[1])
    ] = None
    why: Annotated[str, Meta(examples=["One is enough."])] = ""


class MoreItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Units that come to an order. Without another word shipping stays what it was and tax grows with the goods."""

    lines: list[NewLine]
    shipping_minor: Annotated[int | None, Meta(description="Of the whole order from now on.", examples=[490])] = None
    tax_minor: Annotated[int | None, Meta(description="Of the whole order from now on.", examples=[0])] = None
    why: Annotated[str, Meta(examples=["One more, please."])] = ""


class Replacement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another item instead of units of a line."""

    sku: Annotated[str, Meta(examples=["40-0182"])]
    quantity: Annotated[int, Meta(description="Of the other item, 1 to 9999.", examples=[1])]
    price_minor: Minor
    instead_of: Annotated[
        Annotated[int, Meta(ge=1, le=9_999)] | None, Meta(description="Units of the line; empty: all.", examples=[1])
    ] = None
    why: Annotated[str, Meta(examples=["In blue instead."])] = ""


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Takes everything of another order into this one."""

    order: Annotated[int, Meta(ge=1, le=2**53, description="The other's number.", examples=[10_482])]
    why: Annotated[str, Meta(examples=["One parcel is enough."])] = ""


class NewParty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an order goes from now on; without a customer who ordered stays as it was."""

    address: Address
    customer: Customer | None = None


class OtherService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By which service an order goes from now on."""

    service: Annotated[str, Meta(min_length=1, max_length=64, examples=["blitz-express"])]


class OtherSplit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether an order goes in parts or all at once from now on."""

    split: Annotated[Split, Meta(examples=["ship_available"])]


class NewService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A carrier's service. `cutoff` is HH:MM in the warehouse's zone, `weekdays` 1 (Monday) to 7."""

    code: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$")]
    carrier: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    cutoff: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(?!\n)$")]
    countries: Annotated[list[Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]], Meta(max_length=250)] = []
    weekdays: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)] = msgspec.field(
        default_factory=lambda: [1, 2, 3, 4, 5, 6, 7]
    )
    max_weight_g: Annotated[int, Meta(ge=1, le=10_000_000)] = 31_500
    price_minor: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    transit_days: Annotated[
        Annotated[int, Meta(ge=0, le=60)] | None,
        Meta(description="Of its weekdays, from the truck to the door; empty: nobody knows.", examples=[2]),
    ] = None
    active: bool = True
    edition: Edition | None = None


class ServiceView(Edited, frozen=True):
    """A carrier's service as it is set up; one that is not `active` is no longer chosen."""

    EDITED: ClassVar[tuple[str, ...]] = (
        "carrier", "name", "cutoff", "countries", "weekdays", "max_weight_g", "price_minor", "transit_days", "active",
    )  # fmt: skip
    code: str
    carrier: str
    name: str
    cutoff: str
    countries: list[str]
    weekdays: list[int]
    max_weight_g: int
    price_minor: int
    transit_days: int | None
    active: bool


class ServiceList(msgspec.Struct, frozen=True):
    """All services that carriers offer, by code."""

    items: list[ServiceView]


# --- out -------------------------------------------------------------------------------------------------------


class Captured(msgspec.Struct, frozen=True):
    """The answer to a capture: `first` is false when channel and external reference were known already."""

    id: UUID
    number: int
    status: str
    cutoff_at: datetime
    holds: list[str]
    first: bool = True
    promised_on: Annotated[date | None, Meta(description="The day from which all of it can go, where known.")] = None


class Coming(msgspec.Struct, frozen=True):
    """Units that could be promised for a day to come."""

    on: date
    quantity: int


class Offer(msgspec.Struct, frozen=True):
    """An item as it can be sold now: its list price, units that lie ready for this order, and what comes when."""

    id: UUID
    sku: str
    names: dict[str, str]
    uom: str
    price_minor: int
    currency: str
    picture: str | None
    ready: int
    coming: list[Coming]


class OfferList(msgspec.Struct, frozen=True):
    """The items that were found, by SKU."""

    items: list[Offer]


class OrderForm(msgspec.Struct, frozen=True):
    """What may be chosen when an order is taken in by hand: under which channel, services, means of payment."""

    channel: str
    services: list[ServiceView]
    methods: list[str]
    warehouses: list[int]


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one order of a batch: captured, or a code and every fault at its place in the batch."""

    captured: Captured | None = None
    code: str = ""
    faults: list[FaultShown] = []


class Batched(msgspec.Struct, frozen=True):
    """What became of each order of a batch, in their order, and how many were captured, known and refused."""

    items: list[BatchRow]
    captured: int
    known: int
    refused: int


class Announced(msgspec.Struct, frozen=True):
    """The answer about goods on their way: `moved` orders are promised otherwise now."""

    id: UUID
    first: bool
    moved: int


class ReceiptView(msgspec.Struct, frozen=True):
    """Goods on their way."""

    id: UUID
    warehouse: int
    reference: str
    sku: str
    quantity: int
    arrived: int
    promised: int
    expected_on: date
    state: str


class ReceiptList(msgspec.Struct, frozen=True):
    """A page of what is on its way; `next` asks for the following page."""

    items: list[ReceiptView]
    next: UUID | None


class Shortage(msgspec.Struct, frozen=True):
    """An item for which orders wait: units without a day, units promised out of deliveries, and the next delivery."""

    sku: str
    names: dict[str, str]
    orders: int
    waits: int
    on_the_way: int
    next_on: date | None


class ShortageList(msgspec.Struct, frozen=True):
    """A page of what waits, by SKU; `next` asks for the following page."""

    items: list[Shortage]
    next: str | None


class StockRuleView(msgspec.Struct, frozen=True):
    """What is kept back, and for whom."""

    id: UUID
    name: str
    warehouse: int | None
    sku: str | None
    safety: int
    aside: int
    percent: int | None
    whose: str


class StockRuleList(msgspec.Struct, frozen=True):
    """A page of rules that keep stock back; `next` asks for the following page."""

    items: list[StockRuleView]
    next: UUID | None


class StockRuleMade(msgspec.Struct, frozen=True):
    """The answer to a rule."""

    id: UUID


class Held(msgspec.Struct, frozen=True):
    """The answer to a hold, its release or a cancel: the order's status after it."""

    number: int
    status: str
    hold: UUID | None = None


class Seen(msgspec.Struct, frozen=True):
    """A value that a rule looked at, by the fact's path and in its words."""

    path: str
    words: Said
    value: Any
    said: Said


class Released(msgspec.Struct, frozen=True):
    """What became of one hold of several: the order's status after it, or why it stays."""

    hold: UUID
    status: str | None = None
    code: str = ""
    why: Said | None = None


class ReleasedMany(msgspec.Struct, frozen=True):
    """What became of each."""

    items: list[Released]


class QueuedHold(msgspec.Struct, frozen=True):
    """A hold that waits for somebody. `mine`: this caller may release it now."""

    id: UUID
    order: int
    status: str
    warehouse: int
    customer: str
    total_minor: int
    currency: str
    reason: str
    en: str
    de: str
    rule: dict[str, Any] | None
    owner: str
    placed_at: datetime
    due_at: datetime
    escalated_at: datetime | None
    placed_by: str
    note: str
    mine: bool


class HoldQueue(msgspec.Struct, frozen=True):
    """A page of holds, the one that is due first at the top; `next` is the `after` of the page behind."""

    items: list[QueuedHold]
    next: str | None
    open: int
    overdue: int


class TrialHit(msgspec.Struct, frozen=True):
    """An order that rules on trial would have spoken about."""

    order: int
    captured_at: datetime
    total_minor: int
    currency: str
    rule: Both
    do: str
    then: Said
    because: list[Seen]
    broken: str
    already: bool
    """What is live says the same of it today."""


class Trial(msgspec.Struct, frozen=True):
    """What rules would have done to the last orders: so many of each action, and the first of these orders."""

    looked_at: int
    counts: dict[str, int]
    spared: int
    """Orders that what is live holds or refuses, and these rules would not."""
    items: list[TrialHit]


class OrderRow(msgspec.Struct, frozen=True):
    """An order in a list."""

    id: UUID
    number: int
    channel: str
    external_ref: str
    status: str
    service: str
    cutoff_at: datetime
    captured_at: datetime
    total_minor: int
    currency: str
    customer: str
    country: str
    warehouse: int
    service_name: str


class OrderList(msgspec.Struct, frozen=True):
    """A page of orders, newest first; `next` is the `after` of the page behind it.

    `similar`: no order is exactly what was searched for, these are written nearly so.
    """

    items: list[OrderRow]
    next: str | None
    similar: bool = False


class PageItem(msgspec.Struct, frozen=True):
    """The item of a line, as a page shows it."""

    id: UUID
    sku: str
    names: dict[str, str]
    picture: str | None


class PageLine(msgspec.Struct, frozen=True):
    """A line of the order with its facts over all warehouses."""

    id: UUID
    position: int
    item: PageItem
    price_minor: int
    status: str
    facts: Facts
    open: int
    backorder_reason: str | None = None
    backorder_expected: date | None = None
    waiting: int = 0  # units that no warehouse has been given and that do not lie ready
    promised_on: date | None = None  # when all that no warehouse has been given can go


class PagePart(msgspec.Struct, frozen=True):
    """What one warehouse does of the order."""

    id: UUID
    warehouse: int
    wave: UUID | None
    service: str
    cutoff_at: datetime
    status: str
    held: bool
    facts: Facts
    lines: dict[UUID, Facts]
    service_name: str


class PageHold(msgspec.Struct, frozen=True):
    """Why the order waits or waited, since when, and who let it go."""

    id: UUID
    reason: str
    en: str
    de: str
    permission: str
    releasable: bool
    state: str
    detail: Any
    placed_at: datetime
    placed_by: str
    released_at: datetime | None
    released_by: str | None
    release_note: str | None
    owner: str
    due_at: datetime
    escalated_at: datetime | None
    rule: dict[str, Any] | None


class PageVerdict(msgspec.Struct, frozen=True):
    """A rule that spoke about the order: which, of which version, what it does, and the values that it looked at."""

    at: datetime
    moment: str
    kind: str
    kind_words: Said
    version: int
    rule: Both
    then: Said
    because: list[Seen]
    broken: str


class PagePayment(msgspec.Struct, frozen=True):
    """What the order knows of its money."""

    method: str
    state: str
    total_minor: int
    captured_minor: int
    currency: str
    authorised_until: datetime | None


class PageEntry(msgspec.Struct, frozen=True):
    """Something that happened: when, what (key, words, parameters), who, on which device, why."""

    id: str
    at: datetime
    what: str
    en: str
    de: str
    tone: str
    params: dict[str, Any]
    who: str
    device: str | None
    why: str | None
    line: UUID | None
    fulfilment: UUID | None
    command: UUID


class OrderPage(msgspec.Struct, frozen=True):
    """Everything about one order. `more` holds what later rooms add (shipments, cartons, …) by name."""

    id: UUID
    number: int
    channel: str
    external_ref: str
    status: str
    version: int
    warehouse: int
    service: str
    split: str
    cutoff_at: datetime
    promised_on: date | None
    sourced: dict[str, Any] | None
    captured_at: datetime
    cancelled_at: datetime | None
    currency: str
    items_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    customer: Customer
    customer_id: UUID | None
    address: Address
    facts: Facts
    lines: list[PageLine]
    fulfilments: list[PagePart]
    holds: list[PageHold]
    payment: PagePayment
    timeline: list[PageEntry]
    more: dict[str, Any]
    can: list[str]
    service_name: str
    tags: list[str] = []
    decisions: list[PageVerdict] = []


class Sum(msgspec.Struct, frozen=True):
    """What a customer's orders in one currency come to, in minor units; `shipped_minor` is goods alone."""

    currency: str
    orders: int
    ordered_minor: int
    shipped_minor: int


class Worth(msgspec.Struct, frozen=True):
    """A customer's orders, added up; sums are of those that were not cancelled."""

    orders: int
    cancelled: int
    first_at: datetime | None
    last_at: datetime | None
    sums: list[Sum]


class Reason(msgspec.Struct, frozen=True):
    """One answer to "why is it so?": a sentence, and the entries of the timeline and other facts that prove it."""

    kind: str
    en: str
    de: str
    evidence: dict[str, Any]


class Why(msgspec.Struct, frozen=True):
    """Everything about an order that is not as one would expect, the most pressing first."""

    number: int
    status: str
    reasons: list[Reason]


EXAMPLE: Final = NewOrder(
    channel="web",
    external_ref="WEB-1003",
    currency="EUR",
    lines=[NewLine(sku="40-0182", quantity=2, price_minor=999)],
    totals=NewTotals(items_minor=1998, shipping_minor=490, total_minor=2488),
    customer=Customer(name="Ana Souza", email="ana@example.com", phone="+4930231250", language="de"),
    address=Address(street="Lindenweg 4", postal_code="50667", city="Köln", country="DE"),
    payment=NewPayment(method="card", token="ok"),
    service="nordpost-parcel",
)
"""An order that is right in itself; the OpenAPI page shows it."""
