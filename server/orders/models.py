"""Why: an order is what the customer bought (core stream), a fulfilment what one warehouse does of it (its stream).

Facts are quantities; every status is derived from them by `rules`. The stored status is a copy for lists.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from server.db.base import table
from server.db.fulltext import FullText
from server.db.types import Id, Json, Utc, state_column
from server.orders.lifecycle import HOLD, JOB, JOB_ROW, RECEIPT


def _fact(name: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.Integer, sa.CheckConstraint(f"{name} >= 0", name=name), nullable=False, server_default="0"
    )


carrier_service = table(
    "carrier_service",
    sa.Column("code", sa.Text, primary_key=True),  # nordpost-parcel
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("cutoff", sa.Text, nullable=False),  # HH:MM in the warehouse's zone
    sa.Column("weekdays", Json, nullable=False),  # days it collects, 1 (Monday) to 7
    sa.Column("countries", Json, nullable=False),  # ["DE", …]; empty: all
    sa.Column("max_weight_g", sa.Integer, nullable=False),
    sa.Column("price_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("transit_days", sa.SmallInteger, nullable=True),  # of its weekdays, until it is there; None: unknown
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    stream="core",
)
"""What a customer may choose. It lies here, not in shipping: an order is promised for its service's cut-off."""

order_view = table(
    "order_view",
    sa.Column("person_id", Id, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("q", sa.Text, nullable=True),
    sa.Column("status", sa.Text, nullable=True),
    stream="core",
)
"""What a person looks at again and again in the list of orders."""

order = table(
    "orders",
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False, unique=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("external_ref", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("items_minor", sa.BigInteger, nullable=False),
    sa.Column("shipping_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("tax_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("total_minor", sa.BigInteger, nullable=False),
    sa.Column("customer", Json, nullable=False),  # {name, email, phone, language}
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=True),  # None: gave neither mail nor phone
    sa.Column("address", Json, nullable=False),  # {name, street, postal_code, city, region, country}
    sa.Column("payment_method", sa.Text, nullable=False),  # card | prepaid | invoice
    sa.Column("payment_token", sa.Text, nullable=False, server_default=""),  # the gateway's name for the means
    sa.Column("payment", sa.Text, nullable=False),  # a state of payments.lifecycle.PAYMENT, reported down
    sa.Column("captured_minor", sa.BigInteger, nullable=False, server_default="0"),  # money taken, reported down
    sa.Column("settled_minor", sa.BigInteger, nullable=False, server_default="0"),  # paid or credited, reported down
    sa.Column("authorised_until", Utc, nullable=True),  # reported down
    sa.Column("split", sa.Text, nullable=False, server_default="ship_available"),  # | ship_complete
    sa.Column("service", sa.Text, nullable=False),  # code of a carrier's service
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),  # sourced from
    sa.Column("sourced", Json, nullable=True),  # why from there: {policy, decided_by, table}; None: it was said so
    sa.Column("cutoff_at", Utc, nullable=False),  # must be on the truck by then
    sa.Column("promised_on", sa.Date, nullable=True),  # the day on which the last of it was promised at capture
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("captured_at", Utc, nullable=False),
    sa.Column("cancelled_at", Utc, nullable=True),
    sa.Column("released", sa.Boolean, nullable=False, server_default=sa.false()),  # a fulfilment exists
    sa.Column("score", sa.SmallInteger, nullable=True),  # the gateway's risk score, reported down
    sa.Column("tags", Json, nullable=False, server_default="[]"),  # words that rules have marked it with
    sa.Column("link", sa.Integer, nullable=False, server_default="1"),  # generation of the customer's link
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.UniqueConstraint("channel", "external_ref"),
    sa.Index("ix_orders_status", "status", "cutoff_at"),
    # Each with the other filters of the list behind it: what two of them leave out is left out without reading it.
    sa.Index("ix_orders_status_number", "status", "number", "channel", "service", "warehouse_id"),
    sa.Index("ix_orders_channel_number", "channel", "number", "status", "service", "warehouse_id"),
    sa.Index("ix_orders_service_number", "service", "number", "status", "channel", "warehouse_id"),
    sa.Index("ix_orders_warehouse_number", "warehouse_id", "number", "status", "channel", "service"),
    sa.Index("ix_orders_cutoff", "cutoff_at"),
    sa.Index("ix_orders_customer", "customer_id", "id"),
    stream="core",
)

order_text = table(
    "order_text",
    sa.Column(
        "number",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa.ForeignKey("orders.number"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("text", sa.Text, nullable=False),  # small words, two blanks before and behind each (orders.terms)
    stream="core",
)
"""What an order is found by."""
ORDER_TEXT: Final = FullText(order_text, "number")

order_line = table(
    "order_line",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("ordered", sa.Integer, sa.CheckConstraint("ordered > 0", name="ordered"), nullable=False),
    _fact("cancelled"),  # before it was handed to a fulfilment
    sa.Column("price_minor", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("order_id", "position"),
    sa.Index("ix_order_line_item", "item_id", "order_id"),
    stream="core",
)

order_hold = table(
    "order_hold",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),  # a code of orders/rules.HOLD_REASONS
    sa.Column("detail", Json, nullable=False),
    state_column(HOLD),
    sa.Column("placed_at", Utc, nullable=False),
    sa.Column("placed_by", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),  # the role that looks after it
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("escalated_at", Utc, nullable=True),
    sa.Column("rule", Json, nullable=True),  # {kind, version, name: {en, de}} of the rule that placed it
    sa.Column("released_at", Utc, nullable=True),
    sa.Column("released_by", sa.Text, nullable=True),
    sa.Column("release_note", sa.Text, nullable=True),
    sa.Index("ix_order_hold_open", "state", "due_at", "id"),
    stream="core",
)

order_decision = table(
    "order_decision",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("moment", sa.Text, nullable=False),  # capture | payment | release | edit
    sa.Column("verdicts", Json, nullable=False),  # [policies/rules.Verdict]
    sa.Column("seen", Json, nullable=False),  # facts of that moment which nothing else keeps
    stream="core",
)
"""What the rules said of an order, which versions they were, and the values that they looked at."""

expected_receipt = table(
    "expected_receipt",
    sa.Column("id", Id, primary_key=True),
    sa.Column("for_warehouse", sa.SmallInteger, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),  # the supplier's or the purchase order's number
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity > 0", name="quantity"), nullable=False),
    sa.Column(
        "arrived",
        sa.Integer,
        sa.CheckConstraint("arrived >= 0 AND arrived <= quantity", name="arrived"),
        nullable=False,
        server_default="0",
    ),
    sa.Column("expected_on", sa.Date, nullable=False),
    state_column(RECEIPT),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.UniqueConstraint("for_warehouse", "reference", "item_id"),
    sa.Index("ix_expected_receipt_item", "for_warehouse", "item_id", "state"),
    stream="core",
)
"""What is on its way: units can be promised out of it before they are here."""

zone_chart = table(
    "zone_chart",
    sa.Column("from_warehouse", sa.SmallInteger, primary_key=True),
    sa.Column("country", sa.Text, primary_key=True),
    sa.Column("prefix", sa.Text, primary_key=True),  # of the postal code; "": the whole country
    sa.Column("zone", sa.Integer, sa.CheckConstraint("zone BETWEEN 1 AND 99", name="zone"), nullable=False),
    sa.Column("price_minor", sa.BigInteger, nullable=True),  # of a parcel; None: the service's own
    stream="core",
)
"""The carriers' zones as seen from a warehouse: how far, and how dear, a postal area is."""

sourcing_policy = table(
    "sourcing_policy",
    sa.Column("channel", sa.Text, primary_key=True),  # "": every channel that has none of its own
    sa.Column("policy", sa.Text, nullable=False),  # a key of orders.sourcing.POLICIES
    stream="core",
)
"""By which figures the warehouse is chosen that sends an order."""

stock_rule = table(
    "stock_rule",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("for_warehouse", sa.SmallInteger, nullable=True),  # None: every warehouse
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=True),  # None: every item
    sa.Column("safety", sa.Integer, nullable=False, server_default="0"),  # for nobody
    sa.Column("aside", sa.Integer, nullable=False, server_default="0"),  # for `whose` alone
    sa.Column("percent", sa.Integer, nullable=True),  # of the whole at most for `whose`
    sa.Column("whose", sa.Text, nullable=False, server_default=""),  # channel:web | customer:ana@example.com
    sa.CheckConstraint("safety >= 0 AND aside >= 0 AND percent BETWEEN 0 AND 100", name="bounds"),
    stream="core",
)
"""What is kept back from being promised."""

_WAITS: Final = "(promised_on IS NULL OR receipt_id IS NOT NULL) AND"
"""Few of all promises; they are looked at again and again. Each database wants the words in which it is asked."""

promise = table(
    "promise",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("line_id", Id, sa.ForeignKey("order_line.id"), nullable=False, index=True),
    sa.Column("for_warehouse", sa.SmallInteger, nullable=False),
    sa.Column("item_id", Id, nullable=False),
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity > 0", name="quantity"), nullable=False),
    sa.Column("receipt_id", Id, sa.ForeignKey("expected_receipt.id"), nullable=True),  # None: out of the stock
    sa.Column("promised_on", sa.Date, nullable=True),  # None: nothing is known out of which it could come
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("customer", sa.Text, nullable=False, server_default=""),  # e-mail in small letters
    sa.Column("asleep", sa.Boolean, nullable=False, server_default=sa.false()),  # until the payment is good
    # With all that is added up of them: tens of thousands may be promised of one item.
    sa.Index("ix_promise_item", "for_warehouse", "item_id", "receipt_id", "promised_on", "quantity"),
    sa.Index(
        "ix_promise_waits",
        "item_id",
        "for_warehouse",
        "receipt_id",
        "promised_on",
        "channel",
        "customer",
        "quantity",
        sqlite_where=sa.text(f"{_WAITS} asleep = 0"),
        postgresql_where=sa.text(f"{_WAITS} NOT asleep"),
    ),
    sa.CheckConstraint("receipt_id IS NULL OR promised_on IS NOT NULL", name="day"),
    stream="core",
)
"""What a line's units that no warehouse has been given are promised out of; together they are all of those units."""

order_job = table(
    "order_job",
    sa.Column("id", Id, primary_key=True),
    sa.Column("action", sa.Text, nullable=False),  # a key of orders.service.jobs.ACTIONS
    sa.Column("asked", Json, nullable=False),  # {note, service, tag}: what the action needs
    state_column(JOB),
    sa.Column("person_id", Id, nullable=True),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("may", Json, nullable=False),  # the permissions of whoever asked
    sa.Column("total", sa.Integer, nullable=False),
    _fact("done"),
    _fact("refused"),
    sa.Column("asked_at", Utc, nullable=False),
    sa.Column("ended_at", Utc, nullable=True),
    sa.CheckConstraint("done + refused <= total", name="counts"),
    sa.Index("ix_order_job_state", "state", "id"),
    stream="core",
)
"""Something that somebody asked for many orders at once."""

order_job_row = table(
    "order_job_row",
    sa.Column("job_id", Id, sa.ForeignKey("order_job.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    state_column(JOB_ROW),
    sa.Column("refusal", Json, nullable=True),  # core.refusal.Stored
    sa.Index("ix_order_job_row_state", "job_id", "state", "position"),
    stream="core",
)
"""An order of a job: a restart goes on with the first that waits."""

order_timeline = table(
    "order_timeline",
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("what", sa.Text, nullable=False),  # key of the timeline catalogue
    sa.Column("params", Json, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=True),
    sa.Column("why", sa.Text, nullable=True),
    sa.Column("command_id", Id, nullable=False),
    stream="core",
)

fulfilment = table(
    "fulfilment",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("number", sa.BigInteger, nullable=False),  # the order's number, for the floor
    sa.Column("wave_id", Id, nullable=True, index=True),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("cutoff_at", Utc, nullable=False),
    sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()),  # packing is stopped
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("visible", sa.Boolean, nullable=False, server_default=sa.false()),  # its wave is whole
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    stream="warehouse",
)

fulfilment_line = table(
    "fulfilment_line",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False),
    sa.Column("order_line_id", Id, sa.ForeignKey("order_line.id"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    _fact("ordered"),
    _fact("cancelled"),
    _fact("backordered"),
    _fact("reserved"),
    _fact("picked"),
    _fact("packed"),
    _fact("shipped"),
    _fact("returned"),
    _fact("to_put_back"),
    sa.Column("backorder_reason", sa.Text, nullable=True),
    sa.Column("backorder_expected", sa.Date, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.CheckConstraint("shipped <= packed AND packed <= picked", name="order_of_facts"),
    sa.CheckConstraint("ordered - cancelled - backordered - reserved - picked >= 0", name="open"),
    sa.UniqueConstraint("fulfilment_id", "position"),
    stream="warehouse",
)

fulfilment_timeline = table(
    "fulfilment_timeline",
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False, index=True),
    sa.Column("line_id", Id, nullable=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=True),
    sa.Column("why", sa.Text, nullable=True),
    sa.Column("command_id", Id, nullable=False),
    stream="warehouse",
)
